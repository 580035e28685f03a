package ops_test

import (
	"testing"

	"pm/internal/ops"
)

// TestSpeak finds the command lines in hints.
func TestSpeak(t *testing.T) {
	say := func(s ops.Spoken) string {
		out := "<" + s.Op.Name
		for _, word := range append(s.Keys, s.Flags...) {
			out += "|" + word
		}
		for _, term := range s.Terms {
			out += ":" + term
		}
		return out + ">"
	}
	for hint, want := range map[string]string{
		"to see what is there: pm tree E01":                                            "to see what is there: <plan tree|E01>",
		"run pm next to get a task, or pm dep list T-E01-F01-003 to see what it waits": "run <task next> to get a task, or <dep list|T-E01-F01-003> to see what it waits",
		"move it to this session: pm claim T-E01-F01-001 --take-over":                  "move it to this session: <task claim|T-E01-F01-001|take-over>",
		`add one: pm block T-E01-F01-001 --reason "why"`:                               `add one: <task block|T-E01-F01-001|reason>`,
		"to undo what others did: pm undo ID; to see it: pm ops":                       "to undo what others did: <plan undo|ID>; to see it: <ops list>",
		"to see the later change: pm ops show 01a22882-207e-7ea5-bce8-1a19aa79097b; to undo the rest: pm undo 01a22882-207e-7ea5-bce8-1a19aa79097b --skip-conflicts": "to see the later change: <ops show|01a22882-207e-7ea5-bce8-1a19aa79097b>; to undo the rest: <plan undo|01a22882-207e-7ea5-bce8-1a19aa79097b|skip-conflicts>",
		"to undo what came after it: pm undo --to 01a22882-207e-7ea5-bce8-1a19aa79097b":                                                                              "to undo what came after it: <plan undo|to>",
		"add it with pm ref add KEY github:42, or run pm list has:ref":                                                                                               "add it with <ref add:github:42>, or run <task list:has:ref>",
		"see who holds them: pm list stage:build is:held; get work: pm next --claim":                                                                                 "see who holds them: <task list:stage:build:is:held>; get work: <task next|claim>",
		"run pm doctor": "ask the person who runs pm here",
		"put it into the stage: pm update T-E01-F01-001 --stage build":   "put it into the stage: <task update|T-E01-F01-001|stage>",
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
