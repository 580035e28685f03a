package ops

import (
	"cmp"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
)

// UnknownArgument is the error for an unknown argument; it names the one that is
// nearly the same, else all that are known, the nearest first.
func UnknownArgument(name string, exist []string) error {
	e := plan.Errorf(plan.Usage, "unknown argument %.40q", name).WithCode("unknown_argument")
	if name == "as_of" {
		e.Message = "this works on the present, not on a past moment"
		return e.WithHint("to see the plan as it was, list or show it with as_of; to see what has changed since, ask for the diff")
	}
	if len(exist) == 0 {
		return e.WithHint("it takes no arguments")
	}
	if how := belongs(name, exist); how != "" {
		return e.WithHint("%s", how)
	}
	sorted := nearestFirst(name, exist)
	i := slices.IndexFunc(sorted, func(s string) bool { return min(len(name), len(s)) > 2 }) // pinned is not nearly n
	if i >= 0 && distance(name, sorted[i]) <= len(name)/3+1 {
		return e.WithHint("did you mean %s?", sorted[i])
	}
	return e.WithHint("use one of %s", strings.Join(sorted, ", "))
}

// others are the commands that change what an item has besides its fields.
var others = map[string]string{
	"status": "pm complete KEY", "label": "pm label add KEY --label LABEL", "check": `pm check add KEY "…"`, "link": "pm link KEY OTHER", "ref": "pm ref add KEY REF",
	"depends_on": "pm dep add KEY OTHER", "note": `pm note KEY "…"`, "epic": "pm move KEY --to PARENT", "feature": "pm move KEY --to PARENT",
}

// belongs says where an argument belongs that an operation does not take: a filter
// into the query, and to another command what is no field of an item. Empty if it
// belongs nowhere.
func belongs(name string, exist []string) string {
	word := strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, f := range query.Fields() {
		if slices.Contains(exist, "query") && (f.Name == word || f.Name == strings.TrimSuffix(word, "s") || slices.Contains(f.Also, word)) {
			return "put it in query, such as " + f.Name + ":VALUE"
		}
	}
	for _, other := range []string{name, strings.TrimSuffix(name, "s")} {
		if command := others[other]; command != "" && slices.Contains(exist, "description") {
			return "to change it: " + command
		}
	}
	return ""
}

// nearestFirst sorts names by their distance from the given one.
func nearestFirst(name string, exist []string) []string {
	exist = slices.Clone(exist)
	slices.SortStableFunc(exist, func(a, b string) int { return cmp.Compare(distance(name, a), distance(name, b)) })
	return exist
}

// distance is how different two names are: letters to insert, delete or
// replace (Levenshtein). A name that contains the other is close to it.
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	if len(a) > 64 {
		a = a[:64]
	}
	if a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a)) {
		return 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
