package agents

import (
	"strings"

	"pm/internal/plan"
)

// skillMark is how a skill of pm's own is known.
const skillMark = "<!-- written by pm agents install; pm agents remove takes it away -->"

const skillHead = `---
name: pm
description: Work from this project's plan with the pm command. Use it to find and take the next task, to see what a task needs, to note, hand over, submit or block it, and to add tasks for work that was found.
---
` + skillMark + `

`

func (p Project) skillPart(path string) part {
	text := skillHead + p.Skill
	return part{
		path: path, what: Skill,
		add: func(has string, there bool) (string, error) {
			if there && !strings.Contains(has, skillMark) {
				return "", plan.Errorf(plan.Conflict, "%s already exists and was not written by pm", path).WithCode("foreign_file").
					WithHint("move or rename it, then run pm agents install again")
			}
			return text, nil
		},
		take: func(string) (string, bool, error) { return "", false, nil },
		state: func(has string) State {
			switch {
			case has == text:
				return Current
			case strings.Contains(has, skillMark):
				return Outdated
			}
			return Foreign
		},
	}
}
