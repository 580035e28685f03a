package tracker_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Two sessions that share one name are two holders: what one claimed the other
// cannot act on, and neither can a caller without a session, or the other way
// round.
func TestASessionHoldsForItselfAlone(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for _, c := range [][2]string{{"ann/1", "ann/2"}, {"ann/1", "ann"}, {"ann", "ann/1"}} {
			k := r.task(feature, "x")
			held := r.do(c[0], plan.Claim, k)
			for _, verb := range []plan.Verb{plan.Claim, plan.Start, plan.Release, plan.Submit, plan.Complete, plan.Block, plan.Archive} {
				_, err := r.verb(c[1], verb, change(k, 0))
				refused(t, err, "held", "another session of yours")
				if hint := plan.Describe(err).Hint; !strings.Contains(hint, "--take-over") {
					t.Errorf("the hint of %s is %q", verb, hint)
				}
			}
			_, err := r.Renew(as(c[1]), tracker.Renew{Keys: names([]plan.Key{k})})
			refused(t, err, "held")
			_, err = r.HandOff(as(c[1]), tracker.HandOff{Key: k.String(), Body: "half done", Release: true})
			refused(t, err, "held")
			r.expire(k)
			ok[plan.Note](t)(r.AddNote(as(c[1]), tracker.AddNote{Key: k.String(), Body: "seen"}))
			if r.show(k).LeaseUntil.Year() != 2020 {
				t.Error("a note of another session renews the lease")
			}
			ok[tracker.Changed](t)(r.Complete(as(c[0]), completing(change(k, held.Fence))))
		}
	})
}

func TestTakeOverMovesAClaimBetweenSessionsOfOneName(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		k := r.task(feature, "x")
		held := r.do("ann/1", plan.Claim, k)
		take := tracker.Claim{Keys: names([]plan.Key{k}), TakeOver: true}
		_, err := r.Claim(as("bob/1"), take)
		refused(t, err, "held", "ann (session 1)")
		_, err = r.Claim(as("ann/1"), take)
		refused(t, err, "already_yours")

		out := ok[tracker.Changed](t)(r.Claim(as("ann/2"), take))
		got := out.Items[0]
		if got.AssignedAgent != "ann" || got.Session != "2" || got.Fence <= held.Fence || got.Version != held.Version+1 {
			t.Errorf("got %+v", got)
		}
		if len(out.TakenOver) != 1 || out.TakenOver[0].Key != k || out.TakenOver[0].From != "ann (session 1)" {
			t.Errorf("taken over: %+v", out.TakenOver)
		}
		h := r.log(k)[0]
		if h.Session != "2" || !strings.HasPrefix(h.Notes, "moved from ann (session 1)") || h.Change["session"] != [2]any{"1", "2"} {
			t.Errorf("the history says %q, %v in session %s", h.Notes, h.Change, h.Session)
		}
		for _, f := range []int64{0, held.Fence} {
			_, err = r.Submit(as("ann/1"), change(k, f))
			refused(t, err, "lease_lost", "ann (session 2)")
		}
		ok[tracker.Changed](t)(r.Submit(as("ann/2"), change(k, got.Fence)))

		// From a caller without a session, from a start without a lease, and of
		// what nobody holds.
		for _, verb := range []plan.Verb{plan.Claim, plan.Start} {
			k := r.task(feature, "y")
			r.do("ann", verb, k)
			ok[tracker.Changed](t)(r.Claim(as("ann/2"), tracker.Claim{Keys: names([]plan.Key{k}), TakeOver: true}))
			r.do("ann/2", plan.Complete, k)
		}
		ok[tracker.Changed](t)(r.Claim(as("ann/2"), tracker.Claim{Keys: names([]plan.Key{r.task(feature, "z")}), TakeOver: true}))
	})
}

// What expired is answered with who lost it.
func TestATakeoverNamesTheHolder(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		k := r.task(feature, "x")
		r.do("ann/1", plan.Claim, k)
		r.expire(k)
		next := ok[tracker.NextTask](t)(r.Next(as("ann/2"), tracker.Next{Claim: true}))
		if next.TakenOver == nil || next.TakenOver.From != "ann (session 1)" || next.TakenOver.LeaseUntil.Year() != 2020 {
			t.Errorf("next says %+v", next.TakenOver)
		}
		r.expire(k)
		out := ok[tracker.Changed](t)(r.Claim(as("bob"), claimOf(k)))
		if len(out.TakenOver) != 1 || out.TakenOver[0].From != "ann (session 2)" {
			t.Errorf("claim says %+v", out.TakenOver)
		}
		if fresh := ok[tracker.Changed](t)(r.Claim(as("bob"), claimOf(r.task(feature, "y")))); fresh.TakenOver != nil {
			t.Errorf("a fresh claim says %+v", fresh.TakenOver)
		}
	})
}

func TestMineAndTheBriefingAreOfTheSession(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for _, who := range []string{"ann/1", "ann/1", "ann/2", "ann", "bob/1"} {
			r.do(who, plan.Claim, r.task(feature, who))
		}
		for who, want := range map[string][2]int{"ann/1": {2, 2}, "ann/2": {1, 3}, "ann": {1, 3}, "ann/3": {0, 4}, "bob": {0, 1}, "cid": {0, 0}} {
			mine := ok[tracker.Holding](t)(r.Mine(as(who), tracker.Mine{}))
			brief := ok[tracker.Briefing](t)(r.Brief(as(who)))
			if got := [2]int{len(mine.Items), mine.Elsewhere}; got != want {
				t.Errorf("%s: mine has %v, want %v", who, got, want)
			}
			if got := [2]int{len(brief.Held), brief.Elsewhere}; got != want {
				t.Errorf("%s: the briefing has %v, want %v", who, got, want)
			}
		}
		one := 1
		page := ok[tracker.Holding](t)(r.Mine(as("ann/1"), tracker.Mine{Limit: &one}))
		rest := ok[tracker.Holding](t)(r.Mine(as("ann/1"), tracker.Mine{Limit: &one, Cursor: page.NextCursor}))
		if page.More != 1 || len(rest.Items) != 1 || rest.Items[0].Key == page.Items[0].Key {
			t.Errorf("the pages are %+v and %+v", page, rest)
		}
	})
}

// asToken returns a context of a caller that wants claim tokens, with one of
// them or without.
func asToken(who, token string) context.Context {
	return plan.WithActor(context.Background(), plan.Actor{Name: who, Session: plan.SessionOf(token), Surface: "http", Tokens: token == ""})
}

func TestAClaimWithoutASessionAnswersAToken(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		k, other := r.task(feature, "x"), r.task(feature, "y")
		out := ok[tracker.Changed](t)(r.Claim(asToken("ann", ""), claimOf(k)))
		if !plan.IsSecret(out.ClaimToken) {
			t.Fatalf("the token is %q", out.ClaimToken)
		}
		if stored := r.show(k).Session; stored == "" || strings.Contains(out.ClaimToken, stored) || stored != plan.SessionOf(out.ClaimToken) {
			t.Errorf("the session is stored as %q", stored)
		}
		for _, token := range []string{"", plan.NewSecret(), r.show(k).Session} {
			_, err := r.Submit(asToken("ann", token), change(k, 0))
			refused(t, err, "held")
		}
		// The token is a session like any other: it claims more, and gets no second one.
		again := ok[tracker.NextTask](t)(r.Next(asToken("ann", out.ClaimToken), tracker.Next{Claim: true}))
		if again.Task.Key != other || again.ClaimToken != "" {
			t.Errorf("next gave %s, token %q", again.Task.Key, again.ClaimToken)
		}
		if h := r.log(k)[0]; h.Session != r.show(k).Session {
			t.Errorf("the history names session %q", h.Session)
		}
		ok[tracker.Changed](t)(r.Submit(asToken("ann", out.ClaimToken), change(k, 0)))

		// Nothing to claim, no token; a look takes nothing.
		if none := ok[tracker.NextTask](t)(r.Next(asToken("ann", ""), tracker.Next{Claim: true})); none.Task != nil || none.ClaimToken != "" {
			t.Errorf("got %+v", none)
		}
		r.task(feature, "z")
		if look := ok[tracker.NextTask](t)(r.Next(asToken("ann", ""), tracker.Next{})); look.Task == nil || look.ClaimToken != "" {
			t.Errorf("got %+v", look)
		}
	})
}

// A call that is repeated under its idempotency key gets the token of the
// first, with which it can go on.
func TestARepeatedClaimAnswersTheSameToken(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		k := r.task(feature, "x")
		ctx := tracker.WithIdempotencyKey(asToken("ann", ""), "once")
		first := ok[tracker.Changed](t)(r.Claim(ctx, claimOf(k)))
		second := ok[tracker.Changed](t)(r.Claim(ctx, claimOf(k)))
		if first.ClaimToken == "" || first.ClaimToken != second.ClaimToken {
			t.Errorf("the tokens are %q and %q", first.ClaimToken, second.ClaimToken)
		}
		a, _ := json.Marshal(first)
		b, _ := json.Marshal(second)
		if string(a) != string(b) {
			t.Errorf("got\n%s\n%s", a, b)
		}
		r.task(feature, "y")
		ctx = tracker.WithIdempotencyKey(asToken("ann", ""), "next once")
		one := ok[tracker.NextTask](t)(r.Next(ctx, tracker.Next{Claim: true}))
		two := ok[tracker.NextTask](t)(r.Next(ctx, tracker.Next{Claim: true}))
		if one.ClaimToken == "" || one.ClaimToken != two.ClaimToken || one.Task.Key != two.Task.Key {
			t.Errorf("next answered %+v and %+v", one, two)
		}
	})
}

// KeepLeases renews what its session holds and is past the half of its lease,
// and nothing else.
func TestKeepLeases(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		if wait := ok[time.Duration](t)(r.KeepLeases(as("ann/1"))); wait != 0 {
			t.Errorf("with nothing held it waits %v", wait)
		}
		due, fresh, others, started := r.task(feature, "due"), r.task(feature, "fresh"), r.task(feature, "others"), r.task(feature, "started")
		r.do("ann/1", plan.Claim, due)
		r.do("ann/1", plan.Claim, fresh)
		r.do("ann/2", plan.Claim, others)
		r.do("ann/1", plan.Start, started)
		r.expire(due)
		r.expire(others)
		before, records := r.show(fresh), len(r.log(due))
		wait := ok[time.Duration](t)(r.KeepLeases(as("ann/1")))
		if wait <= 14*time.Minute || wait > 15*time.Minute {
			t.Errorf("it waits %v", wait)
		}
		if r.show(due).LeaseUntil.Year() == 2020 || r.show(others).LeaseUntil.Year() != 2020 || !r.show(fresh).LeaseUntil.Equal(*before.LeaseUntil) || r.show(started).LeaseUntil != nil {
			t.Errorf("due %v, others %v, fresh %v, started %v", r.show(due).LeaseUntil, r.show(others).LeaseUntil, r.show(fresh).LeaseUntil, r.show(started).LeaseUntil)
		}
		if after := len(r.log(due)); after != records {
			t.Errorf("the history had %d records and has %d", records, after)
		}
	})
}

func TestWhatOthersHoldIsNotDeleted(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		k := r.task(feature, "x")
		held := r.do("bob/1", plan.Claim, k)
		for _, under := range []plan.Key{k, feature, feature.EpicKey()} {
			_, err := r.delete(under, false)
			refused(t, err, "held", k.String(), "bob (session 1)")
			if plan.KindOf(err) != plan.Conflict {
				t.Errorf("the kind is %s", plan.KindOf(err))
			}
			would := ok[tracker.Deleted](t)(r.Delete(as("ann"), tracker.Delete{Key: under.String(), DryRun: true}))
			if len(would.Held) != 1 || would.Held[0] != k {
				t.Errorf("a dry run names %v as held", would.Held)
			}
		}
		if after := r.show(k); after.Version != held.Version {
			t.Errorf("the version is %d, want %d", after.Version, held.Version)
		}
		r.expire(k) // nobody works on it any more
		ok[tracker.Deleted](t)(r.delete(k, false))

		own := r.task(feature, "y")
		r.do("ann", plan.Claim, own)
		ok[tracker.Deleted](t)(r.delete(own, false))
		started := r.task(feature, "z")
		r.do("bob", plan.Start, started)
		_, err := r.delete(started, false)
		refused(t, err, "held", "bob")
		ok[tracker.Deleted](t)(r.delete(feature, true))
	})
}
