package tracker_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// secret is short enough for a record to hold it, longSecret is not.
const (
	secret     = "hunter2qqzx"
	longSecret = "this text is longer than what a record holds itself, and in it is hunter2qqzx"
)

func (r *rig) redact(k plan.Key, field string, note int) tracker.Redacted {
	r.t.Helper()
	return ok[tracker.Redacted](r.t)(r.Redact(as("eve"), tracker.Redact{Key: k.String(), Field: field, Note: note, Reason: "pasted by mistake"}))
}

// holds reports where a text still is: in an export, in what every table
// holds, and on SQLite in the bytes of the files.
func (r *rig) holds(text string) (where []string) {
	r.t.Helper()
	in := func(name string, b []byte) {
		if bytes.Contains(bytes.ToLower(b), []byte(text)) {
			where = append(where, name)
		}
	}
	in("export", r.export())
	if db.IsPostgres(r.address) {
		for _, table := range []string{"epics", "features", "tasks", "notes", "task_history", "plan_history", "contents", "trash", "trash_parts",
			"operations", "idempotency_keys", "task_search", "note_search", "field_values"} {
			var all []byte
			if err := r.raw.QueryRow(`select coalesce(string_agg(cast(t as text), ' '), '') from ` + table + ` t`).Scan(&all); err != nil {
				r.t.Fatal(err)
			}
			in(table, all)
		}
		return where
	}
	for _, name := range []string{"", "-wal", "-shm", "-lock"} {
		b, err := os.ReadFile(r.address + name)
		if err != nil && !os.IsNotExist(err) {
			r.t.Fatal(err)
		}
		in("pm.db"+name, b)
	}
	return where
}

func (r *rig) sound(when string) {
	r.t.Helper()
	d := ok[tracker.Diagnosis](r.t)(r.Doctor(as("ann"), tracker.Doctor{}))
	for _, c := range d.Checks {
		for _, f := range c.Flaws {
			r.t.Errorf("%s: %s: %s: %s", when, c.Name, f.Key, f.Text)
		}
	}
}

// TestRedactLeavesNothing redacts each field of each level, of what is there
// and of what is in the trash, and looks for its text everywhere.
func TestRedactLeavesNothing(t *testing.T) {
	update := func(r *rig, k plan.Key, title, description string) {
		var err error
		switch k.Level() {
		case plan.LevelEpic:
			_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Title: &title, Description: &description})
		case plan.LevelFeature:
			_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Title: &title, Description: &description})
		default:
			_, err = r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Title: &title, Description: &description, FilePath: &title})
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	set := func(r *rig, k plan.Key, value string) {
		r.CreateField(as("ann"), tracker.CreateField{Name: "why", Type: "text"}) // it may be there
		var err error
		switch fields := (plan.Fields{"why": plan.TextValue(value)}); k.Level() {
		case plan.LevelEpic:
			_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Fields: fields})
		case plan.LevelFeature:
			_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Fields: fields})
		default:
			_, err = r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Fields: fields})
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	cases := []struct {
		name   string
		key    string
		write  func(r *rig, k plan.Key)
		field  string
		note   int
		record int // records that held it
	}{
		{"title", "T-E01-F01-001", func(r *rig, k plan.Key) { update(r, k, secret, ""); update(r, k, "harmless", "") }, "title", 0, 3},
		{"title as it is", "T-E01-F01-001", func(r *rig, k plan.Key) { update(r, k, secret, "") }, "title", 0, 2},
		{"description", "T-E01-F01-001", func(r *rig, k plan.Key) { update(r, k, "x", longSecret); update(r, k, "x", "") }, "description", 0, 2},
		{"file path", "T-E01-F01-001", func(r *rig, k plan.Key) { update(r, k, longSecret, ""); update(r, k, "x", "") }, "file-path", 0, 2},
		{"blocked reason", "T-E01-F01-001", func(r *rig, k plan.Key) { r.because(plan.Block, k, secret) }, "blocked_reason", 0, 1},
		{"reason of a block", "T-E01-F01-001", func(r *rig, k plan.Key) { r.because(plan.Block, k, longSecret); r.do("ann", plan.Unblock, k) }, "reason", 0, 2},
		{"reason", "T-E01-F01-001", func(r *rig, k plan.Key) { r.because(plan.Archive, k, longSecret) }, "reason", 0, 1},
		{"note", "T-E01-F01-001", func(r *rig, k plan.Key) { r.note(k, "harmless"); r.note(k, longSecret); r.note(k, longSecret) }, "note", 2, 2},
		{"short note", "T-E01-F01-001", func(r *rig, k plan.Key) { r.note(k, secret) }, "note", 1, 1},
		{"note that was edited", "E01-F01", func(r *rig, k plan.Key) {
			r.note(k, longSecret)
			ok[plan.Note](r.t)(r.EditNote(as("ann"), tracker.EditNote{Key: k.String(), N: 1, Body: "harmless"}))
		}, "note", 1, 2},
		{"note that was removed", "E01", func(r *rig, k plan.Key) {
			r.note(k, secret)
			ok[plan.Note](r.t)(r.RemoveNote(as("ann"), tracker.RemoveNote{Key: k.String(), N: 1}))
		}, "note", 1, 2},
		{"note on a feature", "E01-F01", func(r *rig, k plan.Key) { r.note(k, longSecret) }, "note", 1, 1},
		{"feature", "E01-F01", func(r *rig, k plan.Key) { update(r, k, "x", longSecret); update(r, k, "x", secret) }, "description", 0, 2},
		{"custom field", "T-E01-F01-001", func(r *rig, k plan.Key) { set(r, k, secret); set(r, k, longSecret); set(r, k, "harmless") }, "field.why", 0, 3},
		{"custom field as it is", "T-E01-F01-001", func(r *rig, k plan.Key) { set(r, k, longSecret) }, "field.why", 0, 1},
		{"custom field of a feature", "E01-F01", func(r *rig, k plan.Key) { set(r, k, secret) }, "field.why", 0, 1},
		{"custom field of an epic", "E01", func(r *rig, k plan.Key) { set(r, k, longSecret); set(r, k, "") }, "field.why", 0, 2},
		{"epic", "E01", func(r *rig, k plan.Key) { update(r, k, longSecret, "x"); update(r, k, "x", "x") }, "title", 0, 3},
	}
	each(t, func(t *testing.T, r *rig) {
		for _, c := range cases {
			for _, deleted := range []string{"", c.key, "E01"} {
				name := c.name + ", deleted: " + deleted
				r.clear()
				f := r.plan()
				task := r.task(f, "Task 1")
				r.task(f, "Task 2", task)
				k := plan.MustKey(c.key)
				c.write(r, k)
				var gone tracker.Deleted
				if deleted != "" {
					gone = ok[tracker.Deleted](t)(r.delete(plan.MustKey(deleted), true))
				}
				if where := r.holds(secret); len(where) < 2 {
					t.Fatalf("%s: before, it is in %q only", name, where)
				}
				out := r.redact(k, c.field, c.note)
				if out.Records != c.record || len(out.StillIn) != map[bool]int{true: 2, false: 1}[db.IsPostgres(r.address)] {
					t.Errorf("%s: %+v", name, out)
				}
				if where := r.holds(secret); where != nil {
					t.Errorf("%s: it is still in %q", name, where)
				}
				r.sound(name)
				if deleted != c.key {
					r.carriesOver(name)
				}
				if deleted != "" {
					ok[tracker.Restored](t)(r.restore(gone))
					r.sound(name + ", restored")
				}
				if h := r.log(k); !tells(h, k) {
					t.Errorf("%s: nothing tells of it: %+v", name, h)
				}
				// Of the reasons, that of the redaction is one.
				if again := r.redact(k, c.field, c.note); again.Records != 0 && c.field != "reason" {
					t.Errorf("%s: again: %+v", name, again)
				}
			}
		}
	})
}

// tells reports whether a history says who redacted something, and why.
func tells(records []plan.History, k plan.Key) bool {
	for _, h := range records {
		if h.Key == k && h.Change.Any("redacted") && h.Agent == "eve" && h.Change["reason"][1] == "pasted by mistake" {
			return true
		}
	}
	return false
}

// carriesOver exports the plan and imports it into another database.
func (r *rig) carriesOver(when string) {
	r.t.Helper()
	t := r.t.(*testing.T)
	exported := r.export()
	to := newRig(t, storetest.SQLite(t), store.Options{NormalDurability: true})
	ok[tracker.Imported](t)(to.load(exported))
	to.sound(when + ", imported")
	if !bytes.Equal(to.export(), exported) {
		t.Errorf("%s: an import of the export exports something else", when)
	}
}

func (r *rig) because(v plan.Verb, k plan.Key, reason string) {
	r.t.Helper()
	ok[tracker.Changed](r.t)(r.verb("ann", v, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: reason}))
}

func (r *rig) note(k plan.Key, body string) {
	r.t.Helper()
	ok[plan.Note](r.t)(r.AddNote(as("ann"), tracker.AddNote{Key: k.String(), Body: body}))
}

// The reason that stands is the one of the status, not of the redaction.
func TestRedactedReasonStands(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Task 1")
		r.because(plan.Block, k, secret)
		r.redact(k, "title", 0)
		if task := r.show(k); task.Title != plan.Redacted || task.BlockedReason != secret || task.Status != plan.Blocked {
			t.Errorf("%+v", task)
		}
		found := func(words string) int {
			return len(ok[tracker.Page[tracker.Found]](t)(r.Search(as("ann"), tracker.Search{Text: words})).Items)
		}
		if found(secret) != 1 || found("mistake") != 0 || found("task") != 0 {
			t.Errorf("%d tasks have the reason, %d the one of the redaction, %d the title", found(secret), found("mistake"), found("task"))
		}
		r.redact(k, "reason", 0)
		if task := r.show(k); task.BlockedReason != plan.Redacted || found(secret) != 0 {
			t.Errorf("%+v", task)
		}
	})
}

func TestRedactForgetsAnswers(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		once := func(key string) context.Context { return tracker.WithIdempotencyKey(as("ann"), key) }
		in := tracker.CreateTask{Feature: f.String(), Title: "Task 1", Description: longSecret}
		k := ok[plan.Task](t)(r.CreateTask(once("one"), in)).Key
		other := ok[plan.Task](t)(r.CreateTask(once("two"), tracker.CreateTask{Feature: f.String(), Title: "Task 2"}))
		r.redact(k, "description", 0)
		_, err := r.CreateTask(once("one"), in)
		refused(t, err, "answer_redacted")
		again := ok[plan.Task](t)(r.CreateTask(once("two"), tracker.CreateTask{Feature: f.String(), Title: "Task 2"}))
		if again.Key != other.Key || r.holds(secret) != nil {
			t.Errorf("%s, and it is still in %q", again.Key, r.holds(secret))
		}
	})
}

func TestRedactRefuses(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Task 1")
		for _, c := range []struct {
			in   tracker.Redact
			code string
		}{
			{tracker.Redact{Key: k.String(), Field: "priority"}, "bad_field"},
			{tracker.Redact{Key: "E01", Field: "file_path"}, "bad_field"},
			{tracker.Redact{Key: k.String(), Field: "note"}, "usage"},
			{tracker.Redact{Key: k.String(), Field: "title", Note: 1}, "usage"},
			{tracker.Redact{Key: k.String(), Field: "note", Note: 1}, "not_found"},
			{tracker.Redact{Key: k.String(), Field: "description"}, "not_found"},
			{tracker.Redact{Key: "E09", Field: "title"}, "not_found"},
			{tracker.Redact{Key: "x", Field: "title"}, "bad_key"},
		} {
			_, err := r.Redact(as("ann"), c.in)
			refused(t, err, c.code)
		}
	})
}

// Nor is it the one that a task lost a dependency for.
func TestLostDependencyIsNoReason(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		ok[tracker.Changed](t)(r.depend(k[1], k[0]))
		r.because(plan.Block, k[1], secret)
		gone := ok[tracker.Deleted](t)(r.delete(k[0], true))
		found := func(when string) {
			for words, want := range map[string]int{secret: 1, "deleted": 0} {
				if n := len(ok[tracker.Page[tracker.Found]](t)(r.Search(as("ann"), tracker.Search{Text: words})).Items); n != want {
					t.Errorf("%s: %d tasks are found by %q", when, n, words)
				}
			}
		}
		found("after the deletion")
		ok[tracker.Restored](t)(r.restore(gone))
		found("after the return")
		ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{Fix: true})) // fills the index anew
		found("after the index was filled anew")
	})
}
