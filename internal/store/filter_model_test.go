package store_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// A model is the plain list that the store's lists are compared with.
type model struct {
	now   time.Time // of the transaction
	tasks []plan.Task
	notes map[plan.Key]bool
	needs map[plan.Key][]plan.Key // task to what it depends on
}

// modelLine is the stages that there are; tasks are in one more, which is gone.
var modelLine = plan.Line(nil).Put(plan.Stage{Name: "test"}, -1).Put(plan.Stage{Name: "build"}, -1).Put(plan.Stage{Name: "ship"}, -1)

// modelField is a field that the project has declared, whose choices are not in
// the order of their letters.
var modelField = plan.CustomField{Name: "severity", Type: plan.ChoiceField, Choices: []string{"low", "high", "fatal"}, On: []plan.Level{plan.LevelTask}}

var modelStart = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// newModel makes up n tasks in features of ten, with every column at random.
func newModel(r *rand.Rand, n int) *model {
	m := &model{notes: map[plan.Key]bool{}, needs: map[plan.Key][]plan.Key{}}
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	moment := func() time.Time { return modelStart.Add(time.Duration(r.IntN(30*24)) * time.Hour) }
	maybe := func() *time.Time {
		t := moment()
		if r.IntN(2) == 0 {
			return nil
		}
		return &t
	}
	for i := range n {
		key := plan.Key{Epic: i/40 + 1, Feature: i/10%4 + 1, Task: i%10 + 1}
		t := plan.Task{Key: key, Title: "task " + pick("card", "bill", "receipt", "Crème"), Description: pick("", "", "the card", "of bills"),
			Status: plan.TaskStatuses()[r.IntN(6)], AgentType: pick("", "backend", "frontend", "docs", "front end"), Priority: 1 + r.IntN(10),
			AssignedAgent: pick("", "a1", "a2", "Ann B"), FilePath: pick("", "a.md"), Offered: r.IntN(4) > 0,
			CreatedAt: moment(), UpdatedAt: moment(), StartedAt: maybe(), CompletedAt: maybe()}
		if t.Status == plan.InProgress && r.IntN(2) == 0 {
			until := time.Now().UTC().Truncate(time.Millisecond).Add(time.Duration(r.IntN(3)-1) * time.Hour)
			t.LeaseUntil = &until
		}
		t.Due = plan.Date(pick("", "", "2026-03-10", "2026-03-10T09:00:00.000Z", "2026-03-20", "2026-04-01"))
		t.Estimate = []plan.Estimate{0, 0, 25, 250, 4000}[r.IntN(5)]
		t.Assignee = pick("", "", "a1", "Ann B")
		t.Stage = pick("", "", "test", "build", "ship", "gone")
		if value := pick("", "", `"low"`, `"high"`, `"fatal"`); value != "" {
			t.Fields = plan.Fields{"severity": plan.FieldValue(value)}
		}
		if r.IntN(3) == 0 {
			if t.LastCheck = 1; r.IntN(2) == 0 {
				t.Checks = []plan.Check{{N: 1, Text: "it prints"}}
			}
		}
		if i > 0 && r.IntN(4) == 0 {
			t.Position = plan.PlaceBetween(m.tasks[r.IntN(i)].Place(), "")
		}
		if r.IntN(3) == 0 {
			at := moment().AddDate(r.IntN(2)*200, 0, 0)
			t.Defer, t.DeferFrom = plan.DateOf(at), plan.DateOf(at)
			t.DeferUntil("", "", modelStart.AddDate(0, 0, r.IntN(2)*15))
		}
		for range r.IntN(3) {
			t.Labels = append(t.Labels, pick("l1", "L2", "l3", "on tasks"))
		}
		t.Labels = plan.SortLabels(t.Labels)
		if !t.Done() {
			t.CompletedAt = nil // as of what is reopened
		}
		if t.Status == plan.Archived {
			t.Resolution = []plan.Resolution{t.DefaultResolution(), plan.ResolvedDone, plan.WontDo, plan.Duplicate}[r.IntN(4)]
		}
		if t.Status == plan.Completed {
			t.Resolution = []plan.Resolution{plan.ResolvedDone, plan.ResolvedDone, plan.Duplicate}[r.IntN(3)] // imported ones can have others
		}
		if t.Status == plan.Blocked {
			at := moment()
			t.BlockedAt, t.BlockedReason = &at, "why"
		}
		if i > 0 && r.IntN(3) == 0 {
			m.needs[key] = []plan.Key{m.tasks[r.IntN(i)].Key}
			t.OpenDependencies = r.IntN(2)
		}
		m.notes[key] = r.IntN(8) == 0
		m.tasks = append(m.tasks, t)
	}
	return m
}

func (m *model) fill(t testing.TB, db *store.DB) {
	t.Helper()
	_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
		if err := tx.PutProject(plan.Project{}.WithLine(modelLine).With(modelField.Definition())); err != nil {
			return 0, err
		}
		for i := range m.tasks {
			k := m.tasks[i].Key
			if k.Task == 1 && k.Feature == 1 {
				e := plan.Epic{Key: k.EpicKey(), Labels: modelLabels(k.EpicKey()), Title: "e", Status: plan.PlanActive, Priority: plan.Low, CreatedAt: modelStart, UpdatedAt: modelStart}
				if err := tx.PutEpic(&e); err != nil {
					return 0, err
				}
			}
			if k.Task == 1 {
				f := plan.Feature{Key: k.FeatureKey(), Labels: modelLabels(k.FeatureKey()), Title: "f", Status: plan.PlanActive, CreatedAt: modelStart, UpdatedAt: modelStart}
				if err := tx.PutFeature(&f); err != nil {
					return 0, err
				}
			}
			if err := tx.PutTask(&m.tasks[i]); err != nil {
				return 0, err
			}
			for range rejections(k) {
				if err := tx.PutHistory(k, plan.History{Key: k, OldStatus: "ready_for_review", NewStatus: "in_progress", Notes: "why", Timestamp: modelStart}); err != nil {
					return 0, err
				}
			}
			for _, on := range m.needs[k] {
				if _, err := tx.AddDependency(store.Edge{Task: k, DependsOn: on}); err != nil {
					return 0, err
				}
			}
			if m.notes[k] {
				if err := tx.PutNote(plan.Note{Key: k, N: 1, Agent: "a", Kind: plan.Comment, Body: "n", CreatedAt: modelStart}); err != nil {
					return 0, err
				}
			}
		}
		return 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rejections is how often a task was rejected.
func rejections(k plan.Key) int { return k.Task % 4 }

// modelLabels are the labels of an epic or a feature: some have one, some no tasks have.
func modelLabels(k plan.Key) []string {
	switch {
	case k.Level() == plan.LevelEpic && k.Epic == 2:
		return []string{"l3"}
	case k.Level() == plan.LevelFeature && k.Feature == 1:
		return []string{"l2"}
	case k.Level() == plan.LevelFeature && k.Feature == 3 && k.Epic == 1:
		return []string{"above"}
	}
	return nil
}

// holds is the meaning of a term, task by task.
func (m *model) holds(t plan.Task, term query.Term) bool {
	in := func(at *time.Time) bool {
		return at != nil && slices.ContainsFunc(term.Times, func(s query.Span) bool {
			return !at.Before(s.From) && (s.To.IsZero() || at.Before(s.To))
		})
	}
	has := false
	switch term.Field {
	case query.Status:
		has = slices.Contains(term.Words, string(t.Status))
	case query.Type:
		has = slices.Contains(term.Words, t.AgentType)
	case query.Agent:
		has = slices.Contains(term.Words, t.AssignedAgent)
	case query.HeldBy:
		has = t.Status == plan.InProgress && slices.Contains(term.Words, t.AssignedAgent)
	case query.Priority:
		has = slices.ContainsFunc(term.Priorities, func(r query.Range) bool { return r.From <= t.Priority && t.Priority <= r.To })
	case query.Assignee:
		has = slices.Contains(term.Words, t.Assignee) || t.Status == plan.InProgress && slices.Contains(term.Words, t.AssignedAgent)
	case query.Label, query.OwnLabel:
		labels := slices.Clone(t.Labels)
		if term.Field == query.Label {
			labels = append(append(labels, modelLabels(t.Key.FeatureKey())...), modelLabels(t.Key.EpicKey())...)
		}
		has = slices.ContainsFunc(labels, func(l string) bool {
			return slices.ContainsFunc(term.Words, func(w string) bool { return plan.FoldLabel(w) == plan.FoldLabel(l) })
		})
	case query.Resolution:
		has = slices.Contains(term.Words, string(t.Resolution))
	case query.Own:
		value := modelField.Sorted(t.Fields[modelField.Name])
		has = t.Fields[modelField.Name] != "" && slices.ContainsFunc(term.Spans, func(s query.OwnSpan) bool { return s.From <= value && value <= s.To })
	case query.InStage:
		has = slices.Contains(term.Words, t.Stage)
	case query.Due:
		has = inDates(t.Due, term)
	case query.Defer:
		if at, deferred := t.NotBefore.Time(); deferred {
			has = in(&at)
		}
	case query.Estimate:
		has = slices.ContainsFunc(term.Estimates, func(r query.Range) bool { return r.From <= int(t.Estimate) && int(t.Estimate) <= r.To })
	case query.Key, query.Epic, query.Feature:
		has = slices.ContainsFunc(term.Keys, func(k plan.Key) bool { return k.Contains(t.Key) })
	case query.Created:
		has = in(&t.CreatedAt)
	case query.Updated:
		has = in(&t.UpdatedAt)
	case query.Started:
		has = in(t.StartedAt)
	case query.Completed:
		has = in(t.CompletedAt)
	case query.BlockedAt:
		has = in(t.BlockedAt)
	case query.DependsOn:
		has = slices.ContainsFunc(term.Keys, func(k plan.Key) bool { return slices.Contains(m.needs[t.Key], k) })
	case query.NeededBy:
		has = slices.ContainsFunc(term.Keys, func(k plan.Key) bool { return slices.Contains(m.needs[k], t.Key) })
	case query.Has:
		has = slices.ContainsFunc(term.Words, func(w string) bool {
			return map[string]bool{query.Notes: m.notes[t.Key], query.Dependencies: len(m.needs[t.Key]) > 0, query.OfType: t.AgentType != "",
				query.Assigned: t.AssignedAgent != "", query.Description: t.Description != "", query.File: t.FilePath != "", query.DueDate: t.Due != "", query.Estimated: t.Estimate > 0, query.DeferDate: t.NotBefore != "", query.ForSomebody: t.Assignee != "", query.Staged: t.Stage != "", query.Checklist: len(t.Checks) > 0}[w]
		})
	case query.Is:
		has = slices.ContainsFunc(term.Words, func(w string) bool {
			return map[string]bool{query.Open: !t.Done(), query.Done: t.Done(), query.Held: t.Status == plan.InProgress, query.Blocked: t.Status == plan.Blocked,
				query.Review: t.Status == plan.ReadyForReview, query.Ready: t.Ready(m.now), query.Waiting: t.Status == plan.Todo && t.OpenDependencies > 0,
				query.Expired: t.LeaseExpired(m.now), query.Deferred: t.Status == plan.Todo && t.IsDeferred(m.now),
				query.Overdue: !t.Done() && inDates(t.Due, term), query.Rejected: !t.Done() && rejections(t.Key) > 1}[w]
		})
	}
	return has != term.Not
}

// inDates reports whether a date lies in one of those of a term, days in theirs and
// moments in theirs.
func inDates(d plan.Date, term query.Term) bool {
	return slices.ContainsFunc(term.Dates, func(s query.DateSpan) bool {
		of := s.Moments
		if len(d) == len("2026-03-10") {
			of = s.Days
		}
		return d != "" && d >= of[0] && (of[1] == "" || d < of[1])
	})
}

// holdsWords says whether the words that a task's text begins words with are in it.
func holdsWords(t plan.Task, words []store.Word) bool {
	text := strings.Fields(strings.ReplaceAll(strings.ToLower(t.Title+" "+t.Description), "è", "e"))
	for _, w := range words {
		if !slices.ContainsFunc(text, func(s string) bool { return s == w.Text || !w.Whole && strings.HasPrefix(s, w.Text) }) {
			return false
		}
	}
	return true
}

// meets is the meaning of a condition.
func (m *model) meets(t plan.Task, c store.Condition) bool {
	if slices.ContainsFunc(c.Terms, func(term query.Term) bool { return !m.holds(t, term) }) || !holdsWords(t, c.Words) ||
		slices.ContainsFunc(c.NotWords, func(ws []store.Word) bool { return holdsWords(t, ws) }) {
		return false
	}
	return !slices.ContainsFunc(c.Groups, func(g []store.Condition) bool {
		return !slices.ContainsFunc(g, func(c store.Condition) bool { return m.meets(t, c) })
	})
}

func (m *model) list(f store.TaskFilter) (out []plan.Key) {
	kept := slices.DeleteFunc(slices.Clone(m.tasks), func(t plan.Task) bool { return !m.meets(t, f.Condition) })
	slices.SortFunc(kept, orderOf(f))
	for _, t := range kept {
		out = append(out, t.Key)
	}
	return out
}

// orderOf compares tasks in the order of a list: by one field or two, and then
// by key. What has no due date comes last, by key.
func orderOf(f store.TaskFilter) func(a, b plan.Task) int {
	key := func(a, b plan.Task) int { return int(a.Key.Ordinal() - b.Key.Ordinal()) }
	by := func(sort store.Sort, descending bool, then func(a, b plan.Task) int) func(a, b plan.Task) int {
		if sort == store.ByStage {
			names := modelLine.Names()
			if descending {
				slices.Reverse(names)
			}
			at := func(t plan.Task) int {
				if i := slices.Index(names, t.Stage); i >= 0 {
					return i
				}
				return len(names)
			}
			if then == nil {
				then = map[bool]func(a, b plan.Task) int{false: key, true: func(a, b plan.Task) int { return key(b, a) }}[descending]
			}
			return func(a, b plan.Task) int { return cmp.Or(at(a)-at(b), then(a, b)) }
		}
		return func(a, b plan.Task) int {
			none := func(t plan.Task) int {
				if sort == store.ByDue && t.Due == "" || sort == store.ByEstimate && t.Estimate == 0 || sort == store.ByDefer && t.NotBefore == "" || sort == ownSort && t.Fields["severity"] == "" {
					return 1
				}
				return 0
			}
			if none(a)+none(b) > 0 {
				if none(a) == none(b) && then == nil {
					return key(a, b)
				} else if none(a) == none(b) {
					return then(a, b)
				}
				return none(a) - none(b)
			}
			c := map[store.Sort]int{store.ByPriority: a.Priority - b.Priority, store.ByCreated: a.CreatedAt.Compare(b.CreatedAt),
				store.ByUpdated: a.UpdatedAt.Compare(b.UpdatedAt), store.ByDue: strings.Compare(string(a.Due), string(b.Due)), store.ByEstimate: int(a.Estimate - b.Estimate), store.ByDefer: strings.Compare(string(a.NotBefore), string(b.NotBefore)), store.ByPlace: strings.Compare(a.Place(), b.Place()),
				ownSort: strings.Compare(modelField.Sorted(a.Fields["severity"]), modelField.Sorted(b.Fields["severity"]))}[sort]
			if c == 0 && then != nil {
				return then(a, b)
			} else if c == 0 {
				c = key(a, b)
			}
			if descending {
				return -c
			}
			return c
		}
	}
	if f.Then == "" {
		return by(f.Sort, f.Descending, nil)
	}
	return by(f.Sort, f.Descending, by(f.Then, f.ThenDescending, nil))
}

const ownSort store.Sort = "field.severity"
