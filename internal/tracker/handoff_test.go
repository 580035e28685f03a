package tracker_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestHandoff(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 1)[0]
		hand := func(who string, in tracker.HandOff) (tracker.Changed, error) {
			in.Key = k.String()
			return r.HandOff(as(who), in)
		}
		next := tracker.Next{Claim: true}

		// Anyone may write one down; only the holder can give the task back with it.
		ok[tracker.Changed](t)(hand("lead", tracker.HandOff{Body: "begin with the parser"}))
		_, err := hand("lead", tracker.HandOff{Body: "x", Release: true})
		refused(t, err, "bad_transition")
		first := ok[tracker.NextTask](t)(r.Next(as("ann"), next))
		if first.Handoff == nil || first.Handoff.Body != "begin with the parser" || first.Handoff.Agent != "lead" {
			t.Errorf("the first holder is told %+v", first.Handoff)
		}
		_, err = hand("bob", tracker.HandOff{Body: "x", Release: true})
		refused(t, err, "held")
		_, err = hand("ann", tracker.HandOff{Body: "x", Release: true, Fence: 7})
		refused(t, err, "lease_lost")
		_, err = hand("ann", tracker.HandOff{Body: " "})
		refused(t, err, "bad_note")

		// Without release the task stays with its holder, its lease renewed.
		kept := ok[tracker.Changed](t)(hand("ann", tracker.HandOff{Body: "half"})).Items[0]
		if kept.Status != plan.InProgress || kept.AssignedAgent != "ann" || kept.Version != first.Task.Version+1 {
			t.Errorf("after a handoff the task is %s of %q at version %d", kept.Status, kept.AssignedAgent, kept.Version)
		}
		// With release it is one step: note and status, two records, one operation.
		gone := ok[tracker.Changed](t)(hand("ann", tracker.HandOff{Body: "done: parser; left: errors", Release: true, Fence: first.Task.Fence}))
		if s := gone.Items[0]; s.Status != plan.Todo || s.AssignedAgent != "" {
			t.Errorf("it is %s of %q", s.Status, s.AssignedAgent)
		}
		log := ok[tracker.Page[plan.History]](t)(r.Log(as("ann"), tracker.Log{Key: k.String()})).Items
		if log[0].NewStatus != "todo" || log[1].Change["note"] == [2]any{} || log[0].Operation != log[1].Operation {
			t.Errorf("the history says %+v, %+v", log[0], log[1])
		}

		// The next holder is told the last one, and so is who looks.
		again := ok[tracker.NextTask](t)(r.Next(as("bob"), next))
		if again.Handoff == nil || again.Handoff.Body != "done: parser; left: errors" {
			t.Errorf("the next holder is told %+v", again.Handoff)
		}
		if item := ok[tracker.Item](t)(r.Show(as("bob"), tracker.Show{Key: k.String()})); item.Handoff == nil || item.Handoff.Body != again.Handoff.Body {
			t.Errorf("show says %+v", item.Handoff)
		}
		c := ok[tracker.Context](t)(r.ShowContext(as("bob"), tracker.ShowTask{Key: k.String()}))
		if c.Notes[0].Kind != plan.Handoff {
			t.Errorf("the context begins with %+v", c.Notes[0])
		}
		ok[tracker.Changed](t)(r.Complete(as("bob"), tracker.Complete{Keys: []string{k.String()}}))
		if item := ok[tracker.Item](t)(r.Show(as("bob"), tracker.Show{Key: k.String()})); item.Handoff != nil {
			t.Error("what is done is still handed over")
		}
	})
}

func TestNextCarriesTheLastRejection(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 1)[0].String()
		one := tracker.ChangeStatus{Keys: []string{k}}
		why := one
		why.Reason = "no test for expired cards"
		fresh := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true}))
		if fresh.Rejected != "" || fresh.Handoff != nil {
			t.Errorf("a fresh task comes with %q, %v", fresh.Rejected, fresh.Handoff)
		}
		ok[tracker.Changed](t)(r.Submit(as("ann"), one))
		ok[tracker.Changed](t)(r.Reject(as("rev"), why))
		ok[tracker.Changed](t)(r.Release(as("ann"), one))
		if out := ok[tracker.NextTask](t)(r.Next(as("bob"), tracker.Next{Claim: true})); out.Rejected != why.Reason {
			t.Errorf("the next holder is told %q", out.Rejected)
		}
	})
}

// A task that was completed after a rejection, or reopened after that, still
// showed the rejection, and never why it was reopened.
func TestWhyATaskWasSentBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 1)[0]
		one := tracker.ChangeStatus{Keys: []string{k.String()}}
		because := func(reason string) tracker.ChangeStatus { in := one; in.Reason = reason; return in }
		check := func(when string, want tracker.Standing) {
			t.Helper()
			show := tracker.ShowTask{Key: k.String()}
			if got := ok[tracker.Context](t)(r.ShowContext(as("bob"), show)).Standing; got != want {
				t.Errorf("%s the context says %+v, want %+v", when, got, want)
			}
			item := ok[tracker.Item](t)(r.Show(as("bob"), tracker.Show{Key: k.String()}))
			if item.Standing != want {
				t.Errorf("%s show says %+v, want %+v", when, item.Standing, want)
			}
			b, err := json.Marshal(item)
			if err != nil || strings.Contains(string(b), `"rejected"`) != (want.Rejected != "") || strings.Contains(string(b), `"reopened":"`+want.Reopened) != (want.Reopened != "") {
				t.Errorf("%s the JSON is %s, %v", when, b, err)
			}
		}
		check("fresh", tracker.Standing{})
		for range 2 {
			r.do("ann", plan.Start, k)
			r.do("ann", plan.Submit, k)
			ok[tracker.Changed](t)(r.Reject(as("rev"), because("no test")))
			check("rejected", tracker.Standing{Rejected: "no test"})
			r.do("ann", plan.Complete, k)
			check("completed", tracker.Standing{})
			ok[tracker.Changed](t)(r.Reopen(as("rev"), because("fails on leap days")))
			check("reopened", tracker.Standing{Reopened: "fails on leap days"})
			out := ok[tracker.NextTask](t)(r.Next(as("bob"), tracker.Next{Claim: true}))
			if out.Standing != (tracker.Standing{Reopened: "fails on leap days"}) {
				t.Errorf("the next holder is told %+v", out.Standing)
			}
			check("claimed", tracker.Standing{Reopened: "fails on leap days"})
			r.do("bob", plan.Archive, k)
			check("archived", tracker.Standing{})
			ok[tracker.Changed](t)(r.Reopen(as("rev"), because("wanted after all")))
			check("out of the archive", tracker.Standing{Reopened: "wanted after all"})
		}
	})
}

func TestContextIsBounded(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		keys := r.tasks(r.plan(), 60)
		k := keys[30].String()
		long := strings.Repeat("much to say ", 1000)
		ok[tracker.Changed](t)(r.HandOff(as("ann"), tracker.HandOff{Key: k, Body: long}))
		for range 20 {
			ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: k, Body: long}))
		}
		on := make([]string, 0, 20)
		for _, d := range keys[:20] {
			on = append(on, d.String())
			ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: d.String(), Body: "decided: " + long, Kind: "decision"}))
			ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: d.String(), Body: "a comment since"}))
		}
		ok[tracker.Changed](t)(r.Complete(as("ann"), tracker.Complete{Keys: on}))
		ok[tracker.Items](t)(r.AddDependencies(as("ann"), tracker.Depend{Task: k, DependsOn: on}))
		for _, d := range keys[40:] {
			ok[tracker.Items](t)(r.AddDependencies(as("ann"), tracker.Depend{Task: d.String(), DependsOn: []string{k}}))
		}
		c := ok[tracker.Context](t)(r.ShowContext(as("ann"), tracker.ShowTask{Key: k}))
		if len(c.Notes) != 8 || c.MoreNotes != 13 || c.Notes[0].Kind != plan.Handoff || !strings.HasSuffix(c.Notes[1].Body, "… (pm note list "+k+")") {
			t.Errorf("%d notes and %d more, the first %s, the second ends %q", len(c.Notes), c.MoreNotes, c.Notes[0].Kind, c.Notes[1].Body[len(c.Notes[1].Body)-60:])
		}
		if len(c.DependsOn) != 12 || c.MoreDependsOn != 8 || !strings.HasPrefix(c.DependsOn[0].Outcome, "decided: much") {
			t.Errorf("%d dependencies and %d more, of which came %q", len(c.DependsOn), c.MoreDependsOn, c.DependsOn[0].Outcome)
		}
		if len(c.Dependants) != 3 || c.MoreDependants != 17 {
			t.Errorf("%d dependants and %d more", len(c.Dependants), c.MoreDependants)
		}
		if len(c.Siblings) != 4 || c.Siblings[0].Key != keys[28] || c.Siblings[3].Key != keys[32] {
			t.Errorf("the siblings go from %s to %s", c.Siblings[0].Key, c.Siblings[len(c.Siblings)-1].Key)
		}
		if b, _ := json.Marshal(c); len(b) > 16<<10 {
			t.Errorf("the context is %d bytes long", len(b))
		}
	})
}

func TestNextCommands(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 2)
		one := tracker.ChangeStatus{Keys: []string{k[0].String()}}
		held := []string{"pm show " + k[0].String() + " --context", "pm submit " + k[0].String() + " --fence 1",
			"pm block " + k[0].String() + ` --fence 1 --reason "why"`}
		want := func(answer any, commands ...string) {
			t.Helper()
			if got := tracker.NextCommands(answer); !slices.Equal(got, commands) {
				t.Errorf("got %q, want %q", got, commands)
			}
			if len(commands) > 3 {
				t.Errorf("%d commands", len(commands))
			}
		}
		want(ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{})), "pm claim "+k[0].String())
		keyed := tracker.WithIdempotencyKey(as("ann"), "n1")
		claimed := ok[tracker.NextTask](t)(r.Next(keyed, tracker.Next{Claim: true}))
		want(claimed, held...)
		want(ok[tracker.NextTask](t)(r.Next(keyed, tracker.Next{Claim: true})), held...) // the same call again
		want(ok[tracker.Changed](t)(r.Renew(as("ann"), tracker.Renew{Keys: one.Keys})), held...)
		want(ok[tracker.Context](t)(r.ShowContext(as("ann"), tracker.ShowTask{Key: k[0].String()})), held[1:]...)
		want(ok[tracker.Context](t)(r.ShowContext(as("bob"), tracker.ShowTask{Key: k[0].String()})))
		keyed = tracker.WithIdempotencyKey(as("ann"), "s1")
		want(ok[tracker.Changed](t)(r.Submit(keyed, one)), "pm next --claim")
		again := ok[tracker.Changed](t)(r.Submit(keyed, one))
		want(again, "pm next --claim")

		// Beside the task's own fields, and beside a list's items.
		var task struct {
			Key  string   `json:"key"`
			Next []string `json:"next_commands"`
		}
		b, _ := json.Marshal(again)
		if err := json.Unmarshal(b, &task); err != nil || task.Key != k[0].String() || len(task.Next) != 1 {
			t.Errorf("%s: %v", b, err)
		}
		both := ok[tracker.Changed](t)(r.Complete(as("ann"), tracker.Complete{Keys: names(k)}))
		b, _ = json.Marshal(both)
		if !strings.HasPrefix(string(b), `{"items":[{"key":`) || !strings.HasSuffix(string(b), `"next_commands":["pm next --claim"]}`) {
			t.Errorf("%s", b)
		}
		page, _ := json.Marshal(ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{})))
		if strings.Contains(string(page), "next_commands") {
			t.Errorf("a list carries commands: %s", page)
		}
	})
}
