package mcpserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// breadth is what a plan can have besides its tasks, through the tools: who calls,
// the tool, its arguments, and words of the answer. An answer that begins with ! is an
// error.
var breadth = []struct{ who, tool, args, want string }{
	{"ann", "create_parent", `{"title":"Shop"}`, "E01 active"},
	{"ann", "create_parent", `{"epic":"E01","title":"Pay"}`, "E01-F01 active"},
	{"ann", "create_task", `{"feature":"E01-F01","tasks":["one",{"title":"two"},"three","four"]}`, "T-E01-F01-004"},

	// Rules of completion.
	{"ann", "update", `{"project":"project set","name":"require_evidence","value":true}`, `"name":"require_evidence","value":"true"`},
	{"ann", "task_status", `{"verb":"claim","keys":["T-E01-F01-001"]}`, "in_progress"},
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-001"],"force":true,"reason":"hurry"}`, "!hint: add what you ran and what it printed: note with key T-E01-F01-001 and body … and kind evidence"},
	{"ann", "note", `{"key":"T-E01-F01-001","body":"go test: ok","kind":"evidence"}`, "noted"},
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-001"]}`, "completed"},
	{"ann", "update", `{"project":"project set","name":"require_evidence","value":""}`, `"name":"require_evidence","value":"false"`},
	{"ann", "update", `{"project":"project set","name":"other_reviewer","value":"yes"}`, `"name":"other_reviewer","value":"true"`},
	{"ann", "task_status", `{"verb":"claim","keys":["T-E01-F01-002"]}`, "in_progress"},
	{"ann", "task_status", `{"verb":"submit","keys":["T-E01-F01-002"]}`, "ready_for_review"},
	{"ann", "task_status", `{"verb":"approve","keys":["T-E01-F01-002"]}`, "!hint: have another agent approve it: task_status with verb approve and keys T-E01-F01-002"},
	{"bob", "task_status", `{"verb":"approve","keys":["T-E01-F01-002"]}`, "completed"},

	// Stages.
	{"ann", "update", `{"project":"stage create","name":"build"}`, `"name":"build"`},
	{"ann", "update", `{"project":"stage create","name":"test","agent_type":"tester","limit":1}`, `"limit":1`},
	{"ann", "update", `{"keys":["T-E01-F01-003","T-E01-F01-004"],"stage":"test"}`, "stage=test"},
	{"ann", "next", `{"agent_type":"tester","claim":true}`, `"key":"T-E01-F01-003"`},
	{"bob", "task_status", `{"verb":"claim","keys":["T-E01-F01-004"]}`, "!refused stage_full: stage test is full"},
	{"bob", "next", `{"agent_type":"tester","claim":true}`, `"full":1`},
	{"ann", "task_status", `{"verb":"reject","keys":["T-E01-F01-003"],"to":"build","reason":"crashes"}`, "todo p5 stage=build"},
	{"ann", "show", `{"key":"T-E01-F01-003"}`, `"rejected":"crashes"`},
	{"bob", "update", `{"project":"stage delete","name":"test"}`, "!hint: move them: update with project stage delete and name test and to STAGE"},
	{"bob", "update", `{"project":"stage delete","name":"test","to":"build"}`, `"moved":1`},

	// Questions.
	{"ann", "task_status", `{"verb":"claim","keys":["T-E01-F01-003"]}`, "in_progress"},
	{"ann", "note", `{"kind":"question","key":"T-E01-F01-003","body":"which bank?","choices":["A","B"],"to":"bob","wait":"1s"}`, "!unavailable no_answer"},
	{"ann", "note", `{"kind":"question","key":"T-E01-F01-003","body":"go on?","hold":true}`, "n=2"},
	{"ann", "show", `{"key":"T-E01-F01-003"}`, `"blocked_reason":"waiting for the answer to question 2"`},
	{"ann", "note", `{"key":"T-E01-F01-003","n":2,"answer":"yes"}`, "!refused own_question"},
	{"bob", "note", `{"key":"T-E01-F01-003","n":1,"answer":"C"}`, "!hint: answer with one of A, B"},
	{"bob", "note", `{"key":"T-E01-F01-003","n":2,"answer":"yes"}`, `answered_by=bob "yes"`},
	{"ann", "show", `{"key":"T-E01-F01-003"}`, `"status":"in_progress"`},

	// Memories, repeating, views, order.
	{"ann", "create_task", `{"feature":"E01-F01","title":"five"}`, "T-E01-F01-005"},
	{"ann", "note", `{"plan":true,"body":"we deploy on Fridays","kind":"memory"}`, "noted on the project"},
	{"ann", "note", `{"plan":true}`, "we deploy on Fridays"},
	{"ann", "note", `{"plan":true,"key":"E01","body":"x"}`, "!key and plan cannot be combined"},
	{"ann", "note", `{"key":"plan","n":1,"body":"we deploy on Mondays"}`, "noted on the project"},
	{"ann", "note", `{"accept":true}`, "!hint: run note with key plan to read them, then note with accept and n N"},
	{"ann", "note", `{"key":"plan","accept":true,"n":1}`, "we deploy on Mondays"},
	{"ann", "create_task", `{"feature":"E01-F01","title":"weekly","due":"2099-01-02","repeat":"weekly"}`, "T-E01-F01-006"},
	{"ann", "project_status", `{"about":"repeat","key":"T-E01-F01-006"}`, `"2099-01-09","2099-01-16","2099-01-23"`},
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-006"]}`, `to end the series: update with keys T-E01-F01-007 and repeat ""`},
	{"ann", "update", `{"keys":["T-E01-F01-007"],"repeat":"weekly","from":"completion"}`, "T-E01-F01-007 todo"},
	{"ann", "show", `{"key":"T-E01-F01-007"}`, `"repeat":"weekly from completion"`},
	{"ann", "update", `{"project":"view save","name":"late","query":"is:open sort:due,-priority"}`, `"name":"late"`},
	{"ann", "list", `{"query":"@late","limit":1}`, "T-E01-F01-007"},
	{"ann", "list", `{"label":"x"}`, "!hint: put it in query, such as label:VALUE"},
	{"ann", "update", `{"keys":["T-E01-F01-005"],"before":"T-E01-F01-003"}`, "T-E01-F01-005"},
	{"ann", "list", `{"query":"is:open sort:position","limit":1}`, "T-E01-F01-005"},

	// Resolutions, and a claim of the other session.
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-005"],"resolution":"cannot_reproduce"}`, "completed"},
	{"ann", "show", `{"key":"T-E01-F01-005"}`, `"resolution":"cannot_reproduce"`},
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-004"],"resolution":"later"}`, "!unknown resolution"},
	{"ann", "task_status", `{"verb":"archive","keys":["T-E01-F01-004"],"duplicate_of":"T-E01-F01-003"}`, "archived"},
	{"ann", "show", `{"key":"T-E01-F01-004"}`, `"resolution":"duplicate"`},
	{"ann2", "task_status", `{"verb":"complete","keys":["T-E01-F01-003"]}`, "!conflict held"},
	{"ann2", "task_status", `{"verb":"claim","keys":["T-E01-F01-003"],"take_over":true}`, "taken over"},
	{"ann", "task_status", `{"verb":"complete","keys":["T-E01-F01-003"]}`, "!conflict lease_lost"},
	{"ann2", "task_status", `{"verb":"complete","keys":["T-E01-F01-003"]}`, "completed"},

	// References to epics and features, with fields.
	{"ann", "update", `{"keys":["E01"],"refs":["gh#7"]}`, "refs=github:7"},
	{"ann", "update", `{"keys":["gh#7"],"title":"Shop 2","status":"draft"}`, `E01 draft`},
	{"ann", "update", `{"key":"github:7","status":"active"}`, `E01 active`},
	{"ann", "update", `{"keys":["E01-F01"],"refs":["PROJ-7"]}`, "refs=PROJ-7"},
	{"ann", "update", `{"keys":["PROJ-7"],"description":"cards"}`, "E01-F01 active"},
	{"ann", "update", `{"keys":["gh#8"],"title":"x"}`, "!no item has the reference github:8"},

	// A whole plan, with links to references that it gives.
	{"ann", "create_task", `{"plan":{"feature":"E01-F01","tasks":[{"id":"a","title":"A","links":["gh#12"],"depends_on":["gh#12"]},{"title":"B","refs":["gh#12"]}]}}`, "created T-E01-F01-008 a"},
	{"ann", "show", `{"key":"gh#12"}`, `"links":[{"as":"relates","to":"T-E01-F01-008"}]`},
	{"ann", "create_task", `{"plan":{"feature":"E01-F01","tasks":[{"title":"C","links":[3]}]}}`, "!invalid links 3: must be a list of objects\nhint: its fields are as, to; a string stands for to"},
	{"ann", "create_task", `{"plan":"# Ops\n## Alerts\n- Page the lead p2 +ui after:rota\n- Write the rota id:rota\n  One week each.","dry_run":true}`, "would be created E02"},
	{"ann", "create_task", `{"plan":"# Ops\n## Alerts\n- Page the lead p2 +ui after:rota\n- Write the rota id:rota\n  One week each."}`, "created T-E02-F01-002 rota"},
	{"ann", "show", `{"key":"T-E02-F01-001"}`, `"priority":2`},
	{"ann", "create_task", `{"feature":"E02-F01","plan":"- Page the deputy"}`, "created T-E02-F01-003"},
	{"ann", "create_task", `{"feature":"E02-F01","plan":"feature: E01-F01\ntasks: [x]"}`, "!feature specified twice: in the plan and next to it"},
	{"ann", "create_task", `{"plan":"- [x] Done"}`, "!line 1: a ticked item"},
}

// TestBreadth calls the tools with all that a plan can have besides its tasks.
func TestBreadth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		sessions := map[string]*mcp.ClientSession{}
		for _, who := range []string{"ann", "bob", "ann2"} {
			o := options(db)
			o.Actor = plan.Actor{Name: strings.TrimSuffix(who, "2"), Session: "session of " + who, Surface: "mcp"}
			sessions[who] = connect(t, o)
		}
		for _, c := range breadth {
			var args map[string]any
			if err := json.Unmarshal([]byte(c.args), &args); err != nil {
				t.Fatal(err)
			}
			text, failed := call(t, sessions[c.who], c.tool, args)
			words, refused := strings.CutPrefix(c.want, "!")
			if failed != refused || !strings.Contains(text, words) {
				t.Errorf("%s calls %s %s: %s\nwant %s", c.who, c.tool, c.args, text, c.want)
			}
		}
	})
}
