package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Delete is the input of Tracker.Delete.
type Delete struct {
	Key    string `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
	Force  bool   `json:"force,omitempty" jsonschema:"if set, delete it even if it is held or tasks elsewhere depend on it"`
	DryRun bool   `json:"dry_run,omitempty" jsonschema:"if set, show what would be deleted and change nothing"`
}

// Gone counts what a deletion took, or would take.
type Gone struct {
	Epics    int `json:"epics"`
	Features int `json:"features"`
	Tasks    int `json:"tasks"`
	Notes    int `json:"notes"`
}

// Deleted is the answer of Tracker.Delete.
type Deleted struct {
	Key          plan.Key   `json:"key"`
	Title        string     `json:"title"`
	Deleted      Gone       `json:"deleted"`
	Dependants   []plan.Key `json:"dependants,omitempty"` // tasks elsewhere that depend on what goes
	Held         []plan.Key `json:"held,omitempty"`       // tasks that others hold
	NextCommands []string   `json:"next_commands,omitempty"`
}

// Delete moves an item and all that lies under it to the trash, from which
// Restore brings them back under the same keys. Their history stays. What
// somebody else holds, or tasks elsewhere depend on, is refused without Force.
func (t *Tracker) Delete(ctx context.Context, in Delete) (Deleted, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Deleted{}, err
	}
	if in.DryRun {
		return read(ctx, t, func(tx *store.Tx) (Deleted, error) {
			d := deletion{tx: tx, in: in, answer: Deleted{Key: key}}
			err := d.look()
			if err == nil {
				err = d.pack(func(string) error { return nil })
			}
			return d.answer, err
		})
	}
	return write(ctx, t, call{"item delete", in}, func(tx *store.Tx) (Deleted, error) {
		if err := firstError(tx.LockGraph(), tx.LockUnder(key)); err != nil {
			return Deleted{}, err
		}
		d := deletion{tx: tx, in: in, answer: Deleted{Key: key}}
		err := d.look()
		if err == nil {
			err = d.check()
		}
		if err == nil {
			err = d.run()
		}
		d.answer.NextCommands = []string{"pm restore " + key.String()}
		return d.answer, err
	})
}

// A deletion is one that is being done.
type deletion struct {
	tx     *store.Tx
	in     Delete
	item   Item
	held   []plan.Task     // by others
	edges  []store.Edge    // from outside into it
	links  []store.LinkRow // likewise
	answer Deleted

	progress func(done int) // told of tasks moved to the trash; may be nil
}

// look reads the item and who depends on it.
func (d *deletion) look() (err error) {
	key := d.answer.Key
	if d.item, err = loadItem(d.tx, key); err != nil {
		return err
	}
	d.answer.Title = d.item.Title()
	if d.held, err = heldByOthers(d.tx, key); err != nil {
		return err
	}
	d.answer.Held = keysOf(d.held)
	if d.links, err = d.tx.LinksInto(key); err != nil {
		return err
	}
	if d.edges, err = edgesInto(d.tx, key); err != nil {
		return err
	}
	for i, e := range d.edges {
		if i == 0 || e.Task != d.edges[i-1].Task {
			d.answer.Dependants = append(d.answer.Dependants, e.Task)
		}
	}
	return err
}

func (d *deletion) check() error {
	if d.in.Force {
		return nil
	}
	if err := checkNotHeld(d.answer.Key, d.held); err != nil || len(d.edges) == 0 {
		return err
	}
	first := d.answer.Dependants[0]
	return plan.Errorf(plan.Refused, "cannot delete %s: %s depends on it", d.answer.Key, plan.JoinKeys(d.answer.Dependants, ", ")).
		WithCode("has_dependants").WithHint("to see what %s waits for: pm dep list %s; --force removes these dependencies", first, first)
}

// run puts the item into the trash and deletes its rows.
func (d *deletion) run() error {
	tx, k := d.tx, d.answer.Key
	uid, status, head, updated := d.item.record()
	h, err := tx.RecordDeletion(k, uid, status, head, updated)
	if err != nil {
		return err
	}
	entry := plan.Trashed{UID: uid, Key: k, Title: d.answer.Title, Agent: h.Agent, Operation: h.Operation, DeletedAt: h.Timestamp, HistoryHash: h.Hash}
	if d.item.Task == nil {
		d.progress = tx.Announce(d.item.tasks())
	}
	parts := []string{}
	if err := d.pack(func(lines string) error { parts = append(parts, lines); return nil }); err != nil {
		return err
	}
	gone := d.answer.Deleted
	entry.Epics, entry.Features, entry.Tasks, entry.Notes = gone.Epics, gone.Features, gone.Tasks, gone.Notes
	if err := tx.PutTrash(&entry); err != nil {
		return err
	}
	for i, lines := range parts {
		if err := tx.PutTrashPart(entry.ID, i, lines); err != nil {
			return err
		}
	}
	if err := releaseDependants(tx, d.edges, k.String()); err != nil {
		return err
	}
	if err := d.unlink(); err != nil {
		return err
	}
	return d.deleteRows()
}

// unlink removes the links between what is deleted and what stays.
func (d *deletion) unlink() error {
	if err := relink(d.tx, d.links, nil, d.answer.Key.String()+" was deleted"); err != nil {
		return err
	}
	out, err := d.tx.LinksOutOf(d.answer.Key)
	if err != nil {
		return err
	}
	return d.tx.RemoveLinks(out) // with their items, whose rows go
}

// deleteRows deletes the rows, and counts them out of what is above.
func (d *deletion) deleteRows() error {
	tx, k := d.tx, d.answer.Key
	switch {
	case d.item.Epic != nil:
		return tx.DeleteEpic(k)
	case d.item.Feature != nil:
		_, err := tx.AddEpicCounts(k.EpicKey(), tally{}.Minus(sumsUnder(*d.item.Feature)))
		return firstError(err, tx.DeleteFeature(k))
	}
	moved := counts{}
	moved.addTally(k.FeatureKey(), tally{}.Minus(store.SumsOf(*d.item.Task)))
	return firstError(tx.DeleteTask(k), moved.flush(tx))
}

// edgesInto returns the dependencies of what lies elsewhere on k and on what lies
// under it.
func edgesInto(tx *store.Tx, k plan.Key) ([]store.Edge, error) {
	edges, err := tx.EdgesInto(k)
	if err != nil {
		return nil, err
	}
	levels, err := tx.LevelEdgesInto(k)
	for _, e := range levels {
		if !k.Contains(e.Task) {
			edges = append(edges, e)
		}
	}
	plan.Sort(edges, func(a, b store.Edge) int { return plan.Key.Compare(a.Task, b.Task) })
	return edges, err
}
