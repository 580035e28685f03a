package tracker

import (
	"context"
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// ListOperations is the input of Tracker.ListOperations.
type ListOperations struct {
	Limit  *int   `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given" short:"n"`
	Before string `json:"before,omitempty" jsonschema:"only operations before this one: the last one of the previous page" ref:"-"`
	AsOf   string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Operations is the answer of Tracker.ListOperations, the last first.
type Operations struct {
	Items []plan.Operation `json:"items"`
	More  bool             `json:"more,omitempty"` // there are earlier ones
}

// mostOperations is how many operations a page has at most.
const mostOperations = 10_000

// ListOperations returns what changed the plan, command by command.
func (t *Tracker) ListOperations(ctx context.Context, in ListOperations) (Operations, error) {
	n := DefaultLimit
	if in.Limit != nil {
		if n = *in.Limit; n < 1 || n > mostOperations {
			return Operations{}, plan.Errorf(plan.Invalid, "limit must be 1 to %d, not %d", mostOperations, n).WithCode("bad_limit").WithHint("use --before for the next page")
		}
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Operations, err error) {
		before := store.AfterAll
		if in.Before != "" {
			last, err := tx.FindOperation(in.Before)
			if err != nil {
				return out, err
			}
			before = last
		}
		items, err := tx.OperationPage(before, n+1)
		if err != nil {
			return out, err
		}
		undone, err := tx.Undoings()
		if out.More = len(items) > n; out.More {
			items = items[:n]
		}
		for i := range items {
			items[i].UndoneBy = undone.By(items[i].ID)
		}
		out.Items = append([]plan.Operation{}, items...)
		return out, err
	})
}

// ShowOperation is the input of Tracker.ShowOperation.
type ShowOperation struct {
	ID    string `json:"id" jsonschema:"id of the operation, or a unique prefix of it; last means the newest one" arg:"id"`
	Limit *int   `json:"limit,omitempty" jsonschema:"maximum number of changes; 1000 if not given" short:"n"`
}

// A ShownOperation is an operation with what it changed.
type ShownOperation struct {
	plan.Operation
	Changes []FieldChange `json:"changes"`
	More    int           `json:"more,omitempty"` // changes that are left out
}

// A FieldChange is a field of an item that was changed. No value is null. The
// field deleted is true of what is in the trash.
type FieldChange struct {
	Key   plan.Key `json:"key,omitzero"` // none: the project itself
	Field string   `json:"field"`
	From  any      `json:"from"`
	To    any      `json:"to"`
}

// mostChanges is how many changes of an operation are shown if no limit is given.
const mostChanges = 1000

// ShowOperation returns an operation with each field that it changed.
func (t *Tracker) ShowOperation(ctx context.Context, in ShowOperation) (ShownOperation, error) {
	n := mostChanges
	if in.Limit != nil {
		if n = *in.Limit; n < 1 {
			return ShownOperation{}, plan.Errorf(plan.Invalid, "limit must be 1 or more, not %d", n).WithCode("bad_limit")
		}
	}
	return read(ctx, t, func(tx *store.Tx) (out ShownOperation, err error) {
		if out.Operation, err = tx.FindOperation(in.ID); err != nil {
			return out, err
		}
		undone, err := tx.Undoings()
		if err != nil {
			return out, err
		}
		out.UndoneBy = undone.By(out.ID)
		out.Changes, out.More, err = changesOf(tx, out.Operation, n)
		return out, err
	})
}

// changesOf returns what an operation changed, up to a number of fields, and how
// many more there are.
func changesOf(tx *store.Tx, o plan.Operation, most int) (changes []FieldChange, more int, err error) {
	records, err := tx.RecordsOf(o)
	if err != nil {
		return nil, 0, err
	}
	c := changeList{tx: tx, most: most}
	for _, r := range records {
		if err := c.add(r.History); err != nil {
			return nil, 0, err
		}
	}
	return append([]FieldChange{}, c.changes...), c.more, nil
}

// A changeList lists what records changed, up to a number of fields.
type changeList struct {
	tx      *store.Tx
	most    int
	changes []FieldChange
	more    int
}

// add lists what a record changed, with its texts.
func (c *changeList) add(h plan.History) error {
	if len(c.changes) < c.most {
		if err := c.tx.InlineTexts(&h, maxLogText); err != nil {
			return err
		}
	}
	c.list(h)
	return nil
}

// list lists a change as it stands: the status first, then the fields by name.
func (c *changeList) list(h plan.History) {
	if h.OldStatus != h.NewStatus {
		c.put(FieldChange{h.Key, "status", textOrNone(h.OldStatus), textOrNone(h.NewStatus)})
	}
	for _, f := range slices.Sorted(maps.Keys(h.Change)) {
		c.put(FieldChange{h.Key, f, h.Change[f][0], h.Change[f][1]})
	}
}

func (c *changeList) put(f FieldChange) {
	if len(c.changes) < c.most {
		c.changes = append(c.changes, f)
		return
	}
	c.more++
}

func textOrNone(s string) any {
	if s == "" {
		return nil
	}
	return s
}
