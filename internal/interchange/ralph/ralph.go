// Package ralph reads the stories of a prd.json, as loops of agents work them off.
package ralph

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "ralph", Title: "Ralph", Aliases: []string{"prd"}, Mark: "prd.json with userStories",
	Docs:  "a file becomes a feature, a story a task, completed if it passes; acceptance criteria become the checklist",
	Marks: func(full string) bool { return form.Base(full, "prd.json") },
	Loose: func(full string) bool { return strings.HasSuffix(strings.ToLower(full), ".json") },
	Sniff: func(_ string, head []byte) bool {
		return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && bytes.Contains(head, []byte(`"userStories"`))
	},
	Read: read,
}

func read(s *form.Source, o *form.Outline) error {
	for _, f := range s.Files {
		v := s.JSON(o, f.Path)
		if v == nil {
			continue
		}
		stories := v.Get("userStories", "stories")
		if !stories.IsAList() {
			o.Find(f.Path, 1, interchange.Skipped, "it has no userStories")
			continue
		}
		prefix := ""
		if len(s.Files) > 1 {
			prefix = path.Dir(f.Path) + "/"
		}
		title := v.Str("project", "name", "title")
		if title == "" {
			title = "prd"
		}
		feature := o.Add(&form.Item{ID: prefix + form.Slug(title), Group: true, Level: plan.LevelFeature, File: f.Path, Line: 1, Contents: &form.Contents{Title: title, Description: v.Str("description")}})
		if branch := v.Str("branchName"); branch != "" {
			feature.Describe("Branch: " + branch)
		}
		o.Rest(feature, v, "project", "name", "title", "description", "branchName", "userStories", "stories")
		readStories(s, o, f.Path, prefix, feature, stories.List)
	}
	return nil
}

// readStories reads stories in the order of their priorities, which are numbers
// in a row.
func readStories(s *form.Source, o *form.Outline, file, prefix string, feature *form.Item, stories []*form.Value) {
	const last = 1 << 30
	order := func(v *form.Value) float64 { // 1.1 was put between 1 and 2
		if n, err := strconv.ParseFloat(v.Str("priority"), 64); err == nil && n < last {
			return n
		}
		return last
	}
	stories = slices.Clone(stories)
	slices.SortStableFunc(stories, func(a, b *form.Value) int { return cmp.Compare(order(a), order(b)) })
	for _, v := range stories {
		o.Records++
		if !v.IsMap || v.Str("id") == "" && v.Str("title") == "" {
			o.Find(file, v.Line, interchange.Failed, "a story without an id and a title")
			continue
		}
		id := v.Str("id")
		if id == "" {
			id = form.Slug(v.Str("title"))
		}
		i := o.Add(&form.Item{ID: prefix + id, Worded: v.Str("id") == "", Up: feature, Level: plan.LevelTask, Status: plan.Todo, File: file, Line: v.Line, Contents: &form.Contents{Title: v.Str("title"), Description: v.Str("description")}})
		if n := order(v); n < last {
			i.Priority = int(min(max(n, plan.MinPriority), plan.MaxPriority))
		} else {
			i.Prioritise(o, v.Str("priority"))
		}
		if word := v.Str("status"); word != "" {
			i.Say(word)
		}
		for _, name := range []string{"blocked", "deferred", "skipped", "cancelled"} {
			if said := v.Str(name); said != "" && said != "false" && i.Status != plan.Archived {
				if i.Say(name); i.Status == plan.Blocked && said != "true" {
					i.Reason = form.OneLine(name+": "+said, 200)
				}
			}
		}
		if v.Str("passes") == "true" {
			i.Status, i.Reason, i.Resolution = plan.Completed, "", ""
			i.Completed = o.Moment(i, "completedAt", v.Str("completedAt"), s.Zone)
		} else if i.Status == plan.Completed {
			i.Status = plan.ReadyForReview
		}
		for _, c := range v.Get("acceptanceCriteria").Texts() {
			i.Checks = append(i.Checks, plan.Check{Text: c, Done: i.Status == plan.Completed})
		}
		i.Section("Notes", v.Str("notes"))
		for _, on := range v.Get("dependsOn", "dependencies", "blockedBy", "blocked_by", "depends_on").Texts() {
			i.DependsOn = append(i.DependsOn, prefix+on)
		}
		o.Rest(i, v, "id", "title", "description", "acceptanceCriteria", "priority", "passes", "notes", "status", "dependsOn", "dependencies", "blockedBy", "blocked_by", "depends_on", "blocked", "deferred", "skipped", "cancelled", "completedAt")
	}
}
