package tracker

import (
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// What has no id of its own is known by its text, and people reword it. It is
// recognized again by where it stands: under the same heading as before, by the
// text that is most like it, if only one is. The words are those of the ids, which
// are what was read last, whatever the title has become here since.

const (
	alike      = 0.6  // of 1: two texts are versions of one
	aboveOther = 0.05 // how much more alike than the next best one
	mostGone   = 20   // items that are named since they are no longer in the source
	mostLost   = 500  // under one heading, of which it is asked which text was which
	mostPairs  = 50_000

	formerName = "reference" // of the field that a rewording changes
)

// A lost is an item that was imported, and that the source no longer has.
type lost struct {
	key   plan.Key
	ref   string // of this form
	path  string // that, behind what it lies under
	over  bool
	title string
}

// recognize finds what was reworded, and names what is no longer in the source.
func (i *formImport) recognize() error {
	i.former = map[plan.Key]string{}
	if !slices.Contains(i.there, true) {
		return nil
	}
	known := map[plan.Key]bool{}
	for n, there := range i.there {
		if there {
			known[i.keys[n]] = true
		}
	}
	children := map[*form.Item][]*form.Item{}
	for _, item := range i.in.Outline.Items {
		if item.In != nil { // by what holds them, not by what they are boxes in
			children[item.In] = append(children[item.In], item)
		}
	}
	var gone []lost
	for _, holder := range i.in.Outline.Items { // epics come before features
		if !i.there[holder.N] || i.key(holder).Level() == plan.LevelTask || i.key(holder).Level() != holder.Level {
			continue
		}
		left, err := i.lostUnder(holder, known)
		if err != nil {
			return err
		}
		if err := i.match(holder, children, left, known); err != nil {
			return err
		}
		gone = append(gone, left...)
	}
	i.follow(gone, known)
	i.tellGone(gone, known)
	return nil
}

// lostUnder returns what lies under an item here, was imported from this form, and
// is not in the source. Under what pm made for all that lies under nothing, there
// may be what another source had: a task is lost if it comes from a file that is
// imported, and a feature if most of what is there is not lost.
func (i *formImport) lostUnder(holder *form.Item, known map[plan.Key]bool) (out []lost, err error) {
	under := i.key(holder)
	all, err := i.tx.ChildTitles(under)
	if err != nil {
		return nil, err
	}
	var missing, here []plan.Key
	for _, child := range all {
		if known[child.Key] {
			here = append(here, child.Key)
		} else {
			missing = append(missing, child.Key)
		}
	}
	if n := len(missing); n == 0 || holder.ID == form.AllID && n > len(here) {
		return nil, nil
	}
	ours := func(Item) bool { return true }
	if holder.ID == form.AllID+"/tasks" {
		if ours, err = i.fromFilesOf(here); err != nil {
			return nil, err
		}
	}
	parent, err := loadItem(i.tx, under)
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(i.ownRef(parent), "/tasks") + "/"
	for page := range slices.Chunk(missing, comparedTogether) {
		items, err := loadItems(i.tx, page)
		if err != nil {
			return nil, err
		}
		for _, k := range page {
			if item, there := items[k]; there && ours(item) {
				if ref := i.ownRef(item); ref != "" {
					out = append(out, lost{key: k, ref: ref, path: strings.TrimPrefix(ref, base), over: item.isOver(), title: item.Title()})
				}
			}
		}
	}
	return out, nil
}

// fromFilesOf returns what tells whether a task comes from one of the files that are
// imported: by their names now, or by those that they had when tasks that are still
// in them were imported.
func (i *formImport) fromFilesOf(here []plan.Key) (func(Item) bool, error) {
	files := map[string]bool{}
	for _, item := range i.in.Outline.Items {
		files[item.File] = true
	}
	items, err := loadItems(i.tx, here[:min(len(here), comparedTogether)])
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		files[item.Task.FilePath] = true
	}
	return func(item Item) bool { return files[item.Task.FilePath] }, nil
}

// within returns the last parts of the references of the tasks in a feature.
func (i *formImport) within(k plan.Key) (out map[string]bool, err error) {
	if k.Level() != plan.LevelFeature {
		return nil, nil
	}
	tasks, err := i.tx.ChildTitles(k)
	if err != nil {
		return nil, err
	}
	out = map[string]bool{}
	for page := range slices.Chunk(tasks, comparedTogether) {
		keys := make([]plan.Key, len(page))
		for n, t := range page {
			keys[n] = t.Key
		}
		items, err := loadItems(i.tx, keys)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if ref := i.ownRef(item); ref != "" {
				out[lastPart(plan.FoldRef(ref))] = true
			}
		}
	}
	return out, nil
}

// sameWithin returns how much of what lies under two headings is the same.
func sameWithin(items []*form.Item, was map[string]bool) float64 {
	same := 0
	for _, item := range items {
		if was[lastPart(plan.FoldRef(item.ID))] {
			same++
		}
	}
	if same == 0 {
		return 0
	}
	return float64(same) / float64(max(len(items), len(was)))
}

func lastPart(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// ownRef returns the reference of an item in the form that is imported; empty if
// it has none.
func (i *formImport) ownRef(item Item) string {
	for _, ref := range *item.refPlace() {
		if strings.HasPrefix(ref, i.in.Outline.Form+":") {
			return ref
		}
	}
	return ""
}

// isOver reports whether an item is done or dropped.
func (i Item) isOver() bool {
	switch {
	case i.Epic != nil:
		return i.Epic.Status.Closed()
	case i.Feature != nil:
		return i.Feature.Status.Closed()
	}
	return i.Task.Done()
}

// match pairs what is new under an item with what was lost there: each the most
// alike to the other.
func (i *formImport) match(holder *form.Item, children map[*form.Item][]*form.Item, left []lost, known map[plan.Key]bool) error {
	if len(left) == 0 {
		return nil
	}
	var fresh []*form.Item
	for _, item := range children[holder] {
		if item.Worded && !i.there[item.N] {
			fresh = append(fresh, item)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if len(left) > mostLost || len(fresh)*len(left) > mostPairs {
		i.report(holder, interchange.Warning, "%d items of %s are no longer in the source, and %d are new: too many to find out which were reworded", len(left), i.key(holder), len(fresh))
		return nil
	}
	within, worded := make([]map[string]bool, len(left)), make([]wording, len(left))
	for l, was := range left {
		var err error
		worded[l] = wordingOf(was.path)
		if within[l], err = i.within(was.key); err != nil {
			return err
		}
	}
	base := strings.TrimSuffix(holder.ID, "/tasks") + "/"
	scores := make([][]float64, len(fresh))
	for f, item := range fresh {
		scores[f] = make([]float64, len(left))
		now := wordingOf(strings.TrimPrefix(item.ID, base))
		for l, was := range left {
			if was.key.Level() == item.Level && !(was.over && (item.Status == plan.Todo || item.Status == plan.InProgress)) {
				scores[f][l] = max(now.like(worded[l]), sameWithin(children[item], within[l]))
			}
		}
	}
	for f, item := range fresh {
		l := best(len(left), func(l int) float64 { return scores[f][l] })
		if l >= 0 && best(len(fresh), func(f int) float64 { return scores[f][l] }) == f {
			i.take(item, left[l], known)
		}
	}
	return nil
}

// best returns the number of the one that is alike, and more so than all others;
// -1 if there is none.
func best(n int, score func(int) float64) int {
	first, second, at := 0.0, 0.0, -1
	for k := range n {
		switch s := score(k); {
		case s > first:
			first, second, at = s, first, k
		case s > second:
			second = s
		}
	}
	if first < alike || first-second < aboveOther {
		return -1
	}
	return at
}

// take lets an item of the source be what was lost.
func (i *formImport) take(item *form.Item, was lost, known map[plan.Key]bool) {
	i.keys[item.N], i.there[item.N], known[was.key] = was.key, true, true
	if plan.FoldRef(was.ref) != plan.FoldRef(i.in.Outline.Ref(item)) {
		i.former[was.key] = was.ref
	}
}

// follow finds what was moved under another heading of the same list with the same
// words. It keeps its key, and its place here.
func (i *formImport) follow(gone []lost, known map[plan.Key]bool) {
	byText := map[string][]lost{}
	for _, l := range gone {
		if !known[l.key] && l.key.Level() == plan.LevelTask {
			at := l.key.EpicKey().String() + " " + plan.FoldRef(lastPart(l.ref))
			byText[at] = append(byText[at], l)
		}
	}
	fresh := map[string][]*form.Item{}
	for _, item := range i.in.Outline.Items {
		if item.Worded && !i.there[item.N] && item.Level == plan.LevelTask && item.In.In != nil && i.there[item.In.In.N] {
			at := i.key(item.In.In).String() + " " + plan.FoldRef(lastPart(i.in.Outline.Ref(item)))
			fresh[at] = append(fresh[at], item)
		}
	}
	for at, items := range fresh {
		if was := byText[at]; len(was) == 1 && len(items) == 1 {
			i.take(items[0], was[0], known)
		}
	}
}

// tellGone names what is not over and no longer in the source.
func (i *formImport) tellGone(gone []lost, known map[plan.Key]bool) {
	var open []lost
	for _, l := range gone {
		if !known[l.key] && !l.over {
			open = append(open, l)
		}
	}
	for n, l := range open {
		if n == mostGone {
			i.report(nil, interchange.Info, "%d more items are no longer in the source: they stay as they are", len(open)-n)
			return
		}
		i.report(nil, interchange.Info, "%s %s (%s) is no longer in the source: it stays as it is", l.key, form.Quote(l.title), l.ref)
	}
}

// rename gives a reworded item the reference that the source has for it now.
func (i *formImport) rename(item *form.Item, now Item) (Item, error) {
	was, ref := i.former[now.Key()], i.in.Outline.Ref(item)
	if err := i.tx.RemoveRef(now.Key(), was); err != nil {
		return now, err
	}
	if owner, err := i.tx.AddRef(now.Key(), ref); err != nil || !owner.IsZero() {
		return now, firstError(err, plan.Errorf(plan.Conflict, "%s is already a reference of %s", ref, owner).WithCode("ref_taken"))
	}
	refs := plan.SortRefs(append(slices.DeleteFunc(slices.Clone(*now.refPlace()), func(r string) bool { return r == was }), ref))
	return saveItem(i.tx, now, plan.History{Change: plan.Change{"refs": {[]string{was}, []string{ref}}}}, func(i Item) { *i.refPlace() = refs })
}

// A wording is what an item is called where it stands, as it is compared: the pairs
// of letters of its path, and those of the last part of it.
type wording struct {
	path        string
	whole, last letterPairs
}

func wordingOf(path string) wording {
	return wording{path, pairsOf(path), pairsOf(lastPart(path))}
}

// like returns how much of two wordings is the same, from 0 to 1: by the pairs of
// letters that they share, wherever these stand. The last parts of paths count
// alone, too, since what they lie under may have been reworded.
func (a wording) like(b wording) float64 {
	parts := strings.Count(a.path, "/")
	switch {
	case a.path == b.path:
		return 1
	case parts != strings.Count(b.path, "/"):
		return 0
	case parts == 0:
		return a.whole.shared(b.whole)
	}
	return max(a.whole.shared(b.whole), 0.94*a.last.shared(b.last))
}

// letterPairs are how often two letters follow each other in a text.
type letterPairs struct {
	of  map[[2]rune]int
	all int
}

func pairsOf(text string) letterPairs {
	runes := []rune(text)
	p := letterPairs{map[[2]rune]int{}, max(0, len(runes)-1)}
	for k := range p.all {
		p.of[[2]rune{runes[k], runes[k+1]}]++
	}
	return p
}

// shared returns how much of two texts is the same pairs, from 0 to 1.
func (p letterPairs) shared(q letterPairs) float64 {
	if p.all+q.all == 0 {
		return 0
	}
	both := 0
	for pair, n := range p.of {
		both += min(n, q.of[pair])
	}
	score := 2 * float64(both) / float64(p.all+q.all)
	if least := min(p.all, q.all); least >= 8 { // one of them goes on where the other ends
		score = max(score, 0.9*float64(both)/float64(least))
	}
	return score
}
