package forms

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// checklistWanted reads boxes, their tags in brackets, and the headings that say
// that nothing under them is for now.
func checklistWanted(t *testing.T, root string) (all []wanted) {
	marks := map[string]string{"-": "archived", "~": "in_progress", "/": "in_progress", "!": "todo", "*": "todo"}
	tags := regexp.MustCompile(`\s*\(((?:[#!@]\w+(?:,\s*)?)+)\)$`)
	boxLines(t, root, `(?i)(^|/)(todo|tasks|plan)\.md$`, func(_ string, b boxLine) {
		w := wanted{at: b.at, status: boxStatus(b.mark, marks)}
		text := regexp.MustCompile(`\s*<!--.*?-->`).ReplaceAllString(b.text, "")
		if strings.HasPrefix(text, "~~") && w.status == "todo" {
			w.status = "archived"
		}
		switch under, _, _ := strings.Cut(strings.ToLower(b.heading), " "); {
		case w.status == "todo" && under == "later":
			w.status = "blocked"
		case w.status == "todo" && under == "won't":
			w.status = "archived"
		}
		if m := tags.FindStringSubmatch(text); m != nil {
			w.labels = []string{}
			for _, l := range regexp.MustCompile(`#(\w+)`).FindAllStringSubmatch(m[1], -1) {
				w.labels = append(w.labels, l[1])
			}
			text = strings.TrimSuffix(text, m[0])
		}
		if m := regexp.MustCompile(`due:(\S+)`).FindStringSubmatch(text); m != nil {
			w.due = m[1]
		}
		w.title = form.Emphasis(text)
		all = append(all, w)
	})
	return all
}

// ralphWanted reads stories with encoding/json.
func ralphWanted(t *testing.T, root string) (all []wanted) {
	eachText(t, root, `(^|/)prd\.json$`, func(_, text string) {
		var doc struct {
			UserStories []struct {
				ID, Title string
				Passes    bool
				DependsOn []string
			}
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		for _, s := range doc.UserStories {
			all = append(all, wanted{id: s.ID, title: s.Title, status: map[bool]string{true: "completed", false: "todo"}[s.Passes], deps: append([]string{}, s.DependsOn...)})
		}
	})
	return all
}

// conductorWanted reads the boxes of plans, and the list of tracks.
func conductorWanted(t *testing.T, root string) (all []wanted) {
	marks := map[string]string{"~": "in_progress", "-": "archived"}
	sha := regexp.MustCompile(`\s*(?:\[[0-9a-f]{7,40}\]|\b[0-9a-f]{7,40})$`)
	word := regexp.MustCompile(`^(?:Task|Sub-task): `)
	boxLines(t, root, `/plan\.md$`, func(file string, b boxLine) {
		all = append(all, wanted{at: b.at, title: form.Emphasis(word.ReplaceAllString(sha.ReplaceAllString(b.text, ""), "")), status: boxStatus(b.mark, marks)})
	})
	eachText(t, root, `(^|/)tracks\.md$`, func(file, text string) {
		blocks := regexp.MustCompile(`(?m)^(?:- |## )\[(.)\] (.*)\n(?:\*Link: \[([^\]]*)\])?`)
		for _, m := range blocks.FindAllStringSubmatch(text, -1) {
			title := strings.Trim(sha.ReplaceAllString(m[2], ""), "*")
			id := path.Base(strings.TrimSuffix(m[3], "/"))
			title = strings.TrimPrefix(strings.TrimPrefix(title, "Track: "), id+": ")
			if m[3] == "" {
				id = form.Slug(title)
			}
			all = append(all, wanted{id: id, title: title, status: boxStatus(m[1], marks)})
		}
	})
	return all
}

// bmadWanted reads the status of a sprint line by line, and of each story's file
// the title and the status.
func bmadWanted(t *testing.T, root string) (all []wanted) {
	stories := map[string]*wanted{}
	story := func(id string) *wanted {
		if id = strings.ToLower(id); stories[id] == nil {
			stories[id] = &wanted{id: id}
		}
		return stories[id]
	}
	eachText(t, root, `/epics\.md$`, func(_, text string) {
		for _, m := range regexp.MustCompile(`(?m)^### Story (\d+\.\d+): (.*)$`).FindAllStringSubmatch(text, -1) {
			if s := story(m[1]); s.title == "" {
				s.title, s.status = form.Emphasis(m[2]), "blocked"
			}
		}
	})
	words := map[string]string{"done": "completed", "review": "ready_for_review", "in-progress": "in_progress", "ready-for-dev": "todo", "backlog": "blocked", "optional": "blocked", "superseded": "archived", "cancelled": "archived"}
	sprint := map[string]bool{}
	eachText(t, root, `sprint-status\.yaml$`, func(_, text string) {
		_, text, _ = strings.Cut(text, "development_status:")
		for _, m := range regexp.MustCompile(`(?m)^  (\d+)-(\d+[a-z]?)-(\S+): ([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			s := story(m[1] + "." + m[2])
			if s.status = words[m[4]]; s.title == "" {
				s.title = strings.ReplaceAll(m[3], "-", " ")
			}
			sprint[s.id] = true
		}
		for _, m := range regexp.MustCompile(`(?m)^  (epic-\d+-retrospective|\D\S+): (done|optional)\b`).FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`^epic-\d+$`).MatchString(m[1]) {
				*story(m[1]) = wanted{id: m[1], title: strings.ReplaceAll(m[1], "-", " "), status: words[m[2]]}
			}
		}
	})
	eachText(t, root, `(^|/)\d+[.-]\d+[a-z]?[.-][^/]*\.md$`, func(file, text string) {
		m := regexp.MustCompile(`^(\d+)[.-](\d+[a-z]?)[.-]`).FindStringSubmatch(path.Base(file))
		s := story(m[1] + "." + m[2])
		s.title = form.Emphasis(regexp.MustCompile(`(?m)^# Story [\d.]+: (.*)$`).FindStringSubmatch(text)[1])
		if m := regexp.MustCompile(`(?mi)^(?:\*\*)?Dependencies(?:\*\*:|:\*\*)(.*)$|^## Dependencies\n+(.*)$`).FindStringSubmatch(text); m != nil && strings.Contains(m[0], "Story") {
			s.deps = []string{}
			for _, on := range regexp.MustCompile(`Story ([\d.]+\d[a-z]?)`).FindAllStringSubmatch(m[1]+m[2], -1) {
				s.deps = append(s.deps, on[1])
			}
		}
		if sprint[s.id] {
			return
		}
		s.status = "blocked"
		if m := regexp.MustCompile(`(?m)^(?:\*\*)?Status(?:\*\*:|:\*\*|:) *(.*)$|^## Status\n+(.*)$`).FindStringSubmatch(text); m != nil {
			status := strings.ToLower(strings.Trim(m[1]+m[2], "*✅ "))
			for word, as := range map[string]string{"done": "completed", "ready for review": "ready_for_review", "approved": "todo", "draft": "blocked", "complete": "completed"} {
				if strings.HasPrefix(status, word) {
					s.status = as
				}
			}
		}
	})
	for _, s := range stories {
		all = append(all, *s)
	}
	return all
}

// gsdWanted reads the plans of phases, and what is put aside.
func gsdWanted(t *testing.T, root string) (all []wanted) {
	titles, listed, files := map[string]string{}, map[string]string{}, map[string]bool{}
	eachText(t, root, `ROADMAP\.md$`, func(file, text string) {
		for _, m := range regexp.MustCompile(`(?m)^- (?:\[(.)\] )?(\d[\d.]*-\d+)(?:-PLAN\.md)?(?::| —) (.*)$`).FindAllStringSubmatch(text, -1) {
			titles[m[2]], listed[m[2]] = m[3], "blocked"
			if m[1] == "x" || m[1] == "" && strings.Contains(file, "milestones/") {
				listed[m[2]] = "completed"
			}
		}
	})
	eachText(t, root, `\.md$`, func(file, _ string) { files[path.Base(file)] = true })
	eachText(t, root, `/[\d.]+-\d+-PLAN\.md$`, func(file, text string) {
		id := strings.TrimSuffix(path.Base(file), "-PLAN.md")
		delete(listed, id)
		w := wanted{id: id, title: titles[id], status: "todo", deps: []string{}}
		if files[id+"-SUMMARY.md"] {
			w.status = "completed"
		}
		if w.title == "" {
			w.title = regexp.MustCompile(`<objective>\n(.*)\n`).FindStringSubmatch(text)[1]
		}
		head := strings.SplitN(text, "\n---", 2)[0]
		if m := regexp.MustCompile(`(?m)^depends_on: *(\[.*\])?\n((?: +- .*\n)*)`).FindStringSubmatch(head + "\n"); m != nil {
			w.deps = append(w.deps, regexp.MustCompile(`\d[\d.]*-\d+`).FindAllString(m[1]+m[2], -1)...)
		}
		all = append(all, w)
	})
	for id, status := range listed {
		all = append(all, wanted{id: id, title: titles[id], status: status})
	}
	eachText(t, root, `/todos/(pending|done)/.*\.md$`, func(file, text string) {
		created, _ := time.Parse("2006-01-02T15:04", regexp.MustCompile(`(?m)^created: (.*)$`).FindStringSubmatch(text)[1])
		all = append(all, wanted{id: "todo/" + strings.TrimSuffix(path.Base(file), ".md"), title: regexp.MustCompile(`(?m)^title: (.*)$`).FindStringSubmatch(text)[1],
			status: map[bool]string{true: "completed", false: "todo"}[strings.Contains(file, "/done/")], created: plan.Stamp(created)})
	})
	slices.SortFunc(all, func(a, b wanted) int { return strings.Compare(a.id, b.id) })
	return all
}

// githubWanted reads issues with encoding/json.
func githubWanted(t *testing.T, root string) (all []wanted) {
	eachText(t, root, `\.json$`, func(_, text string) {
		type number struct{ Number int }
		var issues []struct {
			Number                                               int
			Title, Body, State, StateReason, CreatedAt, ClosedAt string
			Labels                                               []struct{ Name string }
			Comments                                             []struct{ Body string }
			BlockedBy                                            struct{ Nodes []number }
		}
		if err := json.Unmarshal([]byte(text), &issues); err != nil {
			t.Fatal(err)
		}
		for _, i := range issues {
			w := wanted{id: fmt.Sprint(i.Number), title: i.Title, status: map[string]string{"OPEN": "todo", "CLOSEDNOT_PLANNED": "archived", "CLOSEDDUPLICATE": "archived", "CLOSEDCOMPLETED": "completed"}[i.State+strings.TrimPrefix(i.StateReason, "REOPENED")],
				created: moment(i.CreatedAt), completed: moment(i.ClosedAt), deps: []string{}, labels: []string{}}
			for _, l := range i.Labels {
				w.labels = append(w.labels, strings.ReplaceAll(l.Name, " ", "-"))
			}
			for _, c := range i.Comments {
				w.comments = append(w.comments, c.Body)
			}
			for _, on := range i.BlockedBy.Nodes {
				w.deps = append(w.deps, fmt.Sprint(on.Number))
			}
			if _, after, found := strings.Cut(i.Body, "Depends on "); found {
				for _, on := range regexp.MustCompile(`#(\d+)`).FindAllStringSubmatch(after, -1) {
					w.deps = append(w.deps, on[1])
				}
			}
			all = append(all, w)
		}
	})
	return all
}
