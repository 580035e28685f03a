package tracker

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// broughtIn adds what an import brought in with its history, of which there are no
// records of the operation: all that lies under these items and was there when it
// ended. Undoing it is undoing a creation.
func (u *undoing) broughtIn(o plan.Operation, roots []plan.Key) error {
	for _, root := range roots {
		under, err := u.tx.KeysUnder(root)
		if err != nil {
			return err
		}
		keys := []plan.Key{root}
		for _, k := range under {
			if u.at[k] == nil {
				keys = append(keys, k)
			}
		}
		then, err := u.tx.MomentAt(o, false)
		if err != nil {
			return err
		}
		last, err := u.tx.LastAt(then, keys)
		if err != nil {
			return err
		}
		if _, there := last[root]; !there {
			if err := u.broughtElsewhere(root); err != nil {
				return err
			}
			continue
		}
		for k, r := range last {
			u.at[k] = &undoneItem{key: k, records: []store.Record{r}, net: plan.Net{Created: true}}
		}
	}
	if len(roots) > 0 && len(u.at) == 0 && len(u.conflicts) == 0 {
		return u.cannot(o, permanentlyDeleted)
	}
	if !o.BroughtProject() {
		return nil
	}
	return u.broughtProject(o)
}

// broughtProject adds the history of the project that an import brought in: all
// that it declares and says was made by the import. What was redacted of it cannot
// be brought back by a redo, so that it stays.
func (u *undoing) broughtProject(o plan.Operation) error {
	then, err := u.tx.MomentAt(o, false)
	if err != nil {
		return err
	}
	last, err := u.tx.LastAt(then, []plan.Key{{}})
	if err != nil {
		return err
	}
	all, err := u.tx.ItemHistory(plan.Key{})
	i := &undoneItem{}
	for _, h := range all {
		if i.records = append(i.records, store.Record{History: h}); h.Hash == last[plan.Key{}].Hash {
			i.records[len(i.records)-1] = last[plan.Key{}]
			break
		}
	}
	if plan.NetOf(all).Redacted {
		delete(u.at, plan.Key{})
		u.warnings = append(u.warnings, warning("project_stays", "settings, fields, stages, views and notes of the project that the import brought in stay: one was redacted").hint("to see them: pm project show; pm field list; pm stage list; pm view list"))
	} else if len(i.records) > 0 {
		u.at[plan.Key{}] = i
	}
	return err
}

// broughtElsewhere notes as a conflict that what an import brought in has another
// key now. What was emptied from the trash is nowhere.
func (u *undoing) broughtElsewhere(root plan.Key) error {
	k, found, err := u.tx.RefOwner(root.String())
	if err != nil || !found {
		return err
	}
	all, err := u.tx.ItemHistory(k)
	if err != nil {
		return err
	}
	h, _ := lastOf(all, func(h plan.History) bool { return h.Change.Any("key") })
	u.stays(k, "key", h.Operation, h.Agent)
	return nil
}

const permanentlyDeleted = "its records were permanently deleted"

// cannot refuses to take an operation back, and says which others can be.
func (u *undoing) cannot(o plan.Operation, why string) error {
	e := plan.Errorf(plan.Refused, "cannot undo %s: %s", o.Command, why).WithCode("cannot_undo")
	if u.after != "" {
		return e.WithHint("to undo what came after it: pm undo --to %s", u.after)
	}
	return e.WithHint("undo an earlier operation by its id; to see them: pm ops")
}
