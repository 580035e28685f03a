package tracker_test

import (
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// left returns how long a lease had to run when it was last written.
func left(task plan.Task) time.Duration { return task.LeaseUntil.Sub(task.UpdatedAt) }

func TestLeasesLastAsLongAsAsked(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for lease, want := range map[string]time.Duration{"": 30 * time.Minute, "90s": 90 * time.Second, "720h": 720 * time.Hour, "1d": 24 * time.Hour, "1w1d": 192 * time.Hour} {
			in := claimOf(r.task(feature, "x"))
			in.Lease = lease
			if got := left(ok[tracker.Changed](t)(r.Claim(as("ann"), in)).Items[0]); got != want {
				t.Errorf("a lease of %q lasts %v", lease, got)
			}
		}
		k := r.task(feature, "y")
		for _, lease := range []string{"0", "-1m", "999ms", "721h", "soon", "30", "9999999h9999999h"} {
			in := claimOf(k)
			in.Lease = lease
			_, err := r.Claim(as("ann"), in)
			refused(t, err, "bad_lease")
			_, err = r.Next(as("ann"), tracker.Next{Claim: true, Lease: lease})
			refused(t, err, "bad_lease")
			_, err = r.Renew(as("ann"), tracker.Renew{Keys: in.Keys, Lease: lease})
			refused(t, err, "bad_lease")
		}
	})
}

func TestRenewMovesTheLeaseAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		held := r.do("ann", plan.Claim, k)
		r.expire(k)
		renew := tracker.Renew{Keys: []string{k.String()}, Fence: held.Fence}
		got := ok[tracker.Changed](t)(r.Renew(as("ann"), renew)).Items[0]
		if got.Version != held.Version || got.Fence != held.Fence || got.LeaseUntil.Before(*held.LeaseUntil) {
			t.Errorf("got version %d, fence %d, lease until %v", got.Version, got.Fence, got.LeaseUntil)
		}
		renew.Lease = "2h"
		if got = ok[tracker.Changed](t)(r.Renew(as("ann"), renew)).Items[0]; got.LeaseSeconds != 7200 || got.LeaseUntil.Sub(*held.LeaseUntil) < 80*time.Minute {
			t.Errorf("renewed for 2h the lease ends at %v, after %v", got.LeaseUntil, held.LeaseUntil)
		}
		if n := len(r.log(k)); n != 2 {
			t.Errorf("history has %d records, want 2", n)
		}
	})
}

func TestRenewOfWhatIsNotHeld(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for _, verb := range []plan.Verb{"", plan.Start, plan.Complete, plan.Archive} {
			k := r.task(feature, "x")
			if verb != "" {
				r.do("ann", verb, k)
			}
			_, err := r.Renew(as("ann"), tracker.Renew{Keys: []string{k.String()}})
			refused(t, err, "not_held", k.String())
		}
	})
}

func TestEveryChangeByTheHolderRenews(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		on := r.task(feature, "on")
		k := r.task(feature, "x")
		r.do("ann", plan.Claim, k)
		for name, change := range map[string]func(who, what string) error{
			"update": func(who, what string) error {
				_, err := r.UpdateTask(as(who), tracker.UpdateTask{Keys: []string{k.String()}, Title: ptr(what)})
				return err
			},
			"note": func(who, what string) error {
				_, err := r.AddNote(as(who), tracker.AddNote{Key: k.String(), Body: what})
				return err
			},
			"dependency": func(who, _ string) error {
				in := tracker.Depend{Task: k.String(), DependsOn: []string{on.String()}}
				_, err := r.AddDependencies(as(who), in)
				if err == nil {
					_, err = r.RemoveDependencies(as(who), in)
				}
				return err
			},
		} {
			r.expire(k)
			if err := change("bob", name+" by bob"); err != nil {
				t.Fatalf("%s by another: %v", name, err)
			}
			if r.show(k).LeaseUntil.Year() != 2020 {
				t.Errorf("%s by another renews the lease", name)
			}
			if err := change("ann", name+" by ann"); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r.show(k).LeaseUntil.Year() == 2020 {
				t.Errorf("%s by the holder does not renew the lease", name)
			}
		}
	})
}

// What was imported in progress may be nobody's; whoever works on it takes it.
func TestATaskInProgressThatNobodyHolds(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		in := tracker.ChangeStatus{Keys: []string{k.String()}, Force: true, Reason: "done on paper"}
		ok[tracker.Changed](t)(r.Submit(as("ann"), in))
		r.do("bob", plan.Reject, k)
		if held := ok[tracker.Changed](t)(r.Claim(as("cid"), claimOf(k))).Items[0]; held.Status != plan.InProgress || held.AssignedAgent != "cid" {
			t.Errorf("it is %s, held by %q", held.Status, held.AssignedAgent)
		}
		_, err := r.Claim(as("dan"), claimOf(k))
		refused(t, err, "held", "cid")
	})
}
