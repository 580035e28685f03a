package tracker_test

import (
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func claimOf(k plan.Key) tracker.Claim { return tracker.Claim{Keys: []string{k.String()}} }

func change(k plan.Key, fence int64) tracker.ChangeStatus {
	return tracker.ChangeStatus{Keys: []string{k.String()}, Fence: fence, Reason: "because"}
}

func TestAnothersTaskIsHeld(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		held := r.do("ann/1", plan.Claim, k)
		for _, verb := range []plan.Verb{plan.Claim, plan.Start, plan.Release, plan.Submit, plan.Complete, plan.Block, plan.Archive} {
			_, err := r.verb("bob", verb, change(k, 0))
			refused(t, err, "held", "ann (session 1)", held.LeaseUntil.Format(time.RFC3339))
			if plan.KindOf(err) != plan.Conflict {
				t.Errorf("%s: the kind is %s", verb, plan.KindOf(err))
			}
		}
		_, err := r.Renew(as("bob"), tracker.Renew{Keys: []string{k.String()}})
		refused(t, err, "held", "ann")
		if after := r.show(k); after.Version != held.Version {
			t.Errorf("the version is %d, want %d", after.Version, held.Version)
		}
	})
}

func TestASecondClaimUnderOneNameIsAlreadyYours(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		held := r.do("ann", plan.Claim, k)
		_, err := r.Claim(as("ann"), claimOf(k))
		refused(t, err, "already_yours", k.String())
		if task := plan.Describe(err).Task; task == nil || task.Key != k || task.Fence != held.Fence {
			t.Errorf("the task of the error is %+v", task)
		}
		if after := r.show(k); after.Version != held.Version || after.Fence != held.Fence {
			t.Errorf("version and fence are %d and %d, want %d and %d", after.Version, after.Fence, held.Version, held.Fence)
		}
	})
}

func TestSessionsAreToldApart(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		r.do("ann/1", plan.Claim, k)
		_, err := r.Claim(as("ann/2"), claimOf(k))
		refused(t, err, "held", "ann (session 1)")
		_, err = r.Complete(as("ann/2"), completing(change(k, 0)))
		refused(t, err, "held")
		_, err = r.Claim(as("ann/1"), claimOf(k))
		refused(t, err, "already_yours")
		if h := r.log(k)[0]; h.Agent != "ann" || h.Session != "1" {
			t.Errorf("history names %s, session %s", h.Agent, h.Session)
		}
		r.do("ann/1", plan.Complete, k)
	})
}

func TestAnExpiredLeaseCanBeTaken(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		take := map[string]func(plan.Key) (plan.Task, error){
			"claim": func(k plan.Key) (plan.Task, error) {
				out, err := r.Claim(as("bob"), claimOf(k))
				return append(out.Items, plan.Task{})[0], err
			},
			"next": func(plan.Key) (plan.Task, error) {
				out, err := r.Next(as("bob"), tracker.Next{Claim: true})
				if out.Task == nil {
					return plan.Task{}, err
				}
				return *out.Task, err
			},
		}
		for name, take := range take {
			k := r.task(feature, name)
			held := r.do("ann/1", plan.Claim, k)
			if out := ok[tracker.NextTask](t)(r.Next(as("bob"), tracker.Next{Claim: true})); out.Task != nil {
				t.Fatalf("%s: a held task was given out", name)
			}
			r.expire(k)
			got := ok[plan.Task](t)(take(k))
			if got.Key != k || got.AssignedAgent != "bob" || got.Session != "" || got.Fence <= held.Fence || got.Version != held.Version+1 {
				t.Errorf("%s: got %+v", name, got)
			}
			h := r.log(k)[0]
			if !strings.HasPrefix(h.Notes, "taken over from ann (session 1), whose lease expired at 2020-01-01T00:00:00Z") || h.Change["assigned_agent"] != [2]any{"ann", "bob"} {
				t.Errorf("%s: history says %q, %v", name, h.Notes, h.Change)
			}
		}
	})
}

func TestALostLeaseIsToldApartFromNoLease(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		fence := map[string]int64{}
		for _, who := range []string{"ann", "bob", "cid"} { // each takes over from the one before
			r.expire(k)
			fence[who] = r.do(who, plan.Claim, k).Fence
		}
		for _, who := range []string{"ann", "bob"} {
			for _, f := range []int64{0, fence[who]} {
				_, err := r.Complete(as(who), completing(change(k, f)))
				refused(t, err, "lease_lost", "cid")
				_, err = r.Renew(as(who), tracker.Renew{Keys: []string{k.String()}, Fence: f})
				refused(t, err, "lease_lost", "cid")
			}
		}
		_, err := r.Complete(as("dan"), completing(change(k, 0)))
		refused(t, err, "held", "cid")
		r.do("cid", plan.Submit, k)
		r.do("dan", plan.Reject, k) // puts it in progress again, for cid
		_, err = r.Complete(as("dan"), completing(change(k, 0)))
		refused(t, err, "held", "cid")
		ok[tracker.Changed](t)(r.Complete(as("cid"), completing(change(k, fence["cid"]))))
	})
}

func TestAStaleFenceIsRefusedUnderTheSameName(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		old := r.do("ann", plan.Claim, k).Fence
		r.expire(k)
		fresh := r.do("ann", plan.Claim, k).Fence
		for _, verb := range []plan.Verb{plan.Release, plan.Submit, plan.Complete, plan.Block, plan.Archive} {
			_, err := r.verb("ann", verb, change(k, old))
			refused(t, err, "lease_lost", k.String(), "ann")
		}
		_, err := r.Renew(as("ann"), tracker.Renew{Keys: []string{k.String()}, Fence: old})
		refused(t, err, "lease_lost")
		ok[tracker.Changed](t)(r.Submit(as("ann"), change(k, fresh)))
	})
}

func TestALostLeaseOfAnotherSession(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		r.do("ann/1", plan.Claim, k)
		ok[tracker.Changed](t)(r.Claim(as("ann/2"), tracker.Claim{Keys: names([]plan.Key{k}), Force: true, Reason: "restarted"}))
		ok[tracker.Changed](t)(r.Claim(as("ann/3"), tracker.Claim{Keys: names([]plan.Key{k}), Force: true, Reason: "restarted"}))
		for _, who := range []string{"ann/1", "ann/2"} {
			_, err := r.Complete(as(who), completing(change(k, 0)))
			refused(t, err, "lease_lost", "ann (session 3)")
		}
		_, err := r.Complete(as("ann/4"), completing(change(k, 0)))
		refused(t, err, "held", "ann (session 3)")
	})
}

// A task that was taken away and given back, or started by someone without a
// lease, is not its former holder's any more.
func TestAFenceEndsWithItsHolding(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "x")
		fence := r.do("ann", plan.Claim, k).Fence
		ok[tracker.Changed](t)(r.Release(as("bob"), tracker.ChangeStatus{Keys: []string{k.String()}, Force: true, Reason: "away"}))
		_, err := r.Complete(as("ann"), completing(change(k, fence)))
		refused(t, err, "lease_lost", "nobody")
		started := r.do("ann/2", plan.Start, k)
		if started.LeaseUntil != nil || started.Fence != 0 {
			t.Errorf("start gave a lease until %v", started.LeaseUntil)
		}
		_, err = r.Complete(as("ann"), completing(change(k, fence)))
		refused(t, err, "lease_lost", "ann (session 2)")
		if got := r.do("ann/2", plan.Submit, k); got.Status != plan.ReadyForReview {
			t.Errorf("it is %s", got.Status)
		}
		if back := r.do("bob", plan.Reject, k); back.LeaseUntil != nil || back.AssignedAgent != "ann" {
			t.Errorf("after reject it is held by %s until %v: it was started without a lease", back.AssignedAgent, back.LeaseUntil)
		}
	})
}
