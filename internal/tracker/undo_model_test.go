package tracker_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestUndoAndRedoAreTheStatesBefore plays random sequences of changes with undos
// and redos among them: after each undo the plan is as it was before the change,
// after each redo as it was after it, and every chain holds.
func TestUndoAndRedoAreTheStatesBefore(t *testing.T) {
	n := map[string]int{"sqlite": 40, "postgres": 8}
	if full {
		n = map[string]int{"sqlite": 10_000, "postgres": 10_000}
	}
	from, _ := strconv.Atoi(os.Getenv("UNDO_FROM")) // goes on where a run was broken off
	storetest.EachAddress(t, func(t *testing.T, address string) {
		r := newRig(t, address, store.Options{NormalDurability: true})
		for seed := from; seed < n[r.DB().Engine()]; seed++ {
			if seed%500 == 0 {
				t.Logf("sequence %d", seed)
			}
			u := &undoRun{rig: r, rand: rand.New(rand.NewPCG(uint64(seed), 7))}
			u.begin()
			for range 30 {
				u.step()
			}
			r.sound(fmt.Sprintf("sequence %d", seed))
			if t.Failed() {
				t.Fatalf("sequence %d:\n%s", seed, strings.Join(u.log, "\n"))
			}
		}
	})
}

// An undoRun is one sequence.
type undoRun struct {
	*rig
	rand         *rand.Rand
	log          []string
	now          map[string]any // the state, which is read once after each change
	done, undone []undoStep     // that can be undone, and redone
}

type undoStep struct {
	name, operation string
	before, after   map[string]any
	of              []undoStep // that were undone at once
}

func (u *undoRun) begin() {
	u.clear("refs", "links", "labels", "field_values", "plan_dependencies")
	lead := as("lead")
	_, err := u.CreateEpic(lead, tracker.CreateEpic{Title: "one"})
	for range 2 {
		if err == nil {
			_, err = u.CreateFeature(lead, tracker.CreateFeature{Epic: "E01", Title: "f"})
		}
	}
	for range 3 {
		if err == nil {
			_, err = u.CreateTask(lead, tracker.CreateTask{Feature: "E01-F01", Title: "t"})
		}
	}
	if err != nil {
		u.t.Fatal(err)
	}
	ok[plan.CustomField](u.t)(u.CreateField(lead, tracker.CreateField{Name: "size", Type: "text"}))
	u.now = u.state()
}

// volatile are what an export says of an item that an undo leaves as it is: what
// only rises, and what says how it came about.
var volatile = []string{"history", "texts", "version", "updated_at", "last_note", "last_child", "last_check", "fence", "lease_until", "lease_seconds", "session", "started_at",
	"history_hash", "history_head", "moved_from", "lease_digest", "answers", "last_task", "last_feature"}

// state is the plan as an export has it, by item, without what is volatile. A
// claim is not handed back: who holds a task makes no difference.
func (u *undoRun) state() map[string]any {
	u.t.Helper()
	out := map[string]any{}
	for _, line := range bytes.Split(u.export(), []byte("\n")) {
		var item map[string]any
		if len(line) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &item); err != nil {
			u.t.Fatal(err)
		}
		switch item["type"] {
		case "epic", "feature", "task", "project":
		default:
			continue
		}
		for _, name := range volatile {
			delete(item, name)
		}
		if item["status"] == "in_progress" || item["status"] == "todo" {
			item["status"] = "open"
			delete(item, "assigned_agent")
		}
		if item["type"] == "project" {
			item["uid"], item["created_at"] = "", ""
		}
		if refs, is := item["refs"].([]any); is {
			item["refs"] = slices.DeleteFunc(refs, func(r any) bool { _, err := plan.ParseKey(r.(string)); return err == nil })
			if len(item["refs"].([]any)) == 0 {
				delete(item, "refs")
			}
		}
		out[fmt.Sprint(item["type"], " ", item["key"])] = item
	}
	return out
}

func (u *undoRun) step() {
	u.t.Helper()
	switch p := u.rand.IntN(10); {
	case p < 2:
		u.undo()
	case p < 3:
		u.undoSpan()
	case p < 5:
		u.redo()
	default:
		u.change()
	}
}

func (u *undoRun) undo() {
	u.t.Helper()
	_, err := u.Undo(as("ann"), tracker.Undo{})
	if len(u.done) == 0 {
		if plan.Describe(err).Code != "nothing_to_undo" {
			u.t.Errorf("undo of nothing: %v", err)
		}
		return
	}
	last := u.done[len(u.done)-1]
	u.done, u.undone = u.done[:len(u.done)-1], append(u.undone, last)
	u.is("undo", last.name, err, last.before)
}

// undoSpan undoes the last changes at once: one redo brings all of them back, and
// each can be undone again.
func (u *undoRun) undoSpan() {
	u.t.Helper()
	if len(u.done) == 0 {
		return
	}
	from := len(u.done) - 1 - u.rand.IntN(min(len(u.done), 4))
	span := u.done[from:]
	all := undoStep{"back to " + span[0].name, span[0].operation, span[0].before, span[len(span)-1].after, slices.Clone(span)}
	_, err := u.Undo(as("ann"), tracker.Undo{To: span[0].operation})
	u.done, u.undone = u.done[:from], append(u.undone, all)
	u.is("undo", all.name, err, all.before)
}

func (u *undoRun) redo() {
	u.t.Helper()
	_, err := u.Redo(as("ann"), tracker.Redo{})
	if len(u.undone) == 0 {
		if plan.Describe(err).Code != "nothing_to_redo" {
			u.t.Errorf("redo of nothing: %v", err)
		}
		return
	}
	last := u.undone[len(u.undone)-1]
	if u.undone = u.undone[:len(u.undone)-1]; last.of != nil {
		u.done = append(u.done, last.of...)
	} else {
		u.done = append(u.done, last)
	}
	u.is("redo", last.name, err, last.after)
}

func (u *undoRun) is(what, name string, err error, want map[string]any) {
	u.t.Helper()
	u.log = append(u.log, what+" "+name)
	if err != nil {
		u.t.Fatalf("%s of %s: %v %+v\n%s", what, name, err, plan.Describe(err).Conflicts, strings.Join(u.log, "\n"))
	}
	got := u.state()
	u.now = got
	for k := range got {
		if !reflect.DeepEqual(got[k], want[k]) {
			u.t.Errorf("%s of %s: %s\n is %s\nwas %s", what, name, k, asText(got[k]), asText(want[k]))
		}
	}
	for k := range want {
		if got[k] == nil {
			u.t.Errorf("%s of %s: %s is missing", what, name, k)
		}
	}
}

func asText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// pick returns one of the tasks, or of what lies above.
func (u *undoRun) pick(of ...string) string {
	var keys []string
	for k := range u.now {
		kind, key, _ := strings.Cut(k, " ")
		if slices.Contains(of, kind) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if len(keys) == 0 {
		return "T-E99-F99-999"
	}
	return keys[u.rand.IntN(len(keys))]
}

// change makes one random change, which may be refused.
func (u *undoRun) change() {
	u.t.Helper()
	before, operation := u.now, ""
	ctx := tracker.WithOperation(as("ann"), &operation)
	name, err := u.random(ctx)
	if err != nil {
		if k := plan.KindOf(err); k == plan.Internal || k == plan.Corrupt {
			u.t.Fatalf("%s: %v\n%s", name, err, strings.Join(u.log, "\n"))
		}
		return
	}
	if operation != "" {
		u.log, u.now = append(u.log, name), u.state()
		u.done, u.undone = append(u.done, undoStep{name, operation, before, u.now, nil}), nil
	}
}
