package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// questions writes a list of questions.
func (p *printer) questions(all []tracker.Question) {
	if p.out.Terminal && len(all) == 0 {
		p.none("no open questions")
		return
	}
	for _, q := range all {
		p.question(q)
	}
}

// question writes one question, with its answer if it has one.
func (p *printer) question(q tracker.Question) {
	if !p.out.Terminal {
		p.row(append([]string{noteSubject(q.Key)}, questionRow(q)...)...)
		return
	}
	p.para(term.Bold, 0, noteSubject(q.Key)+"  "+p.questionHead(q))
	p.questionBody(q, indent)
	if q.AnsweredAt == nil {
		key := q.Key.String()
		if q.Key.IsZero() {
			key = "plan"
		}
		p.para(term.Dim, indent, "pm answer "+key+" "+strconv.Itoa(q.N)+` "…"`)
	}
}

// questionRow returns the columns of a question in a pipe, behind what it is of.
func questionRow(q tracker.Question) []string {
	answered, hold := "", ""
	if q.AnsweredAt != nil {
		answered = utc(*q.AnsweredAt)
	}
	if q.Hold {
		hold = "hold"
	}
	return []string{strconv.Itoa(q.N), utc(q.At), q.By, q.To, q.Text, strings.Join(q.Choices, ", "), hold, answered, q.AnsweredBy, q.Answer}
}

func (p *printer) questionHead(q tracker.Question) string {
	words := "question " + strconv.Itoa(q.N) + " by " + term.Clean(q.By) + ", " + term.Ago(p.now, q.At)
	if q.To != "" {
		words += ", for " + term.Clean(q.To)
	}
	if q.Hold && q.AnsweredAt == nil {
		words += ", holds the task"
	}
	return words
}

func (p *printer) questionBody(q tracker.Question, in int) {
	p.body(q.Text, in, 0)
	if len(q.Choices) > 0 {
		p.para(term.Dim, in, "choices: "+term.Clean(strings.Join(q.Choices, ", ")))
	}
	if q.AnsweredAt != nil {
		p.para(term.Green, in, "answered by "+term.Clean(q.AnsweredBy)+", "+term.Ago(p.now, *q.AnsweredAt))
		p.body(q.Answer, in, 0)
	}
}

// questionSection writes the questions of one item behind its card.
func (p *printer) questionSection(all []tracker.Question) {
	if len(all) == 0 {
		return
	}
	if !p.out.Terminal {
		for _, q := range all {
			p.row(append([]string{"questions"}, questionRow(q)...)...)
		}
		return
	}
	p.section("questions")
	for _, q := range all {
		p.para(term.Cyan, indent, p.questionHead(q))
		p.questionBody(q, 2*indent)
	}
}
