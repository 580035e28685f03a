package httpapi

import "testing"

// A hint has the whole request that does what its command does.
func TestHintsNameTheRequest(t *testing.T) {
	for hint, want := range map[string]string{
		"add it with pm ref add KEY github:42, or run pm list has:ref":                `add it with POST /v1/items/{key}/refs {"refs":["github:42"]}, or run GET /v1/tasks?query=has%3Aref`,
		"to give an item another key, move it: pm move KEY --to PARENT":               `to give an item another key, move it: POST /v1/items/{key}/move {"to":"PARENT"}`,
		"filter by fields instead: pm list status:todo --as-of 2026-11-01":            "filter by fields instead: GET /v1/tasks?as_of=2026-11-01&query=status%3Atodo",
		"to see what is there: pm tree E01":                                           "to see what is there: GET /v1/tree?key=E01",
		"move it to this session: pm claim T-E01-F01-001 --take-over":                 `move it to this session: POST /v1/tasks/T-E01-F01-001/claim {"take_over":true}`,
		"to see its notes and their numbers: pm note list T-E01-F01-001":              "to see its notes and their numbers: GET /v1/items/T-E01-F01-001/notes",
		"to undo what came after it: pm undo --to 01a22882-207e-7ea5-bce8-1a19aa7909": `to undo what came after it: POST /v1/undo {"to":"01a22882-207e-7ea5-bce8-1a19aa7909"}`,
	} {
		if got := hintText(hint); got != want {
			t.Errorf("%s\n%s, want\n%s", hint, got, want)
		}
	}
}
