// Package backlog reads the tasks of Backlog.md: backlog/tasks/*.md and the
// folders beside it.
package backlog

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "backlog", Title: "Backlog.md", Aliases: []string{"backlog-md"}, Mark: "backlog/tasks/*.md, backlog/config.yml",
	Docs:  "a file becomes a task, a milestone a feature; acceptance criteria and the definition of done become the checklist; the directories completed, drafts and archive set the status",
	Marks: func(full string) bool { return place(full) != "" },
	Loose: func(full string) bool { return strings.HasSuffix(strings.ToLower(full), ".md") },
	Read:  read,
}

// What a task says that has no front matter.
var (
	fileName   = interchange.Pattern(`^([A-Za-z][\w-]*?-\d+(?:\.\d+)*)(?:\s+-\s+|-)?(.*)\.md$`)
	statusLine = interchange.Pattern(`(?mi)^\**status\**\s*:\**\s*(\S.*?)\s*$`)
)

// place returns what a path is in a backlog: tasks, completed, drafts, archive,
// milestones or config; empty for what is nothing of one.
func place(full string) string {
	s := strings.Split(full, "/")
	if s[len(s)-1] == "backlog.config.yml" {
		return "config"
	}
	for n := len(s) - 2; n >= 0; n-- {
		if s[n] != "backlog" && s[n] != ".backlog" {
			continue
		}
		rest := s[n+1:]
		switch {
		case len(rest) == 1 && (rest[0] == "config.yml" || rest[0] == "config.yaml"):
			return "config"
		case !strings.HasSuffix(strings.ToLower(rest[len(rest)-1]), ".md"):
			return ""
		case len(rest) >= 2 && slices.Contains([]string{"tasks", "completed", "drafts", "milestones"}, rest[0]):
			return rest[0]
		case len(rest) >= 3 && rest[0] == "archive" && (rest[1] == "tasks" || rest[1] == "drafts"):
			return "archive"
		case len(rest) >= 3 && rest[0] == "archive" && rest[1] == "milestones":
			return "milestones"
		case len(rest) >= 2 && (rest[0] == "docs" || rest[0] == "decisions"):
			return rest[0]
		}
	}
	return ""
}

// A config is what the reader needs of config.yml.
type config struct {
	Statuses []string `yaml:"statuses"`
	Default  string   `yaml:"default_status"`
	Project  string   `yaml:"project_name"`
	Prefix   string   `yaml:"task_prefix"`
}

// A reader is the state while a backlog is read.
type reader struct {
	s          *form.Source
	o          *form.Outline
	config     config
	milestones map[string]*form.Item // by id and by title, in small letters
	byID       map[string]*form.Item
	parents    map[*form.Item]string
	order      map[*form.Item]float64
	asides     map[string]*aside // by their folders
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, milestones: map[string]*form.Item{}, byID: map[string]*form.Item{}, parents: map[*form.Item]string{}, order: map[*form.Item]float64{}, asides: map[string]*aside{}}
	for _, f := range s.Files {
		switch place(f.Full) {
		case "config":
			r.readConfig(f)
		case "milestones":
			r.milestone(f)
		}
	}
	for _, f := range s.Files {
		switch at := place(f.Full); at {
		case "config", "milestones":
		case "docs", "decisions":
			r.aside(f, at)
		default:
			r.task(f, at)
		}
	}
	r.tellAside()
	r.nest()
	return nil
}

// aside notes a document or a decision, which is no task.
func (r *reader) aside(f form.File, at string) {
	if r.asides[at] == nil {
		r.asides[at] = &aside{first: f.Path}
	}
	r.asides[at].files++
}

// An aside is the files of a folder that are no tasks.
type aside struct {
	first string
	files int
}

// tellAside says how many files of a folder are no tasks.
func (r *reader) tellAside() {
	for _, at := range []string{"decisions", "docs"} {
		if a := r.asides[at]; a != nil {
			files := fmt.Sprintf("%d files are", a.files)
			if a.files == 1 {
				files = "1 file is"
			}
			r.o.Find(path.Dir(a.first), 0, interchange.Skipped, "%s not imported: %s are not tasks", files, at)
		}
	}
}

func (r *reader) readConfig(f form.File) {
	raw, err := r.s.Read(f.Path, 1<<20)
	if err == nil {
		err = yaml.Unmarshal(raw, &r.config)
	}
	if err != nil {
		r.o.Find(f.Path, 0, interchange.Warning, "the configuration cannot be read: the default statuses are used")
	}
	if r.config.Project != "" {
		r.o.Title = r.config.Project
	}
}

func (r *reader) milestone(f form.File) {
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		return
	}
	id, title := d.Value("id"), d.Value("title")
	if id == "" {
		r.o.Find(f.Path, 0, interchange.Skipped, "not a milestone: its front matter has no id")
		return
	}
	m := r.o.Add(&form.Item{ID: strings.ToLower(id), Group: true, Level: plan.LevelFeature, File: f.Path, Line: 1, Contents: &form.Contents{Title: title}})
	m.Describe(sections(d.Lines).rest)
	if strings.Contains(f.Full, "/archive/") {
		m.Status = plan.Archived
	}
	r.milestones[strings.ToLower(id)], r.milestones[strings.ToLower(title)] = m, m
}

// milestoneOf returns the milestone that a task names, which may have no file.
func (r *reader) milestoneOf(name string) *form.Item {
	key := strings.ToLower(strings.TrimSpace(name))
	if key == "" {
		return nil
	}
	if r.milestones[key] == nil {
		r.milestones[key] = r.o.Add(&form.Item{ID: "milestone/" + form.Slug(name), Group: true, Level: plan.LevelFeature, Contents: &form.Contents{Title: name}})
	}
	return r.milestones[key]
}

// normal writes an id as ids are compared: in small letters, its numbers without
// leading zeros.
func normal(id string) string {
	id = strings.ToLower(strings.Trim(strings.TrimSpace(id), `"'`))
	prefix, rest, found := strings.Cut(id, "-")
	if !found {
		prefix, rest = "task", id
	}
	for n := strings.LastIndexByte(rest, '-'); n >= 0; n = strings.LastIndexByte(rest, '-') { // a prefix with a dash
		prefix, rest = prefix+"-"+rest[:n], rest[n+1:]
	}
	parts := strings.Split(rest, ".")
	for n, p := range parts {
		if trimmed := strings.TrimLeft(p, "0"); trimmed != "" && strings.Trim(p, "0123456789") == "" {
			parts[n] = trimmed
		}
	}
	return prefix + "-" + strings.Join(parts, ".")
}

func (r *reader) task(f form.File, at string) {
	d := r.s.Page(r.o, f.Path)
	if d == nil {
		r.o.Records++
		return
	}
	id, title, word := d.Value("id"), d.Value("title"), d.Value("status")
	if m := fileName().FindStringSubmatch(path.Base(f.Path)); id == "" && m != nil {
		if id = m[1]; title == "" {
			title = d.Page().Title("Task:", m[1]+" -", m[1]+":")
		}
		if title == "" {
			title = strings.ReplaceAll(m[2], "-", " ")
		}
		if m := statusLine().FindStringSubmatch(d.Text()); m != nil && word == "" {
			word = m[1]
		} else if word == "" {
			word = "no status"
		}
	}
	if id == "" {
		r.o.Find(f.Path, 0, interchange.Skipped, "not a task: neither its front matter nor its name has an id")
		return
	}
	r.o.Records++
	if strings.Count(title, `"`) == 1 {
		title = strings.Trim(title, `"`) // of front matter that is not YAML
	}
	i := r.o.Add(&form.Item{ID: normal(id), Level: plan.LevelTask, File: f.Path, Line: 1, Contents: &form.Contents{Title: title, Kind: d.Value("type")}})
	if r.byID[i.ID] == nil {
		r.byID[i.ID] = i
	}
	date := func(names ...string) *time.Time { return r.o.Moment(i, names[0], d.Value(names...), time.UTC) }
	i.Created, i.Completed = date("created_date", "date", "created"), date("completed_date")
	i.Due = r.o.Day(i, "due_date", d.Value("due_date", "due"), time.UTC)
	updated := date("updated_date")
	r.status(i, word, at)
	if i.Over() && i.Completed == nil && i.Resolution != plan.WontDo {
		i.Completed = updated
	}
	i.Prioritise(r.o, d.Value("priority"))
	r.lists(i, d)
	i.Up = r.milestoneOf(d.Value("milestone"))
	r.parents[i] = d.Value("parent_task_id", "parent")
	r.order[i] = order(d.Value("ordinal"))
	r.text(i, d)
	for _, field := range d.Fields {
		switch strings.ToLower(field.Name) {
		case "id", "title", "type", "created_date", "date", "created", "completed_date", "due_date", "due", "status", "priority", "assignee", "labels", "dependencies",
			"references", "documentation", "milestone", "parent_task_id", "parent", "subtasks", "ordinal", "updated_date", "acceptance_criteria", "definition_of_done", "description":
		default:
			r.o.NoHome(i, field.Name, field.Text())
		}
	}
}

func order(s string) float64 {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	return 1e300
}

// lists reads the fields that are lists.
func (r *reader) lists(i *form.Item, d *form.Document) {
	list := func(name string) []string { f, _ := d.Field(name); return f.Values }
	for n, name := range list("assignee") {
		if name = strings.TrimPrefix(name, "@"); n == 0 {
			i.Assignee = name
		} else {
			r.o.NoHome(i, "second assignee", name)
		}
	}
	i.Labels = list("labels")
	for _, on := range list("dependencies") {
		i.DependsOn = append(i.DependsOn, normal(on))
	}
	for _, to := range append(list("references"), list("documentation")...) {
		i.Links = append(i.Links, form.Link{To: to})
	}
}

// status reads the status, in the words of the configuration, and what the folder
// says: it is a state of its own.
func (r *reader) status(i *form.Item, word, at string) {
	m := interchange.StatusOf(word)
	statuses := r.config.Statuses
	switch {
	case word == "":
		i.Status = plan.Todo
	case m.Status != "":
		i.Say(word)
	case len(statuses) > 1 && strings.EqualFold(word, statuses[len(statuses)-1]):
		i.Status = plan.Completed
	case r.config.Default != "" && strings.EqualFold(word, r.config.Default):
		i.Status = plan.Todo
	default:
		i.Say(word)
	}
	switch {
	case at == "completed" && !i.Over():
		r.o.Find(i.File, 1, interchange.Warning, "%s is %s, but in the directory of completed tasks: imported as completed", r.o.Ref(i), form.Quote(word))
		i.Status, i.Reason = plan.Completed, ""
	case at == "drafts":
		i.Block("draft")
	case at == "archive":
		if i.Status != plan.Completed {
			i.Resolution = plan.WontDo
		} else {
			i.Resolution = plan.ResolvedDone
		}
		i.Status, i.Reason = plan.Archived, ""
	}
}

// resolve returns the id that a task has in the source: one that was written
// before the project changed its prefix leads to the task of the same number.
func (r *reader) resolve(id string) string {
	id = normal(id)
	if r.byID[id] == nil {
		numbers := id[strings.LastIndexByte(id, '-')+1:]
		for _, prefix := range []string{strings.ToLower(r.config.Prefix), "task"} {
			if other := prefix + "-" + numbers; prefix != "" && r.byID[other] != nil {
				return other
			}
		}
	}
	return id
}

// nest puts tasks under their parents, and all in their order.
func (r *reader) nest() {
	for _, i := range r.o.Items {
		for n, on := range i.DependsOn {
			i.DependsOn[n] = r.resolve(on)
		}
		id := r.parents[i]
		if id == "" {
			continue
		}
		up := r.byID[r.resolve(id)]
		if up == nil {
			r.o.Find(i.File, i.Line, interchange.Warning, "the parent of %s, %s, is not in the source", r.o.Ref(i), form.Quote(id))
			continue
		}
		i.Up = up
	}
	slices.SortStableFunc(r.o.Items, func(a, b *form.Item) int {
		if a.Group != b.Group || a.Group {
			if a.Group == b.Group {
				return 0
			} else if a.Group {
				return -1
			}
			return 1
		}
		if x, y := r.order[a], r.order[b]; x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return compareIDs(a.ID, b.ID)
	})
}

// compareIDs compares ids by their numbers.
func compareIDs(a, b string) int {
	as, bs := strings.FieldsFunc(a, dotOrDash), strings.FieldsFunc(b, dotOrDash)
	for n := 0; n < min(len(as), len(bs)); n++ {
		x, xErr := strconv.Atoi(as[n])
		y, yErr := strconv.Atoi(bs[n])
		switch {
		case xErr == nil && yErr == nil && x != y:
			return x - y
		case (xErr != nil || yErr != nil) && as[n] != bs[n]:
			return strings.Compare(as[n], bs[n])
		}
	}
	return len(as) - len(bs)
}

func dotOrDash(r rune) bool { return r == '.' || r == '-' }
