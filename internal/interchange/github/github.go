// Package github reads issues of GitHub: what gh issue list --json prints, and
// what the REST interface answers.
package github

import (
	"bytes"
	"path"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "github", Title: "GitHub issues", Aliases: []string{"gh"}, Mark: "what gh issue list --state all --json number,title,state,… prints",
	Docs:  "an issue becomes a task, a milestone a feature; blockedBy and \"depends on #8\" become dependencies, checkboxes in the text the checklist",
	Marks: func(string) bool { return false },
	Loose: func(full string) bool { return strings.HasSuffix(strings.ToLower(full), ".json") },
	Sniff: func(_ string, head []byte) bool {
		head = bytes.TrimSpace(head)
		return len(head) > 1 && (head[0] == '[' || head[0] == '{') && bytes.Contains(head, []byte(`"number"`)) && bytes.Contains(head, []byte(`"title"`)) && (bytes.Contains(head, []byte(`"state"`)) || issueURL().Match(head)) && !bytes.Contains(head, []byte(`"userStories"`))
	},
	Read: read,
}

var waits = interchange.Pattern(`(?i)\b(?:depends on|blocked by|requires)\s*:?\s*((?:(?:https://[^/\s]+/[\w.-]+/[\w.-]+/issues/|(?:[\w.-]+/[\w.-]+)?#)\d+(?:\s*(?:,|and|&)\s*)?)+)`)
var aside = interchange.Pattern("(?s)```.*?(?:```|$)|<!--.*?(?:-->|$)") // code, and what templates say
var issueURL = interchange.Pattern(`"(?:url|html_url)"\s*:\s*"https://[^"/]+/[^"/]+/[^"/]+/issues/\d+"`)
var priorityLabel = interchange.Pattern(`(?i)^(?:priority\s*[:/ -]\s*)?(p[0-4])$|^priority\s*[:/ -]\s*(critical|urgent|high|medium|low)$`)
var issueRef = interchange.Pattern(`([\w.-]+/[\w.-]+)?(?:#|/issues/)(\d+)`)

// A reader is the state while issues are read.
type reader struct {
	s          *form.Source
	o          *form.Outline
	milestones map[string]*form.Item
	parents    map[*form.Item]string
	children   map[*form.Item][]string
	blocks     map[*form.Item][]string
}

func read(s *form.Source, o *form.Outline) error {
	r := &reader{s: s, o: o, milestones: map[string]*form.Item{}, parents: map[*form.Item]string{}, children: map[*form.Item][]string{}, blocks: map[*form.Item][]string{}}
	for _, f := range s.Files {
		if head := bytes.TrimSpace(s.Head(f.Path)); bytes.HasPrefix(head, []byte("[")) || isLine(head) {
			s.EachRecord(o, f.Path, func(v *form.Value) { r.issues(f.Path, v) })
			continue
		}
		if v := s.JSON(o, f.Path); v != nil {
			r.issues(f.Path, v)
		}
	}
	r.relate()
	return nil
}

// isLine reports whether a file begins with a line that is an issue, or that is
// too long to tell: it is read as a record either way.
func isLine(head []byte) bool {
	line, _, ended := bytes.Cut(head, []byte("\n"))
	v, err := form.ParseJSON(bytes.TrimSuffix(bytes.TrimSpace(line), []byte(",")), 1)
	return err == nil && v.Get("number") != nil || err != nil && !ended
}

// issues reads an issue, or those of an answer that holds several.
func (r *reader) issues(file string, v *form.Value) {
	if v.IsMap && v.Get("number") == nil {
		if list := issuesIn(v, 0); list != nil {
			v = list
		}
	}
	if !v.IsList {
		r.issue(file, v)
	}
	for _, one := range v.List {
		r.issue(file, one)
	}
}

// issuesIn finds the list of issues in an answer of GitHub: the items of a
// search, the nodes of GraphQL.
func issuesIn(v *form.Value, depth int) *form.Value {
	for _, f := range v.Fields {
		if list := f.Value; list.IsAList() && (f.Name == "issues" || len(list.List) > 0 && list.List[0].Get("number", "content") != nil) {
			return list
		}
		if depth < 6 {
			if found := issuesIn(f.Value, depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

// names returns the members of a list by a field of theirs.
func names(v *form.Value, field string) (out []string) {
	if nodes := v.Get("nodes"); nodes != nil {
		v = nodes
	}
	for _, one := range v.Items() {
		name := one.Str(field)
		if !one.IsMap {
			name = one.String()
		}
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

func (r *reader) issue(file string, v *form.Value) {
	s, o := r.s, r.o
	o.Records++
	number := v.Str("number")
	if content := v.Get("content"); number == "" && content.IsObject() {
		r.card(file, v, content)
		return
	}
	if !v.IsMap || number == "" {
		o.Find(file, v.Line, interchange.Failed, "the record has no number")
		return
	}
	if v.Get("pull_request") != nil || v.Str("isPullRequest") == "true" {
		o.Find(file, v.Line, interchange.Skipped, "#%s is a pull request", form.OneLine(number, 20))
		return
	}
	i := o.Add(&form.Item{ID: number, Level: plan.LevelTask, File: file, Line: v.Line, Contents: &form.Contents{Title: v.Str("title"), Description: strings.ReplaceAll(v.Str("body"), "\r\n", "\n")}})
	i.Created = o.Moment(i, "createdAt", v.Str("createdAt", "created_at"), s.Zone)
	i.Completed = o.Moment(i, "closedAt", v.Str("closedAt", "closed_at"), s.Zone)
	i.Labels = names(v.Get("labels"), "name")
	r.assign(i, v)
	readState(o, i, v)
	i.HeedLabels()
	heedBoards(i, v)
	for _, l := range i.Labels {
		if m := priorityLabel().FindStringSubmatch(l); m != nil && i.Priority == 0 {
			i.Prioritise(o, m[1]+m[2])
		}
	}
	for _, c := range v.Get("comments").Items() {
		i.Notes = append(i.Notes, form.Note{Agent: c.Get("author", "user").Str("login"), Body: c.Str("body"), At: o.Moment(i, "createdAt", c.Str("createdAt", "created_at"), s.Zone)})
	}
	if url := v.Str("url", "html_url"); strings.HasPrefix(url, "https://") && !strings.Contains(url, "api.github") {
		i.Links = append(i.Links, form.Link{To: url})
	}
	readBoxes(i)
	i.DependsOn = append(names(v.Get("blockedBy"), "number"), mentioned(i.Description, v.Str("url", "html_url"))...)
	if kind := v.Get("issueType", "type"); kind.IsObject() {
		i.Kind = kind.Str("name")
	}
	r.place(i, v)
	o.NoHome(i, "author", v.Get("author", "user").Str("login"))
	o.Rest(i, v, "number", "title", "body", "state", "stateReason", "state_reason", "labels", "assignees", "assignee", "milestone", "comments", "createdAt", "created_at", "closedAt", "closed_at", "url", "html_url",
		"author", "user", "blockedBy", "blocking", "parent", "parent_issue_url", "issue_dependencies_summary", "sub_issues_summary", "subIssues", "subIssuesSummary", "issueType", "type", "closed", "id", "node_id", "repository_url", "labels_url", "comments_url", "events_url", "timeline_url")
	o.Done(i)
}

// assign reads who is to do it: the first, as pm has one.
func (r *reader) assign(i *form.Item, v *form.Value) {
	for n, who := range names(v.Get("assignees"), "login") {
		if n == 0 {
			i.Assignee = who
		} else {
			r.o.NoHome(i, "second assignee", who)
		}
	}
}

// readBoxes makes a checklist of the boxes in the description.
func readBoxes(i *form.Item) {
	for _, b := range form.ReadPage(strings.Split(i.Description, "\n"), 1).Boxes {
		i.Checks = append(i.Checks, plan.Check{Text: form.Emphasis(b.Text), Done: b.Ticked()})
	}
}

// place puts an issue under its milestone, and notes what it says about others.
func (r *reader) place(i *form.Item, v *form.Value) {
	if parent := v.Get("parent"); parent != nil {
		r.parents[i] = orText(parent, "number")
	} else if url := v.Str("parent_issue_url"); url != "" {
		r.parents[i] = path.Base(url)
	}
	if children := names(v.Get("subIssues"), "number"); len(children) > 0 {
		r.children[i] = children
	}
	if blocks := names(v.Get("blocking"), "number"); len(blocks) > 0 {
		r.blocks[i] = blocks
	}
	milestone := v.Get("milestone")
	title := milestone.Str("title")
	if title == "" && milestone != nil && !milestone.IsMap {
		title = milestone.String()
	}
	if title == "" {
		return
	}
	id := "milestone/" + form.Slug(title)
	if r.milestones[id] == nil {
		m := r.o.Add(&form.Item{ID: id, Group: true, Level: plan.LevelFeature, File: i.File, Line: i.Line, Contents: &form.Contents{Title: title, Description: milestone.Str("description")}})
		day, _, _ := strings.Cut(milestone.Str("dueOn", "due_on"), "T") // it is due on a day, whatever the time says
		m.Due = r.o.Day(m, "due date of a milestone", day, r.s.Zone)
		r.milestones[id] = m
	}
	i.Up = r.milestones[id]
}

func orText(v *form.Value, field string) string {
	if v.IsMap {
		return v.Str(field)
	}
	return v.String()
}

// relate follows what place noted.
func (r *reader) relate() {
	if len(r.parents)+len(r.children)+len(r.blocks) == 0 {
		return
	}
	byID := map[string]*form.Item{}
	for _, i := range r.o.Items {
		byID[i.ID] = i
	}
	for _, i := range r.o.Items {
		if id, told := r.parents[i]; told && byID[id] == nil {
			r.o.Find(i.File, i.Line, interchange.Warning, "the parent of %s, #%s, is not in the source", r.o.Ref(i), form.OneLine(id, 20))
		} else if told && byID[id] != i {
			i.Up = byID[id]
		}
		for _, id := range r.children[i] {
			if child := byID[id]; child != nil && child != i {
				child.Up = i
			}
		}
		for _, id := range r.blocks[i] {
			if other := byID[id]; other != nil {
				other.DependsOn = append(other.DependsOn, i.ID)
			}
		}
	}
}

// readState reads whether an issue is open. Without a state the moment of its
// closing tells; without that nobody knows.
func readState(o *form.Outline, i *form.Item, v *form.Value) {
	if v.Get("state") == nil {
		switch {
		case v.Str("closed") == "true" || i.Completed != nil:
			i.Status = plan.Completed
		case v.Str("closed") == "false" || v.Has("closedAt") || v.Has("closed_at"):
			i.Status = plan.Todo
		default:
			i.Status, i.Reason = plan.Blocked, "no state in the source"
			o.Find(i.File, i.Line, interchange.Warning, "#%s has no state: imported as blocked", form.OneLine(i.ID, 20))
		}
		return
	}
	if strings.EqualFold(v.Str("state"), "open") {
		i.Status = plan.Todo
		return
	}
	if !strings.EqualFold(v.Str("state"), "closed") {
		i.Say(v.Str("state"))
		return
	}
	i.Status = plan.Completed
	if r, err := plan.ParseResolution(v.Str("stateReason", "state_reason")); err == nil && r != plan.ResolvedDone {
		i.Status, i.Resolution = plan.Archived, r
	}
}

// heedBoards reads what boards say of an open issue, and how many issues block it
// where the source does not name them.
func heedBoards(i *form.Item, v *form.Value) {
	if i.Status != plan.Todo {
		return
	}
	if n := v.Get("issue_dependencies_summary").Str("blocked_by"); n != "" && n != "0" && v.Get("blockedBy") == nil {
		i.Block("blocked by issues that the source does not name (" + form.OneLine(n, 20) + ")")
	}
	for _, item := range v.Get("projectItems").Items() {
		word := item.Get("status").Str("name")
		if m := interchange.StatusOf(word); i.Status == plan.Todo && m.Status != "" && m.Status != plan.Todo {
			if i.Say(word); i.Over() {
				i.Status, i.Resolution, i.Reason = plan.Blocked, "", form.OneLine("open, but "+word+" on its board", 200)
			}
		}
	}
}

// mentioned returns the issues that a text says it waits for: those of the repository
// that its own address is in by their numbers.
func mentioned(body, url string) (out []string) {
	own := issueRef().FindStringSubmatch(url)
	for _, m := range waits().FindAllStringSubmatch(aside().ReplaceAllString(body, ""), -1) {
		for _, ref := range issueRef().FindAllStringSubmatch(m[1], -1) {
			id := ref[2]
			if ref[1] != "" && (own == nil || ref[1] != own[1]) {
				id = ref[1] + "#" + id
			}
			out = append(out, id)
		}
	}
	return out
}
