package query

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// operators are the signs that people write between a field and a value, the
// longer ones first.
var operators = []string{"!=", "==", "=~", "<=", ">=", ":", "=", "<", ">", "~"}

// conjunctions are words of other query languages. Here they would be text
// that no task contains.
var conjunctions = []string{"NOT", "&&", "||"}

// elsewhere are words for what a list of tasks does not show, and where it is.
var elsewhere = map[string]string{
	"epics": "pm epic list", "features": "pm feature list", "notes": "pm note list KEY",
	"dependencies": "pm dep list KEY", "deps": "pm dep list KEY", "history": "pm log", "events": "pm log",
	"tasks": "pm list", "all": "pm list --limit 0", "mine": "pm mine", "me": "pm mine",
}

// FindWord says how a word is looked for that may be meant otherwise.
const FindWord = "to find tasks with the word, put it in double quotes"

// mistaken refuses words that were meant to filter: taken for text, they
// would give an empty list. It looks at the words alone, so that the order of
// terms and words does not matter.
func (p *parser) mistaken() error {
	for i, w := range p.all.Words {
		if w.Quoted {
			continue
		}
		at := p.wordsAt[i]
		if slices.Contains(conjunctions, w.Text) && p.all.size()+p.inner.size() > 1 {
			return p.errorAt(at, "unknown operator %q", w.Text).
				WithHint("terms are combined with and; write alternatives as status:todo,blocked or (type:docs or label:q3), and exceptions as -type:docs")
		}
		if term := p.spaced(i); term != "" {
			return p.errorAt(p.wordsAt[i-1], "unexpected space after %q", p.all.Words[i-1].Text).WithHint("write %s; %s", term, FindWord)
		}
		if term := decorated(w); term != "" {
			return p.errorAt(at, "invalid term %q", clip(w.Text)).WithHint("write %s; %s", term, FindWord)
		}
	}
	return p.onlyFilters()
}

// spaced returns the term that is meant where a word begins with an operator
// and the word before it is a field.
func (p *parser) spaced(i int) string {
	op, value := operator(p.all.Words[i].Text)
	if i == 0 || op == "" || p.all.Words[i-1].Quoted {
		return ""
	}
	info, ok := fieldOf(p.all.Words[i-1].Text)
	if !ok {
		return ""
	}
	if value == "" && i+1 < len(p.all.Words) {
		value = p.all.Words[i+1].Text
	}
	return termOf(p.all.Words[i-1].Not, info, op, value)
}

// decorated returns the term that is meant by a word with a field and an
// operator inside: (status:todo), status!=todo, !status:todo.
func decorated(w Word) string {
	text := strings.TrimLeftFunc(w.Text, func(r rune) bool { return !unicode.IsLetter(r) && r != '"' })
	name := len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return isLetter(r) || r == '-' || r == '_' }))
	info, ok := fieldOf(text[:name])
	op, value := operator(text[name:])
	if !ok || op == "" {
		return ""
	}
	negated := w.Not || strings.ContainsAny(w.Text[:len(w.Text)-len(text)], "!-")
	return termOf(negated, info, op, value)
}

// operator returns the operator that a text begins with, and what follows.
func operator(text string) (op, rest string) {
	for _, op := range operators {
		if rest, ok := strings.CutPrefix(text, op); ok {
			return op, rest
		}
	}
	return "", ""
}

// termOf writes the term that is meant.
func termOf(not bool, f FieldInfo, op, value string) string {
	value = strings.Trim(value, "()[]")
	if value == "" {
		value = "VALUE"
	}
	if strings.ContainsAny(op, "<>") && compares(f) {
		value = op + value
	}
	return sign(not != (op == "!=")) + f.Name + ":" + value
}

// onlyFilters refuses free words that are all names or values of fields, or
// names of what is listed elsewhere: nobody looks for "todo" or "epics" in
// titles.
func (p *parser) onlyFilters() error {
	var first error
	for i, w := range p.all.Words {
		hint := meant(plainWord(w.Text), p.next(i))
		if w.Quoted || hint == "" {
			return nil
		}
		if first == nil {
			first = p.errorAt(p.wordsAt[i], "%q is not a filter", w.Text).WithHint("%s %s", hint, FindWord)
		}
	}
	return first
}

func (p *parser) next(i int) string {
	if i+1 < len(p.all.Words) {
		return p.all.Words[i+1].Text
	}
	return ""
}

// meant says what may be meant by a word alone, before the next one; it is
// empty if the word is text.
func meant(word, next string) string {
	values := strings.Split(word, ",")
	for _, f := range Fields() {
		if (f.Name == string(Status) || f.Name == string(Is)) && f.takes(values) {
			return "did you mean " + f.Name + ":" + word + "?"
		}
	}
	if command, ok := elsewhere[word]; ok {
		return "did you mean " + command + "?"
	}
	if f, ok := fieldOf(word); ok {
		if next != "" {
			return "did you mean " + f.Name + ":" + next + "?"
		}
		return wanted(f) + ";"
	}
	if slices.Contains(conjunctions, strings.ToUpper(word)) {
		return "terms are combined with and;"
	}
	return ""
}

// takes reports whether all of the words, as plainWord writes them, are values
// of a field that takes only so many.
func (f FieldInfo) takes(words []string) bool {
	for _, typed := range words {
		if !slices.ContainsFunc(f.Words, func(w string) bool { return plainWord(w) == typed }) {
			return false
		}
	}
	return true
}

// IsFilter reports whether a text is a query with terms or an order, which a
// search for text would take for words.
func IsFilter(text string, now time.Time) bool {
	q, err := Parse(text, now)
	return err == nil && (len(q.Terms)+len(q.Groups) > 0 || q.Sort != "")
}
