package store

import (
	"fmt"
	"maps"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	linkInsert = db.Named("link.insert", `insert into links (item_id, kind, to_id, target) values ($1, $2, $3, $4) on conflict do nothing`)
	linkDelete = db.Named("link.delete", `delete from links where item_id = $1 and kind = $2 and to_id = $3 and target = $4`)
	linksUnder = db.Named("link.delete_under", `delete from links where item_id between $1 and $2`)
	linksOnto  = db.Named("link.delete_onto", `delete from links where to_id between $1 and $2`)
	linksInto  = db.Named("link.into_range", `select item_id, kind, to_id, target from links
		where to_id between $1 and $2 and item_id not between $1 and $2 order by item_id, kind, to_id`)
	linksOut = db.Named("link.out_of_range", `select item_id, kind, to_id, target from links
		where item_id between $1 and $2 and to_id > 0 and to_id not between $1 and $2 order by item_id, kind, to_id`)

	linkInsertion = db.Insertion{Name: "link.insert_many", Table: "links", Columns: "item_id, kind, to_id, target"}
)

// A LinkRow is a link as it is stored: with one item, to another or to what is
// none.
type LinkRow struct {
	Item   plan.Key
	Kind   plan.LinkKind
	To     plan.Key // zero: a file or an address
	Target string   // which; empty for an item
}

// LinkRowOf returns the row of a link that is stored with the item.
func LinkRowOf(item plan.Key, l plan.Link) LinkRow {
	if k, is := l.Item(); is {
		return LinkRow{Item: item, Kind: l.As, To: k}
	}
	return LinkRow{Item: item, Kind: l.As, Target: l.To}
}

// Link returns the link as its item has it.
func (l LinkRow) Link() plan.Link {
	if l.To.IsZero() {
		return plan.Link{As: l.Kind, To: l.Target}
	}
	return plan.Link{As: l.Kind, To: l.To.String()}
}

func (l LinkRow) args() []any {
	to := int64(0)
	if !l.To.IsZero() {
		to = l.To.Ordinal()
	}
	return []any{l.Item.Ordinal(), string(l.Kind), to, l.Target}
}

// A linkRow is what a select of links gives; a zero to leads to no item.
type linkRow struct {
	item, to     int64
	kind, target string
}

func linkFields(l *linkRow) []any { return []any{&l.item, &l.kind, &l.to, &l.target} }

func (l linkRow) row() LinkRow {
	out := LinkRow{Item: plan.KeyOf(l.item), Kind: plan.LinkKind(l.kind), Target: l.target}
	if l.to > 0 {
		out.To = plan.KeyOf(l.to)
	}
	return out
}

// AddLink adds a link, and counts it on both sides; added is false if it was
// there.
func (tx *Tx) AddLink(l LinkRow) (added bool, err error) {
	n, err := tx.changeLinks(linkInsert, []LinkRow{l}, +1)
	return n > 0, err
}

// RemoveLink removes a link, and counts it off on both sides.
func (tx *Tx) RemoveLink(l LinkRow) error { return tx.RemoveLinks([]LinkRow{l}) }

// RemoveLinks is RemoveLink for many, which are counted together.
func (tx *Tx) RemoveLinks(links []LinkRow) error {
	_, err := tx.changeLinks(linkDelete, links, -1)
	return err
}

// PutLinks is AddLink for many, which are counted together.
func (tx *Tx) PutLinks(links []LinkRow) error {
	_, err := tx.changeLinks(linkInsert, links, +1)
	return err
}

// changeLinks changes links, and counts by n those that were not as they are then.
func (tx *Tx) changeLinks(s db.Stmt, links []LinkRow, n int) (changed int64, err error) {
	of := map[plan.Key]int{}
	for _, l := range links {
		one, err := tx.Exec(s, l.args()...)
		if err != nil {
			return changed, err
		}
		if one == 0 {
			continue
		}
		changed++
		of[l.Item] += n
		if !l.To.IsZero() {
			of[l.To] += n
		}
	}
	return changed, tx.AddLinkCounts(of)
}

// AddLinks adds links of which none is there, and counts them on both sides.
func (tx *Tx) AddLinks(links []LinkRow) error {
	batch, of := db.NewBatch(linkInsertion, bulkEdges), map[plan.Key]int{}
	for _, l := range links {
		args := l.args()
		batch.Add(args[0], args[1:])
		if err := batch.Flush(tx.Tx, false); err != nil {
			return err
		}
		of[l.Item]++
		if !l.To.IsZero() {
			of[l.To]++
		}
	}
	if err := batch.Flush(tx.Tx, true); err != nil {
		return err
	}
	return tx.AddLinkCounts(of)
}

// AddLinkCounts adds to the numbers of links that items have, those with the
// same number in one statement.
func (tx *Tx) AddLinkCounts(of map[plan.Key]int) error {
	by := map[int]map[plan.Level][]any{}
	for _, k := range slices.SortedFunc(maps.Keys(of), byOrdinal) {
		n := of[k]
		if by[n] == nil {
			by[n] = map[plan.Level][]any{}
		}
		by[n][k.Level()] = append(by[n][k.Level()], k.Ordinal())
	}
	for _, level := range []plan.Level{plan.LevelTask, plan.LevelFeature, plan.LevelEpic} {
		for _, n := range slices.Sorted(maps.Keys(by)) {
			for ids := range slices.Chunk(by[n][level], maxIn) {
				s := db.Named(string(level)+".count_links", fmt.Sprintf("update %ss set links = links + %d where id in (%s)", level, n, tx.engine.Marks(len(ids))))
				if _, err := tx.Exec(s, ids...); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// LinksInto returns the links from items that do not lie under k to k and what
// lies under it.
func (tx *Tx) LinksInto(k plan.Key) ([]LinkRow, error) { return tx.linkRows(linksInto, k) }

// LinksOnto returns the links to tasks, with a statement for many of them.
func (tx *Tx) LinksOnto(tasks []plan.Key) (out []LinkRow, err error) {
	for page := range slices.Chunk(ordinals(tasks), maxIn) {
		s := db.Named("link.onto", "select item_id, kind, to_id, target from links"+tx.engine.Use("idx_links_to_id")+
			" where to_id in ("+tx.engine.Marks(len(page))+") order by item_id, kind, to_id")
		rows, err := db.List(tx.Tx, s, linkFields, page...)
		if err != nil {
			return nil, err
		}
		out = append(out, each(rows, linkRow.row)...)
	}
	return out, nil
}

// LinksOutOf returns the links from k and what lies under it to other items.
func (tx *Tx) LinksOutOf(k plan.Key) ([]LinkRow, error) { return tx.linkRows(linksOut, k) }

func (tx *Tx) linkRows(s db.Stmt, k plan.Key) ([]LinkRow, error) {
	first, last := k.Range()
	rows, err := db.List(tx.Tx, s, linkFields, first, last)
	return each(rows, linkRow.row), err
}

// loadLinks fills in the links of those items that have any, from either side.
func loadLinks[T any](tx *Tx, items []T, of func(*T) (id int64, count int, links *[]plan.Link)) error {
	at := map[int64]*[]plan.Link{}
	var ids []any
	for i := range items {
		id, n, links := of(&items[i])
		if *links = nil; n > 0 {
			at[id], ids = links, append(ids, id)
		}
	}
	for page := range slices.Chunk(ids, maxIn) {
		var w where
		here := "item_id in (" + listed(&w, page) + ")"
		there := "to_id in (" + listed(&w, page) + ")"
		rows, err := db.List(tx.Tx, db.Named("link.of_keys", "select item_id, kind, to_id, target from links"+tx.engine.Use("idx_links_item_id")+" where "+here+
			" union all select to_id, kind, item_id, '<' from links"+tx.engine.Use("idx_links_to_id")+" where "+there), linkFields, w.args...)
		if err != nil {
			return err
		}
		for _, l := range rows {
			link := plan.Link{As: plan.LinkKind(l.kind), To: l.target}
			if l.to > 0 {
				link.To = plan.KeyOf(l.to).String()
			}
			if l.to > 0 && l.target == "<" {
				link.As, link.Other = link.As.Inverse(), true
			}
			if links := at[l.item]; links != nil {
				*links = append(*links, link)
			}
		}
	}
	for _, links := range at {
		plan.SortLinks(*links)
	}
	return nil
}

// A SharedFile is a file that a task has in common with one that is held.
type SharedFile struct {
	Path   string
	Task   plan.Key
	Holder string
}

// SharedFiles returns which of the files belong to tasks in progress, by their
// paths or by links, but for one task.
func (tx *Tx) SharedFiles(files []string, but plan.Key) ([]SharedFile, error) {
	var w where
	own := "file_path in (" + listed(&w, files) + ") and status = 'in_progress'"
	linked := "l.to_id = 0 and l.target in (" + listed(&w, files) + ")"
	s := db.Named("link.shared_files", "select f.path, f.id, f.agent from (select file_path as path, id, coalesce(assigned_agent, '') as agent from tasks"+tx.engine.Use("idx_tasks_file_path")+" where "+own+
		" union select l.target, t.id, coalesce(t.assigned_agent, '') from links l join tasks t on t.id = l.item_id and t.status = 'in_progress' where "+linked+
		") f where f.id <> "+w.arg(but.Ordinal())+" order by f.id, f.path limit 10")
	return db.List(tx.Tx, s, func(f *SharedFile) []any { return []any{&f.Path, subject{&f.Task}, &f.Holder} }, w.args...)
}
