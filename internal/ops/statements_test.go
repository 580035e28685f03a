package ops_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pm/internal/bench"
	"pm/internal/db"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"

	_ "modernc.org/sqlite"
)

// calls are what each operation of the table is called with: JSON, in which
// {todo} stands for the key of a ready task, and so on. An operation without
// any fails the test.
var calls = map[string][]string{
	"epic create":      {`{"title":"x"}`},
	"epic show":        {`{"key":"E02"}`},
	"epic list":        {`{}`, `{"status":["active"],"limit":1}`},
	"epic update":      {`{"key":"E02","title":"x"}`, `{"key":"E02","status":"draft"}`, `{"key":"E02","status":"completed"}`, `{"key":"E02","defer":"2999-12-31"}`},
	"feature create":   {`{"epic":"E02","title":"x"}`},
	"feature show":     {`{"key":"E02-F01"}`},
	"feature list":     {`{}`, `{"epic":"E02","status":["active"]}`},
	"feature update":   {`{"key":"E02-F01","title":"x"}`, `{"key":"E02-F01","status":"draft"}`, `{"key":"E02-F01","status":"archived"}`, `{"key":"E02-F01","defer":"2999-12-31"}`},
	"task create":      {`{"feature":"E02-F01","title":"x","depends_on":["{todo}"]}`},
	"task create-many": {`{"tasks":[{"feature":"E02-F01","title":"x"},{"feature":"E02-F02","title":"x"}]}`},
	"task show":        {`{"key":"{todo}"}`},
	"task list": {`{"query":"stage:build is:open"}`, `{"query":"sort:stage,priority"}`, `{"query":"is:open sort:-stage","limit":0}`, `{"query":"is:deferred defer:<=+7d sort:defer"}`, `{"query":"assignee:a1"}`, `{"query":"sort:position"}`, `{}`, `{"status":["todo"]}`, `{"status":["todo"],"sort":"priority"}`, `{"agent_type":["backend"]}`, `{"assigned_agent":["a01"]}`,
		`{"epic":"E02"}`, `{"feature":"E02-F01","status":["todo","blocked"]}`, `{"ready":true,"sort":"priority"}`, `{"sort":"priority"}`,
		`{"sort":"created"}`, `{"sort":"-updated"}`, `{"status":["todo"],"max_priority":3}`, `{"query":"payment -wiki sort:-updated"}`, `{"query":"severity:low"}`, `{"query":"has:severity severity>=low"}`, `{"query":"sort:severity"}`, `{"query":"is:open sort:-severity,updated"}`, `{"sort":"priority,-updated"}`, `{"sort":"due,created"}`, `{"query":"is:open sort:-created,key"}`, `{"query":"type:docs or (label:ui is:open)"}`,
		`{"limit":0}`, `{"limit":0,"status":["todo"],"sort":"-updated"}`, `{"query":"estimate:<=4 sort:estimate"}`},
	"plan replica": {`{}`, `{"keys":["{todo}","{mine}"]}`}, "plan keys": {`{}`, `{"query":"is:open sort:priority"}`},
	"task update": {`{"keys":["{todo}"],"title":"x","priority":1,"estimate":2.5}`, `{"keys":["{todo}"],"assignee":"a1","defer":"2999-12-31"}`},
	"task next":   {`{"agent_type":"tester","epic":"{empty}"}`, `{}`, `{"claim":true}`, `{"claim":true,"context":true}`, `{"claim":true,"agent_type":"backend"}`, `{"epic":"E02"}`, `{"epic":"{empty}","agent_type":"backend"}`, `{"agent_type":"backend","not":["{todo}"]}`},
	"task mine":   {`{}`},
	"task count": {`{}`, `{"query":"status:todo"}`, `{"group":"epic"}`, `{"group":"status","epic":"E02"}`, `{"group":"feature","query":"epic:E02 priority:1"}`, `{"query":"agent:a01 or wiki"}`,
		`{"group":"label","query":"epic:E02"}`, `{"group":"label"}`, `{"group":"agent"}`, `{"group":"assignee"}`, `{"group":"resolution"}`, `{"group":"severity"}`, `{"group":"label","query":"-type:backend"}`, `{"group":"type","query":"status:todo type:backend"}`},
	"task search":  {`{"text":"payment"}`, `{"text":"payment","status":["todo"],"limit":1}`, `{"text":"wiki","limit":0}`, `{"text":"wiki"}`, `{"text":"answer"}`, `{"text":"zugzwang","epic":"E01","status":["todo"]}`},
	"task context": {`{"key":"{todo}"}`, `{"key":"{mine}"}`},
	"task claim":   {`{"keys":["{todo}"]}`}, "task renew": {`{"keys":["{mine}"]}`}, "task release": {`{"keys":["{mine}"]}`},
	"task start": {`{"keys":["{todo}"]}`}, "task submit": {`{"keys":["{mine}"]}`}, "task approve": {`{"keys":["{review}"]}`},
	"task reject": {`{"keys":["{review}"],"reason":"x"}`, `{"keys":["{staged}"],"reason":"x","to":"build"}`, `{"keys":["{staged}"],"reason":"x"}`}, "task complete": {`{"keys":["{todo}","{review}"]}`, `{"keys":["{mine}"]}`},
	"task block": {`{"keys":["{todo}"],"reason":"x"}`}, "task unblock": {`{"keys":["{blocked}"]}`},
	"task reopen": {`{"keys":["{completed}"],"reason":"x"}`}, "task archive": {`{"keys":["{todo}"]}`, `{"keys":["{todo}"],"duplicate_of":"{mine}"}`},
	"dep add": {`{"task":"{todo}","depends_on":["{completed}"]}`, `{"task":"{todo}","depends_on":["E03"]}`, `{"task":"E02-F02","depends_on":["E02-F01"]}`, `{"task":"E02","depends_on":["E01"]}`}, "dep remove": {`{"task":"{other}","depends_on":["E01-F01"]}`, `{"task":"{waiting}","depends_on":["{awaited}"]}`}, "dep list": {`{"task":"{todo}"}`},
	"task handoff": {`{"key":"{mine}","body":"x"}`, `{"key":"{mine}","body":"x","release":true}`},
	"note add":     {`{"key":"{todo}","body":"x"}`, `{"key":"E02","body":"x"}`, `{"key":"E02-F01","body":"x"}`, `{"key":"plan","body":"x","kind":"memory"}`}, "note accept": {`{"all":true}`}, "note list": {`{"key":"{todo}"}`, `{"key":"E02"}`},
	"question ask":  {`{"key":"{todo}","body":"x","hold":true}`, `{"key":"{mine}","body":"x","choices":["a","b"]}`, `{"key":"E02","body":"x"}`},
	"question list": {`{}`, `{"to":"me","limit":1}`}, "question answer": {`{"key":"{held}","n":1,"answer":"x"}`},
	"note edit": {`{"key":"{mine}","n":1,"body":"x"}`}, "note remove": {`{"key":"{mine}","n":1}`},
	"item show":      {`{"key":"E02"}`, `{"key":"E02-F01"}`, `{"key":"{todo}"}`, `{"key":"{mine}"}`},
	"item show-many": {`{"keys":["E02","{todo}"]}`},
	"item delete":    {`{"key":"{todo}","force":true}`, `{"key":"E02-F01","force":true}`, `{"key":"E02","force":true}`},
	"item redact": {`{"key":"E02","field":"title"}`, `{"key":"E02-F01","field":"title"}`, `{"key":"{mine}","field":"note","note":1}`, `{"key":"{mine}","field":"title"}`,
		`{"key":"{trashed task}","field":"title"}`},
	"trash restore": {`{"key":"{trashed}"}`, `{"key":"{trashed task}"}`, `{"key":"{trashed feature}"}`},
	"trash list":    {`{}`},
	"trash show":    {`{"key":"{trashed}"}`},
	"trash empty":   {`{}`},
	"plan log":      {`{}`, `{"since":"-3d","until":"now","agent":["ada"],"surface":["cli"],"limit":1}`, `{"key":"E02","agent":["ada","me"],"since":"2020-01-01"}`, `{"key":"E02","limit":1}`, `{"key":"{todo}"}`, `{"key":"E02-F01"}`, `{"key":"E02"}`},
	"task order":    {`{"key":"{todo}","before":"{completed}"}`, `{"key":"{todo}","after":"{completed}"}`},
	"item move":     {`{"keys":["{todo}","{waiting}","{awaited}"],"to":"{other}"}`, `{"keys":["E02-F50"],"to":"E01"}`},
	"item link":     {`{"key":"{todo}","to":["{mine}","docs/a.md","E02","E02-F01"]}`, `{"key":"E02","to":["{mine}"],"as":"duplicated-by"}`},
	"item unlink":   {`{"key":"{mine}","to":["internal/x.go","{blocked}"]}`},
	"ref add":       {`{"key":"{todo}","refs":["gh#1"]}`},
	"ref remove":    {`{"key":"{mine}","refs":["x-1"]}`},
	"label add":     {`{"keys":["{todo}","E01"],"labels":["a","b"]}`},
	"label remove":  {`{"keys":["{mine}"],"labels":["ui"]}`},
	"check add":     {`{"key":"{todo}","checks":["x","y"]}`},
	"check tick":    {`{"key":"{mine}","n":[1]}`},
	"check untick":  {`{"key":"{mine}","n":[2]}`},
	"check remove":  {`{"key":"{mine}","n":[1,2]}`},
	"check move":    {`{"key":"{mine}","n":2,"before":1}`},
	"repeat show":   {`{"key":"{mine}"}`},
	"label list":    {`{}`},
	"stage create":  {`{"name":"ship","limit":2,"before":"test"}`},
	"stage list":    {`{}`},
	"stage update":  {`{"name":"test","limit":5,"after":"build"}`},
	"stage delete":  {`{"name":"test","to":"build"}`},
	"label rename":  {`{"label":"ui","to":"web"}`},
	"field create":  {`{"name":"color","type":"choice","choices":["red","blue"]}`},
	"field list":    {`{}`},
	"field update":  {`{"name":"severity","choices":["high","low"]}`},
	"field delete":  {`{"name":"severity","force":true}`},
	"project show":  {`{}`},
	"project set":   {`{"name":"require_review","value":"true"}`, `{"name":"time_zone","value":""}`},
	"plan apply": {`{"feature":"E02-F01","tasks":[{"id":"a","title":"x","labels":["ui"]},{"title":"y","depends_on":["a"]},{"key":"{todo}","title":"z"},{"key":"{waiting}","depends_on":[]}]}`,
		`{"epics":[{"title":"new","features":[{"title":"new","tasks":[{"id":"b","title":"x"}]}]},{"key":"E02","status":"draft","features":[{"title":"new"}]}]}`},
	"plan tree": {`{}`, `{"key":"E02"}`, `{"depth":"feature"}`},
	"view save": {`{"name":"x","query":"is:open"}`},
	"view list": {`{}`},
	"ops list":  {`{}`, `{"limit":2,"before":"last"}`}, "ops show": {`{"id":"last"}`},
	"view show":     {`{"name":"mine"}`},
	"view delete":   {`{"name":"kept"}`},
	"plan status":   {`{}`},
	"plan insights": {`{}`, `{"query":"E02","chart":"cycle"}`, `{"query":"type:backend priority:1..3"}`, `{"query":"{todo}"}`},
	"plan diff":     {`{"from":"1h"}`, `{"from":"1h","to":"1min","key":"E01"}`},
	"plan report":   {`{}`, `{"since":"1h"}`},
	"plan forecast": {`{}`, `{"query":"E01","by":"+2w"}`, `{"query":"type:backend","without":["E02"],"agents":["backend=3"]}`},
	"plan graph":    {`{}`, `{"key":"E02"}`, `{"key":"E03-F01"}`, `{"key":"{todo}"}`, `{"key":"{waiting}"}`},
	"plan undo":     {`{}`, `{"id":"{epic updated}","skip_conflicts":true}`, `{"id":"{feature updated}","skip_conflicts":true}`, `{"id":"{many updated}","skip_conflicts":true}`, `{"id":"{epic created}","skip_conflicts":true}`, `{"id":"{tasks created}"}`, `{"to":"last"}`},
	"plan redo":     {`{}`},
}

// A stage is a filled database on which every write is taken back.
type stage struct {
	path  string
	ctx   context.Context
	db    *store.DB
	track *tracker.Tracker
	seen  []db.Statement
	keys  map[string]string
	since string // an event, behind which there are more
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{path: filepath.Join(t.TempDir(), "pm.db")}
	s.ctx = plan.WithActor(t.Context(), plan.Actor{Name: "ada", Surface: "cli"})
	db, _, err := store.Create(s.ctx, s.path, store.Options{NormalDurability: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Fill(s.ctx, db, 1000, nil); err != nil {
		t.Fatal(err)
	}
	track := tracker.New(db)
	first := func(in tracker.ListTasks, fits func(plan.Task) bool) string {
		in.Limit = new(int)
		page, err := track.ListTasks(s.ctx, in)
		i := slices.IndexFunc(page.Items, fits)
		if err != nil || i < 0 {
			t.Fatalf("no task for %+v: %v", in, err)
		}
		return page.Items[i].Key.String()
	}
	any := func(plan.Task) bool { return true }
	free := func(task plan.Task) bool { return task.OpenDependencies == 0 }
	waits := func(task plan.Task) bool { return task.OpenDependencies > 0 }
	s.keys = map[string]string{
		"{todo}":      first(tracker.ListTasks{Ready: true, Sort: "-created"}, any),
		"{mine}":      first(tracker.ListTasks{Ready: true, Sort: "created"}, any),
		"{review}":    first(tracker.ListTasks{Status: []string{"ready_for_review"}}, free),
		"{blocked}":   first(tracker.ListTasks{Status: []string{"blocked"}}, any),
		"{completed}": first(tracker.ListTasks{Status: []string{"completed"}}, any),
		"{waiting}":   first(tracker.ListTasks{Status: []string{"todo"}}, waits),
	}
	feed, err := track.OpenFeed(s.ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	s.since = feed.ID()
	if _, err := track.Claim(s.ctx, tracker.Claim{Keys: []string{s.keys["{mine}"]}}); err != nil {
		t.Fatal(err)
	}
	operation := ""
	telling := tracker.WithOperation(s.ctx, &operation)
	empty, err := track.CreateEpic(telling, tracker.CreateEpic{Title: "Empty"})
	if err != nil {
		t.Fatal(err)
	}
	s.keys["{epic created}"] = operation
	other, err := track.CreateFeature(s.ctx, tracker.CreateFeature{Epic: empty.Key.String(), Title: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	s.keys["{other}"] = other.Key.String()
	s.keys["{empty}"] = empty.Key.String()
	trashed, err := track.CreateEpic(s.ctx, tracker.CreateEpic{Title: "Deleted"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := track.CreateFeature(s.ctx, tracker.CreateFeature{Epic: "E02", Title: "x"}); err != nil {
		t.Fatal(err)
	}
	s.keys["{trashed}"], s.keys["{trashed task}"], s.keys["{trashed feature}"] = trashed.Key.String(), "T-E02-F01-001", "E02-F03"
	for _, name := range []string{"{trashed}", "{trashed task}", "{trashed feature}"} {
		if _, err := track.Delete(s.ctx, tracker.Delete{Key: s.keys[name], Force: true}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := track.AddLabels(s.ctx, tracker.Label{Keys: []string{s.keys["{mine}"], "E02"}, Labels: []string{"ui"}}); err != nil {
		t.Fatal(err)
	}
	s.stages(t, track)
	if _, err := track.SaveView(s.ctx, tracker.SaveView{Name: "kept", Query: "is:open"}); err != nil {
		t.Fatal(err)
	}
	refs := make([]string, plan.MaxRefs/2)
	for i := range refs {
		refs[i] = fmt.Sprintf("x-%d", i+1)
	}
	for _, k := range []string{"{mine}", "{todo}", "{blocked}"} {
		if _, err := track.AddRefs(s.ctx, tracker.Ref{Key: s.keys[k], Refs: refs}); err != nil {
			t.Fatal(err)
		}
		for i := range refs {
			refs[i] = k + refs[i]
		}
	}
	for _, name := range []string{plan.OtherReviewer, plan.TimeZone} {
		if _, err := track.SetProject(s.ctx, tracker.SetProject{Name: name, Value: map[string]string{plan.OtherReviewer: "on", plan.TimeZone: "UTC"}[name]}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := track.CreateField(s.ctx, tracker.CreateField{Name: "severity", Type: "choice", Choices: []string{"low", "high"}}); err != nil {
		t.Fatal(err)
	}
	severe := plan.Fields{"severity": plan.TextValue("low")}
	several := 200
	page, err := track.ListTasks(s.ctx, tracker.ListTasks{Limit: &several})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, task := range page.Items {
		keys = append(keys, task.Key.String())
	}
	if _, err := track.UpdateTask(telling, tracker.UpdateTask{Keys: keys, Fields: severe}); err != nil {
		t.Fatal(err)
	}
	s.keys["{many updated}"] = operation
	if _, err := track.UpdateEpic(telling, tracker.UpdateEpic{Key: "E02", Fields: severe}); err != nil {
		t.Fatal(err)
	}
	s.keys["{epic updated}"] = operation
	if _, err := track.UpdateFeature(telling, tracker.UpdateFeature{Key: "E02-F01", Fields: severe}); err != nil {
		t.Fatal(err)
	}
	s.keys["{feature updated}"] = operation
	pair, err := track.CreateTasks(s.ctx, tracker.CreateTasks{Tasks: []tracker.CreateTask{{Feature: "E02-F01", Title: "Waits for the next"}, {Feature: "E02-F01", Title: "Next"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range [][2]string{{s.keys["{other}"], "E01-F01"}, {"E03-F01", "E02-F01"}, {"E03", "E02-F02"}, {pair.Items[0].Key.String(), pair.Items[1].Key.String()}} {
		if _, err := track.AddDependencies(s.ctx, tracker.Depend{Task: e[0], DependsOn: []string{e[1]}}); err != nil {
			t.Fatal(err)
		}
	}
	// Of a long note the record has the digest only.
	if _, err := track.AddNote(s.ctx, tracker.AddNote{Key: s.keys["{mine}"], Body: strings.Repeat("x", 2*plan.InlineText)}); err != nil {
		t.Fatal(err)
	}
	lead := plan.WithActor(s.ctx, plan.Actor{Name: "lead", Surface: "cli"})
	for _, to := range []string{"lead", "", ""} {
		if _, err := track.Ask(s.ctx, tracker.Ask{Key: s.keys["{mine}"], Body: "which?", To: to}); err != nil {
			t.Fatal(err)
		}
	}
	held, err := track.CreateTask(s.ctx, tracker.CreateTask{Feature: s.keys["{other}"], Title: "Held"})
	if err == nil {
		s.keys["{held}"] = held.Key.String()
		_, err = track.Ask(lead, tracker.Ask{Key: s.keys["{held}"], Body: "x", Hold: true})
	}
	for range 10 {
		if err == nil {
			_, err = track.AddNote(s.ctx, tracker.AddNote{Key: s.keys["{mine}"], Body: "x"})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"E02", "E02-F01"} {
		if _, err := track.AddNote(s.ctx, tracker.AddNote{Key: k, Body: "zugzwang"}); err != nil {
			t.Fatal(err)
		}
	}
	linked, err := track.ListTasks(s.ctx, tracker.ListTasks{Epic: "E01"})
	if err != nil {
		t.Fatal(err)
	}
	before := s.keys["{blocked}"]
	for _, task := range append(linked.Items, plan.Task{Key: must(plan.ParseKey(s.keys["{mine}"]))}) {
		if task.Key.String() == s.keys["{blocked}"] {
			continue
		}
		if _, err := track.Link(s.ctx, tracker.Link{Key: task.Key.String(), To: []string{"internal/x.go", before, s.keys["{blocked}"]}}); err != nil {
			t.Fatal(err)
		}
		before = task.Key.String()
	}
	weekly := "weekly"
	if _, err := track.UpdateTask(s.ctx, tracker.UpdateTask{Keys: []string{s.keys["{mine}"]}, Repeat: &weekly}); err != nil {
		t.Fatal(err)
	}
	file := "internal/x.go"
	if _, err := track.UpdateTask(s.ctx, tracker.UpdateTask{Keys: []string{s.keys["{todo}"]}, FilePath: &file}); err != nil {
		t.Fatal(err)
	}
	if _, err := track.AddChecks(s.ctx, tracker.AddChecks{Key: s.keys["{mine}"], Checks: []string{"x", "y"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := track.TickChecks(s.ctx, tracker.Checks{Key: s.keys["{mine}"], N: []int{2}}); err != nil {
		t.Fatal(err)
	}
	deps, err := track.ListDependencies(s.ctx, tracker.ListDependencies{Task: s.keys["{waiting}"]})
	if err != nil || len(deps.DependsOn) == 0 {
		t.Fatal(err)
	}
	s.keys["{awaited}"] = deps.DependsOn[0].Key.String()
	for n, text := range map[int]string{3: "x", 4: strings.Repeat("x", 2*plan.InlineText)} {
		if _, err := track.Answer(lead, tracker.Answer{Key: s.keys["{mine}"], N: n, Answer: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := track.CreateTasks(telling, tracker.CreateTasks{Tasks: []tracker.CreateTask{{Feature: s.keys["{other}"], Title: "x"}, {Feature: s.keys["{other}"], Title: "y"}}}); err != nil {
		t.Fatal(err)
	}
	s.keys["{tasks created}"] = operation
	// What pm undo and pm redo take back if nothing is named.
	if _, err := track.UpdateEpic(s.ctx, tracker.UpdateEpic{Key: "E02", Title: &file}); err != nil {
		t.Fatal(err)
	}
	if _, err := track.UpdateEpic(s.ctx, tracker.UpdateEpic{Key: "E02", Description: &file}); err != nil {
		t.Fatal(err)
	}
	if _, err := track.Undo(s.ctx, tracker.Undo{}); err != nil {
		t.Fatal(err)
	}
	db.Close()
	s.open(t)
	return s
}

// stages makes stages with many tasks, one of them passed on, and one at its limit.
func (s *stage) stages(t *testing.T, track *tracker.Tracker) {
	t.Helper()
	must(track.CreateStage(s.ctx, tracker.CreateStage{Name: "build"}))
	must(track.CreateStage(s.ctx, tracker.CreateStage{Name: "test", AgentType: "tester", Limit: 1}))
	must(track.CreateStage(s.ctx, tracker.CreateStage{Name: "deploy"}))
	var in tracker.CreateTasks
	for i := range 300 {
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: "E02-F02", Title: "x", Stage: []string{"build", "test", "deploy"}[i%3], AgentType: []string{"backend", "docs"}[i%2]})
	}
	made := must(track.CreateTasks(s.ctx, in))
	s.keys["{staged}"], s.keys["{full}"] = made.Items[0].Key.String(), made.Items[4].Key.String()
	must(track.Claim(s.ctx, tracker.Claim{Keys: []string{s.keys["{staged}"], made.Items[1].Key.String()}}))
	must(track.Submit(s.ctx, tracker.ChangeStatus{Keys: []string{s.keys["{staged}"]}}))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// open opens the database anew, so that the engine sees what ANALYZE found.
func (s *stage) open(t *testing.T) {
	t.Helper()
	var err error
	s.db, err = store.Open(s.ctx, s.path, store.Options{Rehearse: true, Observe: s.observe})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	s.track = tracker.New(s.db)
}

func (s *stage) observe(one db.Statement) { s.seen = append(s.seen, one) }

// runAll runs every operation of the table and what is no operation.
func (s *stage) runAll(t *testing.T) {
	t.Helper()
	for _, op := range ops.Table() {
		if len(calls[op.Name]) == 0 {
			t.Errorf("operation %s is called with nothing: add a call", op.Name)
		}
		for _, text := range calls[op.Name] {
			s.run(t, s.ctx, op, text)
		}
	}
	create, _ := ops.Find("epic create")
	s.run(t, tracker.WithIdempotencyKey(s.ctx, "k1"), create, `{"title":"x"}`)
	remove, _ := ops.Find("item delete")
	s.run(t, tracker.WithIdempotencyKey(s.ctx, "k2"), remove, `{"key":"E03"}`)
	if _, err := s.track.Stats(s.ctx, tracker.ShowStats{Sizes: true}); err != nil {
		t.Error(err)
	}
	if _, err := s.track.Brief(s.ctx); err != nil {
		t.Error(err)
	}
	s.watch(t)
	s.transfer(t)
}

// watch does what a server does beside answering.
func (s *stage) watch(t *testing.T) {
	t.Helper()
	feed, err := s.track.OpenFeed(s.ctx, s.since)
	if err == nil {
		_, err = feed.Next(s.ctx)
	}
	if err == nil {
		_, err = s.track.Gauges(s.ctx)
	}
	if err == nil {
		err = s.track.Check(s.ctx)
	}
	if err != nil {
		t.Error(err)
	}
}

func (s *stage) run(t *testing.T, ctx context.Context, op ops.Op, text string) {
	t.Helper()
	for name, key := range s.keys {
		text = strings.ReplaceAll(text, name, key)
	}
	in := op.NewInput()
	args, err := ops.ParseArguments([]byte(text))
	if err == nil {
		err = ops.Decode(in, args)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", op.Name, text, err)
	}
	out, err := op.Call(ctx, s.track, in)
	if err != nil {
		t.Errorf("%s %s: %v", op.Name, text, err)
		return
	}
	// The second page of a list asks otherwise than the first.
	b, _ := json.Marshal(out)
	var page struct {
		Next string `json:"next_cursor"`
	}
	if json.Unmarshal(b, &page); page.Next != "" && !strings.Contains(text, "cursor") {
		more := `{"cursor":"` + page.Next + `"}`
		if text != "{}" {
			more = strings.TrimSuffix(text, "}") + `,"cursor":"` + page.Next + `"}`
		}
		s.run(t, ctx, op, more)
	}
}

// transfer exports, and imports again: into the same plan, where all is
// known, and into an empty one.
func (s *stage) transfer(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	if err := s.track.Export(s.ctx, &b, nil); err != nil {
		t.Fatal(err)
	}
	source := tracker.Source{Name: "export", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }}
	empty, _, err := store.Create(s.ctx, filepath.Join(t.TempDir(), "pm.db"), store.Options{Rehearse: true, Observe: s.observe})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	for _, track := range []*tracker.Tracker{s.track, tracker.New(empty)} {
		if _, err := track.ImportLines(s.ctx, tracker.ImportLines{Source: source}); err != nil {
			t.Error(err)
		}
	}
}

// analyze gathers the statistics that the planner goes by.
func (s *stage) analyze(t *testing.T) {
	t.Helper()
	s.db.Close()
	h, err := sql.Open("sqlite", "file:"+s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.Exec("analyze"); err != nil {
		t.Fatal(err)
	}
	s.open(t)
}
