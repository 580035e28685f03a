// Package taskmaster reads the tasks of Task Master: .taskmaster/tasks/tasks.json.
package taskmaster

import (
	"bytes"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "taskmaster", Title: "Task Master", Aliases: []string{"task-master-ai"}, Mark: ".taskmaster/tasks/tasks.json",
	Docs:  "a tag becomes an epic, a task with subtasks a feature; other tasks, and subtasks, become tasks",
	Marks: marks,
	Loose: func(full string) bool { return form.Base(full, "tasks.json") },
	Sniff: sniff,
	Read:  read,
}

func marks(full string) bool {
	s, ok := form.Segments(full, 3)
	return ok && s[0] == ".taskmaster" && s[1] == "tasks" && s[2] == "tasks.json"
}

var tasksList = interchange.Pattern(`"tasks"\s*:\s*\[\s*\{`)

func sniff(_ string, head []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && tasksList().Match(head) && bytes.Contains(head, []byte(`"dependencies"`)) && bytes.Contains(head, []byte(`"title"`))
}

func read(s *form.Source, o *form.Outline) error {
	for _, f := range s.Files {
		r := &reader{s: s, o: o, file: f.Path, tags: map[string]*tag{}}
		root := s.JSONOf(o, f.Path, "tasks", func(names []string, v *form.Value) {
			name := "master" // written before there were tags
			if len(names) > 1 {
				name = names[0]
			}
			r.task(r.tag(name), v)
		})
		switch {
		case root == nil:
		case root.Get("tasks").IsAList():
			r.describe("master", root)
		default:
			for _, t := range root.Fields {
				if !t.Value.IsMap || !t.Value.Get("tasks").IsAList() {
					o.Find(f.Path, t.Value.Line, interchange.Skipped, "%s has no list of tasks", form.Quote(t.Name))
					continue
				}
				r.describe(t.Name, t.Value)
			}
		}
		for _, t := range r.tags {
			t.resolve()
		}
	}
	return nil
}

// A reader is the state while a file is read.
type reader struct {
	s    *form.Source
	o    *form.Outline
	file string
	tags map[string]*tag
}

// A tag is a list of tasks, whose ids are its own.
type tag struct {
	name    string
	item    *form.Item
	top     map[string]bool // ids of its tasks
	waiting []waiting
}

// A waiting is a subtask with what it depends on, which can be understood once all tasks
// are known.
type waiting struct {
	item     *form.Item
	task     string          // the id of what it is a part of
	number   string          // its own there
	siblings map[string]bool // those of the other parts
	on       []string
}

func (r *reader) tag(name string) *tag {
	if r.tags[name] == nil {
		r.tags[name] = &tag{name: name, top: map[string]bool{}, item: r.o.Add(&form.Item{ID: name, Group: true, Level: plan.LevelEpic, File: r.file, Contents: &form.Contents{Title: name}})}
	}
	return r.tags[name]
}

// describe reads what a file says of a tag itself, behind its tasks.
func (r *reader) describe(name string, v *form.Value) {
	t := r.tag(name)
	t.item.Line = v.Line
	if meta := v.Get("metadata"); meta != nil {
		t.item.Description = meta.Str("description")
		t.item.Created = r.o.Moment(t.item, "created", meta.Str("created", "createdAt"), r.s.Zone)
		if title := meta.Str("projectName"); title != "" {
			t.item.Title = title + ": " + name
		}
	}
}

// resolve finds what subtasks depend on: a number is that of another part of the task, or
// of a task.
func (t *tag) resolve() {
	for _, w := range t.waiting {
		for _, on := range w.on {
			if !strings.Contains(on, ".") && (w.siblings[on] && on != w.number || !t.top[on]) {
				on = w.task + "." + on
			} else {
				on = t.name + "/" + on
			}
			w.item.DependsOn = append(w.item.DependsOn, on)
		}
	}
}

func (r *reader) task(t *tag, v *form.Value) {
	r.o.Records++
	if !v.IsMap || v.Str("id") == "" {
		r.o.Find(r.file, v.Line, interchange.Failed, "a task without an id")
		return
	}
	t.top[v.Str("id")] = true
	id := t.name + "/" + v.Str("id")
	i := readTask(r.s, r.o, r.file, v, id, t.item)
	defer r.o.Done(i)
	for _, on := range v.Get("dependencies").Texts() {
		i.DependsOn = append(i.DependsOn, t.name+"/"+on)
	}
	subs := v.Get("subtasks").Items()
	if len(subs) == 0 {
		return
	}
	i.Level, i.Group = plan.LevelFeature, true
	siblings := idsOf(subs)
	for _, sub := range subs {
		if sub.IsMap && sub.Str("id") != "" {
			r.subtask(t, sub, i, siblings)
			continue
		}
		r.o.Records++
		r.o.Find(r.file, sub.Line, interchange.Failed, "a subtask of %s without an id", form.Quote(id))
	}
	i.Priority = 0 // its subtasks have it
}

// idsOf returns the ids of tasks.
func idsOf(tasks []*form.Value) map[string]bool {
	out := map[string]bool{}
	for _, t := range tasks {
		out[t.Str("id")] = true
	}
	return out
}

func (r *reader) subtask(t *tag, v *form.Value, task *form.Item, siblings map[string]bool) {
	r.o.Records++
	number := v.Str("id")
	if _, own, full := strings.Cut(number, "."); full && task.ID == t.name+"/"+strings.TrimSuffix(number, "."+own) {
		number = own
	}
	i := readTask(r.s, r.o, r.file, v, task.ID+"."+number, task)
	defer r.o.Done(i)
	if i.Priority == 0 {
		i.Priority = task.Priority
	}
	if on := v.Get("dependencies").Texts(); len(on) > 0 {
		t.waiting = append(t.waiting, waiting{i, task.ID, number, siblings, on})
	}
	nested := v.Get("subtasks").Items()
	inner := idsOf(nested)
	for _, n := range nested {
		r.subtask(t, n, i, inner)
	}
}

func readTask(s *form.Source, o *form.Outline, file string, v *form.Value, id string, up *form.Item) *form.Item {
	i := o.Add(&form.Item{ID: id, Up: up, Level: plan.LevelTask, File: file, Line: v.Line, Contents: &form.Contents{Title: v.Str("title"), Assignee: v.Str("assignee"), Labels: v.Get("tags", "labels").Texts()}})
	if word := v.Str("status"); word != "" {
		i.Say(word)
	} else {
		i.Status = plan.Todo
	}
	i.Prioritise(o, v.Str("priority"))
	i.Describe(v.Str("description"))
	i.Section("Details", v.Str("details"))
	i.Section("Test strategy", v.Str("testStrategy"))
	i.Section("Acceptance criteria", v.Str("acceptanceCriteria"))
	i.Created = o.Moment(i, "createdAt", v.Str("createdAt"), s.Zone)
	i.Completed = o.Moment(i, "completedAt", v.Str("completedAt"), s.Zone)
	o.Rest(i, v, "id", "title", "status", "priority", "description", "details", "testStrategy", "acceptanceCriteria", "dependencies", "subtasks", "assignee", "tags", "labels", "createdAt", "completedAt", "parentTaskId", "parentId")
	return i
}
