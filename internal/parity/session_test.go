package parity

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/google/jsonschema-go/jsonschema"
)

// A step is one operation of a session.
type step struct {
	agent, op string
	args      string // JSON
	code      string // of the error that it ends in
}

// session is an agent's work, and a reviewer's: every operation that agents
// have, with what goes wrong.
var session = []step{
	{"ann", "epic create", `{"title":"Payments","description":"by \"card\" & <cash>","priority":"high"}`, ""},
	{"ann", "feature create", `{"epic":"E01","title":"Cards"}`, ""},
	{"ann", "feature create", `{"epic":"E09","title":"Cards"}`, "not_found"},
	{"ann", "task create", `{"feature":"E01-F01","title":"Validate card numbers","priority":2,"agent_type":"backend","description":"Luhn\nand length"}`, ""},
	{"ann", "task create", `{"feature":"E01-F01","title":"Too urgent","priority":11}`, "bad_priority"},
	{"ann", "task create", `{"feature":"E01-F01","title":""}`, "bad_title"},
	{"ann", "task create-many", `{"tasks":[{"feature":"E01-F01","title":"Show the receipt","depends_on":["T-E01-F01-001"]},{"feature":"E01-F01","title":"Refund"}]}`, ""},
	{"ann", "task create-many", `{"tasks":[{"feature":"E01-F01","title":"Fine"},{"feature":"E01-F02","title":"No feature"}]}`, "not_found"},
	{"ann", "dep add", `{"task":"T-E01-F01-003","depends_on":["T-E01-F01-001","T-E01-F01-002"]}`, ""},
	{"ann", "dep add", `{"task":"T-E01-F01-001","depends_on":["T-E01-F01-003"]}`, "cycle"},
	{"ann", "dep list", `{"task":"T-E01-F01-002"}`, ""},
	{"ann", "dep remove", `{"task":"T-E01-F01-003","depends_on":["T-E01-F01-001"]}`, ""},
	{"ann", "dep remove", `{"task":"T-E01-F01-003","depends_on":["T-E01-F01-001"]}`, "not_found"},
	{"ann", "label add", `{"keys":["T-E01-F01-001"],"labels":["cards","Security"]}`, ""},
	{"ann", "label add", `{"keys":["E01","T-E01-F01-002"],"labels":["q3"]}`, ""},
	{"ann", "label add", `{"keys":["E01"],"labels":["two words"]}`, "bad_label"},
	{"ann", "label remove", `{"keys":["T-E01-F01-001"],"labels":["CARDS"]}`, ""},
	{"ann", "plan undo", `{"dry_run":true}`, ""},
	{"ann", "plan undo", `{}`, ""},
	{"ann", "plan redo", `{}`, ""},
	{"ann", "plan redo", `{}`, "nothing_to_redo"},
	{"ann", "task list", `{"query":"label:q3 -label:security"}`, ""},
	{"ann", "task count", `{"query":"label:q3 or is:done"}`, ""},
	{"ann", "task count", `{"group":"status"}`, ""},
	{"ann", "task count", `{"group":"epic","query":"priority:2"}`, ""},
	{"ann", "task count", `{"group":"title"}`, "bad_group"},
	{"ann", "task list", `{"query":"@ready priority:2"}`, ""},
	{"ann", "task list", `{"query":"@redy"}`, "bad_query"},
	{"ann", "item show-many", `{"keys":["E01","T-E01-F01-001"]}`, ""},
	{"ann", "item show-many", `{"keys":["E01","E77"]}`, "not_found"},
	{"ann", "item link", `{"key":"T-E01-F01-002","to":["T-E01-F01-001"],"as":"discovered-from"}`, ""},
	{"ann", "item link", `{"key":"T-E01-F01-001","to":["internal/cards/luhn.go","https://example.com/luhn","E01"]}`, ""},
	{"ann", "item link", `{"key":"T-E01-F01-001","to":["docs/draft.md"]}`, ""},
	{"ann", "item unlink", `{"key":"T-E01-F01-001","to":["docs/draft.md"]}`, ""},
	{"ann", "item link", `{"key":"T-E01-F01-001","to":["T-E01-F01-001"]}`, "bad_link"},
	{"ann", "item link", `{"key":"T-E01-F01-001","to":["nonsense"]}`, "bad_link"},
	{"ann", "item link", `{"key":"T-E01-F01-001","to":["T-E01-F01-999"]}`, "not_found"},
	{"ann", "task list", `{"query":"file:internal/cards has:link"}`, ""},
	{"ann", "task create", `{"feature":"E01-F01","title":"Found on the way","discovered_from":"T-E01-F01-001"}`, ""},
	{"ann", "task archive", `{"keys":["T-E01-F01-004"],"duplicate_of":"T-E01-F01-001"}`, ""},
	{"ann", "task archive", `{"keys":["T-E01-F01-004"],"resolution":"lost"}`, "bad_resolution"},
	{"ann", "task list", `{"query":"resolution:duplicate"}`, ""},
	{"ann", "check add", `{"key":"T-E01-F01-001","checks":["no number, no card","the error names the field"]}`, ""},
	{"ann", "check add", `{"key":"T-E01-F01-001","checks":["two\nlines"]}`, "bad_check"},
	{"ann", "check tick", `{"key":"T-E01-F01-001","n":[1,2]}`, ""},
	{"ann", "check tick", `{"key":"T-E01-F01-001","n":[3]}`, "not_found"},
	{"ann", "check untick", `{"key":"T-E01-F01-001","n":[2]}`, ""},
	{"ann", "check add", `{"key":"T-E01-F01-001","checks":["a slip"]}`, ""},
	{"ann", "check remove", `{"key":"T-E01-F01-001","n":[3]}`, ""},
	{"ann", "ref add", `{"key":"T-E01-F01-001","refs":["gh#42","PROJ-7"]}`, ""},
	{"ann", "ref add", `{"key":"T-E01-F01-002","refs":["github:42"]}`, "ref_taken"},
	{"ann", "ref remove", `{"key":"gh#42","refs":["PROJ-7"]}`, ""},
	{"ann", "item show", `{"key":"github:42"}`, ""},
	{"ann", "feature create", `{"epic":"E01","title":"Later"}`, ""},
	{"ann", "task create", `{"feature":"E01-F02","title":"Misplaced"}`, ""},
	{"ann", "item move", `{"keys":["T-E01-F02-001"],"to":"E01-F01"}`, ""},
	{"ann", "item move", `{"keys":["T-E01-F02-001"],"to":"E01"}`, "bad_key"},
	{"ann", "item show", `{"key":"T-E01-F02-001"}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F02-001"],"title":"In its place"}`, ""},
	{"ann", "task archive", `{"keys":["T-E01-F02-001"]}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"kind":"chore","due":"2027-01-31"}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"due":"someday"}`, "bad_date"},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"estimate":2.5}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"assignee":"bob","defer":"2999-12-31"}`, ""},
	{"ann", "task claim", `{"keys":["T-E01-F01-003"]}`, "assigned"},
	{"bob", "task claim", `{"keys":["T-E01-F01-003"]}`, "not_ready"},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"defer":"someday"}`, "bad_date"},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"assignee":"","defer":""}`, ""},
	{"ann", "task order", `{"key":"T-E01-F01-003","before":"T-E01-F01-001"}`, ""},
	{"ann", "task order", `{"key":"T-E01-F01-003","after":"T-E01-F01-002"}`, ""},
	{"ann", "task order", `{"key":"T-E01-F01-003","after":"T-E01-F01-003"}`, "bad_key"},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"estimate":"much"}`, "bad_estimate"},
	{"ann", "plan apply", `{"epics":[{"id":"e","title":"Shop","features":[{"title":"Cart","tasks":[{"id":"a","title":"Pay","depends_on":["b"]},{"id":"b","title":"Fill","labels":["ui"],"priority":3},"Empty"]}]}]}`, ""},
	{"ann", "plan apply", `{"epic":"E02","features":[{"key":"E02-F01","tasks":[{"key":"T-E02-F01-002","priority":4}]}]}`, ""},
	{"ann", "plan apply", `{"feature":"E02-F01","tasks":[{"id":"x","title":"Pay","prioritty":1}]}`, "unknown_field"},
	{"ann", "plan apply", `{"feature":"E02-F01","tasks":[{"id":"x","title":"X","depends_on":["x"]}],"dry_run":true}`, "cycle"},
	{"ann", "epic update", `{"key":"E02","status":"draft"}`, ""},
	{"ann", "task create", `{"feature":"E01-F01","title":"Check the backups","due":"2027-03-01","repeat":"every 2 weeks on mon"}`, ""},
	{"ann", "task complete", `{"keys":["T-E01-F01-006"]}`, ""},
	{"ann", "item show", `{"key":"T-E01-F01-007"}`, ""},
	{"ann", "task archive", `{"keys":["T-E01-F01-007"]}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-003"],"repeat":"often"}`, "bad_repeat"},
	{"a1", "task next", `{}`, ""},
	{"a1", "task next", `{"claim":true,"agent_type":"backend","lease":"2h"}`, ""},
	{"a2", "task next", `{"claim":true}`, ""},
	{"a1", "task claim", `{"keys":["T-E01-F01-001"]}`, "already_yours"},
	{"a2", "task claim", `{"keys":["T-E01-F01-001"]}`, "held"},
	{"a2", "task claim", `{"keys":["T-E01-F01-002"]}`, "not_ready"},
	{"a2", "task submit", `{"keys":["T-E01-F01-001"]}`, "held"},
	{"a1", "task context", `{"key":"T-E01-F01-001"}`, ""},
	{"a1", "task mine", `{}`, ""},
	{"a1", "note add", `{"key":"T-E01-F01-001","body":"the test data is in testdata/cards"}`, ""},
	{"a1", "note add", `{"key":"T-E01-F01-001","body":"use Luhn","kind":"decision"}`, ""},
	{"a1", "note add", `{"key":"T-E01-F01-001","body":"x","kind":"rumour"}`, "bad_note_kind"},
	{"a1", "note list", `{"key":"T-E01-F01-001"}`, ""},
	{"a1", "note edit", `{"key":"T-E01-F01-001","n":1,"body":"the test data is in testdata/cards.csv"}`, ""},
	{"a1", "note edit", `{"key":"T-E01-F01-001","n":9,"body":"x"}`, "no_note"},
	{"a1", "note remove", `{"key":"T-E01-F01-001","n":2}`, ""},
	{"a1", "note remove", `{"key":"T-E01-F01-001","n":2}`, "no_note"},
	{"a1", "note add", `{"key":"E01","body":"cards before cash","kind":"decision"}`, ""},
	{"a1", "note list", `{"key":"E01"}`, ""},
	{"a1", "note add", `{"key":"plan","body":"we deploy on Fridays","kind":"memory"}`, ""},
	{"a1", "note edit", `{"key":"plan","n":1,"body":"we deploy on Thursdays"}`, ""},
	{"a1", "note add", `{"key":"plan","body":"out of date"}`, ""},
	{"a1", "note remove", `{"key":"plan","n":2}`, ""},
	{"a1", "note accept", `{"n":[1]}`, ""},
	{"a1", "note accept", `{"n":[9]}`, "no_note"},
	{"a1", "note list", `{"key":"plan"}`, ""},
	{"a1", "question ask", `{"key":"T-E01-F01-001","body":"which bank first?","to":"ann","choices":["Visa","Amex"]}`, ""},
	{"a1", "question ask", `{"key":"T-E01-F01-001","body":"may I change the schema?","hold":true}`, ""},
	{"a1", "question ask", `{"key":"E01","body":"x","hold":true}`, "bad_question"},
	{"a1", "question ask", `{"key":"T-E01-F01-001","body":" "}`, "bad_question"},
	{"ann", "question list", `{}`, ""},
	{"ann", "question list", `{"to":"bob","limit":1}`, ""},
	{"a1", "question answer", `{"key":"T-E01-F01-001","n":3,"answer":"Visa"}`, "own_question"},
	{"ann", "question answer", `{"key":"T-E01-F01-001","n":3,"answer":"Maestro"}`, "bad_choice"},
	{"ann", "question answer", `{"key":"T-E01-F01-001","n":3,"answer":"visa"}`, ""},
	{"ann", "question answer", `{"key":"T-E01-F01-001","n":3,"answer":"Amex"}`, "answered"},
	{"ann", "question answer", `{"key":"T-E01-F01-001","n":1,"answer":"x"}`, "not_a_question"},
	{"ann", "question answer", `{"key":"T-E01-F01-001","n":4,"answer":"yes"}`, ""},
	{"a1", "task context", `{"key":"T-E01-F01-001"}`, ""},
	{"a1", "task renew", `{"keys":["T-E01-F01-001"]}`, ""},
	{"a1", "task submit", `{"keys":["T-E01-F01-001"],"fence":7}`, "lease_lost"},
	{"a1", "task submit", `{"keys":["T-E01-F01-001"],"fence":1}`, ""},
	{"ann", "task reject", `{"keys":["T-E01-F01-001"]}`, "reason_required"},
	{"ann", "task reject", `{"keys":["T-E01-F01-001"],"reason":"no test for expired cards"}`, ""},
	{"a1", "task handoff", `{"key":"T-E01-F01-001","body":"half done","release":true}`, ""},
	{"a1", "task claim", `{"keys":["T-E01-F01-001"]}`, ""},
	{"a1", "task submit", `{"keys":["T-E01-F01-001"],"reason":"with a test"}`, ""},
	{"ann", "task approve", `{"keys":["T-E01-F01-001"]}`, ""},
	{"ann", "task approve", `{"keys":["T-E01-F01-001"]}`, "bad_transition"},
	{"ann", "task reopen", `{"keys":["T-E01-F01-001"],"reason":"fails on leap days"}`, ""},
	{"a2", "task start", `{"keys":["T-E01-F01-001"]}`, ""},
	{"a2", "task block", `{"keys":["T-E01-F01-001"],"reason":"waits for the bank"}`, ""},
	{"a2", "task unblock", `{"keys":["T-E01-F01-001"]}`, ""},
	{"a2", "task complete", `{"keys":["T-E01-F01-001"]}`, ""},
	{"a2", "task release", `{"keys":["T-E01-F01-002"]}`, "bad_transition"},
	{"a2", "task start", `{"keys":["T-E01-F01-002"]}`, ""},
	{"a2", "task release", `{"keys":["T-E01-F01-002"]}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-002"],"title":"Show the receipt at once","priority":1}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-002","T-E01-F01-003"],"agent_type":"frontend"}`, ""},
	{"ann", "task update", `{"keys":["T-E01-F01-002"],"priority":4,"if_version":1}`, "stale_version"},
	{"ann", "epic update", `{"key":"E01","business_value":"low"}`, ""},
	{"ann", "feature update", `{"key":"E01-F01","title":"Cards and cash"}`, ""},
	{"ann", "feature update", `{"key":"E01-F01","status":"gone"}`, "bad_status"},
	{"ann", "task archive", `{"keys":["T-E01-F01-003"]}`, ""},
	{"ann", "task create", `{"feature":"E01-F01","title":"Staged","stage":"nowhere"}`, "no_stage"},
	{"ann", "task update", `{"keys":["T-E01-F01-002"],"stage":"nowhere"}`, "no_stage"},
	{"ann", "task list", `{"query":"stage:test"}`, "no_stage"},
	{"ann", "task count", `{"group":"stage"}`, ""},
	{"a1", "task list", `{"query":"type:frontend","limit":20}`, ""},
	{"a1", "task list", `{"status":["completed","archived"],"sort":"-priority","limit":1}`, ""},
	{"a1", "task list", `{"query":"epics","limit":20}`, "bad_query"},
	{"a1", "task list", `{"query":"status = todo","limit":20}`, "bad_query"},
	{"a1", "task list", `{"query":"todo","limit":20}`, "bad_query"},
	{"a1", "task list", `{"query":"held-by:a1","limit":20}`, ""},
	{"a1", "task search", `{"text":"status:todo","limit":20}`, "bad_query"},
	{"a1", "task search", `{"text":"receipt","limit":20}`, ""},
	{"a1", "item show", `{"key":"e01-f01"}`, ""},
	{"a1", "item show", `{"key":"T-E01-F01-001"}`, ""},
	{"a1", "item show", `{"key":"E77"}`, "not_found"},
	{"a1", "item show", `{"key":"nonsense"}`, "bad_key"},
	{"a1", "plan tree", `{"depth":"task"}`, ""},
	{"a1", "plan status", `{}`, ""},
	{"a1", "plan report", `{"since":"1d"}`, ""},
	{"a1", "plan report", `{"since":"someday"}`, "bad_date"},
	{"a1", "plan diff", `{"from":"1d"}`, ""},
	{"a1", "plan insights", `{"query":"type:nobody"}`, ""},
	{"a1", "plan forecast", `{}`, ""},
	{"a1", "plan log", `{"agent":["a1"],"since":"today"}`, ""},
	{"a1", "plan log", `{"until":"someday"}`, "bad_date"},
	{"a1", "plan log", `{"key":"E01","limit":3}`, ""},
	{"a1", "task next", `{"claim":true,"agent_type":"nobody","feature":"E01-F01"}`, ""},
	{"ann", "field create", `{"name":"severity","type":"choice","choices":["low","high"],"on":["task"]}`, ""},
	{"ann", "field create", `{"name":"status","type":"text"}`, "bad_field"},
	{"ann", "field update", `{"name":"severity","choices":["low","mid","high"]}`, ""},
	{"ann", "field list", `{}`, ""},
	{"ann", "task create", `{"feature":"E01-F01","title":"Own","repeat":"weekly","due":"2999-01-01"}`, ""},
	{"ann", "task list", `{"query":"severity:mid"}`, ""},
	{"ann", "field delete", `{"name":"status"}`, "not_found"},
	{"ann", "field delete", `{"name":"severity","force":true}`, ""},
	{"ann", "repeat show", `{"key":"T-E01-F01-008"}`, ""},
	{"ann", "check add", `{"key":"T-E01-F01-008","checks":["a","b"]}`, ""},
	{"ann", "check move", `{"key":"T-E01-F01-008","n":2,"before":1}`, ""},
	{"ann", "stage create", `{"name":"build"}`, ""},
	{"ann", "stage create", `{"name":"test","agent_type":"tester","limit":2}`, ""},
	{"ann", "stage update", `{"name":"test","limit":3}`, ""},
	{"ann", "stage list", `{}`, ""},
	{"ann", "stage delete", `{"name":"test"}`, ""},
	{"ann", "stage delete", `{"name":"nowhere"}`, "no_stage"},
	{"ann", "label rename", `{"label":"q3","to":"q4"}`, ""},
	{"ann", "label list", `{}`, ""},
	{"ann", "view save", `{"name":"review","query":"status:ready_for_review sort:-updated","columns":["key","title","agent"]}`, ""},
	{"ann", "view save", `{"name":"mistake","query":"statsu:todo"}`, "bad_query"},
	{"ann", "view list", `{}`, ""},
	{"ann", "view delete", `{"name":"review"}`, ""},
	{"ann", "project set", `{"name":"estimate_unit","value":"days"}`, ""},
	{"ann", "project set", `{"name":"colour","value":"red"}`, "bad_setting"},
	{"ann", "project show", `{}`, ""},
	{"ann", "epic create", `{"title":"Dated","due":"2999-01-01","defer":"2998-01-01","labels":["q9"]}`, ""},
	{"ann", "feature create", `{"epic":"E03","title":"Dated","due":"2999-01-01T10:00:00Z"}`, ""},
	{"ann", "epic update", `{"key":"E03","due":"","defer":""}`, ""},
	{"ann", "feature update", `{"key":"E03-F01","due":"someday"}`, "bad_date"},
	{"ann", "dep add", `{"task":"E03","depends_on":["E02"]}`, ""},
	{"ann", "dep add", `{"task":"E02-F01","depends_on":["E03-F01"]}`, "cycle"},
	{"ann", "dep list", `{"task":"E03"}`, ""},
	{"ann", "project set", `{"name":"require_checks","value":"true"}`, ""},
	{"ann", "task complete", `{"keys":["T-E01-F01-008"]}`, "rule"},
}

// A session gives the same answers and the same errors on every surface, and
// leaves the same history but for the surface's name.
func TestSessionIsTheSameEverywhere(t *testing.T) {
	each(t, func(t *testing.T, fresh func() string) {
		addresses := map[string]string{"cli": fresh(), "http": fresh(), "mcp": fresh()}
		surfaces := map[string]surface{"cli": onCLI(addresses["cli"]), "http": onHTTP(serveHTTP(t, addresses["http"])), "mcp": onMCP(addresses["mcp"])}
		for i, s := range session {
			got := map[string]outcome{}
			for name, on := range surfaces {
				var args map[string]any
				if err := json.Unmarshal([]byte(s.args), &args); err != nil {
					t.Fatal(err)
				}
				o := on(t, s.agent, s.op, args)
				if name == "http" && o.code == "" {
					checkSchemas(t, s, o.text)
				}
				o.text = normalise(o.text)
				got[name] = o
				if o.code != s.code {
					t.Errorf("step %d, %s %s on %s: code %q, want %q", i, s.op, s.args, name, o.code, s.code)
				}
			}
			if got["cli"] != got["http"] {
				t.Errorf("step %d, %s: on the command line %+v\nover HTTP %+v", i, s.op, got["cli"], got["http"])
			}
			checkLean(t, s, got["cli"], got["mcp"])
		}
		histories := map[string]string{}
		for name, address := range addresses {
			histories[name] = history(t, address, name)
		}
		if histories["cli"] != histories["http"] || histories["cli"] != histories["mcp"] {
			t.Errorf("the histories differ:\n%s\n%s\n%s", histories["cli"], histories["http"], histories["mcp"])
		}
	})
}

// checkSchemas holds the input and the answer against their schemas.
func checkSchemas(t *testing.T, s step, answer string) {
	t.Helper()
	op, _ := ops.Find(s.op)
	out := ops.AnswerSchema(op, "#/$defs/")
	out.Defs = ops.Definitions("#/$defs/")
	for _, c := range []struct {
		schema any
		text   string
	}{{ops.InputSchema(op), s.args}, {out, answer}} {
		b, err := json.Marshal(c.schema)
		if err != nil {
			t.Fatal(err)
		}
		var schema jsonschema.Schema
		if err := json.Unmarshal(b, &schema); err != nil {
			t.Fatalf("%s: %s: %v", s.op, b, err)
		}
		resolved, err := schema.Resolve(nil)
		if err != nil {
			t.Fatalf("%s: %v", s.op, err)
		}
		var value any
		if err := json.Unmarshal([]byte(c.text), &value); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(value); err != nil {
			t.Errorf("%s: %s is not as its schema says: %v", s.op, c.text, err)
		}
	}
}

var keyForm = regexp.MustCompile(`"key":"([^"]+)"`)

// checkLean compares what MCP answers with the JSON of the others: the same,
// or shorter, with every item in it.
func checkLean(t *testing.T, s step, whole, lean outcome) {
	t.Helper()
	if whole.kind != lean.kind || whole.code != lean.code {
		t.Errorf("%s %s: over MCP %+v, elsewhere %+v", s.op, s.args, lean, whole)
	}
	if s.op == "plan insights" {
		return // the tasks of its charts are left out
	}
	whole.text = commandLines.ReplaceAllString(whole.text, "")
	if strings.HasPrefix(lean.text, "{") {
		if strings.TrimSuffix(whole.text, "\n") != lean.text {
			t.Errorf("%s: over MCP %s, elsewhere %s", s.op, lean.text, whole.text)
		}
		return
	}
	if len(whole.text) > 0 && len(lean.text) > len(whole.text) {
		t.Errorf("%s: %d bytes over MCP, %d elsewhere", s.op, len(lean.text), len(whole.text))
	}
	for _, m := range keyForm.FindAllStringSubmatch(lastChanges.ReplaceAllString(whole.text, ""), -1) {
		if !strings.Contains(lean.text, m[1]) {
			t.Errorf("%s: %s is not in what MCP answers: %s", s.op, m[1], lean.text)
		}
	}
}

// commandLines are for those who have a command line.
var commandLines = regexp.MustCompile(`,"next_commands":\[("(\\.|[^"\\])*",?)*\]`)

// lastChanges are the changes of a status, of which an agent gets three.
var lastChanges = regexp.MustCompile(`,"last_changes":\[.*`)

var changing = []*regexp.Regexp{
	regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`),
	regexp.MustCompile(`"(hash|operation|next_cursor)":"[^"]*"`),
	regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`),
	regexp.MustCompile(`"surface":"[a-z]+"`),
	regexp.MustCompile(`"session":("[^"]*"|\[[^\]]*\])`),
}

// machine is what project show knows of the machine it is run on.
var machine = regexp.MustCompile(`,"machine":\[[^\]]*\]`)

// normalise leaves out what differs from run to run, and between surfaces.
func normalise(s string) string {
	s = commandLines.ReplaceAllString(machine.ReplaceAllString(s, ""), "")
	for _, r := range changing {
		s = r.ReplaceAllString(s, "…")
	}
	return s
}

// history returns all records of a database, and checks that all are the surface's.
func history(t *testing.T, address, surface string) string {
	t.Helper()
	p := open(t, address)
	all := 0
	log, err := p.Log(plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), tracker.Log{Limit: &all})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range log.Items {
		if h.Surface != surface {
			t.Errorf("%s was done through %q, not %q", h.Key, h.Surface, surface)
		}
	}
	b, err := json.Marshal(log.Items)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(normalise(string(b)), "},{", "},\n{")
}

// noCommand says why an operation is none of the command line.
var noCommand = map[string]string{
	"plan replica": "a screen's copy of the plan: pm list --json prints tasks",
	"plan keys":    "a screen's: pm list --quiet prints keys",
}

// noTool says why an operation is no agent's.
var noTool = map[string]string{
	"plan replica":  "a screen's copy of the plan",
	"plan keys":     "a screen has the tasks, and asks which of them a query finds",
	"item delete":   "an agent archives; deleting is a person's",
	"item redact":   "removing for good is a person's",
	"trash restore": "deleting is a person's, and so is taking it back",
	"trash list":    "deleting is a person's, and so is taking it back",
	"trash show":    "deleting is a person's, and so is taking it back",
	"trash empty":   "deleting for good is a person's",
	"ops list":      "what others did is a person's to look through",
	"ops show":      "what others did is a person's to look through",
	"view show":     "project_status lists views with their queries",
	"epic show":     "show takes the key of an epic",
	"feature show":  "show takes the key of a feature",
	"task show":     "show takes the key of a task",
	"epic list":     "tree lists epics, with their features",
	"feature list":  "tree lists the features of an epic",
	"plan graph":    "dep lists what a task waits for, and what waits for it",
}

// Every operation has its surfaces, or there is a reason why not; and the
// session above has every operation that agents have.
func TestEveryOperationHasItsSurfaces(t *testing.T) {
	stdout, _, _ := run(t, "", "ann", "", "commands")
	var commands []struct{ Name string }
	if err := json.Unmarshal([]byte(stdout), &commands); err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, c := range commands {
		has[c.Name] = true
	}
	tooled, played := map[string]bool{}, map[string]bool{}
	for _, behind := range mcpserver.Behind() {
		for _, name := range behind {
			tooled[name] = true
		}
	}
	for _, s := range session {
		played[s.op] = true
	}
	routes := map[string]string{}
	for _, op := range ops.Table() {
		if has[commandOf(op)] == (noCommand[op.Name] != "") {
			t.Errorf("%s: a command %t, a reason against it %q", op.Name, has[commandOf(op)], noCommand[op.Name])
		}
		for _, route := range slices.DeleteFunc([]string{op.Route, op.Also}, func(s string) bool { return s == "" }) {
			if routes[route] != "" {
				t.Errorf("%s and %s share the route %s", op.Name, routes[route], route)
			}
			routes[route] = op.Name
		}
		if op.Route == "" {
			t.Errorf("%s has no route", op.Name)
		}
		switch {
		case tooled[op.Name] == (noTool[op.Name] != ""):
			t.Errorf("%s: a tool %t, a reason against it %q", op.Name, tooled[op.Name], noTool[op.Name])
		case tooled[op.Name] && !played[op.Name]:
			t.Errorf("%s is not in the session", op.Name)
		}
	}
}
