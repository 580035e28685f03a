package tracker_test

import (
	"fmt"
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// reach makes a task and brings it to the status, held by ann where it can be.
func (r *rig) reach(feature plan.Key, status plan.TaskStatus) plan.Task {
	r.t.Helper()
	k := r.task(feature, string(status))
	for _, v := range map[plan.TaskStatus][]plan.Verb{
		plan.InProgress: {plan.Claim}, plan.Blocked: {plan.Claim, plan.Block}, plan.ReadyForReview: {plan.Claim, plan.Submit},
		plan.Completed: {plan.Claim, plan.Complete}, plan.Archived: {plan.Claim, plan.Complete, plan.Archive},
	}[status] {
		r.do("ann", v, k)
	}
	return r.show(k)
}

// The status table, row by row, as in the rules; a task is blocked from
// in_progress here, where unblock leads back to.
var statusTable = []struct {
	verb plan.Verb
	from []plan.TaskStatus
	to   plan.TaskStatus
}{
	{plan.Claim, []plan.TaskStatus{plan.Todo}, plan.InProgress},
	{plan.Start, []plan.TaskStatus{plan.Todo}, plan.InProgress},
	{plan.Release, []plan.TaskStatus{plan.InProgress}, plan.Todo},
	{plan.Submit, []plan.TaskStatus{plan.InProgress}, plan.ReadyForReview},
	{plan.Approve, []plan.TaskStatus{plan.ReadyForReview}, plan.Completed},
	{plan.Reject, []plan.TaskStatus{plan.ReadyForReview}, plan.InProgress},
	{plan.Complete, []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview}, plan.Completed},
	{plan.Block, []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview}, plan.Blocked},
	{plan.Unblock, []plan.TaskStatus{plan.Blocked}, plan.InProgress},
	{plan.Reopen, []plan.TaskStatus{plan.Completed, plan.Archived}, plan.Todo},
	{plan.Archive, []plan.TaskStatus{plan.Todo, plan.InProgress, plan.Blocked, plan.ReadyForReview, plan.Completed}, plan.Archived},
}

func TestVerbsFollowTheStatusTable(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for _, row := range statusTable {
			for _, from := range plan.TaskStatuses() {
				before := r.reach(feature, from)
				in := tracker.ChangeStatus{Keys: []string{before.Key.String()}, Reason: "a reason"}
				if row.verb == plan.Archive && from == plan.Archived {
					in.Reason = ""
				}
				out, err := r.verb("ann", row.verb, in)
				what := fmt.Sprintf("%s from %s", row.verb, from)
				switch {
				case slices.Contains(row.from, from):
					if err != nil {
						t.Errorf("%s: %v", what, err)
						continue
					}
					checkMove(t, what, r, before, out.Items[0], row.verb, row.to)
				case row.verb == plan.Archive: // archived already: nothing happens
					if after := r.show(before.Key); err != nil || after.Version != before.Version {
						t.Errorf("%s: %v, version %d", what, err, after.Version)
					}
				default:
					if err == nil {
						t.Errorf("%s is not refused", what)
					}
					if after := r.show(before.Key); after.Version != before.Version || after.Status != from {
						t.Errorf("%s is refused, and the task is %s at version %d", what, after.Status, after.Version)
					}
				}
			}
		}
	})
}

// Why something is archived may be said later, or again: the reason is not
// dropped, and it is the one that stands.
func TestASecondArchiveKeepsItsReason(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "one")
		archive := func(reason string, version int64) {
			t.Helper()
			out := ok[tracker.Changed](t)(r.verb("ann", plan.Archive, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: reason}))
			if task := out.Items[0]; task.Status != plan.Archived || task.Version != version {
				t.Errorf("it is %s at version %d, want version %d", task.Status, task.Version, version)
			}
		}
		archive("", 2)
		archive("", 2)
		archive("superseded by zebra", 3)
		if h := r.log(k)[0]; h.Notes != "superseded by zebra" || h.OldStatus != "archived" || h.NewStatus != "archived" {
			t.Errorf("the record is %+v", h)
		}
		archive("", 3)
		for _, search := range []func(){func() {}, func() {
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Priority: ptr(1)}))
		}} {
			search()
			if found := ok[tracker.Page[tracker.Found]](t)(r.Search(as("ann"), tracker.Search{Text: "zebra"})); len(found.Items) != 1 {
				t.Error("its reason is not found")
			}
		}
	})
}

// What happens to a blocked task but its status leaves the reason standing: a
// note once took it out of the search.
func TestTheReasonOfABlockOutlivesOtherChanges(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "one")
		ok[tracker.Changed](t)(r.verb("ann", plan.Block, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "zebra crossing"}))
		found := func(what string) {
			t.Helper()
			if page := ok[tracker.Page[tracker.Found]](t)(r.Search(as("ann"), tracker.Search{Text: "zebra"})); len(page.Items) != 1 {
				t.Errorf("after %s it is not found by its reason", what)
			}
		}
		found("the block")
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Priority: ptr(1)}))
		found("an update")
		ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: k.String(), Body: "asked again"}))
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Title: ptr("other")}))
		found("a note and a new title")
	})
}

func checkMove(t *testing.T, what string, r *rig, before, after plan.Task, verb plan.Verb, to plan.TaskStatus) {
	t.Helper()
	if stored := r.show(after.Key); fmt.Sprint(*flat(&stored)) != fmt.Sprint(*flat(&after)) {
		t.Errorf("%s: answers\n%+v and stores\n%+v", what, after, stored)
	}
	if after.Status != to || after.Version != before.Version+1 {
		t.Errorf("%s: leads to %s at version %d, want %s at %d", what, after.Status, after.Version, to, before.Version+1)
	}
	sound(t, what, after)
	h := r.log(after.Key)
	if len(h) != int(after.Version) {
		t.Errorf("%s: %d records at version %d", what, len(h), after.Version)
	}
	if last := h[0]; last.OldStatus != string(before.Status) || last.NewStatus != string(to) || last.Agent != "ann" || last.Surface != "cli" ||
		last.Operation == "" || last.Timestamp.IsZero() || last.Hash == "" || verb != plan.Claim && last.Notes != "a reason" {
		t.Errorf("%s: the record is %+v", what, last)
	}
	if leased := to == plan.InProgress && verb != plan.Start; leased != (after.LeaseUntil != nil) {
		t.Errorf("%s: the lease ends at %v", what, after.LeaseUntil)
	}
	if verb == plan.Claim && after.LastFence != before.LastFence+1 {
		t.Errorf("%s: the fence goes from %d to %d", what, before.LastFence, after.LastFence)
	}
}

// flat returns t with its times in place of pointers to them.
func flat(t *plan.Task) *[4]string {
	return &[4]string{fmt.Sprintf("%s %s %s %s %s %s v%d %s", t.Key, t.Title, t.Status, t.AssignedAgent, t.Session, t.BlockedReason, t.Version, t.BlockedFrom),
		fmt.Sprint(t.StartedAt, t.CompletedAt, t.BlockedAt, t.UpdatedAt), fmt.Sprint(t.LeaseUntil, t.LeaseSeconds, t.Fence, t.LastFence), fmt.Sprint(t.DependsOn, t.OpenDependencies, t.HistoryHash)}
}

// sound checks what must be true of every task by its status.
func sound(t *testing.T, what string, task plan.Task) {
	t.Helper()
	check := func(field string, is, want bool) {
		if is != want {
			t.Errorf("%s: %s is %s, and %s is set: %t", what, task.Key, task.Status, field, is)
		}
	}
	s := task.Status
	check("blocked_at", task.BlockedAt != nil, s == plan.Blocked)
	check("blocked_reason", task.BlockedReason != "", s == plan.Blocked)
	check("fence", task.Fence != 0, task.LeaseUntil != nil)
	if s != plan.Archived {
		check("completed_at", task.CompletedAt != nil, s == plan.Completed)
	}
	switch s {
	case plan.Todo:
		check("started_at", task.StartedAt != nil, false)
		check("assigned_agent", task.AssignedAgent != "", false)
		check("lease", task.LeaseUntil != nil, false)
	case plan.InProgress:
		check("started_at", task.StartedAt != nil, true)
		check("assigned_agent", task.AssignedAgent != "", true)
	default:
		check("lease", task.LeaseUntil != nil, false)
	}
}

func TestReasonsAreRequired(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for verb, from := range map[plan.Verb]plan.TaskStatus{plan.Reject: plan.ReadyForReview, plan.Block: plan.InProgress, plan.Reopen: plan.Completed} {
			task := r.reach(feature, from)
			for _, reason := range []string{"", "  \n"} {
				_, err := r.verb("ann", verb, tracker.ChangeStatus{Keys: []string{task.Key.String()}, Reason: reason})
				refused(t, err, "reason_required", string(verb))
			}
			_, err := r.verb("ann", verb, tracker.ChangeStatus{Keys: []string{task.Key.String()}, Reason: "a\x00b"})
			refused(t, err, "bad_reason")
		}
		blocked := r.do("ann", plan.Block, r.task(feature, "x"))
		if blocked.BlockedReason != "because" {
			t.Errorf("the reason kept is %q", blocked.BlockedReason)
		}
	})
}

func TestForceOverridesAndHistorySaysSo(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		for _, verb := range []plan.Verb{plan.Claim, plan.Start, plan.Release, plan.Submit, plan.Approve, plan.Complete, plan.Block, plan.Archive} {
			k := r.reach(feature, plan.InProgress).Key
			in := tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "ann is away"}
			if _, err := r.verb("bob", verb, in); code(err) != "held" {
				t.Errorf("%s by another: %v", verb, err)
			}
			in.Force = true
			after := ok[tracker.Changed](t)(r.verb("bob", verb, in)).Items[0]
			sound(t, "forced "+string(verb), after)
			if h := r.log(k)[0]; h.Notes != "forced: ann is away" || h.Agent != "bob" {
				t.Errorf("%s: the record is by %s: %q", verb, h.Agent, h.Notes)
			}
			in.Reason = ""
			_, err := r.verb("bob", verb, in)
			refused(t, err, "reason_required", "force")
		}
	})
}

// A block that is forced onto a blocked task once lost where it came from:
// unblock then led from blocked to blocked.
func TestForcedBlockOfABlockedTaskCanBeUndone(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.reach(r.plan(), plan.Blocked).Key
		ok[tracker.Changed](t)(r.Block(as("ann"), tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "a better reason", Force: true}))
		if got := r.do("ann", plan.Unblock, k); got.Status != plan.InProgress {
			t.Errorf("after unblock it is %s", got.Status)
		}
	})
}
