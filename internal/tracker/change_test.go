package tracker_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestSeveralTasksChangeTogetherOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 3)
		r.do("bob", plan.Claim, k[1])
		before := string(r.export())
		in := tracker.ChangeStatus{Keys: names(k), Reason: "because"}
		for _, verb := range []plan.Verb{plan.Claim, plan.Complete, plan.Block, plan.Archive} {
			_, err := r.verb("ann", verb, in)
			refused(t, err, "held", k[1].String(), "bob")
		}
		_, err := r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k[0].String(), "T-E01-F01-099"}, Title: ptr("new")})
		refused(t, err, "not_found", "T-E01-F01-099")
		_, err = r.Renew(as("bob"), tracker.Renew{Keys: names(k)})
		refused(t, err, "not_held", k[0].String())
		for title, want := range map[string]string{"": "bad_title", "x\ny": "bad_title"} {
			_, err = r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{
				{Feature: f.String(), Title: "good"}, {Feature: f.String(), Title: title}}})
			refused(t, err, want, "task 2")
		}
		if after := string(r.export()); after != before {
			t.Errorf("refusals changed\n%s\nto\n%s", before, after)
		}
		out := ok[tracker.Changed](t)(r.Archive(as("bob"), tracker.Archive{Keys: []string{k[2].String(), k[0].String(), k[2].String(), k[1].String()}}))
		if got := fmt.Sprint(out.Items[0].Key, out.Items[1].Key, out.Items[2].Key); len(out.Items) != 3 || got != fmt.Sprint(k[2], k[0], k[1]) {
			t.Errorf("the answer holds %s", got)
		}
		operation := r.log(k[0])[0].Operation
		for _, k := range k {
			if h := r.log(k)[0]; h.Operation != operation {
				t.Errorf("%s was changed by operation %s, not %s", k, h.Operation, operation)
			}
		}
		_, err = r.Archive(as("ann"), tracker.Archive{})
		refused(t, err, "usage")
	})
}

func TestUpdates(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "old")
		update := func(in tracker.UpdateTask) (plan.Task, error) {
			in.Keys = []string{k.String()}
			out, err := r.UpdateTask(as("bob"), in)
			return append(out.Items, plan.Task{})[0], err
		}
		got := ok[plan.Task](t)(update(tracker.UpdateTask{Title: ptr("new"), Priority: ptr(1), AgentType: ptr("backend"), FilePath: ptr("a/b.go")}))
		if got.Title != "new" || got.Priority != 1 || got.AgentType != "backend" || got.FilePath != "a/b.go" || got.Version != 2 {
			t.Errorf("got %+v", got)
		}
		h := r.log(k)[0]
		if want := "map[agent_type:[<nil> backend] file_path:[<nil> a/b.go] priority:[5 1] title:[old new]]"; fmt.Sprint(h.Change) != want || h.Agent != "bob" {
			t.Errorf("the record is by %s: %v", h.Agent, h.Change)
		}
		if got = ok[plan.Task](t)(update(tracker.UpdateTask{Title: ptr("new"), Priority: ptr(1)})); got.Version != 2 || len(r.log(k)) != 2 {
			t.Errorf("an update that changes nothing leads to version %d", got.Version)
		}
		for want, in := range map[string]tracker.UpdateTask{
			"bad_title": {Title: ptr("")}, "bad_priority": {Priority: ptr(11)}, "bad_agent_type": {AgentType: ptr(strings.Repeat("x", 65))},
			"bad_description": {Description: ptr("\x00")}, "bad_file_path": {FilePath: ptr("a\nb")}, "stale_version": {Title: ptr("x"), IfVersion: ptr(int64(1))},
		} {
			_, err := update(in)
			refused(t, err, want)
		}
		ok[plan.Task](t)(update(tracker.UpdateTask{AgentType: ptr(""), IfVersion: ptr(int64(2))}))
		_, err := r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{"E01-F01-001", "E01-F01-002"}, IfVersion: ptr(int64(1))})
		refused(t, err, "usage")
		_, err = r.Complete(as("ann"), tracker.Complete{Keys: []string{"E01-F01-001", "E01-F01-002"}, IfVersion: ptr(int64(1))})
		refused(t, err, "usage")
	})
}

func TestUpdatesOfEpicsAndFeatures(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		e := ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Title: ptr("new"), Priority: ptr("HIGH"), BusinessValue: ptr("low"), IfVersion: ptr(int64(1))}))
		if e.Title != "new" || e.Priority != plan.High || e.BusinessValue != plan.Low || e.Version != 2 {
			t.Errorf("got %+v", e)
		}
		if e = ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", BusinessValue: ptr("")})); e.BusinessValue != "" || e.Version != 3 {
			t.Errorf("got %+v", e)
		}
		if e = ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Status: ptr("active")})); e.Version != 3 {
			t.Errorf("an update that changes nothing leads to version %d", e.Version)
		}
		g := ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: f.String(), Description: ptr("text"), Status: ptr("draft")}))
		if h := r.log(f)[0]; g.Version != 2 || h.OldStatus != "active" || h.NewStatus != "draft" || h.Change["description"] != [2]any{nil, "text"} {
			t.Errorf("got %+v, %+v", g, h)
		}
		for want, in := range map[string]tracker.UpdateEpic{"bad_title": {Title: ptr(" ")}, "bad_status": {Status: ptr("todo")}, "bad_priority": {Priority: ptr("soonish")}, "stale_version": {IfVersion: ptr(int64(2))}} {
			in.Key = "E01"
			_, err := r.UpdateEpic(as("ann"), in)
			refused(t, err, want)
		}
		for want, in := range map[string]tracker.UpdateFeature{"bad_title": {Title: ptr("a\nb")}, "bad_status": {Status: ptr("")}, "stale_version": {IfVersion: ptr(int64(1))}} {
			in.Key = f.String()
			_, err := r.UpdateFeature(as("ann"), in)
			refused(t, err, want)
		}
		_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: f.String()})
		refused(t, err, "bad_key")
		_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: "E01-F09"})
		refused(t, err, "not_found")
	})
}

func TestUpdatesOfDifferentFieldsAreNeverLost(t *testing.T) {
	const rounds = 20
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		var w sync.WaitGroup
		for _, change := range []func(n int) tracker.UpdateTask{
			func(n int) tracker.UpdateTask { return tracker.UpdateTask{Title: ptr(fmt.Sprintf("title %d", n))} },
			func(n int) tracker.UpdateTask { return tracker.UpdateTask{Description: ptr(fmt.Sprintf("text %d", n))} },
		} {
			w.Go(func() {
				for n := range rounds {
					in := change(n)
					in.Keys = []string{k.String()}
					if _, err := r.UpdateTask(as("ann"), in); err != nil {
						t.Error(err)
					}
				}
			})
		}
		w.Wait()
		if got := r.show(k); got.Title != fmt.Sprintf("title %d", rounds-1) || got.Description != fmt.Sprintf("text %d", rounds-1) || got.Version != 2*rounds+1 {
			t.Errorf("got %q, %q at version %d", got.Title, got.Description, got.Version)
		}
		if n := len(r.log(k)); n != 2*rounds+1 {
			t.Errorf("history has %d records", n)
		}
	})
}

func TestActorsAreNamed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		for _, a := range []plan.Actor{{}, {Name: strings.Repeat("x", 65)}, {Name: "a\nb"}, {Name: "\xff"}, {Name: "ann", Session: strings.Repeat("x", 65)}} {
			if _, err := r.Claim(plan.WithActor(t.Context(), a), claimOf(k)); plan.KindOf(orNone(err)) != plan.Invalid {
				t.Errorf("the actor %+.20v: %v", a, err)
			}
		}
	})
}

func orNone(err error) error {
	if err == nil {
		return plan.Errorf(plan.Internal, "none")
	}
	return err
}
