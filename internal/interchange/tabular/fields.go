package tabular

import (
	"slices"
	"strconv"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// status reads the status, the category that Jira has for it, the resolution, and
// the dates that say that something is over.
func (t *table) status(i *form.Item, row []string) {
	word, ended := t.one(row, "status"), t.one(row, "completed")
	m := interchange.StatusOf(word)
	switch category := categoryOf(t.firstNamed(row, "status category")); {
	case word == "" && t.endsBefore(row, "status"):
		i.Status, i.Reason = plan.Blocked, "the row ends before its status"
		t.o.Find(i.File, i.Line, interchange.Warning, "the row ends before its status: imported as blocked")
	case word == "" && ended != "":
		i.Status = plan.Completed
		if isNo(ended) {
			i.Status = plan.Todo
		}
	case word == "":
		i.Status = plan.Todo
		if section := t.firstNamed(row, "section/column"); interchange.StatusOf(section).Status != "" { // of Asana: a column of its board, or any heading
			i.Say(section)
		}
	case m.Status == "" && category == "done":
		i.Status = plan.Completed
	case m.Status == "" && category == "" && t.kind == jira && resolved(t.firstNamed(row, "resolution")):
		i.Status = plan.Completed
	case m.Status == "" && category == "in progress":
		i.Status = plan.InProgress
	default:
		i.Say(word)
		if strings.EqualFold(strings.TrimSpace(word), "duplicate") {
			i.Resolution = plan.Duplicate
		}
		if category == "done" && !i.Over() {
			i.Status, i.Reason = plan.Completed, ""
		}
	}
	if reason := t.firstNamed(row, reasonColumn); reason != "" && i.Status == plan.Blocked {
		i.Reason = form.OneLine(reason, 1000)
	}
	if word := t.firstNamed(row, "resolution"); word != "" && i.Over() {
		r, err := plan.ParseResolution(word)
		switch {
		case err == nil && r != plan.ResolvedDone:
			i.Status, i.Resolution = plan.Archived, r
		case interchange.StatusOf(word).Dropped:
			i.Status, i.Resolution = plan.Archived, plan.WontDo
		}
	}
	if ended != "" && !isNo(ended) && !strings.EqualFold(ended, "true") && !strings.EqualFold(ended, "yes") && i.Status == plan.Completed {
		i.Completed = t.o.Moment(i, "completed", t.date(ended), t.s.Zone)
	}
	if t.kind == linear && t.firstNamed(row, "archived") != "" && i.Status == plan.Completed {
		i.Status, i.Resolution = plan.Archived, plan.ResolvedDone
	}
}

// endsBefore reports whether a row has fewer columns than the header, so that it
// does not reach those of a field.
func (t *table) endsBefore(row []string, field string) bool {
	at := t.columns[field]
	return len(at) > 0 && len(row) <= slices.Min(at)
}

// categoryOf returns the category of a status of Jira in English.
func categoryOf(word string) string {
	switch interchange.StatusOf(word).Status {
	case plan.Completed:
		return "done"
	case plan.InProgress:
		return "in progress"
	}
	return strings.ToLower(word)
}

func resolved(word string) bool {
	return word != "" && !strings.HasPrefix(strings.ToLower(word), "unresolved") && !strings.HasPrefix(strings.ToLower(word), "nicht erledigt")
}

func isNo(s string) bool {
	return slices.Contains([]string{"false", "no", "0", "n", "-"}, strings.ToLower(s))
}

// estimate reads hours; the original estimate of Jira is in seconds.
func (t *table) estimate(i *form.Item, row []string) {
	if t.kind == jira {
		if s, err := strconv.Atoi(t.firstNamed(row, "original estimate")); err == nil && s > 0 {
			i.Estimate = min(plan.Estimate(s/36), plan.MaxEstimate)
		}
		return
	}
	if word := strings.Replace(strings.TrimSuffix(strings.ToLower(t.one(row, "estimate")), "h"), ",", ".", 1); word != "" && word != "0" {
		if e, err := plan.ParseEstimate(word); err == nil {
			i.Estimate = e
		} else {
			t.o.NoHome(i, "estimate", word)
		}
	}
}

var (
	midnight = interchange.Pattern(`(?i)\s+(?:12:00 AM|0?0:00(?::00)?)$`) // of a day, as Jira writes it
	slashed  = interchange.Pattern(`\b(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)\b`)
	dotted   = interchange.Pattern(`^(\d{1,2})\.(\d{1,2})\.(\d{4})\b`)
)

// A dayOrder tells from all dates of a table whether 03/04/2026 begins with the
// day: one of them above 12 shows it.
type dayOrder struct{ first, second int }

func (d *dayOrder) see(text string) {
	if strings.Count(text, "/") < 2 {
		return
	}
	for _, m := range slashed().FindAllStringSubmatch(text, -1) {
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		d.first, d.second = max(d.first, a), max(d.second, b)
	}
}

func (d dayOrder) order() byte {
	switch {
	case d.first > 12 && d.second <= 12:
		return 'd'
	case d.second > 12 && d.first <= 12:
		return 'm'
	}
	return 0
}

// date writes a date with its year first: one with dots, whose day comes first,
// and one with slashes where the table shows which of its numbers is the day.
func (t *table) date(text string) string {
	order := t.order
	m := slashed().FindStringSubmatchIndex(text)
	if m == nil {
		m, order = dotted().FindStringSubmatchIndex(text), 'd'
	}
	if m == nil || m[0] > 0 || order == 0 {
		return text
	}
	day, month, year := text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]]
	if order == 'm' {
		day, month = month, day
	}
	if len(year) == 2 {
		year = "20" + year
	}
	return year + "-" + ("0" + month)[len(month)-1:] + "-" + ("0" + day)[len(day)-1:] + text[m[1]:]
}

// ids returns the keys in values that hold one or several.
func ids(values []string) (out []string) {
	for _, v := range values {
		for _, id := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' }) {
			if id = strings.TrimSpace(id); id != "" {
				out = append(out, strings.Clone(id))
			}
		}
	}
	return out
}

// relations reads what an issue says about others; relate follows it once all
// are read.
func (t *table) relations(i *form.Item, row []string) {
	for _, v := range t.all(row, "depends_on") {
		if t.kind == generic && strings.ContainsAny(v, ",;") { // several rows, or one with such a title
			t.listed[i] = append(t.listed[i], strings.Clone(v))
			continue
		}
		i.DependsOn = append(i.DependsOn, ids([]string{v})...)
	}
	if blocked := ids(append(t.named(row, "outward issue link (blocks)"), t.all(row, "blocks")...)); len(blocked) > 0 {
		t.blocks[i] = blocked
	}
	if flag := t.firstNamed(row, "custom field (flagged)") + t.firstNamed(row, "flagged"); flag != "" && t.kind == jira {
		i.Block("flagged: " + form.OneLine(flag, 100))
	}
	for n, h := range t.folded {
		inner, link := strings.CutPrefix(h, "outward issue link (")
		if !link {
			inner, link = strings.CutPrefix(h, "inward issue link (")
		}
		if !link || n >= len(row) || strings.HasPrefix(inner, "blocks") {
			continue
		}
		as := plan.Relates
		if strings.HasPrefix(inner, "dup") && strings.HasPrefix(h, "outward") {
			as = plan.Duplicates
		}
		for _, id := range ids([]string{row[n]}) {
			i.Links = append(i.Links, form.Link{As: as, To: id, ID: true})
		}
	}
	for name, as := range map[string]plan.LinkKind{"related to": plan.Relates, "duplicate of": plan.Duplicates} {
		for _, id := range ids(t.named(row, name)) {
			i.Links = append(i.Links, form.Link{As: as, To: id, ID: true})
		}
	}
	parent, epic := t.one(row, "parent"), t.one(row, "epic")
	if strings.EqualFold(i.Kind, "epic") {
		i.Level, i.Group = plan.LevelEpic, true
		if name := t.firstNamed(row, "custom field (epic name)"); i.Title == "" {
			i.Title = name
		}
	}
	if t.kind == jira {
		epic = t.firstNamed(row, "custom field (epic link)") + t.firstNamed(row, "epic link")
	}
	if t.kind == linear {
		parent, epic = t.firstNamed(row, "parent issue"), t.firstNamed(row, "project")
	}
	if parent+epic != "" {
		t.up[i] = [2]string{strings.Clone(parent), strings.Clone(epic)}
	}
}

// relate puts issues under their parents, and turns around what says that an
// issue blocks another.
func (t *table) relate() {
	for _, i := range slices.Clone(t.o.Items) {
		if i.File != t.file {
			continue
		}
		up := t.up[i]
		for _, id := range t.blocks[i] {
			if other := t.called(id); other != nil {
				other.DependsOn = append(other.DependsOn, i.ID)
			} else {
				t.o.Change(i, func(i *form.Item) { i.Links = append(i.Links, form.Link{To: id, ID: true}) })
			}
		}
		for _, v := range t.listed[i] {
			if t.called(v) != nil {
				i.DependsOn = append(i.DependsOn, v)
			} else {
				i.DependsOn = append(i.DependsOn, ids([]string{v})...)
			}
		}
		for n, id := range i.DependsOn {
			if other := t.called(id); other != nil {
				i.DependsOn[n] = other.ID
			}
		}
		switch parent, epic := t.called(up[0]), t.epicCalled(up[1]); {
		case up[0] != "" && parent != nil && parent != i:
			i.Up = parent
		case up[1] != "" && epic != nil && epic != i:
			i.Up = epic
		case up[0] != "" && parent == nil && t.kind != generic:
			t.o.Find(i.File, i.Line, interchange.Warning, "the parent of %s, %s, is not in the source", t.o.Ref(i), form.Quote(up[0]))
		case up[1] != "" && t.kind == jira:
			t.o.Find(i.File, i.Line, interchange.Warning, "the epic of %s, %s, is not in the source", t.o.Ref(i), form.Quote(up[1]))
		case up[1] != "":
			i.Up = t.group(up[1])
		}
		if i.Level == plan.LevelEpic && i.Up != nil && i.Up.Level != plan.LevelEpic {
			i.Up = nil
		}
	}
}

// called returns the item that a row names: by its id or, in a table of no tool that
// has ids of its own, by its title, if only one has that.
func (t *table) called(name string) *form.Item {
	if i := t.byID[name]; i != nil || t.kind != generic {
		return i
	}
	return t.titled[name]
}

// epicCalled is called for the column of an epic. A row that is no epic itself may
// have the name of one by chance: it counts by its id only.
func (t *table) epicCalled(name string) *form.Item {
	i := t.called(name)
	if i != nil && t.kind == generic && !i.Group && (i.Worded || strings.TrimPrefix(i.ID, t.file+"/") != name) {
		return nil
	}
	return i
}

// group returns the feature of a name that several rows have.
func (t *table) group(name string) *form.Item {
	if t.groups[name] == nil {
		id := "group/" + form.Slug(name)
		if t.kind == generic {
			id = t.file + "/" + id
		}
		t.groups[name] = t.o.Add(&form.Item{ID: id, Group: true, Level: plan.LevelFeature, File: t.file, Contents: &form.Contents{Title: name}})
	}
	return t.groups[name]
}

// comment reads a comment of Jira: a date, the author and the text, with
// semicolons between.
func (t *table) comment(i *form.Item, text string) form.Note {
	if parts := strings.SplitN(text, ";", 3); len(parts) == 3 {
		if at, ok := interchange.DateOf(parts[0], t.s.Zone); ok {
			return form.Note{Agent: parts[1], Body: parts[2], At: &at}
		}
	}
	return form.Note{Body: text}
}

// taken are the columns that are read by their names, and those that follow from
// others.
var taken = map[string]bool{"issue id": true, "uuid": true, "status category": true, "resolution": true, "original estimate": true, "custom field (epic name)": true,
	"custom field (epic link)": true, "custom field (flagged)": true, "flagged": true, "epic link": true, "related to": true, "duplicate of": true, "parent summary": true, "parent": true, "parent key": true, "project": true, "archived": true, "canceled": true}

// reasonColumn says why a row is blocked, in pm's own CSV files and others.
const reasonColumn = "blocked reason"

// levelOf reads the column level of pm's own CSV files.
func levelOf(word string) plan.Level {
	switch l := plan.Level(strings.TrimSpace(strings.ToLower(word))); l {
	case plan.LevelEpic, plan.LevelFeature, plan.LevelTask:
		return l
	}
	return ""
}

// rest counts what pm has no place for.
func (t *table) rest(i *form.Item, row []string) {
	for n, v := range row {
		if n >= len(t.header) {
			if strings.TrimSpace(v) != "" {
				t.o.NoHome(i, "beyond the last column", v)
			}
			continue
		}
		if t.folded[n] == "level" && levelOf(v) != "" {
			continue
		}
		if v = strings.TrimSpace(inert(v)); t.own && v != "" && t.ownColumn(i, t.folded[n], v) {
			continue
		}
		if t.folded[n] == reasonColumn && i.Status == plan.Blocked {
			continue
		}
		if h := t.folded[n]; !t.used[n] && !(taken[h] && t.kind != generic) && !strings.Contains(h, "issue link (") {
			t.o.NoHome(i, t.header[n], v)
		}
	}
}
