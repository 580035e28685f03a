package main

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// A rule is a way of writing that the texts are free of, and what to write
// instead.
type rule struct {
	pattern string
	instead string
	except  string // texts that contain this are left alone
}

// never holds for every text.
var never = []rule{
	{`\b[Tt]hat there (is|are|was|were) not\b`, `"does not exist", "unknown"`, ""},
	{`\bis (no|none) (command|database|key|number|list|word|text|task|plain|record|value|field|flag|story|issue)\b`, `"is not a …", "invalid …", "unknown …"`, ""},
	{`\b(is|are) none\b`, `"not found", "no … found"`, "f there is none"},
	{`\bwants\b`, `"needs", "expects"`, ""},
	{`\bgoes? from \S+ to\b`, `"must be … to …"`, ""},
	{`\b(is|are) under way\b`, `"in progress"`, ""},
	{`\b(is|are) given twice\b`, `"specified twice"`, ""},
	{`\b(is|are) missing twice\b`, `"missing"`, ""},
	{`\bput(s)? right\b`, `"corrects", "fixes"`, ""},
	{`\bmends?\b`, `"repair"`, ""},
	{`\banew\b`, `"again"`, ""},
	{`\b([Ww]hither|[Tt]hence|[Ww]hereby|[Tt]hereby|[Hh]erewith|[Tt]hereof|[Ww]hereupon)\b`, "plain words", ""},
	{`\bbehind (it|them|the (end|second|keys|hint|first)|this event)\b`, `"after"`, ""},
	{`\blies? (in|under|below)\b`, `"is in", "is under"`, ""},
	{`\bnothing to give\b`, `"no … available"`, ""},
	{`\bno such (folder|file|directory|row|route)\b`, `"… not found"`, ""},
	{`\bcannot be met\b`, `"invalid request"`, ""},
	{`\bfailed to\b`, `"cannot"`, ""},
	{`\b(can not|could not)\b`, `"cannot"`, ""},
	{`\btrades?\b`, `"agent type"`, "plan/synonyms"},
	{`\b[Ff]olders?\b`, `"directory"`, "bench/plot"},
	{`\bhand(s|ed|ing)? over\b`, `"hand off"`, ""},
	{`\bwaited for by\b`, `"needed by"`, ""},
	{`\b(lease|claim)s? (that )?(has |have |had )?r[ua]n out\b`, `"expired"`, ""},
	{`\bsmall letters\b`, `"lower-case letters"`, ""},
	{`: \S+ counts$`, `"… is used"`, ""},
	{`\bfor ever\b`, `"forever"`, ""},
	{`\b(beside|besides) (the|others?|it|them)\b`, `"next to", "alongside"`, "tokens/script"},
	{`\b[Ll]earnt\b`, `"learned"`, ""},
	{`\brecognis`, `"recogniz…"`, ""},
	{`\d %( |$|,|\.)`, `"50%"`, ""},
}

// inErrors holds for the messages of errors and their hints.
var inErrors = []rule{
	{`^(Error|ERROR|error:)`, "the sentence alone", ""},
	{`[^.][.!]$`, "no full stop at the end", ""},
	{`(?i)\b(please|sorry|oops)\b`, "the sentence alone", ""},
	{`\(s\)`, "a count with its word", ""},
}

// TestWording demands that what pm says is plain English, with one word for
// one thing.
func TestWording(t *testing.T) {
	texts, err := collect("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 2000 {
		t.Fatalf("only %d texts were found", len(texts))
	}
	held := compile(t, never)
	strict := compile(t, inErrors)
	for _, x := range texts {
		rules := held
		if x.Kind == failure || x.Kind == hint {
			rules = append(rules[:len(rules):len(rules)], strict...)
			if first := []rune(strings.TrimLeft(x.Words, ` "`)); len(first) > 1 && unicode.IsUpper(first[0]) && unicode.IsLower(first[1]) && !strings.HasPrefix(x.Words, "If-") {
				t.Errorf("%s:%d: %q begins with a capital letter", x.File, x.Line, x.Words)
			}
		}
		for _, r := range rules {
			if r.except != "" && strings.Contains(x.File+" "+x.Words, r.except) {
				continue
			}
			if found := r.compiled.FindString(x.Words); found != "" {
				t.Errorf("%s:%d: %q in %q: write %s", x.File, x.Line, found, x.Words, r.instead)
			}
		}
	}
}

type compiledRule struct {
	rule
	compiled *regexp.Regexp
}

func compile(t *testing.T, rules []rule) (all []compiledRule) {
	t.Helper()
	for _, r := range rules {
		all = append(all, compiledRule{r, regexp.MustCompile(r.pattern)})
	}
	return all
}

// TestRulesBite demands that a rule finds what it is there for.
func TestRulesBite(t *testing.T) {
	for pattern, bad := range map[string]string{
		never[0].pattern: "it names a task that there is not",
		never[1].pattern: `"lst" is no command of pm`,
		never[4].pattern: "priorities goes from 1 to 10",
		never[6].pattern: "the order is given twice: in the query and beside it",
	} {
		if !regexp.MustCompile(pattern).MatchString(bad) {
			t.Errorf("%s does not find %q", pattern, bad)
		}
	}
}
