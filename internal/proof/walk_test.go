package proof

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// walks are what each operation that writes is called with on a random walk:
// JSON in which {task} stands for the key of any task that there may be, and so
// on; see walker.pick. What the plan refuses is part of the walk.
var walks = map[string][]string{
	"epic create":      {`{"title":"{word}"}`, `{"title":"{word}","labels":["{label}"],"due":"{day}","defer":"{day}","fields":{"severity":"{choice}"}}`},
	"epic update":      {`{"key":"{epic}","title":"{word}"}`, `{"key":"{epic}","status":"{plan status}"}`, `{"key":"{epic}","due":"{day}","defer":"{day}"}`, `{"key":"{epic}","fields":{"severity":"{choice}"}}`},
	"feature create":   {`{"epic":"{epic}","title":"{word}"}`, `{"epic":"{epic}","title":"{word}","labels":["{label}"],"due":"{day}","defer":"{day}"}`},
	"feature update":   {`{"key":"{feature}","title":"{word}"}`, `{"key":"{feature}","status":"{plan status}"}`, `{"key":"{feature}","due":"{day}","defer":"{day}"}`},
	"task create":      {`{"feature":"{feature}","title":"{word}","labels":["{label}"],"due":"{day}","estimate":{n}}`, `{"feature":"{feature}","title":"{word}","depends_on":["{any}"],"stage":"{stage}","checks":["a","b"]}`, `{"feature":"{feature}","title":"{word}","fields":{"severity":"{choice}"},"repeat":"weekly","due":"2026-03-01","kind":"bug"}`},
	"task create-many": {`{"tasks":[{"feature":"{feature}","title":"x","labels":["{label}"]},{"feature":"{feature}","title":"y","assignee":"{agent}","depends_on":["{task}"]}]}`},
	"task update": {`{"keys":[{tasks}],"title":"{word}","priority":{n}}`, `{"keys":[{tasks}],"due":"{day}","defer":"{day}"}`, `{"keys":[{tasks}],"estimate":{n},"kind":"{word}"}`, `{"keys":[{tasks}],"stage":"{stage}"}`,
		`{"keys":[{tasks}],"assignee":"{agent}"}`, `{"keys":[{tasks}],"fields":{"severity":"{choice}","points":{n}}}`, `{"keys":[{tasks}],"repeat":"{repeat}"}`, `{"keys":[{tasks}],"description":"{long}"}`, `{"keys":[{tasks}],"agent_type":"{trade}"}`},
	"task next":       {`{"claim":true}`, `{"claim":true,"agent_type":"{trade}"}`, `{"claim":true,"feature":"{feature}"}`},
	"task claim":      {`{"keys":[{tasks}]}`, `{"keys":["{task}"],"force":true}`},
	"task renew":      {`{"keys":["{held}"]}`},
	"task release":    {`{"keys":["{task}"],"force":true,"reason":"{word}"}`},
	"task start":      {`{"keys":["{task}"]}`},
	"task submit":     {`{"keys":["{task}"],"force":true,"reason":"{word}"}`},
	"task approve":    {`{"keys":["{review}"]}`, `{"keys":[{tasks}]}`},
	"task reject":     {`{"keys":["{review}"],"reason":"{word}"}`, `{"keys":["{task}"],"reason":"{word}","to":"{stage}"}`},
	"task complete":   {`{"keys":[{tasks}],"force":true,"reason":"{word}"}`, `{"keys":["{task}"]}`, `{"keys":["{task}"],"force":true,"reason":"{word}"}`},
	"task block":      {`{"keys":["{task}"],"reason":"{long}","force":true}`},
	"task unblock":    {`{"keys":["{blocked}"],"force":true,"reason":"{word}"}`, `{"keys":[{tasks}]}`},
	"task reopen":     {`{"keys":["{done}"],"reason":"{word}"}`, `{"keys":["{task}"],"reason":"{word}"}`},
	"task archive":    {`{"keys":["{task}"],"reason":"{word}","resolution":"{resolution}","force":true}`, `{"keys":["{task}"],"duplicate_of":"{task}","force":true}`},
	"task handoff":    {`{"key":"{task}","body":"{long}"}`, `{"key":"{task}","body":"{word}","release":true}`},
	"task order":      {`{"key":"{task}","before":"{task}"}`, `{"key":"{task}","after":"{task}"}`},
	"dep add":         {`{"task":"{task}","depends_on":[{tasks}]}`, `{"task":"{task}","depends_on":["{any}"]}`, `{"task":"{feature}","depends_on":["{feature}"]}`, `{"task":"{epic}","depends_on":["{epic}"]}`},
	"dep remove":      {`{{edge}}`, `{{edge}}`, `{"task":"{any}","depends_on":["{any}"]}`},
	"note add":        {`{"key":"{any}","body":"{long}"}`, `{"key":"plan","body":"{word}","kind":"memory"}`, `{"key":"{task}","body":"{word}","kind":"evidence"}`},
	"note edit":       {`{"key":"{noted}","n":{n},"body":"{long}"}`, `{"key":"plan","n":{n},"body":"{word}"}`},
	"note remove":     {`{"key":"{noted}","n":{n}}`, `{"key":"plan","n":{n}}`},
	"note accept":     {`{"all":true}`},
	"question ask":    {`{"key":"{task}","body":"{word}"}`, `{"key":"{any}","body":"{word}","choices":["a","b"],"to":"{agent}"}`, `{"key":"{task}","body":"{word}","hold":true}`},
	"question answer": {`{"key":"{noted}","n":{n},"answer":"a"}`, `{"key":"{noted}","n":1,"answer":"b"}`},
	"item delete":     {`{"key":"{task}","force":true}`, `{"key":"{task}","force":true}`, `{"key":"{task}","force":true}`, `{"key":"{feature}","force":true}`},
	"item redact":     {`{"key":"{any}","field":"title"}`, `{"key":"{task}","field":"description"}`, `{"key":"{task}","field":"note","note":{n}}`},
	"trash restore":   {`{"key":"{gone}"}`, `{"key":"{gone}"}`, `{"key":"{feature}"}`},
	"trash empty":     {`{}`, `{"older":"1d"}`},
	"item move":       {`{"keys":[{tasks}],"to":"{feature}"}`, `{"keys":["{task}"],"to":"{feature}"}`, `{"keys":["{feature}"],"to":"{epic}"}`},
	"item link":       {`{"key":"{any}","to":["{any}","docs/{word}.md"],"as":"{link}"}`, `{"key":"{task}","to":["{task}"]}`},
	"item unlink":     {`{{linked}}`, `{{linked}}`, `{"key":"{any}","to":["docs/{word}.md"]}`},
	"ref add":         {`{"key":"{task}","refs":["gh#{n}"]}`, `{"key":"{any}","refs":["gh#{n}"]}`},
	"ref remove":      {`{"key":"{named}","refs":["gh#{n}"]}`, `{"key":"{any}","refs":["gh#{n}"]}`},
	"label add":       {`{"keys":[{items}],"labels":["{label}"]}`, `{"keys":[{tasks}],"labels":["{label}","{label}"]}`},
	"label remove":    {`{"keys":[{items}],"labels":["{label}"]}`},
	"label rename":    {`{"label":"{label}","to":"{label}"}`},
	"check add":       {`{"key":"{task}","checks":["{word}","{word}"]}`},
	"check tick":      {`{"key":"{checked}","n":[{n}]}`},
	"check untick":    {`{"key":"{checked}","n":[{n}]}`},
	"check remove":    {`{"key":"{checked}","n":[{n}]}`},
	"check move":      {`{"key":"{checked}","n":{n},"before":{n}}`, `{"key":"{checked}","n":{n},"after":{n}}`},
	"stage create":    {`{"name":"{stage}","limit":{n}}`, `{"name":"{stage}","agent_type":"{trade}","before":"{stage}"}`},
	"stage update":    {`{"name":"{stage}","limit":{n}}`, `{"name":"{stage}","after":"{stage}"}`},
	"stage delete":    {`{"name":"{stage}"}`, `{"name":"{stage}","to":"{stage}"}`},
	"field create":    {`{"name":"severity","type":"choice","choices":["low","high"]}`, `{"name":"points","type":"number"}`},
	"field update":    {`{"name":"severity","choices":["high","low"]}`, `{"name":"severity","choices":["low","high","top"]}`},
	"field delete":    {`{"name":"points","force":true}`, `{"name":"severity"}`},
	"project set":     {`{"name":"require_checks","value":"{bool}"}`, `{"name":"require_evidence","value":"{bool}"}`, `{"name":"time_zone","value":"Europe/Berlin"}`, `{"name":"estimate_unit","value":"{word}"}`},
	"view save":       {`{"name":"{word}","query":"label:{label}"}`},
	"view delete":     {`{"name":"{word}"}`},
	"plan apply": {`{"feature":"{feature}","tasks":[{"id":"a","title":"{word}","labels":["{label}"]},{"title":"{word}","depends_on":["a"]},{"key":"{task}","title":"{word}"}]}`,
		`{"epics":[{"key":"{epic}","title":"{word}","features":[{"title":"{word}","tasks":[{"id":"b","title":"{word}","checks":["{word}"]}]}]}]}`},
	"plan undo": {`{}`, `{"skip_conflicts":true}`},
	"plan redo": {`{}`},
}

// A walker picks operations and what they are called with.
type walker struct {
	*rand.Rand
	names []string    // of the operations that it calls, those more often that keep a plan going
	most  int         // up to which number keys go
	known []plan.Task // the tasks that there were when it last looked
	gone  string      // what was deleted last
}

// often are the operations without which a plan soon comes to an end.
var often = []string{"task create", "task create-many", "task claim", "task claim", "task submit", "task complete", "task update", "feature create", "task order", "task submit", "task approve", "task renew", "check add", "check tick", "check remove", "check move", "question ask", "question answer", "question answer", "plan undo", "plan undo", "plan redo", "plan redo", "plan redo", "trash restore", "trash restore", "trash restore"}

// look has the walker know the tasks that there are.
func (w *walker) look(t *testing.T, track *tracker.Tracker) {
	t.Helper()
	page, err := track.ListTasks(t.Context(), tracker.ListTasks{})
	if err != nil {
		t.Fatal(err)
	}
	w.known = page.Items
	trash, err := track.ListTrash(t.Context(), tracker.ListTrash{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(trash.Items); n > 0 {
		w.gone = trash.Items[w.IntN(n)].Key.String()
	}
}

// in returns the key of a task in one of the statuses, or else of any.
func (w *walker) in(any func() string, statuses ...plan.TaskStatus) string {
	return w.such(any, func(t plan.Task) bool { return slices.Contains(statuses, t.Status) })
}

// such returns the key of a task that fits, or else of any.
func (w *walker) such(any func() string, fits func(plan.Task) bool) string {
	for _, i := range w.Perm(len(w.known)) {
		if fits(w.known[i]) {
			return w.known[i].Key.String()
		}
	}
	return any()
}

// edge returns a dependency that there is, or else one that there may be.
func (w *walker) edge(any func() string) string {
	from, to := any(), any()
	for _, i := range w.Perm(len(w.known)) {
		if on := w.known[i].DependsOn; len(on) > 0 {
			from, to = w.known[i].Key.String(), on[0].String()
		}
	}
	return fmt.Sprintf(`"task":%q,"depends_on":[%q]`, from, to)
}

// linked returns a link that there is, or else one that there may be.
func (w *walker) linked(any func() string) string {
	from, to := any(), any()
	for _, i := range w.Perm(len(w.known)) {
		if l := w.known[i].Links; len(l) > 0 {
			from, to = w.known[i].Key.String(), l[0].To
		}
	}
	return fmt.Sprintf(`"key":%q,"to":[%q]`, from, to)
}

func newWalker(seed uint64, most int) *walker {
	w := &walker{rand.New(rand.NewPCG(seed, 1)), slices.Clone(often), most, nil, "E01-F01"}
	for name := range walks {
		w.names = append(w.names, name)
	}
	slices.Sort(w.names)
	return w
}

var placeholder = regexp.MustCompile(`\{[a-z][a-z ]*\}`)

// next returns an operation and its input.
func (w *walker) next() (name, input string) {
	name = w.names[w.IntN(len(w.names))]
	return name, w.input(name)
}

func (w *walker) input(name string) string {
	of := walks[name]
	return placeholder.ReplaceAllStringFunc(of[w.IntN(len(of))], func(s string) string { return w.pick(s[1 : len(s)-1]) })
}

func (w *walker) one(of ...string) string { return of[w.IntN(len(of))] }

func (w *walker) pick(what string) string {
	epic := func() string { return fmt.Sprintf("E%02d", 1+w.IntN(min(w.most, 3))) }
	feature := func() string { return fmt.Sprintf("%s-F%02d", epic(), 1+w.IntN(min(w.most, 3))) }
	task := func() string {
		if len(w.known) > 0 && w.IntN(10) > 0 {
			return w.known[w.IntN(len(w.known))].Key.String()
		}
		return fmt.Sprintf("T-%s-%03d", feature(), 1+w.IntN(w.most))
	}
	item := func() string { return w.one(epic(), feature(), task(), task(), task()) }
	several := func(of func() string) string {
		out := make([]string, 1+w.IntN(3))
		for i := range out {
			out[i] = `"` + of() + `"`
		}
		return strings.Join(out, ",")
	}
	switch what {
	case "epic":
		return epic()
	case "feature":
		return feature()
	case "task":
		return task()
	case "any":
		return item()
	case "review":
		return w.in(task, plan.ReadyForReview)
	case "checked":
		return w.such(task, func(t plan.Task) bool { return len(t.Checks) > 0 })
	case "noted":
		return w.such(item, func(t plan.Task) bool { return t.LastNote > 0 })
	case "named":
		return w.such(item, func(t plan.Task) bool { return len(t.Refs) > 0 })
	case "gone":
		return w.gone
	case "held":
		return w.in(task, plan.InProgress)
	case "blocked":
		return w.in(task, plan.Blocked)
	case "done":
		return w.in(task, plan.Completed, plan.Archived)
	case "edge":
		return w.edge(task)
	case "linked":
		return w.linked(item)
	case "tasks":
		return several(task)
	case "items":
		return several(item)
	case "n":
		return fmt.Sprint(1 + w.IntN(4))
	case "label":
		return w.one("ui", "UI", "api", "Über")
	case "stage":
		return w.one("", "build", "test", "ship")
	case "choice":
		return w.one("", "low", "high")
	case "day":
		return w.one("", "2026-03-01", "2099-01-01", "2020-05-05")
	case "plan status":
		return w.one("draft", "active", "active", "completed", "archived")
	case "agent":
		return w.one("", "ann", "bob")
	case "trade":
		return w.one("", "backend", "tester")
	case "repeat":
		return w.one("", "weekly", "monthly")
	case "resolution":
		return w.one("done", "wont_do")
	case "link":
		return w.one("relates", "duplicates", "supersedes", "implements")
	case "bool":
		return w.one("true", "false", "false", "false")
	case "long":
		return strings.Repeat(w.pick("word")+" ", 1+w.IntN(30))
	}
	return w.one("alpha", "beta", "gamma", "delta", "omega")
}

// call runs an operation as somebody.
func call(ctx context.Context, track *tracker.Tracker, who, name, input string) error {
	op, _ := ops.Find(name)
	_, err := op.Call(plan.WithActor(ctx, plan.Actor{Name: who, Surface: "cli"}), track, readInput(name, input))
	return err
}

// readInput reads the input of an operation; nil if it cannot be.
func readInput(name, input string) any {
	op, _ := ops.Find(name)
	in := op.NewInput()
	args, err := ops.ParseArguments([]byte(input))
	if err != nil || ops.Decode(in, args) != nil {
		return nil
	}
	return in
}

// begun is what a walk begins with.
var begun = []string{
	"field create", `{"name":"severity","type":"choice","choices":["low","high"]}`, "field create", `{"name":"points","type":"number"}`,
	"stage create", `{"name":"build"}`, "stage create", `{"name":"test","limit":2}`,
	"epic create", `{"title":"One","status":"active"}`, "epic create", `{"title":"Two","status":"active"}`,
	"feature create", `{"epic":"E01","title":"a","status":"active"}`, "feature create", `{"epic":"E01","title":"b","status":"active"}`, "feature create", `{"epic":"E02","title":"c","status":"active"}`,
	"task create-many", `{"tasks":[{"feature":"E01-F01","title":"a"},{"feature":"E01-F01","title":"b"},{"feature":"E01-F01","title":"c"},{"feature":"E01-F02","title":"d"},{"feature":"E01-F02","title":"e"},{"feature":"E02-F01","title":"f"},{"feature":"E02-F01","title":"g"},{"feature":"E02-F01","title":"h"}]}`,
}

func begin(t *testing.T, track *tracker.Tracker) {
	t.Helper()
	for i := 0; i < len(begun); i += 2 {
		if err := call(t.Context(), track, "ann", begun[i], begun[i+1]); err != nil {
			t.Fatalf("%s: %v", begun[i], err)
		}
	}
}

// Every operation that writes is walked.
func TestAWalkKnowsEveryOperation(t *testing.T) {
	for _, op := range ops.Table() {
		if _, walked := walks[op.Name]; walked == (op.Effect == ops.Reads) {
			t.Errorf("%s: %v, and walked: %v", op.Name, op.Effect, walked)
		}
	}
	w := newWalker(1, 6)
	for _, name := range w.names {
		for range 5 * len(walks[name]) {
			if input := w.input(name); readInput(name, input) == nil {
				t.Errorf("%s cannot be called with %s", name, input)
			}
		}
	}
}

// moment is a time in an error: the engines are called one after the other, so a
// lease may end a second later on the second.
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// A history, folded, gives the rows, and the counts are right, whatever was done
// in whatever order; and both engines do the same.
func TestAWalkLeavesASoundPlan(t *testing.T) {
	const walksInAll, steps = 4, 600
	succeeded := map[string]int{}
	for i := range walksInAll {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			var tracks []*tracker.Tracker
			for _, address := range []string{storetest.SQLite(t), storetest.Postgres(t)} {
				db, err := store.Open(t.Context(), address, store.Options{NormalDurability: true})
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				tracks = append(tracks, tracker.New(db))
				begin(t, tracks[len(tracks)-1])
			}
			w := newWalker(uint64(i), 6)
			for step := range steps {
				if step%10 == 0 {
					w.look(t, tracks[0])
				}
				name, input := w.next()
				who := w.one("ann", "bob")
				var codes []string
				for _, track := range tracks {
					err := call(t.Context(), track, who, name, input)
					if err == nil {
						succeeded[name]++
					} else if k := plan.KindOf(err); k == plan.Internal || k == plan.Corrupt {
						t.Fatalf("%s %s: %v", name, input, err)
					}
					codes = append(codes, moment.ReplaceAllString(fmt.Sprint(err), "TIME"))
				}
				flaws, err := store.Read(t.Context(), tracks[0].DB(), (*store.Tx).CountFlaws)
				if err != nil || len(flaws) > 0 {
					t.Fatalf("after %s %s the counts are wrong: %+v, %v", name, input, flaws, err)
				}
				if codes[0] != codes[1] {
					t.Fatalf("%s %s: %s on SQLite, %s on PostgreSQL", name, input, codes[0], codes[1])
				}
			}
			for _, track := range tracks {
				sound(t, track)
			}
		})
	}
	for name := range walks {
		if succeeded[name] == 0 {
			t.Errorf("%s never did anything", name)
		}
	}
}

// sound demands that doctor finds nothing.
func sound(t *testing.T, track *tracker.Tracker) {
	t.Helper()
	d, err := track.Doctor(t.Context(), tracker.Doctor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Checks {
		if len(c.Flaws) > 0 {
			t.Errorf("%s: doctor finds in %s: %+v", track.DB().Engine(), c.Name, c.Flaws)
		}
	}
}
