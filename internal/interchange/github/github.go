// Package github reads issues of GitHub: what gh issue list --json prints, and
// what the REST interface answers.
package github

import (
	"bytes"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/utf"
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

var waits = interchange.Pattern(`(?i)\b(?:depends on|blocked by|requires)\s*:?\s*((?:#\d+(?:\s*(?:,|and|&)\s*)?)+)`)
var issueURL = interchange.Pattern(`"(?:url|html_url)"\s*:\s*"https://[^"/]+/[^"/]+/[^"/]+/issues/\d+"`)
var issueNumber = interchange.Pattern(`#(\d+)`)

func read(s *form.Source, o *form.Outline) error {
	for _, f := range s.Files {
		raw, err := s.Read(f.Path, form.MaxFile)
		if err != nil {
			o.Find(f.Path, 0, interchange.Failed, "cannot be read: %s", form.Reason(err))
			continue
		}
		raw = bytes.TrimSpace(utf.Decode(raw))
		if bytes.HasPrefix(raw, []byte("{")) && !isOne(raw) { // a line for each issue
			s.EachRecord(o, f.Path, func(v *form.Value) { readIssue(s, o, f.Path, v) })
			continue
		}
		v := s.JSON(o, f.Path)
		if v == nil {
			continue
		}
		if issues := issuesIn(v, 0); !v.IsList && v.Get("number") == nil && issues != nil {
			v = issues
		}
		if !v.IsList {
			readIssue(s, o, f.Path, v)
		}
		for _, one := range v.List {
			readIssue(s, o, f.Path, one)
		}
	}
	relate(o)
	return nil
}

func isOne(raw []byte) bool {
	_, err := form.ParseJSON(raw, 1)
	return err == nil
}

// issuesIn finds the list of issues in an answer of GitHub: the items of a
// search, the nodes of GraphQL.
func issuesIn(v *form.Value, depth int) *form.Value {
	for _, f := range v.Fields {
		if list := f.Value; list.IsAList() && (f.Name == "issues" || len(list.List) > 0 && list.List[0].Get("number") != nil) {
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

func readIssue(s *form.Source, o *form.Outline, file string, v *form.Value) {
	o.Records++
	number := v.Str("number")
	if !v.IsMap || number == "" {
		o.Find(file, v.Line, interchange.Failed, "the record has no number")
		return
	}
	if v.Get("pull_request") != nil || v.Str("isPullRequest") == "true" {
		o.Find(file, v.Line, interchange.Skipped, "#%s is a pull request", form.OneLine(number, 20))
		return
	}
	i := o.Add(&form.Item{ID: number, Level: plan.LevelTask, Title: v.Str("title"), Description: strings.ReplaceAll(v.Str("body"), "\r\n", "\n"), File: file, Line: v.Line})
	i.Created = o.Moment(i, "createdAt", v.Str("createdAt", "created_at"), s.Zone)
	i.Completed = o.Moment(i, "closedAt", v.Str("closedAt", "closed_at"), s.Zone)
	i.Labels = names(v.Get("labels"), "name")
	for n, who := range names(v.Get("assignees"), "login") {
		if n == 0 {
			i.Assignee = who
		} else {
			o.NoHome(i, "second assignee", who)
		}
	}
	readState(o, i, v)
	i.HeedLabels()
	for _, c := range v.Get("comments").Items() {
		i.Notes = append(i.Notes, form.Note{Agent: c.Get("author", "user").Str("login"), Body: c.Str("body"), At: o.Moment(i, "createdAt", c.Str("createdAt", "created_at"), s.Zone)})
	}
	if url := v.Str("url", "html_url"); strings.HasPrefix(url, "https://") && !strings.Contains(url, "api.github") {
		i.Links = append(i.Links, form.Link{To: url})
	}
	for _, b := range form.ReadPage(strings.Split(i.Description, "\n"), 1).Boxes {
		i.Checks = append(i.Checks, plan.Check{Text: form.Emphasis(b.Text), Done: b.Ticked()})
	}
	i.DependsOn = append(names(v.Get("blockedBy"), "number"), mentioned(i.Description)...)
	if kind := v.Get("issueType", "type"); kind.IsObject() {
		i.Kind = kind.Str("name")
	}
	place(o, i, v)
	o.NoHome(i, "author", v.Get("author", "user").Str("login"))
	o.Rest(i, v, "number", "title", "body", "state", "stateReason", "state_reason", "labels", "assignees", "assignee", "milestone", "comments", "createdAt", "created_at", "closedAt", "closed_at", "url", "html_url",
		"author", "user", "blockedBy", "blocking", "parent", "subIssues", "subIssuesSummary", "issueType", "type", "closed", "id", "node_id", "repository_url", "labels_url", "comments_url", "events_url", "timeline_url")
}

// place puts an issue under its parent or its milestone, and notes what the
// issue says about others.
func place(o *form.Outline, i *form.Item, v *form.Value) {
	if parent := v.Get("parent"); parent != nil {
		i.Fields = append(i.Fields, [2]string{"\x00parent", orText(parent, "number")})
	}
	for _, child := range names(v.Get("subIssues"), "number") {
		i.Fields = append(i.Fields, [2]string{"\x00child", child})
	}
	for _, other := range names(v.Get("blocking"), "number") {
		i.Fields = append(i.Fields, [2]string{"\x00blocks", other})
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
	for _, m := range o.Items {
		if m.Group && m.ID == id {
			i.Up = m
			return
		}
	}
	m := o.Add(&form.Item{ID: id, Group: true, Level: plan.LevelFeature, Title: title, Description: milestone.Str("description"), File: i.File, Line: i.Line})
	o.NoHome(m, "due date of a milestone", milestone.Str("dueOn", "due_on"))
	i.Up = m
}

func orText(v *form.Value, field string) string {
	if v.IsMap {
		return v.Str(field)
	}
	return v.String()
}

// relate follows what place noted.
func relate(o *form.Outline) {
	byID := map[string]*form.Item{}
	for _, i := range o.Items {
		byID[i.ID] = i
	}
	for _, i := range o.Items {
		fields := i.Fields[:0]
		for _, f := range i.Fields {
			other := byID[f[1]]
			switch f[0] {
			case "\x00parent":
				if other == nil {
					o.Find(i.File, i.Line, interchange.Warning, "the parent of %s, #%s, is not in the source", o.Ref(i), form.OneLine(f[1], 20))
				} else if other != i {
					i.Up = other
				}
			case "\x00child":
				if other != nil && other != i {
					other.Up = i
				}
			case "\x00blocks":
				if other != nil {
					other.DependsOn = append(other.DependsOn, i.ID)
				}
			default:
				fields = append(fields, f)
			}
		}
		i.Fields = fields
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
	switch strings.ToLower(strings.ReplaceAll(v.Str("stateReason", "state_reason"), "-", "_")) {
	case "not_planned":
		i.Status, i.Resolution = plan.Archived, plan.WontDo
	case "duplicate":
		i.Status, i.Resolution = plan.Archived, plan.Duplicate
	}
}

func mentioned(body string) (out []string) {
	for _, m := range waits().FindAllStringSubmatch(body, -1) {
		for _, n := range issueNumber().FindAllStringSubmatch(m[1], -1) {
			out = append(out, n[1])
		}
	}
	return out
}
