package query

import (
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// Sentences in the place of a query: open tasks in E01, everything due this week.
// Taken as search words, they would give an empty list.

// fillers are words of a sentence that say nothing of a task.
var fillers = strings.Fields("in for of the a with by to from under that are is all any every everything anything things show which what task tasks item items issue issues ticket tickets please")

// phrase reads free words as a sentence. It returns the terms that are meant, and the
// word they begin with; none where a word is left over, or one word is all there is.
func (p *parser) phrase() (terms string, at int) {
	var all []string
	at = -1
	words := make([]string, len(p.all.Words))
	for i, w := range p.all.Words {
		if w.Quoted || w.Not {
			return "", 0
		}
		words[i] = w.Text
	}
	for i := 0; i < len(words); i++ {
		term, n := p.sentenceTerm(words[i:], len(words))
		switch {
		case n == 0 && !slices.Contains(fillers, plainWord(words[i])):
			return "", 0
		case n == 0:
			continue
		}
		all = append(all, term)
		if at < 0 {
			at = i
		}
		i += n - 1
	}
	if at >= 0 && len(words) == 1 && (strings.ContainsAny(all[0][:1], "@-") || strings.HasPrefix(all[0], "priority:") || strings.HasPrefix(all[0], "kind:")) {
		return all[0], at // unassigned, recent, urgent, bugs
	}
	if len(words) < 2 || at < 0 {
		return "", 0
	}
	return strings.Join(all, " "), at
}

// sentenceTerm returns the term that words begin with, of a sentence of a length, and
// how many of them it is; 0 if they begin with none.
func (p *parser) sentenceTerm(words []string, length int) (term string, n int) {
	word, next := plainWord(words[0]), ""
	if word == "without" {
		word = "no"
	}
	if len(words) > 1 {
		next = plainWord(words[1])
		if term := valueTerm(word + "_" + next); term != "" {
			return term, 2 // in progress
		}
	}
	if term, n := p.dated(words); n > 0 {
		return term, n
	}
	k, err := plan.ParseKey(words[0])
	number := plan.MeaningOf(plan.ForPriority, word)
	switch {
	case slices.Contains([]string{"my", "mine", "me"}, word):
		return "held-by:me", 1
	case err == nil && k.Level() == plan.LevelTask && length > 1:
		return "key:" + k.String(), 1
	case err == nil && length > 1:
		return string(k.Level()) + ":" + k.String(), 1
	case slices.Contains([]string{"assigned", "held", "owned"}, word) && len(words) > 2:
		return "assignee:" + words[2], 3 // assigned to ann
	case len(words) > 2 && next == "by" && slices.Contains([]string{"sort", "sorted", "order", "ordered"}, word) && IsFilter("sort:"+words[2], p.now):
		return "sort:" + words[2], 3
	case word == "bugs" || word == "chores" || word == "spikes":
		return "kind:" + strings.TrimSuffix(word, "s"), 1
	case number != word && len(word) > 2:
		if word == "high" {
			number = ".." + number
		}
		if next == "priority" {
			return "priority:" + number, 2
		}
		return "priority:" + number, 1
	case next != "" && namedFields[word] != "":
		not, at := "", 1
		for at+1 < len(words) && slices.Contains([]string{"is", "in", "not", "equals"}, plainWord(words[at])) {
			if at++; plainWord(words[at-1]) == "not" {
				not = "-" // status is not todo
			}
		}
		if term := not + namedFields[word] + ":" + words[at]; IsFilter(term, p.now) {
			return term, at + 1 // label backend
		}
	}
	if term := valueTerm(word); term != "" {
		return term, 1
	}
	if word == "for" && next != "" && next != "my" && valueTerm(next) == "" && !slices.Contains(fillers, next) && plan.CheckName("assignee", words[1]) == nil {
		if _, err := plan.ParseKey(words[1]); err != nil {
			return "assignee:" + words[1], 2 // tasks for ann
		}
	}
	return "", 0
}

// namedFields are words whose value follows.
var namedFields = map[string]string{"status": "status", "label": "label", "labels": "label", "tagged": "label", "labelled": "label", "labeled": "label",
	"assignee": "assignee", "priority": "priority", "epic": "epic", "feature": "feature"}

// dateVerbs are words for what happened, or will, at a date that follows.
var dateVerbs = map[string]Field{"due": Due, "deferred": Defer, "created": Created, "added": Created, "updated": Updated, "changed": Updated,
	"modified": Updated, "started": Started, "completed": Completed, "finished": Completed, "done": Completed, "closed": Completed}

// spans are lengths of time in two words, of which the first is the place.
var spans = map[string]string{"this week": "sow..eow", "this month": "som..eom", "last week": "-7d..", "past week": "-7d..", "next week": "today..+7d",
	"last month": "-30d..", "past month": "-30d..", "next month": "today..+30d"}

// spanOf is the span that a word means which is two in one: this-week, lastmonth.
func spanOf(word string) string {
	place := plainWord(word)
	for _, unit := range []string{"week", "month"} {
		if before, is := strings.CutSuffix(place, unit); is {
			return spans[strings.Trim(before, "- ")+" "+unit]
		}
	}
	return ""
}

// dated returns the term of a date that words begin with, and how many of them it
// is: due this week, completed since monday, updated in the last 3 days.
func (p *parser) dated(words []string) (term string, n int) {
	field, is := dateVerbs[plainWord(words[0])]
	if !is {
		return "", 0
	}
	rest := words[1:]
	before, after := "", ""
	for len(rest) > 0 && slices.Contains([]string{"in", "on", "the", "within", "by", "before", "until", "after", "since", "from"}, plainWord(rest[0])) {
		switch plainWord(rest[0]) {
		case "by", "before", "until":
			before = ".."
		case "after", "since", "from":
			after = ".."
		}
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return "", 0
	}
	value, used := "", 1
	if len(rest) > 1 {
		value, used = spans[plainWord(rest[0]+" "+rest[1])], 2
	}
	if len(rest) > 2 && value == "" {
		value, used = lately(rest), 3
	}
	forward := field == Due || field == Defer
	if len(rest) > 1 && value == "" && forward {
		value, used = lately([]string{"next", rest[0], rest[1]}), 2 // in 3 days
	}
	if value == "" {
		ahead := parser{now: p.now, ahead: forward}
		if _, is := ahead.date(rest[0]); !is {
			return "", 0
		}
		value, used = before+rest[0]+after, 1
	}
	return string(field) + ":" + value, len(words) - len(rest) + used
}

// lately returns the range of the last or the next few days that words begin with:
// last 3 days; empty for others.
func lately(words []string) string {
	unit := spoken[plainWord(words[2])]
	if n, err := strconv.Atoi(words[1]); err != nil || n < 1 || unit == "" {
		return ""
	}
	switch plainWord(words[0]) {
	case "last", "past":
		return "-" + words[1] + unit + ".."
	case "next":
		return "today..+" + words[1] + unit
	}
	return ""
}

// valueTerm returns the term of a status or of what a task is; empty for another
// word.
func valueTerm(word string) string {
	values := strings.Split(plainWord(word), ",")
	for _, f := range Fields() {
		if (f.Name == string(Status) || f.Name == string(Is)) && f.takes(values) {
			return f.Name + ":" + strings.ReplaceAll(word, "-", "_")
		}
	}
	word = plainWord(word)
	if term := plan.MeaningOf(plan.ForTerm, word); term != word && !strings.HasSuffix(term, ":") {
		return term
	}
	return ""
}
