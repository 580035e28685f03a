package forms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
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

// TestRandomUpdates edits plans of beads at random, in the source and in pm: an update
// does what its dry run says, a second one changes nothing, its undo brings back what
// was there and its redo what it had made. PM_TEST_LOAD=full plays a thousand plans,
// PM_TEST_SEED=N one.
func TestRandomUpdates(t *testing.T) {
	seeds := []uint64{}
	for n := range map[bool]uint64{true: 1000, false: 6}[os.Getenv("PM_TEST_LOAD") == "full"] {
		seeds = append(seeds, n)
	}
	if s, err := strconv.ParseUint(os.Getenv("PM_TEST_SEED"), 10, 64); err == nil {
		seeds = []uint64{s}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				r := &randomPlan{T: t, Rand: rand.New(rand.NewPCG(seed, 17)), pm: tracker.New(db), path: filepath.Join(t.TempDir(), "issues.jsonl"),
					ctx: plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"}), issues: map[string]map[string]any{}}
				for n := range 3 + r.IntN(6) {
					r.issue(string(rune('a' + n)))
				}
				r.run(tracker.ImportForm{Update: true, SkipBad: true})
				for range 5 {
					r.round()
				}
			})
		})
	}
}

// A randomPlan is a plan of beads that is edited at random.
type randomPlan struct {
	*testing.T
	*rand.Rand
	ctx    context.Context
	pm     *tracker.Tracker
	path   string
	issues map[string]map[string]any
}

func one[T any](r *randomPlan, of ...T) T { return of[r.IntN(len(of))] }

func (r *randomPlan) ids() []string {
	var out []string
	for id := range r.issues {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// issue makes an issue, or edits fields of it.
func (r *randomPlan) issue(id string) {
	i := r.issues[id]
	if i == nil {
		i = map[string]any{"id": id, "title": id, "issue_type": one(r, "task", "task", "bug", "epic"), "status": "open"}
		r.issues[id] = i
	}
	for range 1 + r.IntN(3) {
		switch r.IntN(12) {
		case 0, 1:
			i["status"] = one(r, "open", "in_progress", "closed", "blocked", "deferred", "tombstone", "pinned", "odd")
		case 2:
			i["title"] = id + strconv.Itoa(r.IntN(3))
		case 3:
			i["labels"] = one(r, []string{}, []string{"x"}, []string{"y", "x"})
		case 4:
			i["priority"] = r.IntN(5)
		case 5:
			i["due_at"] = one(r, "", "2027-01-01", "2027-02-02T10:00:00Z")
		case 6:
			i["defer_until"] = one(r, "", "2030-01-01", "2020-01-01")
		case 7:
			i["issue_type"] = one(r, "task", "bug", "epic")
		case 8:
			i["description"] = one(r, "", "text", "- [ ] box")
		case 9:
			i["assignee"] = one(r, "", "bob", "eve")
		default:
			r.relate(i)
		}
	}
}

func (r *randomPlan) relate(i map[string]any) {
	on, _ := i["dependencies"].([]any)
	if len(on) > 0 && r.IntN(2) == 0 {
		n := r.IntN(len(on))
		i["dependencies"] = slices.Delete(slices.Clone(on), n, n+1)
		return
	}
	kind := one(r, "blocks", "blocks", "parent-child", "related", "related", "discovered-from", "duplicates")
	i["dependencies"] = append(slices.Clone(on), map[string]any{"depends_on_id": one(r, r.ids()...), "type": kind})
}

// edit changes the source.
func (r *randomPlan) edit() {
	for range 1 + r.IntN(4) {
		ids := r.ids()
		switch id := one(r, ids...); {
		case r.IntN(6) == 0:
			r.issue(string(rune('a' + r.IntN(12))))
		case r.IntN(8) == 0 && len(ids) > 2:
			delete(r.issues, id)
		default:
			r.issue(id)
		}
	}
}

// here changes the plan in pm.
func (r *randomPlan) here() {
	var keys, levels []string
	for k := range r.state() {
		if strings.HasPrefix(k, "T-") {
			keys = append(keys, k)
		} else if k != "" {
			levels = append(levels, k)
		}
	}
	slices.Sort(keys)
	slices.Sort(levels)
	if len(keys) == 0 {
		return
	}
	k := one(r, keys...)
	title := "here"
	switch r.IntN(6) { // what pm refuses is refused
	case 0:
		r.pm.AddDependencies(r.ctx, tracker.Depend{Task: k, DependsOn: []string{one(r, append(keys, levels...)...)}})
	case 1:
		r.pm.Claim(r.ctx, tracker.Claim{Keys: []string{k}})
	case 2:
		r.pm.UpdateTask(r.ctx, tracker.UpdateTask{Keys: []string{k}, Title: &title})
	case 3:
		r.pm.Move(r.ctx, tracker.Move{Keys: []string{k}, To: one(r, levels...)})
	case 4:
		r.pm.Complete(r.ctx, tracker.Complete{Keys: []string{k}, Reason: "done", Force: true})
	case 5:
		r.pm.Link(r.ctx, tracker.Link{Key: k, To: []string{one(r, keys...)}})
	}
}

func (r *randomPlan) run(in tracker.ImportForm) tracker.Imported {
	r.Helper()
	var b bytes.Buffer
	for _, id := range r.ids() {
		fmt.Fprintln(&b, asJSON(r.T, r.issues[id]))
	}
	write(r.T, r.path, b.Bytes())
	in.Outline = outlineOf(r.T, source{root: r.path})
	out, err := r.pm.ImportForm(r.ctx, in)
	if err != nil {
		r.Fatalf("%v\n%s", err, b.Bytes())
	}
	return out
}

func (r *randomPlan) round() {
	r.Helper()
	if r.IntN(2) == 0 {
		r.here()
	}
	r.edit()
	before := r.state()
	asItsDryRun(r.T, r.run, tracker.ImportForm{Update: true})
	after := r.state()
	sound(r.T, r.pm)
	for _, update := range []bool{true, false} {
		if again := r.run(tracker.ImportForm{Update: update}); again.Changed != (tracker.Sum{}) || again.Created != (tracker.Sum{}) || strings.Contains(asJSON(r.T, again), "--update applies") {
			r.Errorf("again: %s\n%v", asJSON(r.T, again), changesOf(after, r.state()))
		}
	}
	if len(changesOf(before, after)) == 0 {
		return
	}
	if _, err := r.pm.Undo(r.ctx, tracker.Undo{}); err != nil {
		r.Errorf("undo: %v", err)
		return
	}
	for _, state := range []map[string]map[string]any{before, after} {
		for _, record := range state { // a claim is not handed back
			if record["status"] == "in_progress" && record["assigned_agent"] != nil {
				return
			}
		}
	}
	if d := changesOf(before, r.state()); len(d) > 0 {
		r.Errorf("undone: %s", strings.Join(d, "\n"))
	}
	sound(r.T, r.pm)
	if _, err := r.pm.Redo(r.ctx, tracker.Redo{}); err != nil {
		r.Errorf("redo: %v", err)
		return
	}
	if d := changesOf(after, r.state()); len(d) > 0 {
		r.Errorf("redone: %s", strings.Join(d, "\n"))
	}
	sound(r.T, r.pm)
}

// state returns the items of the plan, without what only says that they were changed.
func (r *randomPlan) state() map[string]map[string]any {
	var b bytes.Buffer
	must(r.T, r.pm.Export(r.Context(), &b, nil))
	items := map[string]map[string]any{}
	for line := range bytes.Lines(b.Bytes()) {
		var record map[string]any
		must(r.T, json.Unmarshal(line, &record))
		k, _ := record["key"].(string)
		if kind := record["type"]; kind == "epic" || kind == "feature" || kind == "task" {
			if refs, has := record["refs"].([]any); has { // a key that an item had stays a name of it
				record["refs"] = slices.DeleteFunc(refs, func(ref any) bool { return !strings.Contains(fmt.Sprint(ref), ":") })
			}
			for _, name := range []string{"updated_at", "version", "history", "history_hash", "last_note", "last_check", "last_task", "last_feature", "texts", "lease_until"} {
				delete(record, name)
			}
			items[k] = record
		}
	}
	return items
}

func changesOf(before, after map[string]map[string]any) (out []string) {
	for k, now := range after {
		for name := range now {
			if !reflect.DeepEqual(now[name], before[k][name]) {
				out = append(out, fmt.Sprintf("%s %s: %v, was %v", k, name, now[name], before[k][name]))
			}
		}
	}
	for k, was := range before {
		for name := range was {
			if _, is := after[k][name]; !is {
				out = append(out, fmt.Sprintf("%s %s: none, was %v", k, name, was[name]))
			}
		}
	}
	slices.Sort(out)
	return out
}
