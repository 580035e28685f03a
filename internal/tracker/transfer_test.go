package tracker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// rich makes a plan with something of everything in it.
func (r *rig) rich() {
	r.t.Helper()
	e := ok[plan.Epic](r.t)(r.CreateEpic(as("ann/1"), tracker.CreateEpic{Title: "<Épic> & \u2066co\u2069", Description: "a\n\tb \u2028 \"c\"", Priority: "high", BusinessValue: "low"}))
	f := r.feature(e.Key, "Feature")
	draft := ok[tracker.SavedFeature](r.t)(r.CreateFeature(as("bob"), tracker.CreateFeature{Epic: "E01", Title: "Draft", Status: "draft"}))
	r.task(draft.Key, "in a draft")
	for _, s := range plan.TaskStatuses() {
		r.reach(f, s)
	}
	k := r.tasks(f, 4)
	ok[tracker.Changed](r.t)(r.depend(k[0], k[1], k[2], f.Child(5)))
	r.do("ann/2", plan.Claim, k[1])
	r.expire(k[1])
	r.do("bob", plan.Claim, k[1])
	for _, kind := range plan.WrittenNoteKinds() {
		ok[plan.Note](r.t)(r.AddNote(as("bob"), tracker.AddNote{Key: k[1].String(), Body: "a note\nof <kind> " + string(kind), Kind: string(kind)}))
	}
	for _, on := range []plan.Key{e.Key, f, k[1]} {
		for _, body := range []string{"to edit", "to remove", "last"} {
			r.note(on, body+" of "+on.String()+strings.Repeat(" and more", 20))
		}
		notes := ok[tracker.Notes](r.t)(r.ListNotes(as("ann"), tracker.ListNotes{Key: on.String()})).Items
		ok[plan.Note](r.t)(r.EditNote(as("bob"), tracker.EditNote{Key: on.String(), N: notes[len(notes)-3].N, Body: "edited"}))
		ok[plan.Note](r.t)(r.RemoveNote(as("bob"), tracker.RemoveNote{Key: on.String(), N: notes[len(notes)-2].N}))
		ok[plan.Note](r.t)(r.RemoveNote(as("bob"), tracker.RemoveNote{Key: on.String(), N: notes[len(notes)-1].N}))
	}
	ok[tracker.Changed](r.t)(r.UpdateTask(as("bob"), tracker.UpdateTask{Keys: names(k[:2]), Title: ptr("日本 \\ / '"), Priority: ptr(1), FilePath: ptr("a/b c.go"), AgentType: ptr("back end")}))
	ok[tracker.SavedEpic](r.t)(r.UpdateEpic(as("bob"), tracker.UpdateEpic{Key: "E01", BusinessValue: ptr(""), Title: ptr("renamed")}))
	r.do("ann", plan.Archive, k[3])
	ok[tracker.Deleted](r.t)(r.delete(k[2], true))
	r.deleteAndRestore(draft.Key)
	ok[tracker.Deleted](r.t)(r.delete(r.plan().EpicKey(), true))
	r.epic("empty")
}

func TestAnExportRoundTripIsLossless(t *testing.T) {
	a := newRig(t, storetest.SQLite(t), store.Options{})
	a.rich()
	want := a.export()
	for _, address := range []func(testing.TB) string{storetest.Postgres, storetest.SQLite} {
		b := newRig(t, address(t), store.Options{})
		got := ok[tracker.Imported](t)(b.load(want))
		if got.Created != (tracker.Sum{Epics: 2, Features: 2, Tasks: 10}) || got.Unchanged != (tracker.Sum{}) {
			t.Errorf("the import says %+v", got)
		}
		if out := b.export(); !bytes.Equal(out, want) {
			t.Fatalf("%s gives\n%s\nwant\n%s", b.DB().Engine(), out, want)
		}
		again := ok[tracker.Imported](t)(b.load(want))
		if again.Created != (tracker.Sum{}) || again.Unchanged != got.Created {
			t.Errorf("a second import says %+v", again)
		}
		if out := b.export(); !bytes.Equal(out, want) {
			t.Errorf("a second import changed the plan")
		}
		// What cannot be seen in an export must be there too: readiness and the counters.
		if x, y := a.next(tracker.Next{}), b.next(tracker.Next{}); x != y || x == "" {
			t.Errorf("next is %q and %q", x, y)
		}
	}
}

func TestADryRunOfAnImportStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		from := newRig(t, storetest.SQLite(t), store.Options{})
		from.rich()
		in := lines(from.export())
		in.DryRun = true
		empty := string(r.export())
		if got := ok[tracker.Imported](t)(r.ImportLines(as("ann"), in)); got.Created.Tasks != 10 || !got.DryRun {
			t.Errorf("the dry run says %+v", got)
		}
		if string(r.export()) != empty {
			t.Error("the dry run stored something")
		}
	})
}

func TestWhatDiffersIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "x")
		exported := r.export()
		codes := []string{"differs", "in_trash", "differs"}
		for n, change := range []func(){
			func() { r.do("ann", plan.Complete, k) },
			func() { _ = ok[tracker.Deleted](t)(r.delete(k, true)) },
			func() {
				_ = ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Title: ptr("new")}))
			},
		} {
			change()
			more := string(exported) + `{"type":"epic","key":"E77","title":"new","status":"active","priority":"high","version":1,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","history":[]}` + "\n"
			before := string(r.export())
			for _, dry := range []bool{true, false} {
				in := lines([]byte(more))
				in.DryRun = dry
				_, err := r.ImportLines(as("ann"), in)
				refused(t, err, codes[n], "E01")
			}
			if string(r.export()) != before {
				t.Error("a refused import stored something")
			}
		}
	})
}

// chained folds the records of one item, and holds the item against them.
func chained(t tb, uid string, history []plan.History, differs func(*plan.Replay) []string) {
	t.Helper()
	r := plan.Replay{UID: uid}
	for _, h := range history {
		if err := r.Add(h); err != nil {
			t.Errorf("%s: %v: %+v", h.Key, err, h)
			return
		}
	}
	if out := differs(&r); out != nil {
		t.Errorf("%s: %q", history[0].Key, out)
	}
}

// checkChains folds every history of an export, and holds the items against them.
func checkChains(t tb, export []byte) {
	t.Helper()
	r := interchange.NewLineReader(bytes.NewReader(export), "export")
	for {
		line, err := r.Next()
		if err != nil {
			return
		}
		switch l := line.(type) {
		case interchange.EpicRecord:
			chained(t, l.UID, l.History, func(r *plan.Replay) []string { return r.Epic(l.Item(), l.Notes) })
		case interchange.FeatureRecord:
			chained(t, l.UID, l.History, func(r *plan.Replay) []string { return r.Feature(l.Item(), l.Notes) })
		case interchange.TaskRecord:
			chained(t, l.UID, l.History, func(r *plan.Replay) []string { return r.Task(l.Item(), l.Notes) })
		}
	}
}

func TestHistoryIsChained(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.rich()
		exported := r.export()
		checkChains(t, exported)
		var head struct {
			HistoryHash string `json:"history_hash"`
		}
		for line := range strings.Lines(string(exported)) { // by the plain decoder too, whose numbers are floats
			var item struct {
				UID         string
				History     []plan.History
				HistoryHash string `json:"history_hash"`
			}
			if json.Unmarshal([]byte(line), &item) == nil && item.HistoryHash != "" && len(item.History) > 0 {
				chained(t, item.UID, item.History, func(*plan.Replay) []string { return nil })
				head.HistoryHash = item.HistoryHash
			}
		}
		if head.HistoryHash == "" {
			t.Error("nothing was checked")
		}
	})
}

// An item that the file has no history of gets its first record, and its
// notes theirs; imported again it is known, and a field of nobody is named.
func TestLinesWithoutHistoryAreImported(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		text := strings.Join([]string{epicLine, featureLine,
			taskLine(1, `,"description":"`+strings.Repeat("long ", 50)+`","labels":["x","B"],"colour":1,"notes":[{"kind":"decision","agent":"bob","body":"why","created_at":"2026-01-01T00:00:00Z","mood":1}]`),
			taskLine(2, `,"depends_on":["T-E01-F01-001"],"colour":2`)}, "\n")
		for _, dry := range []bool{true, false, false} {
			in := lines([]byte(text))
			in.DryRun = dry
			got := ok[tracker.Imported](t)(r.ImportLines(as("ann"), in))
			if len(got.Findings) != 2 || !strings.Contains(got.Findings[0].Message, `"colour" on 2 lines, first on line 3`) || !strings.Contains(got.Findings[1].Message, "mood") {
				t.Errorf("the findings are %+v", got.Findings)
			}
		}
		checkChains(t, r.export())
		if h := r.log(plan.MustKey("T-E01-F01-001")); len(h) != 2 || h[1].Notes != "imported" || h[0].Change["note"] == [2]any{} {
			t.Errorf("its history is %+v", h)
		}
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws != 0 {
			t.Errorf("%+v", d)
		}
		in := lines([]byte(file(taskLine(3, ""), taskLine(3, ""))))
		in.DryRun = true
		dry := ok[tracker.Imported](t)(r.ImportLines(as("ann"), in))
		in.DryRun = false
		if real := ok[tracker.Imported](t)(r.ImportLines(as("ann"), in)); real.Created != dry.Created || real.Unchanged != dry.Unchanged || real.Created.Tasks != 1 {
			t.Errorf("the dry run said %+v, the import %+v", dry, real)
		}
	})
}

// What lies in the trash, and the former texts that histories name, go along.
func TestAnExportHasTheTrash(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		long := strings.Repeat("as it was before ", 10)
		for _, d := range []string{long, "now"} {
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names(k[:1]), Description: ptr(d)}))
		}
		ok[tracker.Deleted](t)(r.delete(k[1], false))
		ok[tracker.Deleted](t)(r.delete(f, false))
		exported := r.export()
		if !strings.Contains(string(exported), long) {
			t.Error("the former description is not in the export")
		}
		each(t, func(t *testing.T, to *rig) {
			for range 2 {
				ok[tracker.Imported](t)(to.load(exported))
			}
			if again := to.export(); !bytes.Equal(again, exported) {
				t.Fatalf("it gives\n%s\nwant\n%s", again, exported)
			}
			for _, k := range []plan.Key{f, k[1]} {
				ok[tracker.Restored](t)(to.restore(tracker.Deleted{Key: k}))
			}
			checkChains(t, to.export())
		})
	})
}

// What lies in the trash of a file is held against its history as well.
func TestAlteredTrashIsRefused(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: k[0].String(), Body: "look"}))
		ok[tracker.Deleted](t)(r.delete(k[1], false))
		ok[tracker.Deleted](t)(r.delete(f, false))
		lines := strings.Split(strings.TrimSpace(string(r.export())), "\n")
		whole := lines[:len(lines)-1]
		each(t, func(t *testing.T, to *rig) {
			for _, c := range []struct{ line, old, replacement, code string }{
				{`"type":"trash"`, `"title":"Task 2"`, `"title":"Task 3"`, "bad_history"},
				{`"type":"trash"`, `"body":"look"`, `"body":"away"`, "bad_history"},
				{`"type":"trash"`, `"title":"Feature"`, `"title":"Future"`, "bad_history"},
				{`"type":"history"`, `"priority":[null,5]`, `"priority":[null,6]`, "bad_history"},
				{`"type":"history"`, `"agent":"ann"`, `"agent":"eve"`, "bad_history"},
				{`"type":"history"`, `"type":"history"`, ``, "bad_history"}, // the whole line
			} {
				var altered []string
				done := false
				for _, line := range whole {
					if !done && strings.Contains(line, c.line) && strings.Contains(line, c.old) {
						done = true
						if line = strings.ReplaceAll(line, c.old, c.replacement); c.replacement == "" {
							continue
						}
					}
					altered = append(altered, line)
				}
				if !done {
					t.Fatalf("no line has %s", c.old)
				}
				_, err := to.load([]byte(sealed(altered...)))
				refused(t, err, c.code)
			}
			ok[tracker.Imported](t)(to.load([]byte(sealed(whole...))))
			to.sound("imported")
		})
	})
}

// Lines that were taken out of an export come without their operations.
func TestPartOfAnExportIsSound(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.rich()
		var part []string
		for line := range strings.Lines(string(r.export())) {
			if strings.HasPrefix(line, `{"type":"epic"`) || strings.HasPrefix(line, `{"type":"feature"`) || strings.HasPrefix(line, `{"type":"task"`) {
				part = append(part, line)
			}
		}
		each(t, func(t *testing.T, to *rig) {
			ok[tracker.Imported](t)(to.load([]byte(strings.Join(part, ""))))
			to.sound("imported")
		})
	})
}

// An export that breaks off is not sealed: who reads what there is of it is told.
func TestAnExportThatBreaksOffIsNotSealed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("One"), "many")
		for range 4 {
			r.tasks(f, 700)
		}
		ctx, stop := context.WithCancel(as("ann"))
		defer stop()
		var b bytes.Buffer
		if err := r.Export(ctx, &b, func(int, int) { stop() }); err == nil {
			t.Error("it was not broken off")
		}
		if bytes.Contains(b.Bytes(), []byte(`{"type":"end"`)) {
			t.Error("it is sealed all the same")
		}
	})
}
