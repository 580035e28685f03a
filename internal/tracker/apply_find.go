package tracker

import (
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// applySource is the source of the references that ids of plans are kept as.
const applySource = "apply:"

// An applier brings the plan in the database to what another says.
type applier struct {
	tx    *store.Tx
	in    Apply
	root  plan.Key // the epic or feature that the plan is about, if it is about one
	scope string   // what the references of its ids begin with
	items []*planned
	byID  map[string]*planned
	byRef map[string]*planned // by the references that the plan gives
	byKey map[plan.Key]*planned
	words map[string]plan.Key // what words of the plan lead to, besides ids
	local time.Time           // now, in the time zone of the project, if the plan has dates
	moved counts              // what updates add to the sums of features
	out   Applied

	estimate func(plan.Typed) (plan.Estimate, error)
}

func newApplier(tx *store.Tx, in Apply, items []*planned) *applier {
	a := &applier{tx: tx, in: in, byID: map[string]*planned{}, byRef: map[string]*planned{}, byKey: map[plan.Key]*planned{}, words: map[string]plan.Key{}, estimate: parseEstimate(tx),
		out: Applied{DryRun: in.DryRun, Created: []AppliedItem{}, Updated: []AppliedItem{}, Unchanged: []AppliedItem{}, Keys: map[string]plan.Key{}}}
	for _, p := range items { // the body of a transaction may run twice
		p.now, p.found, p.fresh, p.before, p.change = plan.Key{}, false, false, Item{}, nil
	}
	a.items = items
	return a
}

// run does it all. One apply runs at a time: two that begin together would
// else both create what neither of them finds.
func (a *applier) run() error {
	for _, step := range []func() error{a.keepZone, a.tx.LockGraph, a.findRoot, a.checkIDs, a.findByKey, a.findByID, a.findByTitle, a.findWords, a.checkLevels, a.lock, a.changeParents, a.loosenParents, a.changeTasks, a.tightenParents, a.changeLinks, a.answer} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// keepZone looks up in which time zone the days of the plan are, if it has any.
func (a *applier) keepZone() (err error) {
	a.local, err = nowIf(a.tx, slices.ContainsFunc(a.items, func(p *planned) bool { return p.dated() }))
	return err
}

// findRoot finds the epic or the feature that the plan is about, and makes up
// where its ids count: in the plan of that name, else under what it is about.
func (a *applier) findRoot() error {
	word, field, level := a.in.Feature, "feature", plan.LevelFeature
	if word == "" {
		word, field, level = a.in.Epic, "epic", plan.LevelEpic
	}
	a.scope = applySource
	if a.in.Name != "" {
		a.scope += a.in.Name + "/"
	}
	if word == "" {
		return nil
	}
	k, err := a.resolve(word)
	if level == plan.LevelFeature && strings.EqualFold(word, Inbox) {
		k, err = inbox(a.tx)
	}
	if err == nil && k.Level() != level {
		_, err = keyAt(level, k.String())
	}
	if err != nil {
		return plan.AtPlace(err, field)
	}
	if a.root = k; a.in.Name == "" {
		if written, err := plan.ParseKey(word); err == nil { // stays the same if the item moves
			k = written
		}
		a.scope += k.String() + "/"
	}
	return nil
}

// resolve returns the key that a key, a former key or a reference leads to.
func (a *applier) resolve(word string) (plan.Key, error) {
	k, keyErr := plan.ParseKey(word)
	ref := k.String()
	if keyErr != nil {
		var err error
		if ref, err = plan.ParseRef(word); err != nil {
			return k, keyErr
		}
	} else if err := exists(a.tx, k); err == nil || kindOf(err) != plan.NotFound {
		return k, err
	}
	owner, found, err := a.tx.RefOwner(ref)
	switch {
	case err != nil || found:
		return owner, err
	case keyErr == nil:
		return k, exists(a.tx, k)
	}
	return k, keyErr
}

func exists(tx *store.Tx, k plan.Key) error {
	var err error
	switch k.Level() {
	case plan.LevelEpic:
		_, err = tx.Epic(k)
	case plan.LevelFeature:
		_, err = tx.Feature(k)
	default:
		_, err = tx.Task(k)
	}
	return err
}

// checkIDs refuses ids that cannot be told apart, or cannot be kept.
func (a *applier) checkIDs() error {
	if a.in.Name != "" {
		if ref, err := plan.ParseRef(applySource + a.in.Name); err != nil || ref != applySource+a.in.Name {
			return plan.AtPlace(plan.Errorf(plan.Invalid, "invalid name %q", a.in.Name).WithCode("bad_id").WithHint("use one short word"), "name")
		}
	}
	for _, p := range a.items {
		for _, s := range p.Refs {
			if ref, err := plan.ParseRef(s); err == nil { // else it is refused where it is added
				a.byRef[plan.FoldRef(ref)] = p
			}
		}
		if p.ID == "" {
			continue
		}
		key, err := plan.ParseKey(p.ID)
		if err == nil && key.String() == p.ID {
			return p.failAt("id", plan.Errorf(plan.Invalid, "invalid id %q: it is a key", p.ID).WithCode("bad_id").
				WithHint("use key: %s if that item exists; a new item gets its key from pm, and an id such as a1 is yours to choose", p.ID))
		}
		if ref, err := plan.ParseRef(a.scope + p.ID); err != nil || ref != a.scope+p.ID {
			return p.failAt("id", plan.Errorf(plan.Invalid, "invalid id %.40q", p.ID).WithCode("bad_id").
				WithHint("an id is one word without commas, of at most %d characters", plan.MaxRef-len(a.scope)))
		}
		if other := a.byID[plan.FoldRef(p.ID)]; other != nil {
			return p.failAt("id", plan.Errorf(plan.Invalid, "the id %q is used twice", p.ID).WithCode("bad_id").WithHint("%s has it as well", other.place))
		}
		a.byID[plan.FoldRef(p.ID)] = p
	}
	return nil
}

// take says that an item of the plan is the one with the key.
func (a *applier) take(p *planned, k plan.Key, field string) error {
	if k.Level() != p.level {
		return p.failAt(field, plan.Errorf(plan.Invalid, "%s is %s, not %s", k, k.Level().Article(), p.level.Article()).WithCode("bad_key").WithHint("to see it: pm show %s", k))
	}
	if other := a.byKey[k]; other != nil {
		return p.failAt(field, plan.Errorf(plan.Invalid, "%s is in the plan twice", k).WithCode("bad_key").WithHint("%s is the same item", other.place))
	}
	a.byKey[k], p.now, p.found = p, k, true
	return nil
}

func (a *applier) findByKey() error {
	for _, p := range a.items {
		if p.Key == "" {
			continue
		}
		k, err := a.resolve(p.Key)
		if err != nil {
			return p.failAt("key", err)
		}
		if err := a.take(p, k, "key"); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) findByID() error {
	var refs []string
	for _, p := range a.items {
		if p.ID != "" && !p.found {
			refs = append(refs, a.scope+p.ID)
		}
	}
	owners, err := a.tx.RefOwners(refs)
	if err != nil {
		return err
	}
	for _, p := range a.items {
		k, is := owners[plan.FoldRef(a.scope+p.ID)]
		if p.ID == "" || p.found || !is {
			continue
		}
		if err := a.take(p, k, "id"); err != nil {
			return err
		}
	}
	return a.checkSamePlan(owners)
}

// checkSamePlan refuses ids that all lead to items of other titles: that is
// another plan with the same ids, which would rename the items of the first.
func (a *applier) checkSamePlan(owners map[string]plan.Key) error {
	if len(owners) < 2 {
		return nil
	}
	titles, err := a.tx.Titles(slices.Collect(func(yield func(plan.Key) bool) {
		for _, k := range owners {
			if !yield(k) {
				return
			}
		}
	}))
	if err != nil {
		return err
	}
	var first *planned
	for _, p := range a.items {
		if _, byID := owners[plan.FoldRef(a.scope+p.ID)]; !byID || p.ID == "" {
			continue
		}
		if p.title == "" || p.title == titles[p.now] {
			return nil
		}
		if first == nil {
			first = p
		}
	}
	if first == nil {
		return nil
	}
	return first.failAt("id", plan.Errorf(plan.Refused, "the ids of this plan belong to other items: %q is %s %q, not %q", first.ID, first.now, titles[first.now], first.title).WithCode("other_plan").
		WithHint("if this is a different plan, give it a name with name: NAME at its top; to rename these items, refer to them by key"))
}

// findByTitle finds the items that are known by neither key nor id among what
// lies under the same parent: of several with one title the first. What bears
// another id of this plan is another item.
func (a *applier) findByTitle() error {
	for _, level := range []plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask} {
		asking := map[plan.Key][]*planned{}
		for _, p := range a.items {
			if p.level != level || p.found || p.title == "" {
				continue
			}
			parent := a.parentOf(p)
			if parent.IsZero() && level != plan.LevelEpic {
				continue // that is new, too
			}
			asking[parent] = append(asking[parent], p)
		}
		for parent, items := range asking {
			if err := a.matchTitles(parent, items); err != nil {
				return err
			}
		}
	}
	return nil
}

// parentOf returns the key of what the item lies under by the plan; zero for
// an epic, and for what is yet to be created.
func (a *applier) parentOf(p *planned) plan.Key {
	if p.parent != nil {
		return p.parent.now
	}
	if p.level == plan.LevelEpic {
		return plan.Key{}
	}
	return a.root
}

func (a *applier) matchTitles(parent plan.Key, items []*planned) error {
	children, err := a.tx.ChildTitles(parent)
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	for _, p := range items {
		asked[p.title] = true
	}
	var candidates []plan.Key
	byTitle := map[string][]plan.Key{}
	for _, c := range children {
		if asked[c.Title] && a.byKey[c.Key] == nil {
			candidates = append(candidates, c.Key)
			byTitle[c.Title] = append(byTitle[c.Title], c.Key)
		}
	}
	ids, err := a.idsOf(candidates)
	if err != nil {
		return err
	}
	for _, p := range items {
		keys := byTitle[p.title]
		i := slices.IndexFunc(keys, func(k plan.Key) bool { return p.ID == "" || ids[k] == "" })
		if i < 0 {
			continue
		}
		k := keys[i]
		byTitle[p.title] = slices.Delete(slices.Clone(keys), i, i+1)
		if err := a.take(p, k, "title"); err != nil {
			return err
		}
	}
	return nil
}

// idsOf returns the ids of this plan that items bear.
func (a *applier) idsOf(keys []plan.Key) (map[plan.Key]string, error) {
	out := map[plan.Key]string{}
	items, err := loadItems(a.tx, keys)
	for k, item := range items {
		for _, ref := range *item.refPlace() {
			if id, is := strings.CutPrefix(plan.FoldRef(ref), plan.FoldRef(a.scope)); is && !strings.Contains(id, "/") {
				out[k] = id
			}
		}
	}
	return out, err
}
