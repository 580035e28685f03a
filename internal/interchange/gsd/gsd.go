// Package gsd reads the plans of Get Shit Done: .planning/phases/01-name/01-02-PLAN.md.
package gsd

import (
	"path"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "gsd", Title: "GSD", Aliases: []string{"get-shit-done"}, Mark: ".planning/phases/01-name/01-02-PLAN.md",
	Docs:  "a phase is a feature, a plan a task, completed if its summary is next to it; the tasks in it are its checklist",
	Marks: func(full string) bool { return place(full) != "" },
	Loose: func(full string) bool { return planFile().MatchString(path.Base(full)) },
	Read:  read,
}

var (
	planFile  = interchange.Pattern(`^(\d+(?:\.\d+)?)-(\d+)-PLAN\.md$`)
	phaseDir  = interchange.Pattern(`^(\d+(?:\.\d+)?)-(.+)$`)
	objective = interchange.Pattern(`(?s)<objective>\s*(.*?)\s*</objective>`)
	taskName  = interchange.Pattern(`(?s)<task[^>]*>\s*<name>\s*(.*?)\s*</name>`)
	taskLead  = interchange.Pattern(`(?i)^task\s+\d+\s*:\s*`)
	listed    = interchange.Pattern(`^\s*[-*]\s+(?:\[(.)\]\s+)?\**(\d+(?:\.\d+)?-\d+)(?:-PLAN\.md)?\**\s*[:–—-]+\s*(.*)$`)
	phaseLine = interchange.Pattern(`(?i)^\s*[-*]\s+\[(.)\]\s+\**Phase\s+(\d+(?:\.\d+)?)\s*:?\s*([^*]*?)\**(?:\s+[-–—]+\s+(.*))?$`)
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
	titles map[string]string // of plans, by the roadmaps
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, phases: map[string]*form.Item{}, titles: map[string]string{}}
	for _, f := range s.Files {
		if place(f.Full) == "roadmap" {
			r.roadmap(f)
		}
	}
	for _, f := range s.Files {
		switch place(f.Full) {
		case "plan", "":
			r.plan(f)
		case "todo":
			r.todo(f)
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

func (r *reader) roadmap(f form.File) {
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	for n, line := range d.Lines {
		if m := listed().FindStringSubmatch(line); m != nil {
			r.titles[m[2]] = form.OneLine(form.Emphasis(m[3]), 200)
		} else if m := phaseLine().FindStringSubmatch(line); m != nil && r.phases[norm(m[2])] == nil {
			r.o.Records++
			p := r.o.Add(&form.Item{ID: "phase-" + norm(m[2]), Group: true, Level: plan.LevelFeature, Title: form.Emphasis(m[3]), Description: m[4], File: f.Path, Line: d.First + n})
			if m[1] == "x" || m[1] == "X" {
				p.Status = plan.Completed
			}
			r.phases[norm(m[2])] = p
		}
	}
}

func (r *reader) phase(f form.File, number string) *form.Item {
	dir := f.Dir()
	m := phaseDir().FindStringSubmatch(dir)
	if m == nil {
		m = []string{dir, number, dir}
	}
	key := norm(m[1])
	if r.phases[key] == nil {
		r.phases[key] = r.o.Add(&form.Item{ID: "phase-" + key, Group: true, Level: plan.LevelFeature, Title: strings.ReplaceAll(m[2], "-", " "), File: f.Path})
	}
	return r.phases[key]
}

func (r *reader) plan(f form.File) {
	m := planFile().FindStringSubmatch(path.Base(f.Path))
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
	text := d.Text()
	i := r.o.Add(&form.Item{ID: id, Level: plan.LevelTask, Up: r.phase(f, m[1]), Status: plan.Todo, File: f.Path, Line: 1, Description: text})
	about := ""
	if m := objective().FindStringSubmatch(text); m != nil {
		about, _, _ = strings.Cut(m[1], "\n")
	}
	switch {
	case r.titles[id] != "":
		i.Title = r.titles[id]
	case about != "":
		i.Title = form.OneLine(about, 200)
	default:
		i.Title = "Plan " + id
	}
	summary := f.Sibling(id + "-SUMMARY.md")
	if r.s.Has(summary) {
		i.Status = plan.Completed
		i.Links = append(i.Links, form.Link{To: summary})
		if s := r.s.Page(r.o, summary); s != nil {
			i.Completed = r.o.Moment(i, "completed", s.Value("completed"), r.s.Zone)
		}
	}
	for _, t := range taskName().FindAllStringSubmatch(text, -1) {
		i.Checks = append(i.Checks, plan.Check{Text: taskLead().ReplaceAllString(t[1], ""), Done: i.Status == plan.Completed})
	}
	deps, _ := d.Field("depends_on")
	for _, on := range deps.Values {
		if on = strings.TrimSuffix(strings.TrimSpace(on), "-PLAN.md"); on == "" || on == "none" {
			continue
		}
		if !strings.Contains(on, "-") {
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

// todo reads an idea that was put aside.
func (r *reader) todo(f form.File) {
	d := r.s.Page(r.o, f.Path)
	r.o.Records++
	if d == nil {
		return
	}
	name := strings.TrimSuffix(path.Base(f.Path), ".md")
	i := r.o.Add(&form.Item{ID: "todo/" + name, Level: plan.LevelTask, Title: d.Value("title"), Status: plan.Todo, Description: d.Text(), File: f.Path, Line: 1})
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
