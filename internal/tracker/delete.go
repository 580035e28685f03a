package tracker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// Delete is the input of Tracker.Delete.
type Delete struct {
	Key    string `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
	Force  bool   `json:"force,omitempty" jsonschema:"also if somebody holds it, or tasks elsewhere depend on it"`
	DryRun bool   `json:"dry_run,omitempty" jsonschema:"say what would go, and change nothing"`
}

// Gone counts what a deletion took, or would take.
type Gone struct {
	Epics    int `json:"epics"`
	Features int `json:"features"`
	Tasks    int `json:"tasks"`
	Notes    int `json:"notes"`
	History  int `json:"history"`
}

// Deleted is the answer of Tracker.Delete.
type Deleted struct {
	Key        plan.Key   `json:"key"`
	Title      string     `json:"title"`
	Deleted    Gone       `json:"deleted"`
	Dependants []plan.Key `json:"dependants,omitempty"` // tasks elsewhere that depend on what goes
	Held       []plan.Key `json:"held,omitempty"`       // tasks that others hold
	Trash      string     `json:"trash,omitempty"`      // the file it can be restored from
}

// deleteAttempts bounds how often a deletion starts anew because the items
// changed while they were written to the trash.
const deleteAttempts = 5

// Delete removes an item and all that lies under it. First it writes them,
// with notes and history, to a file in the trash, from which Import brings
// them back under the same keys. If tasks elsewhere depend on what would go
// it is refused without Force.
func (t *Tracker) Delete(ctx context.Context, in Delete) (Deleted, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Deleted{}, err
	}
	c := call{"item delete", in}
	if answer, found, err := remembered[Deleted](ctx, t, c); found || err != nil {
		return answer, err
	}
	for range deleteAttempts {
		saved, err := t.snapshot(ctx, key)
		if err == nil {
			err = saved.check(in)
		}
		if err != nil || in.DryRun {
			return saved.answer, err
		}
		if saved.answer.Trash, err = t.writeTrash(key, saved.lines); err != nil {
			return saved.answer, err
		}
		answer, err := write(ctx, t, c, func(tx *store.Tx) (Deleted, error) { return saved.answer, deleteItem(tx, key, saved, in.Force) })
		if err == nil && answer.Trash == saved.answer.Trash {
			return answer, nil
		}
		if err != nil && plan.Describe(err).Code == "unknown_outcome" {
			return answer, err // the trash may hold the only copy
		}
		os.Remove(saved.answer.Trash) // another call was quicker, or nothing was deleted
		if !errors.Is(err, errChanged) {
			return answer, err
		}
	}
	return Deleted{}, plan.Errorf(plan.Unavailable, "%s keeps being changed by others", key).WithHint("try again; nothing was changed")
}

// A snapshot is what a deletion writes to the trash.
type snapshot struct {
	answer Deleted
	lines  []byte
	edges  []store.Edge // from outside into it
	at     []store.Revision
}

func (s snapshot) check(in Delete) error {
	if in.Force || in.DryRun || len(s.edges) == 0 {
		return nil
	}
	names := make([]string, len(s.answer.Dependants))
	for i, k := range s.answer.Dependants {
		names[i] = k.String()
	}
	return plan.Errorf(plan.Refused, "%s depends on what would be deleted with %s", strings.Join(names, ", "), s.answer.Key).
		WithCode("has_dependants").WithHint("run pm dep list to see the dependencies; use --force to remove them")
}

func (t *Tracker) snapshot(ctx context.Context, k plan.Key) (snapshot, error) {
	return read(ctx, t, func(tx *store.Tx) (s snapshot, err error) { return takeSnapshot(tx, k) })
}

func takeSnapshot(tx *store.Tx, k plan.Key) (s snapshot, err error) {
	item, err := loadItem(tx, k)
	if err != nil {
		return s, err
	}
	var lines bytes.Buffer
	e := exporter{tx: tx, out: interchange.NewLineWriter(&lines)}
	if err := e.out.Write(interchange.Header{Type: "pm", Format: interchange.Format}); err != nil {
		return s, err
	}
	s.answer = Deleted{Key: k}
	switch {
	case item.Epic != nil:
		s.answer.Title, err = item.Epic.Title, e.epic(*item.Epic)
	case item.Feature != nil:
		s.answer.Title, err = item.Feature.Title, e.feature(*item.Feature)
	default:
		s.answer.Title, err = item.Task.Title, e.one(*item.Task)
	}
	if err != nil {
		return s, err
	}
	held, err := heldByOthers(tx, k)
	if s.answer.Held = keysOf(held); err != nil {
		return s, err
	}
	if s.edges, err = tx.EdgesInto(k); err != nil {
		return s, err
	}
	for i, edge := range s.edges {
		if err := e.out.Write(interchange.EdgeRecord{Type: "dependency", Task: edge.Task, DependsOn: edge.DependsOn}); err != nil {
			return s, err
		}
		if i == 0 || edge.Task != s.edges[i-1].Task {
			s.answer.Dependants = append(s.answer.Dependants, edge.Task)
		}
	}
	s.answer.Deleted = e.gone
	if err := e.out.Flush(); err != nil {
		return s, err
	}
	s.lines = lines.Bytes()
	s.at, err = tx.Revisions(k)
	return s, err
}

// errChanged says that an item is not what the snapshot holds any more.
var errChanged = errors.New("changed since the snapshot")

// deleteItem deletes what the snapshot holds.
func deleteItem(tx *store.Tx, k plan.Key, saved snapshot, force bool) error {
	if err := firstError(tx.LockGraph(), tx.LockUnder(k)); err != nil {
		return err
	}
	if !force {
		if err := checkNotHeld(tx, k); err != nil {
			return err
		}
	}
	at, err := tx.Revisions(k)
	if err != nil {
		return err
	}
	edges, err := tx.EdgesInto(k)
	if err != nil {
		return err
	}
	if len(at) == 0 || !slices.Equal(at, saved.at) || !slices.Equal(edges, saved.edges) {
		return errChanged
	}
	if err := releaseDependants(tx, saved.edges, k.String()); err != nil {
		return err
	}
	item, err := loadItem(tx, k)
	if err != nil {
		return err
	}
	h := plan.History{Notes: "deleted: " + saved.answer.Title}
	switch {
	case item.Epic != nil:
		h.OldStatus = string(item.Epic.Status)
		err = firstError(tx.DeleteEpic(k), tx.RecordChild(k, h))
	case item.Feature != nil:
		h.OldStatus = string(item.Feature.Status)
		err = tx.DeleteFeature(k)
		if err == nil {
			_, err = tx.AddEpicCounts(k.EpicKey(), -item.Feature.TasksTotal, -item.Feature.TasksCompleted)
		}
		err = firstError(err, tx.RecordChild(k, h))
	default:
		h.OldStatus = string(item.Task.Status)
		total, completed := item.Task.Counts()
		err = tx.DeleteTask(k)
		if err == nil {
			moved := counts{}
			moved.addTally(k.FeatureKey(), tally{-total, -completed})
			err = moved.flush(tx)
		}
		err = firstError(err, tx.RecordChild(k, h))
	}
	return err
}

// writeTrash writes a file into the trash so that it is either there whole,
// after a power cut too, or not at all.
func (t *Tracker) writeTrash(k plan.Key, lines []byte) (path string, err error) {
	if err := os.MkdirAll(t.trash, 0o700); err != nil {
		return "", trashError(err, t.trash)
	}
	path = filepath.Join(t.trash, fmt.Sprintf("%s-%s.jsonl", time.Now().UTC().Format("20060102T150405.000"), k))
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", trashError(err, part)
	}
	_, err = f.Write(lines)
	err = firstError(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return "", trashError(err, path)
	}
	syncFolder(t.trash)
	return path, nil
}

// syncFolder makes a rename last; where folders cannot be synced it does nothing.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		d.Sync()
		d.Close()
	}
}

func trashError(err error, path string) error {
	kind := plan.Storage
	if errors.Is(err, fs.ErrPermission) {
		kind = plan.Permission
	}
	return plan.Errorf(kind, "the trash cannot be written: %w", err).WithHint("make %s writable; nothing was deleted", filepath.Dir(path))
}
