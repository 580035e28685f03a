// Package bmad reads the stories of the BMAD method: docs/stories/1.2.slug.md,
// or the artifacts and the sprint-status.yaml of its later versions.
package bmad

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "bmad", Title: "BMAD", Mark: "docs/stories/1.2.slug.md, sprint-status.yaml",
	Docs:  "an epic stays an epic, a story becomes a task, its tasks and subtasks the checklist; approved means ready to start",
	Marks: func(full string) bool { return place(full) != "" },
	Loose: func(full string) bool {
		return storyFile().MatchString(path.Base(full)) || form.Base(full, "sprint-status.yaml", "epics.md")
	},
	Read: read,
}

var (
	storyFile  = interchange.Pattern(`(?i)^(?:story-)?(\d+)[.-](\d+(?:\.\d+)*[a-z]?)(?:[.-]([\w.-]*?))?(?:\.story)?\.md$`)
	epicFile   = interchange.Pattern(`(?i)^epic-\d+[.-]?[\w.-]*\.md$`)
	storyKey   = interchange.Pattern(`^(\d+)-(\d+[a-z]?)(?:-(.+))?$`)
	epicKey    = interchange.Pattern(`^epic-(\d+)$`)
	storyTitle = interchange.Pattern(`(?i)^story\s+(\d+(?:\.\d+)+[a-z]?)\s*[:.–—-]\s*(.*)$`)
	bareTitle  = interchange.Pattern(`(?i)^(?:(?:user\s+)?story\s+)?(\d+(?:[.-]\d+)+[a-z]?)(?:\s*[:.–—-]\s*|\s+)(\S.*)$`)
	epicTitle  = interchange.Pattern(`(?i)^epic\s+(\d+)\s*[:.–—-]\s*(.*)$`)
	metaLine   = interchange.Pattern(`^\s*[-*]?\s*\**([A-Z][A-Za-z ]{2,30}?)\**\s*:\**\s*(.*)$`)
	storyRef   = interchange.Pattern(`(?i)\bstor(?:y|ies)\s+(\d+(?:\.\d+)+[a-z]?)`)
)

// place returns what a path is: a story, the status of a sprint, or a list of
// epics.
func place(full string) string {
	base := path.Base(full)
	switch {
	case base == "sprint-status.yaml":
		return "status"
	case base == "epics.md" && form.Under(full, "planning-artifacts", "_bmad-output"), epicFile().MatchString(base) && form.Under(full, "planning-artifacts", "_bmad-output", "epics", "prd"):
		return "epics"
	case !storyFile().MatchString(base):
		return ""
	case form.Under(full, "stories", "implementation-artifacts", "sprint-artifacts", "_bmad-output"):
		return "story"
	}
	return ""
}

// A story is what is known of one, from its file, the list of epics and the
// status of the sprint.
type story struct {
	item   *form.Item
	status string // of the sprint
	title  string
	text   string
	file   string
	line   int
}

// A reader is the state while a project is read.
type reader struct {
	s       *form.Source
	o       *form.Outline
	stories map[string]*story
	order   []string
	epics   map[string]*form.Item
	others  map[string]string // statuses of what is neither an epic nor a story
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, stories: map[string]*story{}, epics: map[string]*form.Item{}, others: map[string]string{}}
	for _, what := range []string{"epics", "status", "story"} {
		for _, f := range s.Files {
			at := place(f.Full)
			if at == "" {
				at = "story"
			}
			if at != what {
				continue
			}
			switch at {
			case "epics":
				r.list(f)
			case "status":
				r.sprint(f)
			default:
				r.file(f)
			}
		}
	}
	for _, id := range r.order {
		r.add(id, r.stories[id])
	}
	return nil
}

func (r *reader) story(id string) *story {
	if r.stories[id] == nil {
		r.stories[id] = &story{}
		r.order = append(r.order, id)
	}
	return r.stories[id]
}

func (r *reader) epic(number string) *form.Item {
	if r.epics[number] == nil {
		r.epics[number] = r.o.Add(&form.Item{ID: "epic-" + number, Group: true, Level: plan.LevelEpic, Contents: &form.Contents{Title: "Epic " + number}})
	}
	return r.epics[number]
}

// list reads the epics and the stories of a list of them.
func (r *reader) list(f form.File) {
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	for _, h := range d.Page().Headings {
		if m := epicTitle().FindStringSubmatch(form.Emphasis(h.Text)); m != nil {
			e := r.epic(m[1])
			e.Title, e.File, e.Line = m[2], f.Path, h.Line
			if text := strings.TrimSpace(form.Dedent(h.Body)); text != "" && e.Description == "" {
				e.Description = text
			}
		} else if m := storyTitle().FindStringSubmatch(form.Emphasis(h.Text)); m != nil {
			if s := r.story(strings.ToLower(m[1])); s.title == "" {
				s.title, s.text, s.file, s.line = m[2], strings.TrimSpace(form.Dedent(h.Body)), f.Path, h.Line
			}
		}
	}
}

// sprint reads the status of a sprint.
func (r *reader) sprint(f form.File) {
	raw, err := r.s.Read(f.Path, 4<<20)
	var doc struct {
		Project string    `yaml:"project"`
		Status  yaml.Node `yaml:"development_status"`
	}
	if err == nil {
		err = yaml.Unmarshal(raw, &doc)
	}
	if err != nil {
		r.o.Find(f.Path, 0, interchange.Failed, "cannot be read: %s", form.OneLine(err.Error(), 200))
		return
	}
	r.o.Files++
	if doc.Project != "" {
		r.o.Title = doc.Project
	}
	for n := 0; n+1 < len(doc.Status.Content); n += 2 {
		r.o.Records++
		key, word, line := doc.Status.Content[n].Value, doc.Status.Content[n+1].Value, doc.Status.Content[n].Line
		if m := epicKey().FindStringSubmatch(key); m != nil {
			e := r.epic(m[1])
			if e.File == "" {
				e.File, e.Line = f.Path, line
			}
			if e.Say(word); word == "backlog" || word == "contexted" {
				e.Status, e.Reason = plan.Todo, ""
			}
			continue
		}
		m := storyKey().FindStringSubmatch(key)
		if m == nil {
			r.other(f.Path, key, word, line)
			continue
		}
		s := r.story(m[1] + "." + m[2])
		if s.status != "" && s.status != word {
			r.o.Find(f.Path, line, interchange.Warning, "%s is %s here, and %s in another sprint status: the one that is not ready is used", form.Quote(key), form.Quote(word), form.Quote(s.status))
			if s.status != "ready-for-dev" {
				word = s.status
			}
		}
		if s.status = word; s.title == "" {
			s.title = strings.ReplaceAll(m[3], "-", " ")
		}
		if s.file == "" {
			s.file, s.line = f.Path, line
		}
	}
}

// other takes what is neither an epic nor a story, such as a retrospective.
func (r *reader) other(file, key, word string, line int) {
	if r.others[key] != "" {
		if r.others[key] != word {
			r.o.Find(file, line, interchange.Warning, "%s is %s here, and %s in another sprint status, which is used", form.Quote(key), form.Quote(word), form.Quote(r.others[key]))
		}
		return
	}
	r.others[key] = word
	i := r.o.Add(&form.Item{ID: key, Level: plan.LevelTask, File: file, Line: line, Contents: &form.Contents{Title: strings.ReplaceAll(key, "-", " ")}})
	for number, e := range r.epics {
		if strings.HasPrefix(key, "epic-"+number+"-") {
			i.Up = e
		}
	}
	if r.say(i, word); strings.EqualFold(word, "optional") {
		i.Status, i.Reason, i.Labels = plan.Blocked, "optional", []string{"optional"}
	}
}

// file reads the file of a story.
func (r *reader) file(f form.File) {
	m := storyFile().FindStringSubmatch(path.Base(f.Path))
	if m == nil {
		r.o.Find(f.Path, 0, interchange.Skipped, "its name is not a story name")
		return
	}
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	id := strings.ToLower(m[1] + "." + m[2])
	s := r.story(id)
	page := d.Page()
	title := page.Title()
	for n := len(page.Headings) - 1; n >= 0; n-- {
		if m := storyTitle().FindStringSubmatch(form.Emphasis(page.Headings[n].Text)); m != nil {
			title = m[2]
		}
	}
	if b := bareTitle().FindStringSubmatch(title); b != nil && strings.ToLower(strings.ReplaceAll(b[1], "-", ".")) == id {
		title = b[2]
	}
	if title == "" {
		title = strings.ReplaceAll(m[3], "-", " ")
	}
	if s.item != nil {
		r.o.Find(f.Path, 0, interchange.Warning, "story %s already has a file, %s: this one becomes a separate item", id, s.item.File)
		id += "-" + form.Slug(m[3])
		s = r.story(id)
	}
	if s.status == "" {
		r.o.Records++
	}
	i := &form.Item{File: f.Path, Line: 1, Contents: &form.Contents{Title: title}}
	meta := metadata(d.Lines, page)
	r.fileStatus(i, s, cmp.Or(meta["status"], d.Value("status")))
	i.Completed = r.o.Moment(i, "completed", cmp.Or(meta["completed"], meta["completed date"], meta["completion date"]), r.s.Zone)
	i.Created = r.o.Moment(i, "created", cmp.Or(meta["created"], meta["date created"]), r.s.Zone)
	if !i.Over() {
		i.Completed = nil
	}
	for _, name := range []string{"dependencies", "depends on", "prerequisites", "blocked by"} {
		for _, ref := range storyRef().FindAllStringSubmatch(meta[name], -1) {
			i.DependsOn = append(i.DependsOn, strings.ToLower(ref[1]))
		}
	}
	i.Prioritise(r.o, meta["priority"])
	i.Assignee = meta["assignee"]
	body := d.Lines
	if n := slices.IndexFunc(body, func(l string) bool { return strings.HasPrefix(l, "# ") }); n >= 0 && n < 5 {
		body = body[n+1:]
	}
	i.Description = strings.TrimSpace(strings.Join(body, "\n"))
	for _, b := range page.Boxes {
		i.Checks = append(i.Checks, plan.Check{Text: form.Emphasis(b.Text), Done: b.Ticked()})
	}
	s.item = i
}

// fileStatus reads the status of a story's file; that of the sprint counts where
// they differ.
func (r *reader) fileStatus(i *form.Item, s *story, word string) {
	switch {
	case s.status != "":
		r.say(i, s.status)
		own := interchange.StatusOf(word)
		if i.Status == plan.Todo && own.Status != "" && own.Status != plan.Todo { // nothing is begun that one of them says has been
			r.say(i, word)
			r.o.Find(i.File, 1, interchange.Warning, "its status is %s, but the sprint says %s: the one that is not ready is used", form.Quote(word), form.Quote(s.status))
			return
		}
		if word != "" && own.Status != i.Status && own.Status != "" {
			r.o.Find(i.File, 1, interchange.Info, "its status is %s, but the sprint says %s: the sprint's status is used", form.Quote(word), form.Quote(s.status))
		}
	case word == "":
		i.Status, i.Reason = plan.Blocked, "no status"
	default:
		r.say(i, word)
	}
}

func (r *reader) say(i *form.Item, word string) {
	i.Say(word)
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "backlog", "drafted", "draft":
		i.Status, i.Reason = plan.Blocked, strings.ToLower(word)
	case "ready-for-dev":
		i.Status, i.Reason = plan.Todo, ""
	}
}

// metadata returns the lines of the form "Name: value" at the head of a story,
// and the sections that hold one value, such as Status.
func metadata(lines []string, page *form.Page) map[string]string {
	out := map[string]string{}
	put := func(name, value string) {
		if name = strings.ToLower(strings.TrimSpace(name)); out[name] == "" {
			out[name] = strings.TrimSpace(strings.Trim(strings.TrimSpace(value), "*"))
		}
	}
	for n, line := range lines {
		if n > 40 || strings.HasPrefix(line, "## ") && n > 3 {
			break
		}
		if m := metaLine().FindStringSubmatch(line); m != nil {
			put(m[1], m[2])
		}
	}
	for _, h := range page.Headings {
		if name, value, found := strings.Cut(form.Emphasis(h.Text), ":"); found && h.Depth > 1 && strings.EqualFold(strings.TrimSpace(name), "status") {
			put(name, value)
		}
		for _, line := range h.Body {
			if line = strings.TrimSpace(line); line != "" {
				switch strings.ToLower(strings.TrimRight(h.Text, ":")) {
				case "status", "dependencies", "priority", "prerequisites":
					put(strings.TrimRight(h.Text, ":"), strings.TrimLeft(line, "-* "))
				}
				break
			}
		}
	}
	return out
}

// add makes the item of a story of what is known of it.
func (r *reader) add(id string, s *story) {
	i := s.item
	if i == nil {
		i = &form.Item{File: s.file, Line: s.line, Contents: &form.Contents{Title: s.title, Description: s.text}}
		if s.status == "" {
			r.o.Records++
			i.Status, i.Reason = plan.Blocked, "backlog: it has no story yet"
		} else {
			r.say(i, s.status)
		}
	}
	number, _, _ := strings.Cut(id, ".")
	i.ID, i.Level, i.Up = id, plan.LevelTask, r.epic(number)
	r.o.Add(i)
}
