package cli

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"pm/internal/plan"
	"pm/internal/query"

	"github.com/spf13/cobra"
)

// Queries of other tools, which are put into pm's terms: SQL, JQL, label selectors.

var (
	comparedWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*([A-Za-z][A-Za-z_-]+)\s*(!=|<>|==?|[<>]=?|:)\s*(?:['"]([\w.,@ -]+)['"]|([\w.,@-]+))\s*$`)
	})
	andWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\s+and\s+|\s*&&\s*`) })
	orWord  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\s+or\s+|\s*\|\|\s*`) })
	orderBy = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\s+order\s+by\s+(\w+)(?:\s+(\w+))?$`) })
	oneOf   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\s+(not\s+)?in\s*\(([^()]*)\)`) })
	emptyIs = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^\s*(\w+)\s+is\s+(not\s+)?(?:null|empty|none)\s*$`)
	})
	inQuotes = strings.NewReplacer(`'`, "", `"`, "", " ", "")
)

// textOfQuery understands pm list --jql "status = todo AND assignee = 'me'", and the
// same without a flag, also in several words.
func textOfQuery(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--jql", "--where", "--field-selector", "--filter", "--query", "--q", "-q", "--selector")
	if !strings.HasPrefix(args[i], "-") && (i == 0 || !strings.HasPrefix(args[i-1], "-") || !takesNext(cmd, args[i-1])) {
		value, used = args[i], 1
		if i+1 < len(args) && among(args[i+1], "= == != : <= >=") {
			used = countWords(args[i:])
			value = strings.Join(args[i:i+used], " ")
		}
	}
	if args[i] == "-q" && query.IsFilter(value, time.Time{}) { // keys only, of a query that is pm's
		return nil, 0
	}
	if used == 0 || !isQuery(slotsOf(cmd)) {
		return nil, 0
	}
	if terms := termsMeant(value); len(terms) > 0 {
		return terms, used
	}
	return nil, 0
}

// termsMeant are the terms for a query of another tool; none where a part of it is
// no comparison with a field that there is.
func termsMeant(text string) (terms []string) {
	sort := orderBy().FindStringSubmatch(text)
	text = orderBy().ReplaceAllString(text, "")
	text = oneOf().ReplaceAllStringFunc(text, func(s string) string {
		m := oneOf().FindStringSubmatch(s)
		return map[bool]string{true: "=", false: "!="}[m[1] == ""] + inQuotes.Replace(m[2])
	})
	choices := orWord().Split(text, -1)
	for _, choice := range choices {
		all := andWord().Split(choice, -1)
		if parts := strings.Split(choice, ","); len(all) == 1 && !slices.ContainsFunc(parts, func(s string) bool { return !comparedWord().MatchString(s) }) {
			all = parts
		}
		for _, one := range all {
			terms = append(terms, termMeant(one))
		}
		if len(choices) > 1 && len(all) > 1 {
			return nil
		}
	}
	if slices.Contains(terms, "") {
		return nil
	}
	if len(choices) > 1 {
		terms = []string{"(" + strings.Join(terms, " or ") + ")"}
	}
	if sort != nil {
		down, _ := direction(sort[2])
		terms = append(terms, "sort:"+turned(sort[1], down))
	}
	return terms
}

// termMeant is the term for one comparison; empty for any other text.
func termMeant(one string) string {
	if m := emptyIs().FindStringSubmatch(one); m != nil {
		name := strings.ToLower(m[1])
		if plan.Means(plan.ForFlag, name, "assignee") {
			name = "agent" // as --assignee none
		}
		if term := map[bool]string{true: "-has:", false: "has:"}[m[2] == ""] + name; query.IsFilter(term, time.Time{}) {
			return term
		}
		return ""
	}
	m := comparedWord().FindStringSubmatch(one)
	if m == nil {
		return ""
	}
	name, op, value := strings.ToLower(m[1]), m[2], strings.ReplaceAll(m[3]+m[4], " ", "_")
	sign := ""
	switch {
	case op == "!=" || op == "<>":
		op, sign = "", "-"
	case op[0] == '=' || op == ":":
		op = ""
	}
	for _, own := range append([]string{name}, plan.MeaningsOf(plan.ForFlag, name)...) {
		if (own == "feature" || own == "epic") && isAnyKey(value) {
			own = levelOf(value)
		}
		if term := sign + own + ":" + op + value; query.IsFilter(term, time.Time{}) {
			return term
		}
	}
	return ""
}
