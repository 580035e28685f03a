package tracker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// walk returns the keys of all pages of a list of tasks.
func (r *rig) walk(in tracker.ListTasks) (keys []string) {
	r.t.Helper()
	for {
		page := ok[tracker.Page[plan.Task]](r.t)(r.ListTasks(as("ann"), in))
		for _, t := range page.Items {
			keys = append(keys, fmt.Sprint(t.Key.Task))
		}
		if (page.NextCursor == "") != (page.More == 0) {
			r.t.Errorf("there are %d more, and the cursor is %q", page.More, page.NextCursor)
		}
		if in.Cursor = page.NextCursor; in.Cursor == "" {
			return keys
		}
	}
}

func TestListsOfTasks(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		for i, priority := range []int{5, 1, 10, 5, 1} {
			r.taskOf(f, priority, []string{"", "backend"}[i%2])
		}
		r.age(f.Child(3), f.Child(1), f.Child(2), f.Child(5), f.Child(4))
		r.do("bob", plan.Claim, f.Child(4))
		for _, c := range []struct {
			in   tracker.ListTasks
			want string
		}{
			{tracker.ListTasks{}, "1 2 3 4 5"},
			{tracker.ListTasks{Sort: "-key"}, "5 4 3 2 1"},
			{tracker.ListTasks{Sort: "priority"}, "2 5 1 4 3"},
			{tracker.ListTasks{Sort: "-priority"}, "3 4 1 5 2"},
			{tracker.ListTasks{Sort: "created"}, "3 1 2 5 4"},
			{tracker.ListTasks{Sort: "-created", Feature: "E01-F01"}, "4 5 2 1 3"},
			{tracker.ListTasks{Status: []string{"todo"}, Epic: "E01"}, "1 2 3 5"},
			{tracker.ListTasks{Status: []string{"in-progress", "blocked"}}, "4"},
			{tracker.ListTasks{AgentType: []string{"backend"}}, "2 4"},
			{tracker.ListTasks{HeldBy: []string{"bob"}}, "4"},
			{tracker.ListTasks{Priority: ptr(4)}, "2 5"},
			{tracker.ListTasks{Ready: true, Sort: "priority"}, "2 5 1 3"},
			{tracker.ListTasks{Sort: "priority,-created"}, "5 2 4 1 3"},
			{tracker.ListTasks{Sort: "-priority,created"}, "3 1 4 2 5"},
			{tracker.ListTasks{Query: "sort:-priority,key"}, "3 1 4 2 5"},
			{tracker.ListTasks{Query: "sort:due,-priority"}, "3 4 1 5 2"},
		} {
			for _, limit := range []int{0, 1, 2, 5} {
				in := c.in
				in.Limit = &limit
				if got := strings.Join(r.walk(in), " "); got != c.want {
					t.Errorf("%+v by %d: %s, want %s", c.in, limit, got, c.want)
				}
			}
		}
		page := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Limit: ptr(2)}))
		if page.More != 3 {
			t.Errorf("%d more, want 3", page.More)
		}
		for want, in := range map[string]tracker.ListTasks{
			"bad_sort": {Sort: "priority,key,due"}, "bad_status": {Status: []string{"lost"}}, "bad_limit": {Limit: ptr(-1)}, "bad_priority": {Priority: ptr(0)},
			"bad_cursor": {Cursor: "%%%"}, "not_found": {Epic: "E09"}, "bad_key": {Feature: "E01"},
		} {
			_, err := r.ListTasks(as("ann"), in)
			refused(t, err, want)
		}
		_, err := r.ListTasks(as("ann"), tracker.ListTasks{Sort: "created", Cursor: page.NextCursor})
		refused(t, err, "bad_cursor")
		_, err = r.ListTasks(as("ann"), tracker.ListTasks{Sort: "key,title"})
		refused(t, err, "bad_sort")
		page = ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Sort: "priority,created", Limit: ptr(2)}))
		if page.More != 3 {
			t.Errorf("by two fields %d more, want 3", page.More)
		}
		_, err = r.ListTasks(as("ann"), tracker.ListTasks{Sort: "priority,-created", Cursor: page.NextCursor})
		refused(t, err, "bad_cursor")
	})
}

func TestListsOfEpicsAndFeatures(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		for i := range 3 {
			e := r.epic(fmt.Sprint("epic ", i))
			r.feature(e, "a")
			r.feature(e, "b")
		}
		ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E02", Status: ptr("archived")}))
		page := ok[tracker.Page[plan.Epic]](t)(r.ListEpics(as("ann"), tracker.ListEpics{Limit: ptr(1), Status: []string{"active"}}))
		if len(page.Items) != 1 || page.Items[0].Key.Epic != 1 || page.More != 1 {
			t.Errorf("the first page is %+v", page)
		}
		page = ok[tracker.Page[plan.Epic]](t)(r.ListEpics(as("ann"), tracker.ListEpics{Limit: ptr(1), Status: []string{"active"}, Cursor: page.NextCursor}))
		if len(page.Items) != 1 || page.Items[0].Key.Epic != 3 || page.NextCursor != "" {
			t.Errorf("the last page is %+v", page)
		}
		features := ok[tracker.Page[plan.Feature]](t)(r.ListFeatures(as("ann"), tracker.ListFeatures{Epic: "E02"}))
		if len(features.Items) != 2 || features.Items[0].EpicKey.Epic != 2 {
			t.Errorf("the features are %+v", features)
		}
		_, err := r.ListFeatures(as("ann"), tracker.ListFeatures{Epic: "E09"})
		refused(t, err, "not_found")
		_, err = r.ListEpics(as("ann"), tracker.ListEpics{Cursor: "x"})
		refused(t, err, "bad_cursor")
	})
}

func TestLogGoesPageByPageNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.rich()
		for _, key := range []string{"", "E01", "E01-F01", "E01-F02", "T-E01-F01-008", "E03"} {
			whole := ok[tracker.Page[plan.History]](t)(r.Log(as("ann"), tracker.Log{Key: key, Limit: ptr(0)})).Items
			for _, limit := range []int{1, 7} {
				var paged []plan.History
				in := tracker.Log{Key: key, Limit: &limit}
				for {
					page := ok[tracker.Page[plan.History]](t)(r.Log(as("ann"), in))
					paged = append(paged, page.Items...)
					if left := len(whole) - len(paged); page.More != left {
						t.Errorf("log %s: %d more, want %d", key, page.More, left)
					}
					if in.Cursor = page.NextCursor; in.Cursor == "" {
						break
					}
				}
				if len(paged) != len(whole) {
					t.Fatalf("log %s: in pages there are %d records, in one go %d", key, len(paged), len(whole))
				}
				for i := range whole {
					if whole[i].Hash != paged[i].Hash {
						t.Fatalf("log %s: record %d differs", key, i)
					}
					if i > 0 && whole[i].Timestamp.After(whole[i-1].Timestamp) {
						t.Errorf("log %s: record %d is newer than the one before", key, i)
					}
				}
			}
		}
		_, err := r.Log(as("ann"), tracker.Log{Key: "E77"})
		refused(t, err, "not_found")
	})
}

// A narrowed log is what is left of the whole one, page by page.
func TestLogIsNarrowed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.rich()
		r.do("bob", plan.Archive, plan.MustKey("T-E01-F01-008"))
		all := ok[tracker.Page[plan.History]](t)(r.Log(as("ann"), tracker.Log{Limit: ptr(0)})).Items
		middle := all[len(all)/2].Timestamp
		at := middle.Format("2006-01-02T15:04:05.000Z07:00")
		for _, c := range []struct {
			in   tracker.Log
			keep func(plan.History) bool
		}{
			{tracker.Log{Agent: []string{"bob"}}, func(h plan.History) bool { return h.Agent == "bob" }},
			{tracker.Log{Agent: []string{"me", "bob"}}, func(h plan.History) bool { return h.Agent == "ann" || h.Agent == "bob" }},
			{tracker.Log{Agent: []string{"nobody"}}, func(plan.History) bool { return false }},
			{tracker.Log{Surface: []string{"mcp"}}, func(h plan.History) bool { return h.Surface == "mcp" }},
			{tracker.Log{Surface: []string{all[0].Surface}}, func(h plan.History) bool { return h.Surface == all[0].Surface }},
			{tracker.Log{Since: at}, func(h plan.History) bool { return !h.Timestamp.Before(middle) }},
			{tracker.Log{Until: at}, func(h plan.History) bool { return !h.Timestamp.After(middle) }},
			{tracker.Log{Since: "today", Until: "tomorrow"}, func(plan.History) bool { return true }},
			{tracker.Log{Until: "-1d"}, func(plan.History) bool { return false }},
			{tracker.Log{Key: "E01", Since: at, Agent: []string{"ann"}}, func(h plan.History) bool {
				return h.Key.Epic == 1 && !h.Timestamp.Before(middle) && h.Agent == "ann"
			}},
			{tracker.Log{Key: "E01-F01", Agent: []string{"bob"}}, func(h plan.History) bool { return h.Key.FeatureKey().String() == "E01-F01" && h.Agent == "bob" }},
		} {
			var want, got []string
			for _, h := range all {
				if c.keep(h) {
					want = append(want, h.Hash)
				}
			}
			in := c.in
			in.Limit = ptr(7)
			for {
				page := ok[tracker.Page[plan.History]](t)(r.Log(as("ann"), in))
				for _, h := range page.Items {
					got = append(got, h.Hash)
				}
				if left := len(want) - len(got); page.More != left {
					t.Errorf("log %+v: %d more, want %d", c.in, page.More, left)
				}
				if in.Cursor = page.NextCursor; in.Cursor == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("log %+v: %d records, want %d", c.in, len(got), len(want))
			}
		}
		for _, in := range []tracker.Log{{Since: "soon"}, {Until: "never"}, {Since: "today", Until: "yesterday"}} {
			_, err := r.Log(as("ann"), in)
			refused(t, err, "bad_date")
		}
	})
}

func TestContextShowsTheLastRejectionAndHandoffsFirst(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.reach(f, plan.ReadyForReview).Key
		on := r.task(f, "on")
		ok[tracker.Changed](t)(r.depend(k, on))
		for _, kind := range []string{"comment", "handoff"} {
			ok[plan.Note](t)(r.AddNote(as("bob"), tracker.AddNote{Key: k.String(), Body: kind, Kind: kind}))
		}
		ok[tracker.Changed](t)(r.Reject(as("bob"), tracker.ChangeStatus{Keys: names([]plan.Key{k}), Reason: "no tests"}))
		show := func() tracker.Context {
			return ok[tracker.Context](t)(r.ShowContext(as("ann"), tracker.ShowTask{Key: k.String()}))
		}
		c := show()
		if c.Rejected != "no tests" || c.Epic != "Epic" || c.Feature != "Feature" || len(c.Notes) != 2 || c.Notes[0].Kind != plan.Handoff || len(c.DependsOn) != 1 || len(c.Siblings) != 0 {
			t.Errorf("the context is %+v", c)
		}
		r.do("ann", plan.Submit, k)
		ok[plan.Note](t)(r.AddNote(as("bob"), tracker.AddNote{Key: k.String(), Body: "while in review"}))
		if c = show(); c.Rejected != "no tests" {
			t.Errorf("handed in again it says %q of the last review", c.Rejected)
		}
		r.do("bob", plan.Complete, on)
		r.do("bob", plan.Approve, k)
		if c = show(); c.Rejected != "" {
			t.Errorf("approved it still says %q", c.Rejected)
		}
	})
}

func TestNotesAndLimits(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		for want, in := range map[string]tracker.AddNote{"bad_note": {Body: " \n"}, "bad_note_kind": {Body: "x", Kind: "rant"}} {
			in.Key = k.String()
			_, err := r.AddNote(as("ann"), in)
			refused(t, err, want)
		}
		_, err := r.AddNote(as("ann"), tracker.AddNote{Key: k.String(), Body: strings.Repeat("x", plan.MaxText+1)})
		refused(t, err, "bad_note", "1048577")
		ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: k.String(), Body: strings.Repeat("x", plan.MaxText)}))
		notes := ok[tracker.Notes](t)(r.ListNotes(as("ann"), tracker.ListNotes{Key: k.String()}))
		if len(notes.Items) != 1 || len(notes.Items[0].Body) != plan.MaxText || r.show(k).Version != 2 {
			t.Errorf("there are %d notes, version %d", len(notes.Items), r.show(k).Version)
		}
	})
}
