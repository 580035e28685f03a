package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// A branch is what epics and features have in common.
type branch struct {
	key              plan.Key
	title            string
	status           plan.PlanStatus
	completed, total int
	pct              plan.Percent
}

func ofEpic(e plan.Epic) branch {
	return branch{e.Key, e.Title, e.Status, e.TasksCompleted, e.TasksTotal, e.ProgressPct}
}

func ofFeature(f plan.Feature) branch {
	return branch{f.Key, f.Title, f.Status, f.TasksCompleted, f.TasksTotal, f.ProgressPct}
}

func (p *printer) epics(epics []plan.Epic) {
	all := make([]branch, len(epics))
	for i, e := range epics {
		all[i] = ofEpic(e)
	}
	p.branches(all, "no epics match")
}

func (p *printer) features(features []plan.Feature) {
	all := make([]branch, len(features))
	for i, f := range features {
		all[i] = ofFeature(f)
	}
	p.branches(all, "no features match")
}

// branches writes a list of epics or features.
func (p *printer) branches(all []branch, none string) {
	if !p.out.Terminal {
		for _, b := range all {
			p.row(b.key.String(), string(b.status), number(b.pct), strconv.Itoa(b.completed), strconv.Itoa(b.total), b.title)
		}
		return
	}
	if len(all) == 0 {
		p.none(none)
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "KEY"}, {Header: "STATUS", Drop: 2}, {Header: "PROGRESS", Drop: 1}, {Header: "TITLE", Shrink: true}}}
	for _, b := range all {
		table.Cells(term.Cell{Text: b.key.String()}, term.Cell{Text: string(b.status), Style: planStyle(b.status)},
			term.Cell{Text: p.progress(b.completed, b.total, b.pct)}, term.Cell{Text: b.title})
	}
	p.table(table)
}

// epic writes one epic: a card, or a line for each field.
func (p *printer) epic(e plan.Epic) {
	if !p.out.Terminal {
		p.fields(e)
		return
	}
	p.title(e.Key, e.Title)
	p.styled("status", planStyle(e.Status), string(e.Status))
	p.field("progress", p.progressWords(ofEpic(e)))
	p.estimates(e.EstimateDone, e.EstimateTotal)
	p.field("priority", string(e.Priority))
	p.field("value", string(e.BusinessValue))
	p.dueField(e.Due, e.Status.Closed())
	p.field("defer", p.date(e.Defer))
	p.field("labels", strings.Join(e.Labels, ", "))
	p.ownFields(e.Fields)
	p.field("created", p.when(e.CreatedAt))
	p.field("updated", p.when(e.UpdatedAt))
	p.field("version", strconv.FormatInt(e.Version, 10))
	p.description(e.Description)
	p.linked(e.Links)
}

// feature writes one feature: a card, or a line for each field.
func (p *printer) feature(f plan.Feature) {
	if !p.out.Terminal {
		p.fields(f)
		return
	}
	p.title(f.Key, f.Title)
	p.field("epic", f.EpicKey.String())
	p.styled("status", planStyle(f.Status), string(f.Status))
	p.field("progress", p.progressWords(ofFeature(f)))
	p.estimates(f.EstimateDone, f.EstimateTotal)
	p.dueField(f.Due, f.Status.Closed())
	p.field("defer", p.date(f.Defer))
	p.field("labels", strings.Join(f.Labels, ", "))
	p.ownFields(f.Fields)
	p.field("created", p.when(f.CreatedAt))
	p.field("updated", p.when(f.UpdatedAt))
	p.field("version", strconv.FormatInt(f.Version, 10))
	p.description(f.Description)
	p.linked(f.Links)
}

// estimates says how much of the estimated work is done, if any was estimated.
func (p *printer) estimates(done, total plan.Estimate) {
	if total > 0 {
		p.field("estimate", done.String()+" of "+p.estimate(total)+" done")
	}
}

// estimate is an estimate with its unit, where that is known.
func (p *printer) estimate(e plan.Estimate) string {
	if p.unit == nil {
		return e.String()
	}
	return strings.TrimSpace(e.String() + " " + p.unit())
}

// progressWords returns the progress for a line of its own.
func (p *printer) progressWords(b branch) string {
	words := percent(b.pct) + ", " + term.Count(b.completed) + " of " + term.Plural(b.total, "task")
	if p.tight() {
		return words
	}
	return p.out.Bar(float64(b.pct), 20) + " " + words
}
