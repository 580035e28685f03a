// Package beads reads the issues of beads: .beads/issues.jsonl and exports of it.
package beads

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "beads", Title: "beads", Aliases: []string{"bd"}, Mark: ".beads/issues.jsonl, or an export of it",
	Docs:  "an epic stays an epic, with its children in it; blocks, conditional-blocks and waits-for become dependencies, other relations links",
	Marks: marks,
	Loose: func(full string) bool { return strings.HasSuffix(strings.ToLower(full), ".jsonl") },
	Sniff: sniff,
	Read:  read,
}

func marks(full string) bool {
	s, ok := form.Segments(full, 2)
	return ok && s[0] == ".beads" && (s[1] == "issues.jsonl" || s[1] == "beads.jsonl")
}

var answer = interchange.Pattern(`^\s*\{\s*(?:"\w+"\s*:\s*[^\[{]{1,80},\s*){0,8}"(?:data|issues)"\s*:\s*\[`)

// answers reports whether a file is one object with a list of issues in it, as
// later versions of bd answer.
func answers(head []byte) bool { return answer().Match(head) }

func sniff(_ string, head []byte) bool {
	if answers(head) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("[")) { // what bd list --json prints
		return bytes.Contains(head, []byte(`"issue_type"`)) && bytes.Contains(head, []byte(`"id"`))
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(head), []byte("\n"))
	return bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"issue_type"`)) && bytes.Contains(line, []byte(`"id"`))
}

// notIssues are the types of what beads keeps beside issues.
var notIssues = map[string]bool{"message": true, "agent": true, "role": true, "rig": true, "molecule": true, "gate": true, "convoy": true, "event": true, "slot": true, "wisp": true, "merge-request": true, "mail": true}

// A reader is the state while issues are read.
type reader struct {
	s       *form.Source
	o       *form.Outline
	byID    map[string]*form.Item
	parents []string // of the items, by their places
	epics   map[*form.Item]bool
	held    map[*form.Item]hold
	over    map[string]bool // what is no issue, such as a gate, and closed: nothing waits for it
}

// A hold is why an issue, and what lies under it, cannot be started yet.
type hold struct {
	reason string
	until  plan.Date
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, byID: map[string]*form.Item{}, epics: map[*form.Item]bool{}, held: map[*form.Item]hold{}, over: map[string]bool{}}
	seen := map[string]bool{}
	for _, f := range s.Files {
		if dir := f.Sibling(""); len(s.Files) > 1 && seen[dir] { // beads.jsonl beside issues.jsonl is an older one
			continue
		} else {
			seen[dir] = true
		}
		if answers(s.Head(f.Path)) {
			if v := s.JSON(o, f.Path); v != nil {
				for _, one := range v.Get("data", "issues").Items() {
					r.record(f.Path, one, one.Line)
				}
			}
			continue
		}
		s.EachRecord(o, f.Path, func(v *form.Value) { r.record(f.Path, v, v.Line) })
	}
	r.nest()
	return nil
}

// record reads one record.
func (r *reader) record(file string, v *form.Value, n int) {
	if r.o.Records++; !v.IsMap {
		r.o.Find(file, n, interchange.Failed, "not a record: it is not an object")
		return
	}
	kind := v.Str("_type")
	if kind == "memory" || kind == "" && v.Str("id") == "" && v.Get("key") != nil && v.Get("value") != nil {
		body := strings.TrimSpace(v.Str("value"))
		if key := v.Str("key"); key != "" && body != "" {
			body = key + ": " + body
		}
		if body != "" {
			r.o.Memories = append(r.o.Memories, form.Note{Kind: plan.Memory, Agent: form.Name(v.Str("created_by", "author")), Body: body})
		}
		return
	}
	id, what := v.Str("id"), v.Str("issue_type")
	switch {
	case kind != "" && kind != "issue":
		r.o.Find(file, n, interchange.Skipped, "a record of type %s is not an issue", form.Quote(kind))
	case id == "":
		r.o.Find(file, n, interchange.Failed, "the record has no id")
	case notIssues[what] || v.Str("ephemeral") == "true" || v.Str("wisp") == "true" || v.Str("is_template") == "true":
		if what == "" {
			what = "record"
		}
		r.o.Find(file, n, interchange.Skipped, "%s %s is not an issue", form.OneLine(what, 40), form.Quote(id))
		if status := v.Str("status"); status == "closed" || status == "tombstone" {
			r.over[plan.FoldRef(id)] = true
		}
	default:
		r.issue(file, v, id, what, n)
	}
}

// known are the fields that have a place in pm, and those that follow from others.
var known = []string{"id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority", "issue_type", "assignee", "estimated_minutes",
	"created_at", "started_at", "closed_at", "close_reason", "external_ref", "labels", "dependencies", "comments", "due_at", "defer_until", "_type", "blocked_by", "depends_on",
	"dependency_count", "dependent_count", "dependents", "comment_count", "content_hash", "parent", "parent_id", "delete_reason", "deleted_at", "ephemeral", "pinned", "is_template"}

func (r *reader) issue(file string, v *form.Value, id, what string, n int) {
	i := &form.Item{ID: id, Level: plan.LevelTask, File: file, Line: n, Contents: &form.Contents{Title: v.Str("title"), Kind: what, Assignee: v.Str("assignee"), Labels: v.Get("labels").Texts()}}
	r.o.Add(i)
	if r.byID[plan.FoldRef(id)] == nil {
		r.byID[plan.FoldRef(id)] = i
	}
	if r.parents = append(r.parents, v.Str("parent", "parent_id")); what == "epic" {
		r.epics[i] = true
	}
	i.Describe(v.Str("description"))
	i.Section("Design", v.Str("design"))
	i.Section("Acceptance criteria", v.Str("acceptance_criteria"))
	i.Section("Notes", v.Str("notes"))
	i.Created = r.o.Moment(i, "created_at", v.Str("created_at"), r.s.Zone)
	i.Started = r.o.Moment(i, "started_at", v.Str("started_at"), r.s.Zone)
	i.Completed = r.o.Moment(i, "closed_at", v.Str("closed_at"), r.s.Zone)
	i.Due = r.o.Day(i, "due_at", v.Str("due_at"), r.s.Zone)
	i.Defer = r.o.Day(i, "defer_until", v.Str("defer_until"), r.s.Zone)
	r.status(i, v)
	r.priority(i, v.Str("priority"))
	if minutes, err := strconv.Atoi(v.Str("estimated_minutes")); err == nil && minutes > 0 {
		i.Estimate = min((min(plan.Estimate(minutes), plan.MaxEstimate)*100+30)/60, plan.MaxEstimate)
	}
	if ref := v.Str("external_ref"); strings.Contains(ref, "://") {
		i.Links = append(i.Links, form.Link{To: ref})
	} else if number, is := strings.CutPrefix(ref, "gh-"); is {
		i.Refs = append(i.Refs, "github:"+number)
	} else if ref != "" {
		i.Refs = append(i.Refs, ref)
	}
	for _, c := range v.Get("comments").Items() {
		i.Notes = append(i.Notes, form.Note{Agent: c.Str("author", "created_by"), Body: c.Str("text", "body", "content"), At: r.o.Moment(i, "created_at", c.Str("created_at"), r.s.Zone)})
	}
	for _, name := range []string{"blocked_by", "depends_on"} {
		i.DependsOn = append(i.DependsOn, v.Get(name).Texts()...)
	}
	r.relations(i, v.Get("dependencies"))
	r.o.Rest(i, v, known...)
	switch {
	case i.Status == plan.Blocked && !strings.EqualFold(v.Str("status"), "deferred"):
		r.held[i] = hold{reason: i.Reason} // which no day ends
	case i.Status == plan.Blocked, i.Defer != "" && !i.Over():
		r.held[i] = hold{i.Reason, i.Defer}
	}
	r.o.Done(i)
}

func (r *reader) status(i *form.Item, v *form.Value) {
	reason := v.Str("close_reason")
	word := strings.ReplaceAll(strings.ToLower(v.Str("status")), "-", "_")
	if v.Str("deleted_at") != "" { // it is a tombstone, whatever it was before
		word = "tombstone"
	}
	switch word {
	case "open", "":
		i.Status = plan.Todo
	case "in_progress", "hooked":
		i.Status = plan.InProgress
	case "blocked", "deferred", "pinned":
		i.Status, i.Reason = plan.Blocked, word
		if day := v.Str("defer_until"); word == "deferred" && day != "" {
			i.Reason = "deferred until " + form.OneLine(day, 40)
		}
	case "closed":
		i.Status = plan.Completed
		first, _, _ := strings.Cut(reason, " ")
		if r, err := plan.ParseResolution(strings.Trim(first, ":,.")); err == nil && r != plan.ResolvedDone {
			i.Resolution = r
		}
	case "tombstone":
		i.Status, i.Resolution = plan.Archived, plan.Obsolete
		if reason == "" {
			reason = v.Str("delete_reason")
		}
	default:
		i.Say(word)
		if i.Status != plan.Blocked {
			i.Status, i.Reason, i.Resolution = plan.Blocked, "status "+form.Quote(word), ""
		}
	}
	if v.Str("pinned") == "true" && i.Status == plan.Todo {
		i.Block("pinned")
	}
	if strings.TrimSpace(reason) != "" && i.Over() {
		i.Notes = append(i.Notes, form.Note{Kind: plan.Solution, Agent: v.Str("closed_by", "assignee", "created_by"), Body: reason, At: i.Completed})
	}
}

// priority maps 0, the most urgent, to 4 on those of pm.
func (r *reader) priority(i *form.Item, word string) {
	if word == "" {
		return
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 0 && n <= 4 {
		i.Priority = 2*n + 1
		return
	}
	i.Prioritise(r.o, word)
}

func (r *reader) relations(i *form.Item, list *form.Value) {
	parent := &r.parents[len(r.parents)-1]
	for _, d := range list.Items() {
		on, kind := d.Str("depends_on_id", "depends_on", "id"), strings.ReplaceAll(d.Str("type", "dependency_type"), "_", "-")
		if !d.IsMap {
			on, kind = d.String(), "blocks"
		}
		switch {
		case on == "":
			r.o.Find(i.File, i.Line, interchange.Warning, "a dependency of %s has no target", r.o.Ref(i))
		case kind == "blocks" || kind == "conditional-blocks" || kind == "waits-for" || kind == "":
			i.DependsOn = append(i.DependsOn, on)
		case kind == "parent-child":
			if *parent == "" || *parent == on {
				*parent = on
				continue
			}
			r.o.Find(i.File, i.Line, interchange.Warning, "%s has a second parent, %s: kept as a link", r.o.Ref(i), form.Quote(on))
			i.Links = append(i.Links, form.Link{To: on, ID: true})
		default:
			as := map[string]plan.LinkKind{"discovered-from": plan.DiscoveredFrom, "duplicates": plan.Duplicates, "supersedes": plan.Supersedes}[kind]
			i.Links = append(i.Links, form.Link{As: as, To: on, ID: true})
		}
	}
}

// hold holds an issue back as its parent is: until the same day, or blocked.
func (r *reader) hold(i *form.Item, h hold) {
	switch {
	case h == hold{} || i.Status != plan.Todo:
	case h.until != "":
		r.o.Change(i, func(i *form.Item) { i.Defer = max(i.Defer, h.until) })
	default:
		r.o.Change(i, func(i *form.Item) { i.Block("its parent cannot be started yet: " + h.reason) })
	}
}

// nest puts issues under their parents. An epic under an epic is a feature; a
// child waits for what its parent waits for, and is held back with it, as it is
// in beads.
func (r *reader) nest() {
	for n, i := range r.o.Items {
		if len(r.over) > 0 {
			i.DependsOn = slices.DeleteFunc(i.DependsOn, func(on string) bool { return r.over[plan.FoldRef(on)] && r.byID[plan.FoldRef(on)] == nil })
		}
		parent := r.parents[n]
		if dot := strings.LastIndexByte(i.ID, '.'); parent == "" && dot > 0 {
			if parent = i.ID[:dot]; r.byID[plan.FoldRef(parent)] == nil {
				continue
			}
		}
		if parent == "" {
			continue
		}
		up := r.byID[plan.FoldRef(parent)]
		if up == nil || up == i {
			r.o.Find(i.File, i.Line, interchange.Warning, "the parent of %s, %s, is not in the source", r.o.Ref(i), form.Quote(parent))
			continue
		}
		i.Up = up
	}
	for _, i := range r.o.Items {
		if r.epics[i] {
			i.Level, i.Group = plan.LevelEpic, true
		}
	}
	for _, i := range r.o.Items {
		for up, n := i.Up, 0; up != nil && n < 50; up, n = up.Up, n+1 {
			if !r.epics[up] && !up.Over() && !i.Over() && up != i {
				i.DependsOn = append(i.DependsOn, up.DependsOn...)
				r.hold(i, r.held[up])
			}
		}
	}
}
