// Package tabular reads tables of tasks: the exports of Jira and Linear, and any
// other CSV file with a header.
package tabular

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Jira, Linear and CSV are the rows of the table.
var (
	Jira = form.Form{
		Name: "jira", Title: "Jira", Mark: "a CSV file with the columns Issue key and Summary",
		Docs:  "an epic stays an epic, any other issue becomes a task; parents, epic links and links in both directions are followed",
		Marks: none, Loose: maybeTable, Table: true,
		Sniff: func(_ string, head []byte) bool { return has(head, "issue key", "summary") },
		Read:  func(s *form.Source, o *form.Outline) error { return read(s, o, jira) },
	}
	Linear = form.Form{
		Name: "linear", Title: "Linear", Mark: "a CSV file with the columns ID, Team, Title and Status",
		Docs:  "a project becomes a feature, an issue a task",
		Marks: none, Loose: maybeTable, Table: true,
		Sniff: func(_ string, head []byte) bool { return has(head, "id", "team", "title", "status") },
		Read:  func(s *form.Source, o *form.Outline) error { return read(s, o, linear) },
	}
	CSV = form.Form{
		Name: "csv", Title: "CSV", Aliases: []string{"tsv", "table"}, Mark: "a CSV file with a header, or a directory of nothing else; --map title=Column,… names its columns", Direct: true,
		Docs:  "a file becomes an epic, a row a task; columns are recognized by their names, or named with --map",
		Marks: none, Loose: maybeTable, Table: true,
		Sniff: func(name string, head []byte) bool {
			return maybeTable(name) && has(head) && len(columnsOf(headerOf(head), nil)["title"]) > 0
		},
		Read: func(s *form.Source, o *form.Outline) error { return read(s, o, generic) },
	}
)

func none(string) bool { return false }

// IsTable reports whether a file is a table, by its name.
func IsTable(name string) bool {
	l := strings.ToLower(name)
	return strings.HasSuffix(l, ".csv") || strings.HasSuffix(l, ".tsv")
}

// maybeTable reports the same, and true of stdin, which may hold anything.
func maybeTable(name string) bool {
	return IsTable(name) || strings.HasSuffix(strings.ToLower(name), "stdin")
}

// headerOf returns the names of the columns of a table, in small letters.
func headerOf(head []byte) []string {
	r := reader(bytes.NewReader(head), head)
	row, err := r.Read()
	if err != nil {
		return nil
	}
	for n := range row {
		row[n] = fold(row[n])
	}
	return row
}

// OfWork reports whether a table has a title and a status, and another column that
// work has and other things seldom do.
func OfWork(head []byte) bool {
	columns := columnsOf(headerOf(head), nil)
	some := 0
	for _, field := range []string{"priority", "assignee", "due", "labels", "estimate", "depends_on"} {
		some += len(columns[field])
	}
	return len(columns["title"]) > 0 && len(columns["status"])+len(columns["completed"]) > 0 && some > 0
}

func fold(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '_' || r == '\t' }), " "))
}

func has(head []byte, names ...string) bool {
	if b := bytes.TrimSpace(head); len(b) == 0 || b[0] == '{' || b[0] == '[' || b[0] == '<' {
		return false
	}
	header := headerOf(head)
	for _, n := range names {
		if !slices.Contains(header, n) {
			return false
		}
	}
	return true
}

// A kind is how the tables of one tool are read.
type kind int

const (
	generic kind = iota
	jira
	linear
)

// names are what tools call the columns, in small letters, by the fields of pm.
var names = map[string][]string{
	"id":          {"issue key", "id", "key", "identifier", "number", "ticket", "issue id", "task id", "card id", "#", "uuid"},
	"title":       {"title", "summary", "name", "task", "task name", "subject", "issue", "card name", "what", "todo"},
	"description": {"description", "details", "notes", "body", "content", "card description", "task content"},
	"status":      {"status", "state", "stage", "list", "list name", "column"},
	"priority":    {"priority", "importance", "urgency", "prio"},
	"kind":        {"issue type", "work item type", "type", "kind", "category", "tracker"},
	"labels":      {"labels", "label", "tags", "tag"},
	"assignee":    {"assignee", "assigned to", "owner", "assignees", "responsible", "members", "who"},
	"created":     {"created", "created at", "created date", "creation date", "date created", "start time"},
	"started":     {"started", "started at", "start date", "started date"},
	"completed":   {"resolved", "completed", "completed at", "done", "closed", "closed at", "finished", "finished date", "end date", "completion date", "date completed", "resolution date"},
	"due":         {"due date", "due", "deadline", "due on"},
	"defer":       {"defer", "wait until", "not before"},
	"estimate":    {"estimate", "estimated hours", "hours"},
	"parent":      {"parent key", "parent issue", "parent", "parent task", "parent id"},
	"epic":        {"custom field (epic link)", "epic link", "epic", "project", "milestone", "section", "project name"},
	"depends_on":  {"blocked by", "depends on", "dependencies", "blockers", "predecessors", "inward issue link (blocks)", "blocked on", "dependency", "blocker", "predecessor", "waiting on", "waiting for", "depends", "blocked by (dependencies)"},
	"blocks":      {"blocking", "blocks", "blocking (dependencies)"},
	"comment":     {"comment", "comments"},
}

// columnsOf returns the numbers of the columns for each field: a name that comes
// earlier in its list counts before the others; of one name there may be several.
func columnsOf(header []string, chosen map[string]string) map[string][]int {
	out := map[string][]int{}
	for field, list := range names {
		if name, is := chosen[field]; is {
			list = []string{fold(name)}
		}
		for _, name := range list {
			for n, h := range header {
				if h == name {
					out[field] = append(out[field], n)
				}
			}
			if len(out[field]) > 0 && field != "parent" {
				break
			}
		}
	}
	return out
}

// A table is the state while one is read.
type table struct {
	s       *form.Source
	o       *form.Outline
	kind    kind
	own     bool // pm wrote it
	file    string
	header  []string // as written
	folded  []string
	columns map[string][]int
	byID    map[string]*form.Item // by what else names an issue, too
	titled  map[string]*form.Item // by the titles that one row has; nil: several
	owners  map[string]string     // the files that ids were first seen in
	groups  map[string]*form.Item
	up      map[*form.Item][2]string // parent and epic
	blocks  map[*form.Item][]string
	listed  map[*form.Item][]string // dependencies with commas
	used    map[int]bool            // columns that are
	order   byte                    // what comes first in dates with slashes: d, m, or 0 where nobody can tell
}

func read(s *form.Source, o *form.Outline, k kind) error {
	o.PerFile = k == generic
	owners := map[string]string{}
	for _, f := range s.Files {
		t := &table{s: s, o: o, kind: k, file: f.Path, owners: owners, titled: map[string]*form.Item{}, byID: map[string]*form.Item{}, groups: map[string]*form.Item{}, up: map[*form.Item][2]string{}, blocks: map[*form.Item][]string{}, listed: map[*form.Item][]string{}}
		var days dayOrder
		whole := t.each(true, func(row []string, _, _ int) error {
			for _, v := range row {
				days.see(v)
			}
			return nil
		})
		if !whole {
			continue
		}
		o.Files++
		t.order = days.order()
		var refused error
		t.each(false, func(row []string, line, n int) error {
			if n == 0 {
				refused = t.head(row)
			} else {
				t.row(row, line, n)
			}
			return refused
		})
		if refused != nil {
			return refused
		}
		t.relate()
	}
	return nil
}

// head takes the header.
func (t *table) head(header []string) error {
	t.header = header
	for _, h := range header {
		t.folded = append(t.folded, fold(h))
	}
	t.ownColumns()
	t.columns = columnsOf(t.folded, t.s.Options.Map)
	for field, name := range t.s.Options.Map {
		if len(t.columns[field]) == 0 {
			return plan.Errorf(plan.Invalid, "--map %s=%s: column %q not found", field, name, name).WithCode("bad_map").WithHint("the columns are %s", strings.Join(header, ", "))
		}
	}
	if len(t.columns["title"]) == 0 {
		return plan.Errorf(plan.Invalid, "no title column found in %s", t.file).WithCode("no_title").WithHint("name it: --map title=Column; the columns are %s", form.OneLine(strings.Join(header, ", "), 400))
	}
	if t.kind == generic {
		t.tellColumns()
	}
	t.used = map[int]bool{}
	for _, at := range t.columns {
		for _, n := range at {
			t.used[n] = true
		}
	}
	return nil
}

// tellColumns says which column is which.
func (t *table) tellColumns() {
	var words []string
	for field, at := range t.columns {
		words = append(words, field+"="+t.header[at[0]])
	}
	sort.Strings(words)
	t.o.Find(t.file, 1, interchange.Info, "columns: %s", strings.Join(words, ", "))
}

// all returns the values of a field in a row.
func (t *table) all(row []string, field string) (out []string) {
	for _, n := range t.columns[field] {
		if n < len(row) {
			if v := strings.TrimSpace(inert(row[n])); v != "" {
				out = append(out, v)
			}
		}
	}
	return out
}

// inert takes the sign off a value that keeps it from being a formula.
func inert(s string) string {
	rest, signed := strings.CutPrefix(s, "'")
	if signed && rest != "" && (strings.ContainsRune("=+-@\t\r\n'", rune(rest[0])) || strings.HasPrefix(rest, "\uff1d")) {
		return rest
	}
	return s
}

func (t *table) one(row []string, field string) string {
	if all := t.all(row, field); len(all) > 0 {
		return all[0]
	}
	return ""
}

// named returns the values of the columns of a name.
func (t *table) named(row []string, name string) (out []string) {
	for n, h := range t.folded {
		if h == name && n < len(row) && strings.TrimSpace(row[n]) != "" {
			out = append(out, strings.TrimSpace(inert(row[n])))
		}
	}
	return out
}

func (t *table) firstNamed(row []string, name string) string {
	if all := t.named(row, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// nameRow returns the ids of a row: that of its item, and another one that this has
// where the first belongs to a row of another file. Only tools such as Jira give ids
// that no two files have.
func (t *table) nameRow(id string, worded bool) (own, alt string) {
	if t.kind != generic {
		return id, ""
	}
	inFile := t.file + "/" + id
	if worded {
		return inFile, ""
	}
	if owner, seen := t.owners[id]; seen && owner != t.file {
		return inFile, id
	}
	t.owners[id] = t.file
	return id, inFile
}

func (t *table) row(row []string, line, n int) {
	t.o.Records++
	id, name := t.one(row, "id"), ""
	worded := id == ""
	if worded {
		id = "row-" + strconv.Itoa(n)
		if name = t.one(row, "title"); name != "" { // without an id, other rows name it by its title
			id = form.Slug(form.OneLine(name, 60))
		}
	}
	id = strings.Clone(id) // a field is a part of its whole row
	own, alt := t.nameRow(id, worded)
	i := t.o.Add(&form.Item{ID: own, Alt: alt, Worded: worded, Level: plan.LevelTask, File: t.file, Line: line, Contents: &form.Contents{Title: t.one(row, "title"), Description: t.one(row, "description"), Kind: t.one(row, "kind"), Assignee: t.one(row, "assignee")}})
	if l := levelOf(t.firstNamed(row, "level")); l == plan.LevelEpic || l == plan.LevelFeature {
		i.Level, i.Group = l, true
	}
	for _, key := range []string{id, name, t.firstNamed(row, "issue id"), t.firstNamed(row, "uuid")} {
		if key != "" && t.byID[key] == nil {
			t.byID[strings.Clone(key)] = i
		}
	}
	if title := i.Title; t.kind == generic && !worded {
		if _, twice := t.titled[title]; twice {
			t.titled[title] = nil
		} else {
			t.titled[strings.Clone(title)] = i
		}
	}
	i.Created = t.o.Moment(i, "created", t.date(t.one(row, "created")), t.s.Zone)
	i.Started = t.o.Moment(i, "started", t.date(t.one(row, "started")), t.s.Zone)
	i.Due = t.o.Day(i, "due", midnight().ReplaceAllString(t.date(t.one(row, "due")), ""), t.s.Zone)
	i.Defer = t.o.Day(i, "defer", t.date(t.one(row, "defer")), t.s.Zone)
	t.status(i, row)
	i.Prioritise(t.o, t.one(row, "priority"))
	for _, l := range t.all(row, "labels") {
		if t.kind == jira {
			i.Labels = append(i.Labels, l)
			continue
		}
		for _, one := range strings.FieldsFunc(l, func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
			i.Labels = append(i.Labels, strings.TrimSpace(one))
		}
	}
	i.HeedLabels()
	t.estimate(i, row)
	t.relations(i, row)
	for _, c := range t.all(row, "comment") {
		i.Notes = append(i.Notes, t.comment(i, c))
	}
	t.rest(i, row)
	t.o.Done(i)
}
