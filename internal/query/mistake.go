package query

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"pm/internal/plan"
)

// operators are the signs that people put between a field and a value, the
// longer ones first.
var operators = []string{"!=", "==", "=~", "<=", ">=", ":", "=", "<", ">", "~"}

// conjunctions are words of other query languages. Here they would be search
// words that match no task.
var conjunctions = []string{"NOT", "&&", "||"}

// elsewhere maps words for things that a list of tasks does not show to the
// commands that show them.
var elsewhere = map[string]string{
	"epics": "pm epic list", "features": "pm feature list", "notes": "pm note list KEY",
	"dependencies": "pm dep list KEY", "deps": "pm dep list KEY", "history": "pm log", "events": "pm log",
	"json": "pm list --json", "csv": "pm list --csv",
	"labels": "pm label list", "tags": "pm label list", "views": "pm view list", "log": "pm log", "agents": "pm list is:held", "questions": "pm questions", "stages": "pm stage list", "fields": "pm field list", "trash": "pm trash list",
	"help": "pm list --help", "all": "pm list --limit 0", "everything": "pm list --limit 0", "mine": "pm mine", "me": "pm mine",
}

// FindWord says how to search for a word that could also mean something else.
const FindWord = "to find tasks with the word, put it in double quotes"

// mistaken rejects words that were meant to filter: taken as search words,
// they would give an empty list. It looks only at the words, so that the order
// of terms and words does not matter.
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
		if name := p.all.Words[max(i-1, 0)]; i > 0 && !name.Quoted && len(name.Text) > 2 && slices.Contains(operators, w.Text) {
			hint := nearest(name.Text, fieldNames())
			if IsText(name.Text) {
				hint = "write " + p.next(i)
			}
			return p.errorAt(p.wordsAt[i-1], "unknown field %q", clip(name.Text)).WithHint("%s; %s", hint, FindWord)
		}
		if term := decorated(w); term != "" {
			return p.errorAt(at, "invalid term %q", clip(w.Text)).WithHint("write %s; %s", term, FindWord)
		}
	}
	return p.onlyFilters()
}

// spaced returns the intended term if a word begins with an operator and the
// word before it is a field.
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

// IsText reports whether a name is one of the texts of a task, which words without
// a field are looked for in.
func IsText(name string) bool {
	return slices.Contains([]string{"title", "name", "summary", "description", "desc", "body", "text"}, strings.ToLower(name))
}

// decorated returns the intended term for a word with a field and an operator
// inside: (status:todo), status!=todo, !status:todo, title~card.
func decorated(w Word) string {
	text := strings.TrimLeftFunc(w.Text, func(r rune) bool { return !unicode.IsLetter(r) && r != '"' })
	name := len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return isLetter(r) || r == '-' || r == '_' }))
	info, ok := fieldOf(text[:name])
	op, value := operator(text[name:])
	if how, value, is := strings.Cut(text[name:], ":"); ok && is && value != "" {
		switch how { // as Taskwarrior has it: due.before:friday
		case ".before", ".by":
			return termOf(w.Not, info, ":", ".."+value)
		case ".after":
			return termOf(w.Not, info, ":", value+"..")
		case ".below", ".under":
			return termOf(w.Not, info, "<", value)
		case ".above", ".over":
			return termOf(w.Not, info, ">", value)
		case ".is", ".has", ".contains", ".equals":
			return termOf(w.Not, info, ":", value)
		case ".not", ".isnt", ".hasnt":
			return termOf(!w.Not, info, ":", value)
		}
	}
	if !ok && op != "" && IsText(text[:name]) {
		return strings.Trim(value, `()[]'"*%`)
	}
	if !ok || op == "" {
		return ""
	}
	negated := w.Not || strings.ContainsAny(w.Text[:len(w.Text)-len(text)], "!-")
	return termOf(negated, info, op, value)
}

// operator returns the operator at the beginning of a text, and the rest.
func operator(text string) (op, rest string) {
	for _, op := range operators {
		if rest, ok := strings.CutPrefix(text, op); ok {
			return op, rest
		}
	}
	return "", ""
}

// termOf formats the intended term.
func termOf(not bool, f FieldInfo, op, value string) string {
	value = strings.Trim(value, `()[]'"`)
	if value == "" {
		value = "VALUE"
	}
	if strings.ContainsAny(op, "<>") && compares(f) {
		value = op + value
	}
	return sign(not != (op == "!=")) + f.Name + ":" + value
}

// onlyFilters rejects search words that are all names or values of fields, or
// names of things that other commands list: nobody searches titles for "todo"
// or "epics".
func (p *parser) onlyFilters() error {
	if terms, at := p.phrase(); terms != "" {
		return p.errorAt(p.wordsAt[at], "%q is not a filter", p.all.Words[at].Text).WithHint("did you mean %s? %s", terms, FindWord)
	}
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

// meant returns what a single word may mean, given the next one; empty if the
// word is text.
func meant(word, next string) string {
	values := strings.Split(word, ",")
	for _, f := range Fields() {
		if (f.Name == string(Status) || f.Name == string(Is)) && f.takes(values) {
			return "did you mean " + f.Name + ":" + word + "?"
		}
	}
	if plan.MeaningOf(plan.ForNoun, word) == "task" {
		return "did you mean pm list?"
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

// takes reports whether all the words, in plainWord's form, are values of a
// field that accepts only certain values.
func (f FieldInfo) takes(words []string) bool {
	for _, typed := range words {
		if !slices.ContainsFunc(f.Words, func(w string) bool { return plainWord(w) == typed }) {
			return false
		}
	}
	return true
}

// IsFilter reports whether a text is a query with terms or a sort order, which
// a text search would take for words.
func IsFilter(text string, now time.Time) bool {
	q, err := Parse(text, now)
	return err == nil && (len(q.Terms)+len(q.Groups) > 0 || q.Sort != "")
}
