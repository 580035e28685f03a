// Package checklist reads lists of boxes in markdown, such as TODO.md.
package checklist

import (
	"path"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "checklist", Title: "checklist", Aliases: []string{"todo"}, Mark: "TODO.md, TASKS.md, PLAN.md, IMPLEMENTATION_PLAN.md, tasks/todo.md with boxes",
	Docs:  "a file becomes an epic, a heading a feature, a checkbox a task; boxes nested in it become its checklist or subtasks",
	Weak:  true,
	Marks: marks,
	Loose: func(full string) bool {
		ext := strings.ToLower(path.Ext(full))
		return ext == ".md" || ext == ".markdown" || ext == ".txt" || ext == ""
	},
	Sniff: func(name string, head []byte) bool {
		return (!strings.Contains(path.Base(name), ".") || strings.HasSuffix(strings.ToLower(name), ".md")) && anyBox().Match(head)
	},
	Read: read,
}

var (
	anyBox     = interchange.Pattern(`(?m)^\s*([-*+]|\d+[.)])\s+\[[ xX]\]\s+\S`)
	idMark     = interchange.Pattern(`\s*<!--\s*(?:id|pm)\s*[:=]?\s*([A-Za-z0-9][\w.:/-]*)\s*-->`)
	comment    = interchange.Pattern(`\s*<!--.*?-->`)
	inTags     = interchange.Pattern(`\s*\(((?:[#!@][\w/-]+|due:\S+)(?:[,;]?\s*(?:[#!@][\w/-]+|due:\S+))*)\)\s*$`)
	tagWord    = interchange.Pattern(`(?:^|\s)([#!@])([\p{L}][\w/-]*)`)
	dueWord    = interchange.Pattern(`(?:due:|📅\s*)(\d{4}-\d\d-\d\d)`)
	doneTag    = interchange.Pattern(`\s@done(?:\([^)]*\))?(?:\s|$)`)
	doneDay    = interchange.Pattern(`✅\s*(\d{4}-\d\d-\d\d)`)
	doneWords  = interchange.Pattern(`(?i)^\W*(?:done|completed|finished|shipped|erledigt|fertig|abgeschlossen|terminé(?:es)?|fait|hecho|completad[oa]s?|concluíd[oa]s?|已完成|完了|完成|완료)[^\pL\pN]*$`)
	begunWords = interchange.Pattern(`(?i)^\W*(?:in progress|doing|wip|under way|in arbeit|en cours|en curso|em andamento|进行中|進行中|작업 중|진행 중)[^\pL\pN]*$`)
	legend     = interchange.Pattern(`(?i)^\PL*(?:(?:tasks?|status|progress|symbols?|checkbox(?:es)?|priority)\PL+)*legend\PL*$`) // of boxes: that of a chart is work
	laterWords = interchange.Pattern(`(?i)(?:^|[^\pL])(?:später|irgendwann|zurückgestellt|blockiert|plus tard|bloqué|en attente|más tarde|más adelante|bloqueado|depois)(?:$|[^\pL])|以后|稍后|将来|搁置|阻塞|後で|いつか|保留|나중에`)
	count      = interchange.Pattern(`\s*[(\[]\d+(?:\s*/\s*\d+)?[)\]]\s*$`) // of what lies under a heading
	madeDay    = interchange.Pattern(`➕\s*(\d{4}-\d\d-\d\d)`)
	waitDay    = interchange.Pattern(`[🛫⏳]\s*(\d{4}-\d\d-\d\d)`)
)

// mostAbove is how many folders below the one that is imported a checklist may be.
const mostAbove = 2

func marks(full string) bool {
	if form.Base(full, "TODO.md", "TODOS.md", "TASKS.md", "PLAN.md", "IMPLEMENTATION_PLAN.md", "IMPLEMENTATION-PLAN.md", "ROADMAP.md", "fix_plan.md") {
		return true
	}
	s, ok := form.Segments(full, 2)
	return ok && s[0] == "tasks" && strings.EqualFold(s[1], "todo.md")
}

func read(s *form.Source, o *form.Outline) error {
	for _, f := range s.Files {
		if !s.IsFile() && (strings.Count(f.Path, "/") > mostAbove || form.Under(f.Path, "testdata", "fixtures", "examples", "test", "tests")) {
			continue
		}
		if d := s.Page(o, f.Path); d != nil {
			readList(s, o, f, d)
		}
	}
	return nil
}

func readList(s *form.Source, o *form.Outline, f form.File, d *form.Document) {
	page := d.Page()
	if len(page.Boxes) == 0 {
		o.Find(f.Path, 0, interchange.Info, "it has no checkboxes: no tasks")
		return
	}
	id := strings.TrimSuffix(f.Path, path.Ext(f.Path))
	list := o.Add(&form.Item{ID: id, Group: true, Level: plan.LevelEpic, File: f.Path, Line: 1, Contents: &form.Contents{Title: page.Title()}})
	if list.Title == "" {
		list.Title = path.Base(id)
	}
	r := reader{s: s, o: o, f: f, list: list, sections: map[*form.Heading]*form.Item{}, items: map[*form.Box]*form.Item{}, says: map[*form.Heading]plan.TaskStatus{}}
	list.Describe(page.Prose(func(h *form.Heading) bool { return h.Boxed && h.Depth > 1 }))
	for _, b := range o.Boxes(f.Path, page) {
		r.box(b)
	}
}

// A reader reads one list.
type reader struct {
	s        *form.Source
	o        *form.Outline
	f        form.File
	list     *form.Item
	sections map[*form.Heading]*form.Item
	items    map[*form.Box]*form.Item
	says     map[*form.Heading]plan.TaskStatus // what headings say of what is open under them
}

func (r *reader) section(h *form.Heading) *form.Item {
	if h == nil || h.Depth == 1 {
		return r.list
	}
	if r.sections[h] == nil {
		i := &form.Item{Group: true, Worded: true, Level: plan.LevelFeature, Up: r.list, File: r.f.Path, Line: h.Line, Contents: &form.Contents{Title: form.Emphasis(comment().ReplaceAllString(h.Text, "")), Description: form.Dedent(h.Body)}}
		for up := h.Up; up != nil && up.Depth > 1; up = up.Up {
			i.Title = form.Emphasis(up.Text) + " / " + i.Title
		}
		i.ID = r.list.ID + "/" + form.Slug(i.Title)
		r.sections[h] = r.o.Add(i)
	}
	return r.sections[h]
}

func (r *reader) box(b *form.Box) {
	r.o.Records++
	if b.Under != nil && legend().MatchString(b.Under.Text) { // it says what the boxes mean
		r.o.Find(r.f.Path, b.Line, interchange.Skipped, "a line of the legend is not a task: %s", form.Quote(b.Text))
		return
	}
	i := &form.Item{Level: plan.LevelTask, Up: r.section(b.Under), File: r.f.Path, Line: b.Line, Contents: &form.Contents{}}
	if up := r.items[b.Up]; up != nil {
		i.Up, i.Minor = up, true
	}
	text := b.Text
	if strings.Contains(text, "<!--") {
		if m := idMark().FindStringSubmatch(text); m != nil {
			i.ID = m[1]
		}
		text = comment().ReplaceAllString(text, "")
	}
	r.status(i, b, text)
	i.Title = r.tags(i, form.Emphasis(text))
	if i.ID == "" {
		i.NameBy(i.Title)
	} else {
		i.Minor = false
	}
	i.Describe(b.Details())
	r.items[b] = r.o.Add(i)
	r.o.Done(i)
}

// status reads the box, and what a heading such as Later says of what is open
// under it.
func (r *reader) status(i *form.Item, b *form.Box, text string) {
	text = strings.TrimSpace(text)
	switch {
	case b.Ticked() || b.Mark == "✓" || b.Mark == "✔" || b.Mark == "✅":
		i.Status = plan.Completed
	case form.Struck(text) || b.Mark == "-":
		i.Status, i.Resolution = plan.Archived, plan.WontDo
	case b.Open() || b.Mark == "*" || b.Mark == "!":
		i.Status = plan.Todo
		if b.Mark == "!" {
			i.Priority = 3
		}
	case b.Mark == "~" || b.Mark == "/":
		i.Status = plan.InProgress
	case b.Mark == ">" || b.Mark == "<":
		i.Status, i.Reason = plan.Blocked, "deferred"
	default:
		i.Status, i.Reason = plan.Blocked, "box ["+b.Mark+"]"
		r.o.Find(r.f.Path, b.Line, interchange.Warning, "unknown checkbox [%s]: imported as blocked", b.Mark)
	}
	if i.Heed(text); i.Status != plan.Todo {
		return
	}
	if doneTag().MatchString(text) {
		i.Status = plan.Completed
		return
	}
	for h := b.Under; h != nil && h.Depth > 1; h = h.Up {
		status, known := r.says[h]
		if !known {
			status = under(h.Text)
			r.says[h] = status
		}
		if status == plan.Archived {
			i.Status, i.Resolution = status, plan.WontDo
		} else if status == plan.Blocked {
			i.Status, i.Reason = status, form.OneLine(h.Text, 200)
		} else if status == plan.InProgress && i.Status == plan.Todo {
			i.Status = status
		} else if status == plan.Completed {
			i.Status, i.Reason = plan.Blocked, form.OneLine("not ticked, but under "+h.Text, 200)
			r.o.Find(r.f.Path, b.Line, interchange.Warning, "not ticked, but under %s: imported as blocked", form.Quote(h.Text))
		}
	}
}

// under returns what a heading says of what is open under it.
func under(heading string) plan.TaskStatus {
	if form.Struck(heading) {
		return plan.Archived
	}
	words := strings.ToLower(strings.Trim(count().ReplaceAllString(heading, ""), " :*_"))
	for _, w := range strings.Fields("later someday maybe icebox blocked deferred waiting postponed parked paused") {
		if words == w || strings.HasPrefix(words, w+" ") || strings.HasPrefix(words, w+"/") {
			return plan.Blocked
		}
	}
	for _, w := range []string{"on hold", "parking lot", "not now"} {
		if strings.HasPrefix(words, w) {
			return plan.Blocked
		}
	}
	for _, w := range []string{"won't", "wont do", "cancelled", "canceled", "dropped", "rejected", "out of scope", "not planned", "abandoned"} {
		if strings.HasPrefix(words, w) {
			return plan.Archived
		}
	}
	switch {
	case doneWords().MatchString(words):
		return plan.Completed
	case begunWords().MatchString(words):
		return plan.InProgress
	case laterWords().MatchString(words):
		return plan.Blocked
	}
	return ""
}

// tags reads #label, !priority, @name and dates, and takes those off the title
// that stand in brackets of their own behind it.
func (r *reader) tags(i *form.Item, title string) string {
	if strings.Count(title, "-") > 1 { // as in a date
		r.days(i, title)
	}
	in := ""
	if strings.HasSuffix(title, ")") {
		if m := inTags().FindStringSubmatch(title); m != nil {
			in, title = m[1], strings.TrimSpace(strings.TrimSuffix(title, m[0]))
		}
	}
	if in == "" && !strings.ContainsAny(title, "#!@") {
		return title
	}
	named := len(in) // behind it, @ may be anything
	in = strings.ReplaceAll(in, ",", " ") + " " + title
	for _, at := range tagWord().FindAllStringSubmatchIndex(in, -1) {
		word := in[at[4]:at[5]]
		switch in[at[2]:at[3]] {
		case "#":
			i.Labels = append(i.Labels, word)
		case "@":
			if i.Assignee == "" && at[2] < named {
				i.Assignee = word
			}
		default:
			if n, known := interchange.PriorityOf(word); known {
				i.Priority = n
			}
		}
	}
	return title
}

// days reads the dates in a title.
func (r *reader) days(i *form.Item, title string) {
	days := []struct {
		pattern string
		set     func(string)
	}{
		{first(dueWord().FindStringSubmatch(title)), func(d string) { i.Due = plan.Date(d) }},
		{first(waitDay().FindStringSubmatch(title)), func(d string) { i.Defer = plan.Date(d) }},
		{first(doneDay().FindStringSubmatch(title)), func(d string) { i.Completed = r.o.Moment(i, "done", d, r.s.Zone) }},
		{first(madeDay().FindStringSubmatch(title)), func(d string) { i.Created = r.o.Moment(i, "created", d, r.s.Zone) }},
	}
	for _, d := range days {
		if d.pattern != "" && plan.CheckDate("date", plan.Date(d.pattern)) == nil {
			d.set(d.pattern)
		}
	}
}

func first(m []string) string {
	if len(m) < 2 {
		return ""
	}
	return m[1]
}
