package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// dependencies writes both directions.
func (p *printer) dependencies(d tracker.Dependencies) {
	if p.out.Terminal && len(d.DependsOn)+len(d.Dependants) == 0 {
		p.para(0, 0, d.Task.String()+" has no dependencies, and nothing depends on it")
		return
	}
	p.links("depends_on", "depends on", d.DependsOn)
	p.links("dependants", "needed by", d.Dependants)
}

// links writes the tasks of one direction. In a pipe each line begins with the
// field's name, on a terminal they stand under a heading.
func (p *printer) links(field, heading string, links []tracker.Linked) {
	if len(links) == 0 {
		return
	}
	if !p.out.Terminal {
		for _, l := range links {
			row := []string{field, l.Key.String(), string(l.Status), l.Title}
			if l.Outcome != "" {
				row = append(row, l.Outcome)
			}
			p.row(row...)
		}
		return
	}
	p.section(heading)
	table := &term.Table{Columns: []term.Column{{}, {Drop: 1}, {Shrink: true}}}
	for _, l := range links {
		style, mark := planStyle(plan.PlanStatus(l.Status)), " "
		if l.Key.Level() == plan.LevelTask {
			style, mark = taskStyle(plan.TaskStatus(l.Status)), p.mark(plan.TaskStatus(l.Status))
		}
		table.Cells(term.Cell{Text: "  " + mark + " " + l.Key.String(), Style: style},
			term.Cell{Text: string(l.Status), Style: style}, term.Cell{Text: l.Title})
	}
	p.table(table)
	for _, l := range links {
		if l.Outcome != "" {
			p.para(term.Dim, 2*indent, l.Key.String()+": "+term.CleanText(l.Outcome))
		}
	}
}

// linksMore says how many links a context leaves out.
func (p *printer) linksMore(field string, n int, k plan.Key) {
	switch {
	case n == 0:
	case p.out.Terminal:
		p.para(term.Dim, indent, "+"+term.Count(n)+" more: pm dep list "+k.String())
	default:
		p.row("more_"+field, term.Count(n), "pm dep list "+k.String())
	}
}

// context writes a task with everything needed to start on it: why it was sent
// back and what was handed over before anything else.
func (p *printer) context(c tracker.Context) {
	handoffs, others := splitNotes(c.Notes)
	c.Task.DependsOn = nil // the links say more
	if p.out.Terminal {
		p.contextCard(c)
		p.noteSection("handed off", handoffs)
	} else {
		p.contextRows(c)
		p.noteRows("notes", handoffs)
	}
	p.links("depends_on", "depends on", c.DependsOn)
	p.linksMore("depends_on", c.MoreDependsOn, c.Task.Key)
	p.links("dependants", "needed by", c.Dependants)
	p.linksMore("dependants", c.MoreDependants, c.Task.Key)
	if p.out.Terminal {
		p.noteSection("notes", others)
	} else {
		p.noteRows("notes", others)
	}
	p.notesMore(c.MoreNotes, c.Task.Key)
	p.questionSection(c.Questions)
	p.links("siblings", "in the same feature", c.Siblings)
}

func (p *printer) contextCard(c tracker.Context) {
	p.title(c.Task.Key, c.Task.Title)
	p.standing(c.Standing)
	p.field("epic", c.Task.Key.EpicKey().String()+"  "+c.Epic)
	p.field("feature", c.Task.Key.FeatureKey().String()+"  "+c.Feature)
	p.taskFields(c.Task)
	p.description(c.Task.Description)
	p.checklist(c.Task.Checks)
	p.linked(c.Task.Links)
}

func (p *printer) contextRows(c tracker.Context) {
	p.standing(c.Standing)
	p.row("epic", c.Epic)
	p.row("feature", c.Feature)
	for _, text := range [][2]string{{"epic_description", c.EpicText}, {"feature_description", c.FeatureText}} {
		if text[1] != "" {
			p.row(text[0], text[1])
		}
	}
	p.fields(c.Task, beside...)
}

// beside are the fields that a context leaves out of a task's rows: nobody needs
// them to begin, and what the task depends on is listed.
var beside = []string{"feature_key", "epic_key", "open_dependencies", "created_at", "started_at", "updated_at"}

func splitNotes(notes []plan.Note) (handoffs, others []plan.Note) {
	for _, n := range notes {
		if n.Kind == plan.Handoff {
			handoffs = append(handoffs, n)
		} else {
			others = append(others, n)
		}
	}
	return handoffs, others
}
