// Package speckit reads the tasks of spec-kit: specs/NNN-name/tasks.md.
package speckit

import (
	"slices"
	"strconv"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "speckit", Title: "spec-kit", Mark: "specs/NNN-name/tasks.md",
	Docs:  "a directory becomes a feature, a line such as T001 a task; [P], [US1] and the phase become labels, and the phase is also kept in the text",
	Marks: marks,
	Loose: func(full string) bool { return form.Base(full, "tasks.md") },
	Sniff: func(_ string, head []byte) bool { return len(taskBox().FindAll(head, 2)) > 0 },
	Read:  read,
}

var (
	folder   = interchange.Pattern(`^\d{3,}-[^/]+$`)
	taskBox  = interchange.Pattern(`(?m)^\s*[-*+]\s+\[[ xX]\]\s+\**\[?T\d{3,}[a-z]?\b`)
	idAtHead = interchange.Pattern(`^\**\[?(T-?\d+(?:\.\d+)*[a-z]?)\]?\**[:.)]?\**(?:[\s–—-]+(.*))?$`)
	tag      = interchange.Pattern(`^\[([^\]\n]{1,40})\]\s*(.*)$`)
	phase    = interchange.Pattern(`(?i)\bphase\s+(\d+(?:\.\d+)*)`)
	needs    = interchange.Pattern(`(?i)(?:\b(?:depende de|dépend de|abhängig von|hängt ab von|nach|depends? on|dependen(?:t|cies) on|dependencies:|depends:|blocked by|requires|needs|waits for|after)|依赖于?|前置(?:任务|条件)?|需(?:先|要)完成|依存)\s*[:\x{FF1A}]?\s*((?:\**T\d+[a-z]?\**(?:\s*(?:,|\x{FF0C}|、|和|and|&|\+|/|-|–|through|to)\s*)*)+)`)
	idsIn    = interchange.Pattern(`T(\d+)([a-z]?)`)
	created  = interchange.Pattern(`(?m)^\**Created\**\s*:\**\s*(\d{4}-\d\d-\d\d)`)
)

func marks(full string) bool {
	s, ok := form.Segments(full, 3)
	return ok && s[0] == "specs" && folder().MatchString(s[1]) && strings.EqualFold(s[2], "tasks.md")
}

func read(s *form.Source, o *form.Outline) error {
	for _, f := range beside(s) {
		if d := s.Page(o, f.Path); d != nil {
			readFeature(s, o, f, d)
		}
	}
	return nil
}

func readFeature(s *form.Source, o *form.Outline, f form.File, d *form.Document) {
	page := d.Page()
	slug := f.Dir()
	feature := o.Add(&form.Item{ID: slug, Group: true, Level: plan.LevelFeature, File: f.Path, Line: 1, Contents: &form.Contents{Title: page.Title("Tasks:", "Tasks")}})
	if spec := f.Sibling("spec.md"); s.Has(spec) {
		if d := s.Page(o, spec); d != nil {
			about := d.Page()
			if t := about.Title("Feature Specification:", "Feature:", "Spec:"); t != "" {
				feature.Title = t
			}
			feature.Description = head(about)
			if m := created().FindStringSubmatch(d.Text()); m != nil {
				feature.Created = o.Moment(feature, "Created", m[1], s.Zone)
			}
		}
	}
	if feature.Title == "" {
		feature.Title = slug
	}
	s.LinkTo(feature, f, "spec.md", "plan.md", "research.md", "data-model.md", "quickstart.md")
	feature.Describe(page.Prose(legend))
	readTasks(s, o, f, feature, page)
}

// head returns what stands between the title of a page and its next heading.
func head(p *form.Page) string {
	for _, h := range p.Headings {
		if h.Depth == 1 {
			return strings.TrimSpace(form.Dedent(h.Body))
		}
	}
	return strings.TrimSpace(form.Dedent(p.Before))
}

// legend reports whether a heading is about how the file is written.
func legend(h *form.Heading) bool {
	t := strings.ToLower(h.Text)
	return strings.HasPrefix(t, "format") || strings.HasPrefix(t, "path conventions") || strings.HasPrefix(t, "notes")
}

// A stage is a phase with its tasks, and with what has no id in these: it waits as they
// do, and nothing waits for it.
type stage struct {
	title        string
	tasks, parts []*form.Item
}

// stageOf returns the stage that a box stands in, the last one or a new one; nil: none.
func stageOf(stages *[]*stage, b *form.Box) *stage {
	p := phaseOf(b.Under)
	if p == nil {
		return nil
	}
	if n := len(*stages); n == 0 || (*stages)[n-1].title != p.Text {
		*stages = append(*stages, &stage{title: p.Text})
	}
	return (*stages)[len(*stages)-1]
}

func readTasks(s *form.Source, o *form.Outline, f form.File, feature *form.Item, page *form.Page) {
	items := map[*form.Box]*form.Item{}
	byID := map[string][]*form.Item{}
	var stages []*stage
	for _, b := range o.Boxes(f.Path, page) {
		o.Records++
		m, up := idAtHead().FindStringSubmatch(b.Text), items[b.Up]
		switch {
		case m == nil && up != nil:
			i := o.Add(&form.Item{ID: up.ID + "/" + form.Slug(b.Text), Up: up, Minor: true, Worded: true, File: f.Path, Line: b.Line, Contents: &form.Contents{Title: form.Emphasis(b.Text), Description: b.Details()}})
			tick(i, b)
			i.Heed(b.Text)
			items[b] = i
			if st := stageOf(&stages, b); st != nil {
				st.parts = append(st.parts, i)
			}
			continue
		case m == nil:
			o.Find(f.Path, b.Line, interchange.Skipped, "a checkbox without a task id such as T001 is not a task: %s", form.Quote(b.Text))
			continue
		}
		i := o.Add(&form.Item{ID: feature.ID + "/" + m[1], Up: feature, Level: plan.LevelTask, File: f.Path, Line: b.Line, Contents: &form.Contents{}})
		if up != nil {
			i.Up = up
		}
		items[b] = i
		byID[m[1]] = append(byID[m[1]], i)
		describe(i, m[2], b)
		tick(i, b)
		i.Heed(m[2])
		i.HeedLabels()
		i.HeedAbove(b.Under)
		if st := stageOf(&stages, b); st != nil {
			st.tasks = append(st.tasks, i)
		}
		for _, id := range needed(m[2] + "\n" + b.Details()) {
			if id != m[1] {
				i.DependsOn = append(i.DependsOn, feature.ID+"/"+id)
			}
		}
	}
	readProse(o, feature, page, byID)
	if s.Options.PhasesBlock {
		block(o, stages)
	}
}

func tick(i *form.Item, b *form.Box) {
	switch {
	case b.Ticked():
		i.Status = plan.Completed
	case b.Open():
		i.Status = plan.Todo
	case b.Mark == "~" || b.Mark == "/" || b.Mark == "-":
		i.Status = plan.InProgress
	default:
		i.Status, i.Reason = plan.Blocked, "box ["+b.Mark+"]"
	}
}

// describe takes the tags off the head of a task's text.
func describe(i *form.Item, text string, b *form.Box) {
	for {
		m := tag().FindStringSubmatch(text)
		if m == nil || strings.HasPrefix(m[2], "(") {
			break
		}
		text = m[2]
		if m[1] == "P" || m[1] == "p" {
			i.Labels = append(i.Labels, "parallel")
			continue
		}
		for _, word := range strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune("+,/&", r) }) {
			i.Labels = append(i.Labels, strings.ToLower(form.Label(word)))
		}
	}
	i.Title = form.Emphasis(text)
	i.Describe(b.Details())
	if p := phaseOf(b.Under); p != nil {
		if m := phase().FindStringSubmatch(p.Text); m != nil {
			i.Labels = append(i.Labels, "phase-"+m[1])
		}
		i.Describe("Phase: " + p.Text)
	} else if b.Under != nil && b.Under.Depth > 1 {
		i.Describe("Section: " + b.Under.Text)
	}
}

// phaseOf returns the heading of the phase that something stands in.
func phaseOf(h *form.Heading) *form.Heading {
	for ; h != nil; h = h.Up {
		if phase().MatchString(h.Text) {
			return h
		}
	}
	return nil
}

// needed returns the ids of the tasks that a text says it depends on.
func needed(text string) (ids []string) {
	for _, m := range needs().FindAllStringSubmatch(text, -1) {
		ids = append(ids, listed(m[1])...)
	}
	return ids
}

// listed returns the ids in a list; T003-T005 is a range.
func listed(list string) (ids []string) {
	all := idsIn().FindAllStringSubmatchIndex(list, -1)
	for n, at := range all {
		if n > 0 {
			between := strings.Trim(list[all[n-1][1]:at[0]], " *")
			first, _ := strconv.Atoi(list[all[n-1][2]:all[n-1][3]])
			last, _ := strconv.Atoi(list[at[2]:at[3]])
			if (between == "-" || between == "–" || between == "to" || between == "through") && last-first < 500 {
				for k := first + 1; k < last; k++ {
					number := strconv.Itoa(k)
					ids = append(ids, "T"+strings.Repeat("0", max(0, at[3]-at[2]-len(number)))+number)
				}
			}
		}
		ids = append(ids, list[at[0]:at[1]])
	}
	return ids
}

// block has the tasks of a phase wait for those before: what is set up and the
// foundation come before the stories, the stories beside each other, what is
// left behind them.
func block(o *form.Outline, stages []*stage) {
	var base, stories []*form.Item
	for _, st := range stages {
		wait := base
		if story := strings.Contains(strings.ToLower(st.title), "story"); story {
			stories = append(stories, st.tasks...)
		} else if len(stories) > 0 {
			wait = stories
			base, stories = st.tasks, nil
		} else {
			base = st.tasks
		}
		o.Follow(slices.Concat(st.tasks, st.parts), wait)
	}
}
