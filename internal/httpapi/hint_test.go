package httpapi

import "testing"

// A hint has the whole request that does what its command does.
func TestHintsNameTheRequest(t *testing.T) {
	for hint, want := range map[string]string{
		"add it with pm ref add KEY github:42, or run pm list has:ref":                `add it with POST /v1/items/{key}/refs {"refs":["github:42"]}, or run GET /v1/tasks?query=has%3Aref`,
		"to give an item another key, move it: pm move KEY --to PARENT":               `to give an item another key, move it: POST /v1/items/{key}/move {"to":"PARENT"}`,
		"filter by fields instead: pm list status:todo --as-of 2026-11-01":            "filter by fields instead: GET /v1/tasks?as_of=2026-11-01&query=status%3Atodo",
		"tick what is done: pm check T-E01-F01-001 1 2":                               `tick what is done: POST /v1/tasks/T-E01-F01-001/checks/tick {"n":[1,2]}`,
		`pm note T-E01-F01-001 "…" --kind evidence`:                                   `POST /v1/items/T-E01-F01-001/notes {"body":"…","kind":"evidence"}`,
		`pm submit T-E01-F01-001 T-E01-F01-002`:                                       `POST /v1/tasks/submit {"keys":["T-E01-F01-001","T-E01-F01-002"]}`,
		"have another agent approve it: pm approve T-E01-F01-001 --agent NAME":        "have another agent approve it: POST /v1/tasks/T-E01-F01-001/approve",
		"move them: pm stage delete test --to STAGE":                                  "move them: DELETE /v1/stages/test?to=STAGE",
		`to end the series: pm update T-E01-F01-001 --repeat ""`:                      `to end the series: PATCH /v1/tasks/T-E01-F01-001 {"repeat":""}`,
		"set another: pm project set time_zone UTC":                                   `set another: PUT /v1/project/settings/time_zone {"value":"UTC"}`,
		"pm note list --plan, then pm note accept --all":                              `GET /v1/items/plan/notes, then POST /v1/items/plan/notes/accept {"all":true}`,
		"to replace it: pm view save ready 'is:open sort:due'":                        `to replace it: POST /v1/views {"name":"ready","query":"is:open sort:due"}`,
		"remove the values with it: pm field delete cost --force":                     "remove the values with it: DELETE /v1/fields/cost?force=true",
		"pm ask T-E01-F01-001 \"…\"; pm show T-E01-F01-001 --context":                 `POST /v1/items/T-E01-F01-001/questions {"body":"…"}; GET /v1/tasks/T-E01-F01-001/context`,
		`look for it: pm list '"the card"'`:                                           `look for it: GET /v1/tasks?query=%22the+card%22`,
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
