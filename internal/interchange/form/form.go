package form

import (
	"path"
	"slices"
	"strings"

	"pm/internal/plan"
)

// A Form is a row of the table of forms: how files of one tool are told from
// others, and how they are read.
type Form struct {
	Name    string   // what --as takes, and what references begin with
	Title   string   // what people call it
	Aliases []string // other words for --as
	Mark    string   // what it is recognized by, for people
	Docs    string   // what becomes of it, in one line
	Weak    bool     // counts only where no other form is found
	Table   bool     // rows and columns, which --map names
	Direct  bool     // only a file that the user names, or a folder of nothing else, is recognized as it

	Marks func(full string) bool              // by the path of a file, below a folder
	Loose func(full string) bool              // the same if the user names the form
	Sniff func(name string, head []byte) bool // by the beginning of one file; nil: by its path only
	Read  func(s *Source, o *Outline) error   // nil: pm's own forms, which package interchange reads
}

// Segments returns the last n elements of a path, and whether it has so many.
func Segments(full string, n int) ([]string, bool) {
	all := strings.Split(strings.Trim(full, "/"), "/")
	if len(all) < n {
		return nil, false
	}
	return all[len(all)-n:], true
}

// Under reports whether a path has a folder of one of the names above its file.
func Under(full string, names ...string) bool {
	dir := path.Dir(full)
	for dir != "." && dir != "/" && dir != "" {
		if slices.Contains(names, path.Base(dir)) {
			return true
		}
		dir = path.Dir(dir)
	}
	return false
}

// Base reports whether the last element of a path is one of the names, whatever
// their case.
func Base(full string, names ...string) bool {
	base := path.Base(full)
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, base) })
}

// Fold writes a name of a form as names are compared.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_. ", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// Is reports whether the user means the form by a word.
func (f Form) Is(word string) bool {
	return Fold(f.Name) == Fold(word) || Fold(f.Title) == Fold(word) || slices.ContainsFunc(f.Aliases, func(a string) bool { return Fold(a) == Fold(word) })
}

// Described returns what sentences call a form.
func (f Form) Described() string {
	switch {
	case f.Read != nil:
		return f.Title
	case f.Name == "markdown":
		return "pm's own Markdown"
	}
	return "an export of pm"
}

// Sibling returns the path of a file beside another.
func (f File) Sibling(name string) string { return path.Join(path.Dir(f.Path), name) }

// Prose returns the text of a page outside of its boxes, with the headings that
// have some of it.
func (p *Page) Prose(skip func(*Heading) bool) string {
	parts := []string{Dedent(p.Before)}
	for _, h := range p.Headings {
		text := strings.TrimSpace(Dedent(h.Body))
		if text == "" || skip != nil && skip(h) {
			continue
		}
		if h.Depth > 1 {
			text = strings.Repeat("#", h.Depth) + " " + h.Text + "\n\n" + text
		}
		parts = append(parts, text)
	}
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n\n"))
}

// LinkTo links an item to documents beside a file, if they are there.
func (s *Source) LinkTo(i *Item, f File, names ...string) {
	for _, name := range names {
		if at := f.Sibling(name); s.Has(at) {
			i.Links = append(i.Links, Link{To: at})
		}
	}
}

// ParseMap reads the words of --map: field=Column.
func ParseMap(words []string) (map[string]string, error) {
	out := map[string]string{}
	for _, w := range words {
		field, column, found := strings.Cut(w, "=")
		field = strings.ToLower(strings.TrimSpace(field))
		if !found || strings.TrimSpace(column) == "" || !slices.Contains(MapFields(), field) {
			return nil, plan.Errorf(plan.Usage, "invalid --map %q", w).WithCode("bad_map").WithHint("write FIELD=COLUMN; the fields are %s", strings.Join(MapFields(), ", "))
		}
		out[field] = strings.TrimSpace(column)
	}
	return out, nil
}

// MapFields lists the fields that a column can be mapped to.
func MapFields() []string {
	return []string{"id", "title", "description", "status", "priority", "kind", "labels", "assignee", "created", "started", "completed", "due", "defer", "estimate", "parent", "epic", "depends_on", "comment"}
}
