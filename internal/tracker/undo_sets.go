package tracker

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// A setChange is what an undo does to one of the sets of an item.
type setChange struct{ removed, added []plan.Entry }

// loosen removes the dependencies that the operation added.
func (u *undoing) loosen() error {
	for _, i := range u.items {
		if !i.mine() || i.key.IsZero() || len(i.net.Sets["depends_on"]) == 0 {
			continue
		}
		item, err := lockRow(u.tx, i.key)
		if kindOf(err) == plan.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		_, _, head, _ := item.record()
		if err := u.readLater(i, head); err != nil {
			return err
		}
		want, err := u.setBack(i, "depends_on")
		if err == nil {
			i.loose, err = u.dependencies(i, want.removed, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// edges takes back what the operation did to the sets that items have:
// dependencies, labels, references and links.
func (u *undoing) edges() error {
	for _, i := range u.items {
		if !i.mine() || i.key.IsZero() || len(i.net.Sets) == 0 {
			continue
		}
		item, err := lockRow(u.tx, i.key)
		if kindOf(err) == plan.NotFound {
			err = u.missing(i)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		_, _, head, _ := item.record()
		if err := u.readLater(i, head); err != nil {
			return err
		}
		change := plan.Change{}
		for _, of := range []struct {
			field string
			apply func(*undoneItem, setChange) (setChange, error)
		}{{"depends_on", u.tighten}, {"labels", u.labels}, {"refs", u.refs}, {"links", u.links}} {
			want, err := u.setBack(i, of.field)
			if err != nil {
				return err
			}
			if len(want.removed)+len(want.added) == 0 {
				continue
			}
			did, err := of.apply(i, want)
			if err != nil {
				return err
			}
			if len(did.removed)+len(did.added) > 0 {
				change[of.field] = [2]any{setValue(of.field, did.removed), setValue(of.field, did.added)}
			}
		}
		if len(change) == 0 {
			continue
		}
		if item, err = lockRow(u.tx, i.key); err != nil { // counted anew meanwhile
			return err
		}
		if err := saveBeside(u.tx, item, plan.History{Change: change}); err != nil {
			return err
		}
	}
	return nil
}

// setValue writes entries of a set as records have them.
func setValue(field string, entries []plan.Entry) any {
	if len(entries) == 0 {
		return nil
	}
	if field == "links" {
		links := make([]plan.LinkChange, len(entries))
		for i, e := range entries {
			links[i], _ = e.Value.(plan.LinkChange)
		}
		return links
	}
	words := make([]string, len(entries))
	for i, e := range entries {
		words[i], _ = e.Value.(string)
	}
	return words
}

// setBack returns what is to be removed from a set and added to it again: what
// the operation added and is there, and what it removed and is not. Items count
// under the keys that they have now.
func (u *undoing) setBack(i *undoneItem, field string) (out setChange, err error) {
	did, err := u.resolved(field, i.net.Sets[field])
	if err != nil {
		return out, err
	}
	since, err := u.resolved(field, i.since.Sets[field])
	if err != nil {
		return out, err
	}
	for _, e := range did {
		turned := slices.ContainsFunc(since, func(s plan.Entry) bool { return s.Word == e.Word && s.Added != e.Added })
		switch {
		case turned:
		case e.Added:
			out.removed = append(out.removed, e)
		default:
			out.added = append(out.added, e)
		}
	}
	return out, nil
}

// resolved puts the keys that items have now in the place of those that they
// had. What comes out as gone and new is neither.
func (u *undoing) resolved(field string, entries []plan.Entry) (out []plan.Entry, err error) {
	for _, e := range entries {
		if e, err = u.resolve(field, e); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out, func(o plan.Entry) bool { return o.Word == e.Word }); i < 0 {
			out = append(out, e)
		} else if out[i].Added != e.Added {
			out = slices.Delete(out, i, i+1)
		}
	}
	return out, nil
}

func (u *undoing) resolve(field string, e plan.Entry) (plan.Entry, error) {
	link, isLink := e.Value.(plan.LinkChange)
	word, _ := e.Value.(string)
	if isLink {
		word, _ = link.To.(string)
	}
	if field != "depends_on" && !isLink {
		return e, nil
	}
	k, err := plan.ParseKey(word)
	if err != nil {
		return e, nil
	}
	now, there, err := present(u.tx, k)
	if err != nil || !there || now == k && !isLink { // the word of a link has a digest of the key
		return e, err
	}
	if isLink {
		link.To = now.String()
		return plan.Entry{Word: string(link.As) + " " + now.String(), Value: link, Added: e.Added}, nil
	}
	return plan.Entry{Word: now.String(), Value: now.String(), Added: e.Added}, nil
}

// dependencies adds or removes these dependencies of an item, and returns those that
// it was done with.
func (u *undoing) dependencies(i *undoneItem, entries []plan.Entry, add bool) (did []plan.Entry, err error) {
	for _, e := range entries {
		word, _ := e.Value.(string)
		on, err := plan.ParseKey(word)
		if err != nil {
			return did, err
		}
		done, err := u.dependency(store.Edge{Task: i.key, DependsOn: on}, add)
		if kindOf(err) == plan.NotFound && !add {
			continue // it went with the item at its other end
		}
		if add && err != nil && !u.trashed && plan.Describe(err).Code == "cycle" {
			u.late = append(u.late, lateEdge{i, e})
			continue
		}
		if err := u.tried(err, i, "depends_on"); err != nil {
			return did, err
		}
		if done {
			did = append(did, e)
		}
	}
	return did, nil
}

// tighten adds the dependencies again that the operation removed. What has come back
// meanwhile loses those that the operation added.
func (u *undoing) tighten(i *undoneItem, want setChange) (did setChange, err error) {
	if did.removed, err = u.dependencies(i, want.removed, false); err != nil {
		return did, err
	}
	did.removed = append(did.removed, i.loose...)
	did.added, err = u.dependencies(i, want.added, true)
	return did, err
}

// A lateEdge is a dependency that closes a cycle as long as what the operation created
// is there.
type lateEdge struct {
	of *undoneItem
	on plan.Entry
}

// tightenLate adds these once that is in the trash.
func (u *undoing) tightenLate() error {
	u.trashed = true
	for _, l := range u.late {
		did, err := u.dependencies(l.of, []plan.Entry{l.on}, true)
		if err != nil {
			return err
		}
		if len(did) == 0 {
			continue
		}
		item, err := lockRow(u.tx, l.of.key)
		if err == nil {
			err = saveBeside(u.tx, item, plan.History{Change: plan.Change{"depends_on": {nil, setValue("depends_on", did)}}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *undoing) dependency(e store.Edge, add bool) (done bool, err error) {
	on, err := lockItem(u.tx, e.DependsOn)
	if err != nil {
		return false, err
	}
	if add {
		return addEdge(u.tx, e, on)
	}
	return true, removeEdge(u.tx, e, on)
}

func (u *undoing) labels(i *undoneItem, want setChange) (setChange, error) {
	words := func(entries []plan.Entry) []string { w, _ := setValue("labels", entries).([]string); return w }
	return want, firstError(u.tx.RemoveLabels(i.key, words(want.removed)), u.tx.AddLabels(i.key, words(want.added)))
}

func (u *undoing) refs(i *undoneItem, want setChange) (did setChange, err error) {
	for _, e := range want.removed {
		ref, _ := e.Value.(string)
		if _, err := plan.ParseKey(ref); err == nil {
			continue // a former key stays
		}
		if err := u.tx.RemoveRef(i.key, ref); err != nil {
			return did, err
		}
		did.removed = append(did.removed, e)
	}
	for _, e := range want.added {
		ref, _ := e.Value.(string)
		if _, err := plan.ParseKey(ref); err == nil {
			continue
		}
		owner, err := u.tx.AddRef(i.key, ref)
		if err != nil {
			return did, err
		}
		if !owner.IsZero() {
			u.conflict(i, "refs")
			continue
		}
		did.added = append(did.added, e)
	}
	return did, nil
}

func (u *undoing) links(i *undoneItem, want setChange) (did setChange, err error) {
	for _, add := range []bool{false, true} {
		entries := want.removed
		if add {
			entries = want.added
		}
		for _, e := range entries {
			change, _ := e.Value.(plan.LinkChange)
			var failed error
			link := plan.Link{As: change.As, To: u.text(i.key, change.To, &failed)}
			if failed != nil {
				return did, failed
			}
			if k, is := link.Item(); is && add {
				if _, there, err := present(u.tx, k); err != nil {
					return did, err
				} else if !there {
					u.conflict(i, "links")
					continue
				}
			}
			if !add {
				did.removed = append(did.removed, e)
				if err := u.tx.RemoveLink(store.LinkRowOf(i.key, link)); err != nil {
					return did, err
				}
				continue
			}
			added, err := u.tx.AddLink(store.LinkRowOf(i.key, link))
			if err != nil {
				return did, err
			}
			if added {
				did.added = append(did.added, plan.Entry{Word: e.Word, Value: plan.LinkChange{As: link.As, To: link.To}, Added: e.Added})
			}
		}
	}
	return did, nil
}

// text returns a text of an item that a record has, or has the digest of.
func (u *undoing) text(k plan.Key, v any, failed *error) string {
	if t, is := plan.AsText(v); is {
		return u.former(k, failed)(t.Digest)
	}
	s, _ := v.(string)
	return s
}
