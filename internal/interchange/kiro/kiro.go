// Package kiro reads the specs of Kiro: .kiro/specs/SLUG/tasks.md.
package kiro

import (
	"encoding/json"
	"fmt"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "kiro", Title: "Kiro", Mark: ".kiro/specs/SLUG/tasks.md",
	Docs:  "a spec becomes a feature, a checkbox a task that depends on the boxes numbered below it; * becomes the label optional",
	Marks: marks,
	Loose: func(full string) bool { return form.Base(full, "tasks.md") },
	Read:  read,
}

var (
	numbered   = interchange.Pattern(`^\**(?:[Tt]ask\s+)?(\d+(?:\.\d+)*)\.?(\*?)\**[.):]?\s+(.*)$`)
	deps       = interchange.Pattern(`(?im)^[-*\s]*_?(?:depends on|dependencies|depends|依赖(?:于|任务)?|依存(?:タスク)?|前置任务)\s*[:\x{FF1A}]\s*_?([^\n]*)$`)
	plainTitle = interchange.Pattern(`(?i)^(?:implementation plan|tasks?|实[施现]计划|任务(?:列表|清单)?|実装計画|タスク(?:リスト)?|구현 계획|plan de implementaci[oó]n|plano de implementaç[aã]o|plan d['’]implémentation|implementierungsplan|aufgaben)$`)
	number     = interchange.Pattern(`\d+(?:\.\d+)*`)
)

func marks(full string) bool {
	s, ok := form.Segments(full, 4)
	return ok && s[0] == ".kiro" && s[1] == "specs" && strings.EqualFold(s[3], "tasks.md")
}

func read(s *form.Source, o *form.Outline) error {
	for _, f := range s.Files {
		if d := s.Page(o, f.Path); d != nil {
			readSpec(s, o, f, d)
		}
	}
	return nil
}

func readSpec(s *form.Source, o *form.Outline, f form.File, d *form.Document) {
	page := d.Page()
	spec := o.Add(&form.Item{ID: f.Dir(), Group: true, Level: plan.LevelFeature, File: f.Path, Line: 1, Contents: &form.Contents{Title: page.Title("Implementation Plan:", "Implementation Plan -", "Tasks:")}})
	if spec.Title == "" || plainTitle().MatchString(spec.Title) {
		spec.Title = strings.ReplaceAll(f.Dir(), "-", " ")
	}
	s.LinkTo(spec, f, "requirements.md", "bugfix.md", "design.md")
	spec.Describe(page.Prose(nil))
	items, byNumber := map[*form.Box]*form.Item{}, map[string]*form.Item{}
	for _, b := range o.Boxes(f.Path, page) {
		items[b] = readBox(o, f, spec, b, items, byNumber)
	}
	for _, fence := range page.Fences {
		readWaves(o, f, spec, fence, byNumber)
	}
}

func readBox(o *form.Outline, f form.File, spec *form.Item, b *form.Box, items map[*form.Box]*form.Item, byNumber map[string]*form.Item) *form.Item {
	o.Records++
	i := &form.Item{Level: plan.LevelTask, Up: spec, File: f.Path, Line: b.Line, Free: b.Star, Contents: &form.Contents{Title: form.Emphasis(b.Text)}}
	if up := items[b.Up]; up != nil {
		i.Up = up
	}
	if m := numbered().FindStringSubmatch(b.Text); m != nil {
		i.ID, i.Title, i.Free = spec.ID+"/"+m[1], form.Emphasis(m[3]), b.Star || m[2] != ""
		for at := strings.LastIndexByte(m[1], '.'); at > 0; at = strings.LastIndexByte(m[1][:at], '.') {
			if up := byNumber[m[1][:at]]; up != nil {
				i.Up = up
				break
			}
		}
		if byNumber[m[1]] == nil {
			byNumber[m[1]] = i
		}
	} else {
		i.NameBy(b.Text)
		i.Minor = i.Up != spec
	}
	if i.Free {
		i.Labels = append(i.Labels, "optional")
	}
	switch {
	case b.Ticked():
		i.Status = plan.Completed
	case b.Open():
		i.Status = plan.Todo
	case b.Mark == "-" || b.Mark == "~":
		i.Status = plan.InProgress
	default:
		i.Status, i.Reason = plan.Blocked, "box ["+b.Mark+"]"
		o.Find(f.Path, b.Line, interchange.Warning, "unknown checkbox [%s]: imported as blocked", b.Mark)
	}
	i.Heed(b.Text)
	i.HeedAbove(b.Under)
	details := b.Details()
	i.Describe(details)
	needs := form.NumbersNeeded(b.Text)
	for _, m := range deps().FindAllStringSubmatch(details, -1) {
		needs = append(needs, number().FindAllString(m[1], -1)...)
	}
	for _, n := range needs {
		i.DependsOn = append(i.DependsOn, spec.ID+"/"+n)
	}
	return o.Add(i)
}

// readWaves reads the order of a block of JSON: the tasks of a wave wait for
// those of the wave before it.
func readWaves(o *form.Outline, f form.File, spec *form.Item, fence form.Fence, byNumber map[string]*form.Item) {
	text := strings.Join(fence.Lines, "\n")
	if !strings.Contains(text, `"waves"`) {
		return
	}
	var doc struct {
		Waves []json.RawMessage `json:"waves"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		o.Find(f.Path, fence.Line, interchange.Warning, "the waves cannot be read: %v", err)
		return
	}
	var before []*form.Item
	for _, w := range doc.Waves {
		var any any
		if json.Unmarshal(w, &any) != nil {
			continue
		}
		var wave []*form.Item
		for _, n := range numbersIn(any, false) {
			i := byNumber[n]
			if i == nil {
				o.Find(f.Path, fence.Line, interchange.Warning, "the waves mention task %s, which does not exist", form.Quote(n))
				continue
			}
			wave = append(wave, i)
			for _, on := range before {
				i.DependsOn = append(i.DependsOn, on.ID)
			}
		}
		if len(wave) > 0 {
			before = wave
		}
	}
}

// numbersIn returns the numbers of tasks in a wave: a list of them, or an object
// with such a list.
func numbersIn(v any, inList bool) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			out = append(out, numbersIn(one, true)...)
		}
	case map[string]any:
		for _, name := range []string{"tasks", "taskIds", "task_ids", "ids"} {
			if list, is := v[name].([]any); is {
				return numbersIn(list, true)
			}
		}
		for _, name := range []string{"id", "task", "taskId"} {
			if id, is := v[name]; is && inList {
				return numbersIn(id, true)
			}
		}
	case string:
		if inList {
			out = append(out, strings.TrimSuffix(strings.TrimSpace(v), "."))
		}
	case float64:
		if inList {
			out = append(out, strings.TrimSuffix(fmt.Sprintf("%v", v), "."))
		}
	}
	return out
}
