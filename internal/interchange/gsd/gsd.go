// Package gsd reads the plans of Get Shit Done: .planning/phases/01-name/01-02-PLAN.md.
package gsd

import (
	"cmp"
	"path"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "gsd", Title: "GSD", Aliases: []string{"get-shit-done"}, Mark: ".planning/phases/01-name/01-02-PLAN.md",
	Docs:  "a phase becomes a feature, a plan a task, completed if its summary is next to it; the tasks in a plan become its checklist",
	Marks: func(full string) bool { return place(full) != "" },
	Loose: func(full string) bool { return planFile().MatchString(path.Base(full)) },
	Read:  read,
}

var (
	planFile  = interchange.Pattern(`^(\d+(?:\.\d+)?)-(\d+[a-z]?)-PLAN\.md$`)
	onePlan   = interchange.Pattern(`^(?:(\d+[a-z]?)-)?PLAN\.md$`)
	summary   = interchange.Pattern(`^(\d+(?:\.\d+)?)-(\d+[a-z]?)-SUMMARY\.md$`)
	quickFile = interchange.Pattern(`^(?:[\w.]+-)?PLAN\.md$`)
	phaseDir  = interchange.Pattern(`^(\d+(?:\.\d+)?)-(.+)$`)
	objective = interchange.Pattern(`(?s)<objective>\s*(.*?)\s*</objective>`)
	taskName  = interchange.Pattern(`(?s)<task[^>]*>\s*<name>\s*(.*?)\s*</name>`)
	taskLead  = interchange.Pattern(`(?i)^task\s+\d+\s*:\s*`)
	listed    = interchange.Pattern(`^\s*[-*]\s+(?:\[(.)\]\s+)?\**(\d+(?:\.\d+)?-\d+[a-z]?)(?:-PLAN\.md)?\**\s*[:–—-]+\s*(.*)$`)
	phaseLine = interchange.Pattern(`(?i)^\s*[-*]\s+\[(.)\]\s+\**Phase\s+(\d+(?:\.\d+)?)\s*:?\s*([^*]*?)\**(?:\s+[-–—]+\s+(.*))?$`)
	phaseHead = interchange.Pattern(`(?i)^#{2,5}\s+\**Phase\s+(\d+(?:\.\d+)?)\**\s*[:–—-]\s*(.*?)\**\s*$`)
	dependsOn = interchange.Pattern(`(?i)^\s*[-*]?\s*\**depends on\**\s*:\**\s*([^(]*)`)
	phases    = interchange.Pattern(`(?i)phases?\s+(\d+(?:\.\d+)?(?:\s*(?:,|and|&|\+)\s*\d+(?:\.\d+)?)*)`)
	planCount = interchange.Pattern(`(?i)\s*\(\d+/\d+ plans?\)\s*$`)
	numbers   = interchange.Pattern(`\d+(?:\.\d+)?`)
)

// place returns what a path is: a plan, a roadmap, or a todo.
func place(full string) string {
	if !form.Under(full, ".planning") {
		return ""
	}
	base := path.Base(full)
	dir := path.Base(path.Dir(full))
	switch {
	case planFile().MatchString(base) && phaseDir().MatchString(dir):
		return "plan"
	case summary().MatchString(base) && phaseDir().MatchString(dir):
		return "summary"
	case onePlan().MatchString(base) && phaseDir().MatchString(dir):
		return "plan"
	case quickFile().MatchString(base) && path.Base(path.Dir(path.Dir(full))) == "quick":
		return "quick"
	case strings.HasSuffix(base, "ROADMAP.md"):
		return "roadmap"
	case strings.HasSuffix(base, ".md") && (dir == "pending" || dir == "done") && path.Base(path.Dir(path.Dir(full))) == "todos":
		return "todo"
	}
	return ""
}

// A reader is the state while a project is read.
type reader struct {
	s      *form.Source
	o      *form.Outline
	phases map[string]*form.Item
	named  map[string]listing // plans, by the roadmaps
	order  []string
	done   map[string]bool // plans that are items
}

// A listing is what a roadmap says of a plan.
type listing struct {
	title, box, file string
	line             int
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, phases: map[string]*form.Item{}, named: map[string]listing{}, done: map[string]bool{}}
	for _, f := range s.Files {
		if place(f.Full) == "roadmap" {
			r.roadmap(f)
		}
	}
	for _, f := range s.Files {
		switch place(f.Full) {
		case "plan", "":
			r.plan(f)
		case "quick":
			r.quick(f)
		case "todo":
			r.todo(f)
		}
	}
	for _, f := range s.Files {
		if place(f.Full) == "summary" {
			r.onlySummary(f)
		}
	}
	for _, id := range r.order {
		if !r.done[id] {
			r.onlyListed(id, r.named[id])
		}
	}
	return nil
}

// norm writes the number of a phase without leading zeros.
func norm(number string) string {
	if n := strings.TrimLeft(number, "0"); n != "" && n[0] != '.' {
		return n
	}
	return "0"
}

// roadmap reads the phases of a roadmap, what they depend on, and the plans that
// it lists. One that was put into the archive of a milestone was carried out.
func (r *reader) roadmap(f form.File) {
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	archived := form.Under(f.Full, "milestones", "archive")
	var under *form.Item
	for n, line := range d.Lines {
		at := d.First + n
		if m := listed().FindStringSubmatch(line); m != nil {
			l := listing{title: form.OneLine(form.Emphasis(m[3]), 200), box: m[1], file: f.Path, line: at}
			if archived && l.box == "" {
				l.box = "x"
			}
			if was, known := r.named[m[2]]; !known {
				r.order = append(r.order, m[2])
				r.named[m[2]] = l
			} else if was.box == "" {
				was.box = l.box
				r.named[m[2]] = was
			}
		} else if m := phaseLine().FindStringSubmatch(line); m != nil {
			p := r.listedPhase(m[2], form.Emphasis(m[3]), f.Path, at)
			if p.Describe(m[4]); m[1] == "x" || m[1] == "X" {
				p.Status = plan.Completed
			}
		} else if m := phaseHead().FindStringSubmatch(line); m != nil {
			if under = r.listedPhase(m[1], form.Emphasis(m[2]), f.Path, at); archived {
				under.Status = plan.Completed
			}
		} else if m := dependsOn().FindStringSubmatch(line); m != nil && under != nil {
			for _, some := range phases().FindAllStringSubmatch(m[1], -1) {
				for _, on := range numbers().FindAllString(some[1], -1) {
					if id := "phase-" + norm(on); id != under.ID {
						under.DependsOn = append(under.DependsOn, id)
					}
				}
			}
		}
	}
}

// listedPhase returns the phase that a roadmap names.
func (r *reader) listedPhase(number, title, file string, line int) *form.Item {
	key := norm(number)
	title = planCount().ReplaceAllString(title, "")
	if r.phases[key] == nil {
		r.o.Records++
		r.phases[key] = r.o.Add(&form.Item{ID: "phase-" + key, Group: true, Level: plan.LevelFeature, File: file, Line: line, Contents: &form.Contents{Title: title}})
	}
	return r.phases[key]
}

// onlyListed makes a task of a plan that has no file: it was carried out, or
// nobody has written it yet.
func (r *reader) onlyListed(id string, l listing) {
	r.o.Records++
	number, _, _ := strings.Cut(id, "-")
	i := r.o.Add(&form.Item{ID: id, Level: plan.LevelTask, Up: r.phaseOf(number, ""), Status: plan.Blocked, File: l.file, Line: l.line, Contents: &form.Contents{Title: l.title, Reason: "no plan yet"}})
	if l.box == "x" || l.box == "X" {
		i.Status, i.Reason = plan.Completed, ""
	}
}

// onlySummary makes a task of the summary of a plan that was removed.
func (r *reader) onlySummary(f form.File) {
	m := summary().FindStringSubmatch(path.Base(f.Path))
	id := m[1] + "-" + m[2]
	if r.done[id] {
		return
	}
	r.o.Records++
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	i := r.o.Add(&form.Item{ID: id, Level: plan.LevelTask, Up: r.phaseOf(m[1], f.Dir()), Status: plan.Completed, File: f.Path, Line: 1, Contents: &form.Contents{Title: r.named[id].title, Description: d.Text()}})
	if r.done[id] = true; i.Title == "" {
		i.Title = d.Page().Title()
	}
	i.Completed = r.o.Moment(i, "completed", d.Value("completed"), r.s.Zone)
}

// phaseOf returns a phase by its number; dir is the folder of its plans, which
// names it if no roadmap does.
func (r *reader) phaseOf(number, dir string) *form.Item {
	name := "Phase " + number
	if m := phaseDir().FindStringSubmatch(dir); m != nil {
		number, name = m[1], strings.ReplaceAll(m[2], "-", " ")
	}
	key := norm(number)
	if r.phases[key] == nil {
		r.phases[key] = r.o.Add(&form.Item{ID: "phase-" + key, Group: true, Level: plan.LevelFeature, Contents: &form.Contents{Title: name}})
	}
	return r.phases[key]
}

func (r *reader) plan(f form.File) {
	m := planFile().FindStringSubmatch(path.Base(f.Path))
	if one := onePlan().FindStringSubmatch(path.Base(f.Path)); m == nil && one != nil && phaseDir().MatchString(f.Dir()) { // the folder says the phase
		m = []string{"", phaseDir().FindStringSubmatch(f.Dir())[1], cmp.Or(one[1], "01")}
	}
	if m == nil {
		r.o.Find(f.Path, 0, interchange.Skipped, "its name is not a plan name")
		return
	}
	d := r.s.Page(r.o, f.Path)
	r.o.Records++
	if d == nil {
		return
	}
	id := m[1] + "-" + m[2]
	i := r.o.Add(&form.Item{ID: id, Level: plan.LevelTask, Up: r.phaseOf(m[1], f.Dir()), File: f.Path, Line: 1, Contents: &form.Contents{Title: r.named[id].title}})
	r.done[id] = true
	r.text(i, d, "Plan "+id, f.Sibling(strings.TrimSuffix(path.Base(f.Path), "PLAN.md")+"SUMMARY.md"))
	deps, _ := d.Field("depends_on")
	for _, on := range strings.FieldsFunc(strings.Join(deps.Values, ","), func(c rune) bool { return c == ',' || c == ';' }) {
		on = strings.TrimSuffix(strings.TrimSuffix(path.Base(strings.TrimSpace(on)), ".md"), "-PLAN")
		if on == "" || on == "." || strings.EqualFold(on, "none") || strings.EqualFold(on, "null") {
			continue
		}
		if !strings.Contains(on, "-") {
			if len(on) == 1 {
				on = "0" + on
			}
			on = m[1] + "-" + on
		}
		i.DependsOn = append(i.DependsOn, on)
	}
	if d.Value("autonomous") == "false" {
		i.Labels = append(i.Labels, "checkpoint")
	}
	for _, field := range d.Fields {
		switch field.Name {
		case "phase", "plan", "depends_on", "autonomous":
		default:
			value := field.Text()
			if field.Nested {
				value = field.Raw
			}
			r.o.NoHome(i, field.Name, value)
		}
	}
}

// text reads what a plan says, and whether its summary lies beside it.
func (r *reader) text(i *form.Item, d *form.Document, name, summary string) {
	i.Status, i.Description = plan.Todo, d.Text()
	if m := objective().FindStringSubmatch(i.Description); m != nil && i.Title == "" {
		about, _, _ := strings.Cut(m[1], "\n")
		i.Title = form.OneLine(about, 200)
	}
	if i.Title == "" {
		i.Title = name
	}
	if r.s.Has(summary) {
		i.Status = plan.Completed
		i.Links = append(i.Links, form.Link{To: summary})
		if s := r.s.Page(r.o, summary); s != nil {
			i.Completed = r.o.Moment(i, "completed", s.Value("completed"), r.s.Zone)
		}
	}
	for _, t := range taskName().FindAllStringSubmatch(i.Description, -1) {
		i.Checks = append(i.Checks, plan.Check{Text: taskLead().ReplaceAllString(t[1], ""), Done: i.Status == plan.Completed})
	}
}

// quick reads a plan that belongs to no phase.
func (r *reader) quick(f form.File) {
	d := r.s.Page(r.o, f.Path)
	r.o.Records++
	if d == nil {
		return
	}
	i := r.o.Add(&form.Item{ID: "quick/" + f.Dir(), Level: plan.LevelTask, File: f.Path, Line: 1, Contents: &form.Contents{}})
	r.text(i, d, strings.ReplaceAll(f.Dir(), "-", " "), strings.TrimSuffix(f.Path, "PLAN.md")+"SUMMARY.md")
}

// todo reads an idea that was put aside.
func (r *reader) todo(f form.File) {
	d := r.s.Page(r.o, f.Path)
	r.o.Records++
	if d == nil {
		return
	}
	name := strings.TrimSuffix(path.Base(f.Path), ".md")
	i := r.o.Add(&form.Item{ID: "todo/" + name, Level: plan.LevelTask, Status: plan.Todo, File: f.Path, Line: 1, Contents: &form.Contents{Title: d.Value("title"), Description: d.Text()}})
	if i.Title == "" {
		i.Title = d.Page().Title()
	}
	if i.Title == "" {
		i.Title = strings.ReplaceAll(name, "-", " ")
	}
	i.Created = r.o.Moment(i, "created", d.Value("created"), r.s.Zone)
	if area := d.Value("area"); area != "" {
		i.Labels = append(i.Labels, area)
	}
	if f.Dir() == "done" {
		i.Status = plan.Completed
	}
}
