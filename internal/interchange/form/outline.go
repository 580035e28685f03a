// Package form is what the readers of other tools' plans share: the outline that
// they read files into, the files themselves, and the pieces of markdown that
// several tools write. It touches no database.
package form

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
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

	unhomed map[string]*unhomed
	order   []string
	byID    map[string]*Item // by what ids are compared by
}

// An Item is one record of a source.
type Item struct {
	ID     string // unique in its form; the reference is FORM:ID
	Up     *Item  // what it lies under; nil: nothing
	Level  plan.Level
	Group  bool // it holds others, and is no work itself
	Minor  bool // it may become a line of a checklist
	Free   bool // it is optional: what it lies under does not wait for it
	Listed bool // it became a line of a checklist

	Title       string
	Description string
	Status      plan.TaskStatus // empty: of a group what follows from what it holds, else todo
	Reason      string          // why it is blocked
	Resolution  plan.Resolution
	Kind        string
	Priority    int // 0: it says nothing
	Labels      []string
	Assignee    string
	Due, Defer  plan.Date
	Estimate    plan.Estimate
	Created     *time.Time
	Started     *time.Time
	Completed   *time.Time
	DependsOn   []string // ids
	Links       []Link
	Checks      []plan.Check
	Notes       []Note
	Refs        []string    // further names
	Fields      [][2]string // what pm has no place for, for --keep-unknown
	File        string
	Line        int

	// Set by Settle:
	In     *Item    // the epic of a feature, the feature of a task
	Needs  []*Item  // what DependsOn leads to
	Others []string // what of DependsOn is in pm only, perhaps
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
	i.Fields = append(i.Fields, [2]string{field, value})
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
	if i := o.byID[plan.FoldRef(id)]; i != nil && !i.Listed {
		return i
	}
	return nil
}

// Ref returns the reference of an item.
func (o *Outline) Ref(i *Item) string { return o.RefOf(i.ID) }

// RefOf returns the reference that an id stands for: one word.
func (o *Outline) RefOf(id string) string {
	id = strings.ReplaceAll(oneWord(strings.ToValidUTF8(id, "_"), '_'), "://", ":/")
	ref := strings.TrimRight(o.Form+":"+id, ":")
	if utf8.RuneCountInString(ref) > plan.MaxRef {
		runes := []rune(ref)
		ref = string(runes[:plan.MaxRef-17]) + "~" + plan.Digest(ref)[:16]
	}
	return ref
}
