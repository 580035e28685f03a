package ops_test

import (
	"testing"

	"pm/internal/ops"
)

// TestSpeak finds the command lines in hints.
func TestSpeak(t *testing.T) {
	say := func(s ops.Spoken) string {
		out := "<" + s.Op.Name
		for _, a := range s.Args {
			out += "|" + a.Name
			if len(a.Values) > 0 {
				out += "=" + a.Text()
			}
		}
		return out + ">"
	}
	for hint, want := range map[string]string{
		"to see what is there: pm tree E01":                                            "to see what is there: <plan tree|key=E01>",
		"run pm next to get a task, or pm dep list T-E01-F01-003 to see what it waits": "run <task next> to get a task, or <dep list|task=T-E01-F01-003> to see what it waits",
		"move it to this session: pm claim T-E01-F01-001 --take-over":                  "move it to this session: <task claim|keys=T-E01-F01-001|take_over>",
		`add one: pm block T-E01-F01-001 --reason "why"`:                               `add one: <task block|keys=T-E01-F01-001|reason=why>`,
		"to undo what others did: pm undo ID; to see it: pm ops":                       "to undo what others did: <plan undo|id=ID>; to see it: <ops list>",
		"to see the later change: pm ops show 01a22882-207e-7ea5-bce8-1a19aa79097b; to undo the rest: pm undo 01a22882-207e-7ea5-bce8-1a19aa79097b --skip-conflicts": "to see the later change: <ops show|id=01a22882-207e-7ea5-bce8-1a19aa79097b>; to undo the rest: <plan undo|id=01a22882-207e-7ea5-bce8-1a19aa79097b|skip_conflicts>",
		"to undo what came after it: pm undo --to 01a22882-207e-7ea5-bce8-1a19aa79097b":                                                                              "to undo what came after it: <plan undo|to=01a22882-207e-7ea5-bce8-1a19aa79097b>",
		"add it with pm ref add KEY github:42, or run pm list has:ref":                                                                                               "add it with <ref add|key=KEY|refs=github:42>, or run <task list|query=has:ref>",
		"see who holds them: pm list stage:build is:held; get work: pm next --claim":                                                                                 "see who holds them: <task list|query=stage:build is:held>; get work: <task next|claim>",
		"tick what is done: pm check T-E01-F01-001 1 2":                                                                                                              "tick what is done: <check tick|key=T-E01-F01-001|n=1, 2>",
		`to end it: pm update T-E01-F01-001 --repeat ""`:                                                                                                             `to end it: <task update|keys=T-E01-F01-001|repeat=>`,
		"have another agent approve it: pm approve T-E01-F01-001 --agent NAME":                                                                                       "have another agent approve it: <task approve|keys=T-E01-F01-001>",
		`add it: pm note T-E01-F01-001 "…" --kind evidence`:                                                                                                          "add it: <note add|key=T-E01-F01-001|body=…|kind=evidence>",
		"move them: pm stage delete test --to STAGE; see it: pm view show review":                                                                                    "move them: <stage delete|name=test|to=STAGE>; see it: <view show|name=review>",
		"to replace it: pm view save ready 'is:open sort:due'":                                                                                                       "to replace it: <view save|name=ready|query=is:open sort:due>",
		"run pm note list --plan to read them, then pm note accept N":                                                                                                "run <note list|key=plan> to read them, then <note accept|n=N>",
		"look at it: pm show T-E01-F01-001 --context":                                                                                                                "look at it: <task context|key=T-E01-F01-001>",
		"run pm doctor": "ask the person who runs pm here",
		"put it into the stage: pm update T-E01-F01-001 --stage build":   "put it into the stage: <task update|keys=T-E01-F01-001|stage=build>",
		"undo an earlier operation by its id; to see it: pm backup list": "undo an earlier operation by its id",
		"restore it first: pm init, or leave --as-of out":                "leave as_of out",
		"use the newer pm that wrote it; nothing was changed":            "use the newer pm that wrote it; nothing was changed",
		`call it "--name", or give --file-path`:                          `call it "--name", or give file_path`,
		"use one of a, b":                                                "use one of a, b",
	} {
		if got := ops.Speak(hint, say); got != want {
			t.Errorf("%s\n%s, want\n%s", hint, got, want)
		}
	}
}
