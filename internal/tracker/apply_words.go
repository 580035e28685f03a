package tracker

import (
	"slices"

	"pm/internal/plan"
)

// A word is what a field of a planned item calls another item by.
type word struct{ field, text string }

// words returns what an item of the plan calls other items by.
func (p *planned) words() (out []word) {
	for _, w := range p.DependsOn {
		out = append(out, word{"depends_on", w})
	}
	if p.task != nil && p.task.Create.DiscoveredFrom != "" {
		out = append(out, word{"discovered_from", p.task.Create.DiscoveredFrom})
	}
	for _, l := range p.Links {
		out = append(out, word{"links", l.To})
	}
	return out
}

// findWords finds what words lead to: an id of this plan or a reference that it
// gives, a key, an id that an earlier plan of this scope left, or another reference.
func (a *applier) findWords() error {
	var words []string
	keys := map[plan.Key]bool{}
	for _, p := range a.items {
		for _, w := range p.words() {
			if a.ownItem(w.text) != nil {
				continue
			}
			words = append(words, w.text)
			if k, err := plan.ParseKey(w.text); err == nil && k.Level() == plan.LevelTask {
				keys[k] = true
			}
		}
	}
	there, err := a.there(keys)
	if err != nil {
		return err
	}
	owners, err := a.tx.RefOwners(scoped(a.scope, words))
	if err != nil {
		return err
	}
	for _, w := range words {
		if k, err := plan.ParseKey(w); err == nil && there[k] {
			a.words[w] = k
		} else if k, is := owners[plan.FoldRef(a.scope+w)]; is {
			a.words[w] = k
		}
	}
	for _, p := range a.items {
		for _, w := range p.words() {
			if err := a.findWord(w); err != nil {
				return p.failAt(w.field, err)
			}
		}
	}
	return nil
}

// findWord finds what a word leads to that is neither of this plan nor the key of a task.
// A link may lead to no item.
func (a *applier) findWord(w word) error {
	if _, known := a.words[w.text]; known || a.ownItem(w.text) != nil {
		return nil
	}
	k, err := a.resolve(w.text)
	if err == nil {
		a.words[w.text] = k
		return nil
	}
	if _, keyErr := plan.ParseKey(w.text); keyErr == nil || kindOf(err) != plan.Invalid && kindOf(err) != plan.Usage {
		return err
	}
	takes := "ids of this plan, keys such as T-E01-F01-001, and references"
	if w.field == "links" {
		if _, err := plan.CheckLinkTarget(w.text); err == nil {
			return nil
		}
		takes = "ids of this plan, keys such as T-E01-F01-001, references, files such as ./name, and web addresses"
	}
	return plan.Errorf(plan.NotFound, "%.80q is neither an id in this plan nor the key of an item", w.text).WithCode("unknown_id").WithHint("%s takes %s", w.field, takes)
}

// ownItem returns the item of this plan that a word leads to: by its id, else by a
// reference that the plan gives it, which it may not have yet. Nil if there is none.
func (a *applier) ownItem(word string) *planned {
	if own := a.byID[plan.FoldRef(word)]; own != nil {
		return own
	}
	ref, err := plan.ParseRef(word)
	if err != nil {
		return nil
	}
	return a.byRef[plan.FoldRef(ref)]
}

// keyOf returns the key that a word leads to; zero while that item is new and
// has none.
func (a *applier) keyOf(word string) plan.Key {
	if own := a.ownItem(word); own != nil {
		return own.now
	}
	return a.words[word]
}

func scoped(scope string, words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = scope + w
	}
	return out
}

// there returns which of the tasks exist.
func (a *applier) there(keys map[plan.Key]bool) (map[plan.Key]bool, error) {
	var all []plan.Key
	for k := range keys {
		all = append(all, k)
	}
	slices.SortFunc(all, plan.Key.Compare)
	found, err := a.tx.TasksOf(all)
	out := map[plan.Key]bool{}
	for _, t := range found {
		out[t.Key] = true
	}
	return out, err
}

// dependencies returns what an item of the plan depends on by it, each once, in
// the order of the keys. It is known once all items have theirs.
func (a *applier) dependencies(p *planned) []plan.Key {
	keys := make([]plan.Key, 0, len(p.DependsOn))
	for _, w := range p.DependsOn {
		keys = append(keys, a.keyOf(w))
	}
	slices.SortFunc(keys, plan.Key.Compare)
	return slices.Compact(keys)
}

// checkLevels refuses an epic or a feature that depends on a task.
func (a *applier) checkLevels() error {
	for _, p := range a.items {
		for _, w := range p.DependsOn {
			if own := a.ownItem(w); p.task == nil && (own != nil && own.task != nil || a.words[w].Level() == plan.LevelTask && !a.words[w].IsZero()) {
				return p.failAt("depends_on", onSingleTask(p.level, w))
			}
		}
	}
	return nil
}

// waitOf changes what the epics and features wait for of which the plan says that.
func (a *applier) waitOf(change func(now Item, on []plan.Key) (Item, error)) error {
	for _, p := range a.items {
		if p.task != nil || !p.Given["depends_on"] {
			continue
		}
		now, err := loadItem(a.tx, p.now)
		if err == nil {
			now, err = change(now, a.dependencies(p))
		}
		if err != nil {
			return p.failAt("depends_on", err)
		}
		if p.found {
			p.change = difference(p.before, now)
		} else {
			p.created(a, now, nil)
		}
	}
	return nil
}

// loosenParents removes what epics and features wait for no longer, before anything
// waits anew, and tightenParents adds the rest once all tasks are there.
func (a *applier) loosenParents() error {
	return a.waitOf(func(now Item, on []plan.Key) (Item, error) { return loosen(a.tx, now, on) })
}

func (a *applier) tightenParents() error { return a.waitOf(a.updateEdges) }

// lock keeps others from changing what is read from here on, in the order of
// everybody: tasks before features before epics.
func (a *applier) lock() error {
	keys := map[plan.Key]bool{}
	for _, p := range a.items {
		if p.found {
			keys[p.now] = true
		}
	}
	for _, k := range a.words {
		keys[k] = true
	}
	if !a.root.IsZero() {
		keys[a.root] = true
	}
	for k := range keys {
		if k.Level() == plan.LevelFeature {
			keys[k.EpicKey()] = true
		}
	}
	sorted := make([]plan.Key, 0, len(keys))
	for k := range keys {
		sorted = append(sorted, k)
	}
	slices.SortFunc(sorted, inOrderOfLocks)
	tasks := slices.IndexFunc(sorted, func(k plan.Key) bool { return k.Level() != plan.LevelTask })
	if tasks < 0 {
		tasks = len(sorted)
	}
	if err := a.tx.LockTasks(sorted[:tasks]); err != nil {
		return err
	}
	for _, p := range a.items {
		if p.found && (p.newStatus() || p.task == nil && p.Given["depends_on"]) {
			if err := a.tx.LockUnder(p.now); err != nil {
				return err
			}
		}
	}
	for _, k := range sorted[tasks:] {
		if _, err := lockItem(a.tx, k); err != nil {
			return err
		}
	}
	return a.loadFound()
}

// newStatus reports whether the plan gives an epic or a feature a status.
func (p *planned) newStatus() bool {
	return p.epic != nil && (p.epic.Update.Status != nil || p.epic.Update.Defer != nil) || p.feat != nil && (p.feat.Update.Status != nil || p.feat.Update.Defer != nil)
}

// loadFound reads the items that exist as they are now that nobody else can
// change them.
func (a *applier) loadFound() error {
	var keys []plan.Key
	for _, p := range a.items {
		if p.found {
			keys = append(keys, p.now)
		}
	}
	items, err := loadItems(a.tx, keys)
	if err != nil {
		return err
	}
	for _, p := range a.items {
		if !p.found {
			continue
		}
		item, there := items[p.now]
		if !there {
			return p.fail(exists(a.tx, p.now))
		}
		p.before = item
		if parent := a.parentOf(p); p.level != plan.LevelEpic && p.now.Parent() != parent {
			a.out.Warnings = append(a.out.Warnings, elsewhere(p.now, parent))
		}
	}
	return nil
}

// elsewhere warns of an item that does not lie where the plan has it: somebody
// moved it, and its key would change again if it were moved back.
func elsewhere(k, parent plan.Key) Warning {
	where := "a new " + string(k.Parent().Level())
	if !parent.IsZero() {
		where = parent.String()
	}
	return warning("elsewhere", "%s is not under %s, where the plan has it; it stays where it is", k, where).hint("move it: pm move %s --to PARENT", k)
}
