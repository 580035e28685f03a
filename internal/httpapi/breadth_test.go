package httpapi_test

import (
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// breadth is what a plan can have besides its tasks, over HTTP: who asks, the request,
// its body, the status and words of the answer.
var breadth = []struct {
	who, request, body string
	status             int
	want               string
}{
	{"ann", "POST /v1/tasks/batch", `{"feature":"E01-F01","tasks":["three",{"title":"four"}]}`, 201, `"key":"T-E01-F01-004"`},

	// Rules of completion.
	{"ann", "PUT /v1/project/settings/require_evidence", `{"value":true}`, 200, `"name":"require_evidence","value":"true"`},
	{"ann", "POST /v1/tasks/T-E01-F01-001/claim", "", 200, `"next_commands":["GET /v1/tasks/T-E01-F01-001/context","POST /v1/tasks/T-E01-F01-001/submit {\"fence\":\"1\"}"`},
	{"ann", "POST /v1/tasks/T-E01-F01-001/complete", `{"force":true,"reason":"hurry"}`, 422, `POST /v1/items/T-E01-F01-001/notes {\"body\":\"…\",\"kind\":\"evidence\"}`},
	{"ann", "POST /v1/items/T-E01-F01-001/links", `{"to":"https://ci.example.org/1"}`, 200, `"links":[`},
	{"ann", "POST /v1/tasks/T-E01-F01-001/complete", "", 200, `"resolution":"done"`},
	{"ann", "PUT /v1/project/settings/require_evidence", `{"value":""}`, 200, `"name":"require_evidence","value":"false"`},
	{"ann", "PUT /v1/project/settings/require_checks", `{"value":"yes"}`, 200, `"name":"require_checks","value":"true"`},
	{"ann", "POST /v1/tasks/T-E01-F01-002/checks", `{"checks":["a","b"]}`, 200, `"n":2`},
	{"ann", "POST /v1/tasks/T-E01-F01-002/complete", "", 422, `POST /v1/tasks/T-E01-F01-002/checks/tick {\"n\":[1,2]}`},
	{"ann", "POST /v1/tasks/T-E01-F01-002/checks/tick", `{"n":[1,2]}`, 200, `"done":true`},
	{"ann", "PUT /v1/project/settings/other_reviewer", `{"value":"on"}`, 200, `"name":"other_reviewer","value":"true"`},
	{"ann", "POST /v1/tasks/T-E01-F01-002/claim", "", 200, "in_progress"},
	{"ann", "POST /v1/tasks/T-E01-F01-002/submit", "", 200, "ready_for_review"},
	{"ann", "POST /v1/tasks/T-E01-F01-002/approve", "", 422, `have another agent approve it: POST /v1/tasks/T-E01-F01-002/approve"`},
	{"bob", "POST /v1/tasks/T-E01-F01-002/approve", "", 200, "completed"},

	// Stages.
	{"ann", "POST /v1/stages", `{"name":"build"}`, 201, `"name":"build"`},
	{"ann", "POST /v1/stages", `{"name":"test","agent_type":"tester","limit":1}`, 201, `"limit":1`},
	{"ann", "PATCH /v1/tasks", `{"keys":["T-E01-F01-003","T-E01-F01-004"],"stage":"test"}`, 200, `"stage":"test"`},
	{"ann", "POST /v1/tasks/next", `{"agent_type":"tester","claim":true}`, 200, `"key":"T-E01-F01-003"`},
	{"bob", "POST /v1/tasks/T-E01-F01-004/claim", "", 422, "stage_full"},
	{"bob", "POST /v1/tasks/next", `{"agent_type":"tester","claim":true}`, 200, `"full":1`},
	{"ann", "POST /v1/tasks/T-E01-F01-003/reject", `{"to":"build","reason":"crashes"}`, 200, `"stage":"build"`},
	{"bob", "DELETE /v1/stages/test", "", 422, "move them: DELETE /v1/stages/test?to=STAGE"},
	{"bob", "DELETE /v1/stages/test", `{"to":"build"}`, 200, `"moved":1`},

	// Questions.
	{"ann", "POST /v1/tasks/T-E01-F01-003/claim", "", 200, "in_progress"},
	{"ann", "POST /v1/items/T-E01-F01-003/questions", `{"text":"which bank?","choices":"A,B","to":"bob","wait":"1s"}`, 503, "no_answer"},
	{"ann", "POST /v1/items/T-E01-F01-003/questions", `{"text":"go on?","hold":true}`, 200, `"hold":true`},
	{"ann", "GET /v1/tasks/T-E01-F01-003", "", 200, "waiting for the answer to question 2"},
	{"ann", "POST /v1/items/T-E01-F01-003/questions/2/answer", `{"answer":"yes"}`, 422, "own_question"},
	{"bob", "POST /v1/items/T-E01-F01-003/questions/1/answer", `{"answer":"C"}`, 422, "answer with one of A, B"},
	{"bob", "POST /v1/items/T-E01-F01-003/questions/2/answer", `{"answer":"yes"}`, 200, `"answered_by":"bob"`},
	{"ann", "GET /v1/tasks/T-E01-F01-003", "", 200, `"status":"in_progress"`},
	{"ann", "GET /v1/questions?to=bob", "", 200, `"n":1`},

	// Memories, repeating, views, order.
	{"ann", "POST /v1/items/plan/notes", `{"body":"we deploy on Fridays","kind":"memory"}`, 201, `"kind":"memory"`},
	{"ann", "PATCH /v1/items/plan/notes/1", `{"body":"we deploy on Mondays"}`, 200, "Mondays"},
	{"ann", "POST /v1/items/plan/notes/accept", "", 400, `run GET /v1/items/plan/notes to read them, then POST /v1/items/plan/notes/accept {\"n\":[\"N\"]} or POST /v1/items/plan/notes/accept {\"all\":true}`},
	{"ann", "POST /v1/items/plan/notes/accept", `{"all":true}`, 200, ""},
	{"ann", "POST /v1/tasks", `{"feature":"E01-F01","title":"weekly","due":"2099-01-02","repeat":"weekly"}`, 201, "T-E01-F01-005"},
	{"ann", "GET /v1/tasks/T-E01-F01-005/repeat", "", 200, `"2099-01-09","2099-01-16","2099-01-23"`},
	{"ann", "POST /v1/views", `{"name":"late","query":"is:open sort:due,-priority","columns":"key,due"}`, 200, `"columns":["key","due"]`},
	{"ann", "GET /v1/tasks?query=@late&limit=1", "", 200, "T-E01-F01-005"},
	{"ann", "POST /v1/tasks/T-E01-F01-005/order", `{"before":"T-E01-F01-003"}`, 200, `"position":`},
	{"ann", "GET /v1/tasks?query=is:open&sort=position&limit=1", "", 200, "T-E01-F01-005"},
	{"ann", "DELETE /v1/views/ready", "", 422, `to replace it: POST /v1/views {\"name\":\"ready\",\"query\":\"is:open\"}`},

	// Resolutions, and a claim of the other session.
	{"ann", "POST /v1/tasks", `{"feature":"E01-F01","title":"daily","repeat":"daily","from":"completion"}`, 201, `"repeat":"daily from completion"`},
	{"ann", "POST /v1/tasks/T-E01-F01-006/complete", `{"resolution":"cannot_reproduce"}`, 200, `"resolution":"cannot_reproduce"`},
	{"ann", "POST /v1/tasks/T-E01-F01-004/archive", `{"duplicate_of":"T-E01-F01-003"}`, 200, `"resolution":"duplicate"`},
	{"ann2", "POST /v1/tasks/T-E01-F01-003/complete", "", 409, "held"},
	{"ann2", "POST /v1/tasks/T-E01-F01-003/claim", `{"take_over":true}`, 200, "in_progress"},
	{"ann", "POST /v1/tasks/T-E01-F01-003/complete", "", 409, "lease_lost"},

	// A whole plan, with links to references that it gives.
	{"ann", "POST /v1/apply", `{"feature":"E01-F01","tasks":[{"id":"a","title":"A","links":["gh#12"]},{"title":"B","refs":["gh#12"]}]}`, 200, `"a":"T-E01-F01-008"`},
	{"ann", "GET /v1/items/gh%2312", "", 200, `"links":[{"as":"relates","to":"T-E01-F01-008"}]`},
	{"ann", "POST /v1/apply", `{"feature":"E01-F01","tasks":[{"title":"C","links":[3]}]}`, 422, "tasks[0].links: invalid links 3: must be a list of objects"},
	{"ann", "POST /v1/apply", `{"plan":"# Ops\n## Alerts\n- Page the lead p2 +ui after:rota\n- Write the rota id:rota\n  One week each."}`, 200, `"rota":"T-E02-F01-002"`},
	{"ann", "GET /v1/tasks/T-E02-F01-001", "", 200, `"depends_on":["T-E02-F01-002"]`},
	{"ann", "POST /v1/apply", `{"feature":"E02-F01","plan":"- Page the deputy"}`, 200, `"key":"T-E02-F01-003"`},
	{"ann", "POST /v1/apply", `{"feature":"E02-F01","plan":"feature: E01-F01\ntasks: [x]"}`, 400, "feature specified twice: in the plan and next to it"},
	{"ann", "POST /v1/apply", `{"plan":"plan: {feature: E01-F01}"}`, 400, "plan specified twice: in the plan and next to it"},
	{"ann", "POST /v1/apply", `{"plan":"- [x] Done"}`, 422, "line 1: a ticked item"},
	{"ann", "POST /v1/apply", `{"plan":"feature: E01-F01\ntasks:\n- title: A\n  nope: 1"}`, 422, "\"line 4: unknown field"},
	{"ann", "POST /v1/apply", `{"feature":"E01-F01","plan":"- A\n- B after:T-E09-F01-001"}`, 404, "\"line 2: task T-E09-F01-001 does not exist"},
	{"ann", "POST /v1/apply", `{"plan":"# one\nfeature: E01-F01\ntasks: [A]\n---\ntasks: [B]"}`, 422, "\"line 4: more than one document"},
	{"ann", "POST /v1/apply", `{"plan":"\n\n[A]"}`, 422, "\"line 3: not a list of fields"},
	{"ann", "POST /v1/apply", `{"nope":1,"plan":"feature: E01-F01\ntasks: [A]"}`, 422, "\"nope: unknown"},

	// What a request says that its route does not take.
	{"ann", "POST /v1/tasks", `{"feature":"E01-F01","title":"x","label":"q"}`, 201, `"labels":["q"]`},
	{"ann", "POST /v1/tasks", `{"feature":"E01-F01","title":"x","labels":{"a":1}}`, 400, `invalid labels {\"a\":1}: must be a list of strings`},
	{"ann", "POST /v1/tasks", `{"feature":"E01-F01","title":"x","fields":["severity"]}`, 400, "invalid fields [\\\"severity\\\"]: must be an object"},
	{"ann", "POST /v1/tasks/batch", `{"tasks":[3]}`, 400, "invalid tasks 3: must be a list of objects"},
	{"ann", "PATCH /v1/tasks/T-E01-F01-008", `{"links":["E01"]}`, 400, `to change it: POST /v1/items/{key}/links {\"to\":[\"OTHER\"]}`},
	{"ann", "PATCH /v1/tasks/T-E01-F01-008", `{"status":"done"}`, 400, "to change it: POST /v1/tasks/{key}/complete"},
	{"ann", "GET /v1/tasks?label=q", "", 400, "put it in query, such as label:VALUE"},
	{"ann", "GET /v1/tasks?agent=ann", "", 400, "put it in query, such as agent:VALUE"},
	{"ann", "GET /v1/tasks?limit=1", `{"limit":2}`, 400, "the arguments of GET go in the query"},
	{"ann", "DELETE /v1/items/T-E01-F01-009/labels?labels=q", `{"labels":["q"]}`, 400, "labels is in the query and in the body"},
	{"ann", "DELETE /v1/items/T-E01-F01-009", `{"cascade":true}`, 400, `unknown argument \"cascade\"`},
	{"ann", "DELETE /v1/items/T-E01-F01-009", `{"dry_run":true}`, 200, `"tasks":1`},
	{"ann", "GET /v1/items/T-E01-F01-009", "", 200, `"title":"B"`},
}

// TestBreadth asks for all that a plan can have besides its tasks.
func TestBreadth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		for _, c := range breadth {
			method, path, _ := strings.Cut(c.request, " ")
			r := s.do(method, path, c.body, "X-PM-Agent", strings.TrimSuffix(c.who, "2"), "X-PM-Session", "session of "+c.who)
			if r.StatusCode != c.status || !strings.Contains(r.text, c.want) {
				t.Errorf("%s: %s %s: %d %s\nwant %d %s", c.who, c.request, c.body, r.StatusCode, r.text, c.status, c.want)
			}
		}
	})
}
