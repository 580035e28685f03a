// Package form is what the readers of other tools' plans share: the outline that
// they read files into, the files themselves, and the pieces of markdown that
// several tools write. It touches no database.
package form

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/spill"
)

// An Outline is what was read of a source, in its order.
type Outline struct {
	Form     string // what the references of its items begin with
	Title    string // of the epic for what lies under none
	Items    []*Item
	Memories []Note // of the plan itself
	Findings []interchange.Finding
	Records  int // of the source: each is an item, a line of a checklist, a note or a finding
	Lines    int // records that became lines of a checklist
	Files    int

	// Set by Settle:
	Unknown   []string              // names of the fields that are kept as custom fields
	Further   []string              // further names of all items
	Kept      []interchange.Finding // about fields that custom fields of new items keep
	Elsewhere []string              // ids that something depends on or is linked to, and that no item has

	KeepUnknown bool // fields that pm has no place for are kept
	PerFile     bool // each file is a source of its own, with an epic for what lies under none

	unhomed map[string]*unhomed
	order   []string
	byID    map[string]*Item // by what ids are compared by
	words   words            // that items have in common
	said    int              // findings
	failed  int              // those of records that cannot be read
	shelf   spill.Shelf
	packing []byte
	err     error // of the shelf
}

// mostFindings bounds how many findings are listed one by one, of records that
// cannot be read and of the others.
const mostFindings = 20_000

// An Item is one record of a source.
type Item struct {
	ID     string // unique in its form; the reference is FORM:ID
	Up     *Item  // what it lies under; nil: nothing
	Level  plan.Level
	Status plan.TaskStatus // empty: of a group what follows from what it holds, else todo
	Group  bool            // it holds others, and is no work itself
	Minor  bool            // it may become a line of a checklist
	Free   bool            // it is optional: what it lies under does not wait for it
	Listed bool            // it became a line of a checklist
	Worded bool            // its ID is made of its text, which people reword
	Alt    string          // the ID it has where another file was imported with the same ID; empty: that cannot be

	*Contents // nil once Done was called: Outline.Whole returns them

	DependsOn []string // ids
	File      string
	Line      int

	// Set by Settle:
	N      int      // its place in Items
	In     *Item    // the epic of a feature, the feature of a task
	Needs  []*Item  // what DependsOn leads to, besides what Follow found
	Others []string // what of DependsOn is in pm only, perhaps

	kept   span
	placed bool // its level is known
	under  int  // how many items lie under it
}

// Contents are what an item says. There may be many items: these are kept out of
// memory where a reader says that an item is done.
type Contents struct {
	Title       string
	Description string
	Reason      string // why it is blocked
	Resolution  plan.Resolution
	Kind        string
	AgentType   string
	Stage       string
	Repeat      string
	FilePath    string     // a file that it is about, where that is not the one that it is read from
	Holder      string     // who works on it or did, where that is not the assignee
	Value       plan.Grade // of an epic, for the business
	Priority    int        // 0: it says nothing
	Labels      []string
	Assignee    string
	Due, Defer  plan.Date
	Estimate    plan.Estimate
	Created     *time.Time
	Started     *time.Time
	Completed   *time.Time
	Blocked     *time.Time
	Links       []Link
	Checks      []plan.Check
	Notes       []Note
	Refs        []string    // further names
	Fields      [][2]string // what pm has no place for, for --keep-unknown
}

// NameBy makes the ID of an item out of a text of it, where the source gives it none.
func (i *Item) NameBy(text string) {
	i.ID, i.Worded = i.Up.ID+"/"+Slug(OneLine(text, 60)), true
}

// A Link leads to an item of the source by its id, or to a file or an address.
type Link struct {
	As plan.LinkKind
	To string
	ID bool // To is an id, and nothing else
}

// A Note is a comment, or something that was learnt.
type Note struct {
	Kind  plan.NoteKind
	Agent string
	Body  string
	At    *time.Time
}

// Add takes in an item.
func (o *Outline) Add(i *Item) *Item {
	o.Items = append(o.Items, i)
	return i
}

// Find adds a finding.
func (o *Outline) Find(file string, line int, s interchange.Severity, format string, args ...any) {
	n := &o.said
	if s == interchange.Failed {
		n = &o.failed
	}
	if *n++; *n > mostFindings {
		return
	}
	message := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, fmt.Sprintf(format, args...))
	o.Findings = append(o.Findings, interchange.Finding{Path: file, Line: line, Severity: s, Message: message})
}

// An unhomed is a field that pm has no place for.
type unhomed struct {
	file    string
	line    int
	records int
}

// NoHome counts a field of a record that pm has no place for: Settle names each
// once.
func (o *Outline) NoHome(i *Item, field, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	if o.KeepUnknown {
		i.Fields = append(i.Fields, [2]string{field, value})
		if !slices.Contains(o.Unknown, field) {
			o.Unknown = append(o.Unknown, field)
		}
	}
	o.countField(i.File, i.Line, field)
}

func (o *Outline) countField(file string, line int, field string) {
	if o.unhomed == nil {
		o.unhomed = map[string]*unhomed{}
	}
	u := o.unhomed[field]
	if u == nil {
		u = &unhomed{file: file, line: line}
		o.unhomed[field] = u
		o.order = append(o.order, field)
	}
	u.records++
}

// ByID returns the item with an id, once the outline is settled; nil if there is
// none, or it became a line of a checklist.
func (o *Outline) ByID(id string) *Item {
	if i := o.byID[o.folded(id)]; i != nil && !i.Listed {
		return i
	}
	return nil
}

// Has reports whether a reference is that of an item, once the outline is settled.
func (o *Outline) Has(ref string) bool {
	id, mine := strings.CutPrefix(plan.FoldRef(ref), o.Form+":")
	return mine && o.ByID(id) != nil
}

// Ref returns the reference of an item.
func (o *Outline) Ref(i *Item) string { return o.RefOf(i.ID) }

// folded returns what ids are compared by.
func (o *Outline) folded(id string) string {
	if plainID(id) {
		return plan.FoldRef(id)
	}
	return strings.TrimPrefix(plan.FoldRef(o.RefOf(id)), o.Form+":")
}

// plainID reports whether an id stands in its reference as it is.
func plainID(id string) bool {
	if id == "" || len(id) > plan.MaxRef-32 {
		return false
	}
	for n := 0; n < len(id); n++ {
		if c := id[n]; c <= ' ' || c == ',' || c == ':' || c >= 0x7f {
			return false
		}
	}
	return true
}

// RefOf returns the reference that an id stands for: one word.
func (o *Outline) RefOf(id string) string {
	if plainID(id) {
		return o.Form + ":" + id
	}
	id = strings.ReplaceAll(oneWord(strings.ToValidUTF8(id, "_"), '_'), "://", ":/")
	ref := strings.TrimRight(o.Form+":"+id, ":")
	if utf8.RuneCountInString(ref) > plan.MaxRef {
		runes := []rune(ref)
		ref = string(runes[:plan.MaxRef-17]) + "~" + plan.Digest(ref)[:16]
	}
	return ref
}
