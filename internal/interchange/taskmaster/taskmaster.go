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
		root := s.JSON(o, f.Path)
		if root == nil {
			continue
		}
		if root.Get("tasks").IsAList() { // written before there were tags
			readTag(s, o, f.Path, "master", root)
			continue
		}
		for _, tag := range root.Fields {
			if !tag.Value.IsMap || !tag.Value.Get("tasks").IsAList() {
				o.Find(f.Path, tag.Value.Line, interchange.Skipped, "%s has no list of tasks", form.Quote(tag.Name))
				continue
			}
			readTag(s, o, f.Path, tag.Name, tag.Value)
		}
	}
	return nil
}

func readTag(s *form.Source, o *form.Outline, file, name string, v *form.Value) {
	tag := o.Add(&form.Item{ID: name, Group: true, Level: plan.LevelEpic, File: file, Line: v.Line, Contents: &form.Contents{Title: name}})
	if meta := v.Get("metadata"); meta != nil {
		tag.Description = meta.Str("description")
		tag.Created = o.Moment(tag, "created", meta.Str("created", "createdAt"), s.Zone)
		if title := meta.Str("projectName"); title != "" {
			tag.Title = title + ": " + name
		}
	}
	tasks := v.Get("tasks").Items()
	top := idsOf(tasks)
	for _, t := range tasks {
		o.Records++
		if !t.IsMap || t.Str("id") == "" {
			o.Find(file, t.Line, interchange.Failed, "a task without an id")
			continue
		}
		id := name + "/" + t.Str("id")
		i := readTask(s, o, file, t, id, tag)
		for _, on := range t.Get("dependencies").Texts() {
			i.DependsOn = append(i.DependsOn, name+"/"+on)
		}
		subs := t.Get("subtasks").Items()
		if len(subs) == 0 {
			continue
		}
		i.Level, i.Group = plan.LevelFeature, true
		siblings := idsOf(subs)
		for _, sub := range subs {
			o.Records++
			if !sub.IsMap || sub.Str("id") == "" {
				o.Find(file, sub.Line, interchange.Failed, "a subtask of %s without an id", form.Quote(id))
				continue
			}
			readSubtask(s, o, file, sub, i, siblings, top, name)
		}
		i.Priority = 0 // its subtasks have it
	}
}

// idsOf returns the ids of tasks.
func idsOf(tasks []*form.Value) map[string]bool {
	out := map[string]bool{}
	for _, t := range tasks {
		out[t.Str("id")] = true
	}
	return out
}

func readSubtask(s *form.Source, o *form.Outline, file string, sub *form.Value, task *form.Item, siblings, top map[string]bool, tag string) {
	number := sub.Str("id")
	if _, own, full := strings.Cut(number, "."); full && task.ID == tag+"/"+strings.TrimSuffix(number, "."+own) {
		number = own
	}
	i := readTask(s, o, file, sub, task.ID+"."+number, task)
	if i.Priority == 0 {
		i.Priority = task.Priority
	}
	for _, on := range sub.Get("dependencies").Texts() {
		if !strings.Contains(on, ".") && (siblings[on] && on != number || !top[on]) {
			on = task.ID + "." + on
		} else {
			on = tag + "/" + on
		}
		i.DependsOn = append(i.DependsOn, on)
	}
	nested := sub.Get("subtasks").Items()
	inner := idsOf(nested)
	for _, n := range nested {
		o.Records++
		readSubtask(s, o, file, n, i, inner, top, tag)
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
