package agents

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"

	"pm/internal/plan"
)

const skillHead = `---
name: pm
description: Work from this project's plan with the pm command. Use it to find and claim the next task, see what a task needs, add notes, hand off, submit or block a task, and add tasks for work you discover.
---
`

// skillFiles are where the skill is put; each says what else was made.
var skillFiles = []string{".agents/skills/pm/SKILL.md", ".claude/skills/pm/SKILL.md"}

// skillMark is the line by which a skill of pm's own is known. It has the
// digest of the rest of the file, which tells whether somebody edited it, and
// what else pm agents install made that has no mark of its own: folders, and
// hooks as hook:claude.
var skillMark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^<!-- written by pm agents install(?: ([0-9a-f]{12}))?(?:; made ([^;\n]*))?; pm agents remove takes it away -->\n\n`)
})

// Edited is the state of a file of pm's that somebody changed since: it is
// neither updated nor removed.
const Edited State = "edited"

// skillText returns the skill, with what else was made.
func (p Project) skillText(made []string) string {
	mark := "<!-- written by pm agents install " + skillDigest(skillHead+p.Skill)
	if len(made) > 0 {
		mark += "; made " + strings.Join(made, " ")
	}
	return skillHead + mark + "; pm agents remove takes it away -->\n\n" + p.Skill
}

func skillDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// skillState says how a file in the skill's place stands.
func (p Project) skillState(text string) State {
	text = strings.ReplaceAll(text, "\r\n", "\n") // as git may check it out
	mark := skillMark().FindStringSubmatch(text)
	switch rest := skillMark().ReplaceAllString(text, ""); {
	case mark == nil:
		return Foreign
	case mark[1] != "" && mark[1] != skillDigest(rest):
		return Edited
	case rest == skillHead+p.Skill:
		return Current
	}
	return Outdated
}

// madeBy returns what a skill says was made with it; known is false for a text
// that does not say.
func madeBy(text string) (made []string, known bool) {
	mark := skillMark().FindStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"))
	if mark == nil || mark[1] == "" {
		return nil, false
	}
	return strings.Fields(mark[2]), true
}

func (p Project) skillPart(path string, made []string) part {
	return part{
		path: path, what: Skill, state: p.skillState,
		add: func(has string, there bool) (string, error) {
			switch {
			case there && p.skillState(has) == Foreign:
				return "", plan.Errorf(plan.Conflict, "%s already exists and was not written by pm", path).WithCode("foreign_file").
					WithHint("move or rename it, then run pm agents install again")
			case there && p.skillState(has) == Edited:
				return "", plan.Errorf(plan.Conflict, "%s was edited since pm wrote it", path).WithCode("edited_file").
					WithHint("move or rename it, then run pm agents install again")
			}
			return p.skillText(made), nil
		},
		take: func(string) (string, bool, error) { return "", false, nil },
	}
}
