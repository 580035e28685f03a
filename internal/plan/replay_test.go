package plan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

const uid = "019b8c00-0000-7000-8000-000000000001"

var began = time.Date(2026, 1, 2, 3, 4, 5, 60e6, time.UTC)

// A story is a task with the records that led to it.
type story struct {
	task    plan.Task
	notes   []plan.Note
	records []plan.History
}

func (s *story) record(h plan.History) {
	at := began.Add(time.Duration(len(s.records)) * time.Minute)
	h.Key, h.Agent, h.Timestamp, h.Operation, h.OldStatus, h.NewStatus = s.task.Key, "ann", at, "op", string(s.task.Status), string(s.task.Status)
	if len(s.records) == 0 {
		h.OldStatus, s.task.CreatedAt = "", at
	}
	h.Hash = h.Chain(s.task.HistoryHash, uid)
	s.task.HistoryHash, s.task.UpdatedAt = h.Hash, at
	s.task.Version++
	s.records = append(s.records, h)
}

func newStory() *story {
	long := strings.Repeat("long ", 100)
	s := &story{task: plan.Task{UID: uid, Key: plan.MustKey("T-E01-F01-001"), Title: "Write docs", Description: long, Status: plan.Todo, Priority: 5}}
	s.record(plan.History{Change: s.task.Since(plan.Task{})})
	before := s.task
	s.task.Title, s.task.Description, s.task.Priority = strings.Repeat("é", 60), "", 1
	s.record(plan.History{Change: s.task.Since(before), Notes: "why"})
	on := plan.MustKey("T-E01-F01-002")
	s.task.DependsOn = []plan.Key{on}
	s.record(plan.History{Change: plan.Change{"depends_on": {nil, []string{on.String()}}}})
	n := plan.Note{N: 1, Agent: "ann", Kind: plan.Comment, Body: long, CreatedAt: began.Add(3 * time.Minute)}
	s.notes, s.task.LastNote = append(s.notes, n), 1
	s.record(plan.History{Change: plan.Change{"note": {nil, n.RecordOf(plan.History{Agent: "ann", Timestamp: n.CreatedAt})}}})
	return s
}

// stored returns the records as they come back from where they are kept.
func (s *story) stored(t *testing.T) []plan.History {
	t.Helper()
	var out []plan.History
	for _, h := range s.records {
		h.Change, _, _ = h.Change.Compact()
		b, err := json.Marshal(h)
		var back plan.History
		if err != nil || json.Unmarshal(b, &back) != nil {
			t.Fatalf("%s: %v", b, err)
		}
		out = append(out, back)
	}
	return out
}

func replay(records []plan.History) (*plan.Replay, error) {
	r := &plan.Replay{UID: uid}
	for _, h := range records {
		if err := r.Add(h); err != nil {
			return r, err
		}
	}
	return r, nil
}

func TestReplayGivesTheRow(t *testing.T) {
	s := newStory()
	for what, records := range map[string][]plan.History{"as made": s.records, "as stored": s.stored(t)} {
		r, err := replay(records)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if differs := r.Task(s.task, s.notes); differs != nil {
			t.Errorf("%s: %q", what, differs)
		}
	}
}

func TestReplayNamesWhatWasChangedPastIt(t *testing.T) {
	other := "x"
	for column, alter := range map[string]func(*story){
		"uid":             func(s *story) { s.task.UID = other },
		"status":          func(s *story) { s.task.Status = plan.Completed },
		"version":         func(s *story) { s.task.Version++ },
		"history_hash":    func(s *story) { s.task.HistoryHash = other },
		"created_at":      func(s *story) { s.task.CreatedAt = began.Add(time.Hour) },
		"updated_at":      func(s *story) { s.task.UpdatedAt = began },
		"title":           func(s *story) { s.task.Title = other },
		"description":     func(s *story) { s.task.Description = other },
		"agent_type":      func(s *story) { s.task.AgentType = other },
		"priority":        func(s *story) { s.task.Priority++ },
		"assigned_agent":  func(s *story) { s.task.AssignedAgent = other },
		"session":         func(s *story) { s.task.Session = other },
		"file_path":       func(s *story) { s.task.FilePath = other },
		"blocked_reason":  func(s *story) { s.task.BlockedReason = other },
		"blocked_from":    func(s *story) { s.task.BlockedFrom = plan.Todo },
		"fence":           func(s *story) { s.task.LastFence = 7 },
		"started_at":      func(s *story) { s.task.StartedAt = &began },
		"completed_at":    func(s *story) { s.task.CompletedAt = &began },
		"blocked_at":      func(s *story) { s.task.BlockedAt = &began },
		"T-E01-F01-002":   func(s *story) { s.task.DependsOn = nil },
		"T-E01-F01-003":   func(s *story) { s.task.DependsOn = append(s.task.DependsOn, plan.MustKey("T-E01-F01-003")) },
		"note 1 does not": func(s *story) { s.notes[0].Body = other },
		"note 1 is miss":  func(s *story) { s.notes = nil },
		"note 2":          func(s *story) { s.notes = append(s.notes, plan.Note{N: 2}) },
		"last_note":       func(s *story) { s.task.LastNote = 9 },
	} {
		s := newStory()
		records := s.stored(t)
		alter(s)
		r, err := replay(records)
		if err != nil {
			t.Fatal(err)
		}
		if differs := r.Task(s.task, s.notes); len(differs) != 1 || !strings.Contains(differs[0], column) {
			t.Errorf("%s: %q", column, differs)
		}
	}
}

func TestReplayRefusesWhatDoesNotFollow(t *testing.T) {
	for want, alter := range map[string]func([]plan.History) []plan.History{
		"record 2 does not match its hash": func(r []plan.History) []plan.History { r[1].Notes = "x"; return r },
		"record 1 does not match its hash": func(r []plan.History) []plan.History { return r[1:] },
		"the status was": func(r []plan.History) []plan.History {
			r[1].OldStatus = "blocked"
			r[1].Hash = r[1].Chain(r[0].Hash, uid)
			return r
		},
		"its old priority": func(r []plan.History) []plan.History {
			r[1].Change["priority"] = [2]any{4, 1}
			r[1].Hash = r[1].Chain(r[0].Hash, uid)
			return r
		},
		"record 2 is older": func(r []plan.History) []plan.History {
			r[1].Timestamp = began.Add(-time.Second)
			r[1].Hash = r[1].Chain(r[0].Hash, uid)
			return r
		},
	} {
		if _, err := replay(alter(newStory().stored(t))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}

// What was redacted leaves a chain that holds.
func TestChainHoldsWithoutTheTexts(t *testing.T) {
	s := newStory()
	records := s.stored(t)
	redacted := plan.TextOf("Write docs")
	redacted.Redacted = true
	records[0].Change["title"] = [2]any{nil, redacted}
	records[1].Change["title"] = [2]any{redacted, records[1].Change["title"][1]}
	records[1].Notes, records[1].Change["notes"] = plan.Redacted, [2]any{nil, plan.TextOf("why")}
	r, err := replay(records)
	if err != nil {
		t.Fatal(err)
	}
	if differs := r.Task(s.task, s.notes); differs != nil {
		t.Errorf("%q", differs)
	}
}

func TestUID(t *testing.T) {
	a, b := plan.NewUID(began), plan.NewUID(began.Add(time.Millisecond))
	if plan.CheckUID(a) != nil || a >= b || a[14] != '7' {
		t.Errorf("%s, %s", a, b)
	}
	for _, s := range []string{"", a[1:], strings.ToUpper(a[:35]) + "G", a + "0", strings.Replace(a, "-", "0", 1)} {
		if plan.CheckUID(s) == nil {
			t.Errorf("%q is a uid", s)
		}
	}
}
