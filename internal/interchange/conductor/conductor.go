// Package conductor reads the tracks of Conductor: conductor/tracks.md and the
// plan of each track.
package conductor

import (
	"maps"
	"path"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "conductor", Title: "Conductor", Mark: "conductor/tracks.md",
	Docs:  "a track becomes a feature, a checkbox of its plan a task; boxes nested in it become its checklist",
	Marks: func(full string) bool { return place(full) != "" },
	Loose: func(full string) bool { return form.Base(full, "plan.md", "tracks.md") },
	Read:  read,
}

// place returns what a path is: the list of tracks, or the plan of one.
func place(full string) string {
	if s, ok := form.Segments(full, 2); ok && s[0] == "conductor" && s[1] == "tracks.md" {
		return "tracks"
	}
	s, ok := form.Segments(full, 4)
	if ok && s[0] == "conductor" && (s[1] == "tracks" || s[1] == "archive") && s[3] == "plan.md" {
		return s[1]
	}
	if s, ok = form.Segments(full, 5); ok && s[0] == "conductor" && s[1] == "tracks" && s[2] == "archive" && s[4] == "plan.md" {
		return s[2]
	}
	return ""
}

var (
	trackLine = interchange.Pattern(`^(?:[-*]\s+|#{1,6}\s+)\[(.)\]\s+(.*)$`)
	trackDir  = interchange.Pattern(`(?:tracks|archive)/([\w.-]+)/`)
	commit    = interchange.Pattern("\\s*[\\[(](?:checkpoint:\\s*|commit:?\\s*)?`?([0-9a-f]{7,40})`?[\\])]\\s*$")
	bareSHA   = interchange.Pattern("\\s+[-–—]?\\s*`?([0-9a-f]{7,40})`?\\s*$")
	prefix    = interchange.Pattern(`^\**(?:Sub-?task|Task|Track)\**\s*:\**\s*`)
	phase     = interchange.Pattern(`(?i)\bphase\s+(\d+)`)
	waits     = interchange.Pattern(`(?i)[_(\[]\s*(?:depends on|depends|after|requires|needs|blocked by)\s*:?\s*phases?\s+(\d+(?:(?:\s*[,&]\s*|\s+and\s+)(?:phase\s+)?\d+)*)`)
	number    = interchange.Pattern(`\d+`)
)

// A track is what tracks.md says of one.
type track struct {
	mark, title string
	line        int
	file        string
}

func read(s *form.Source, o *form.Outline) error {
	tracks := map[string]*track{}
	var order []string
	for _, f := range s.Files {
		if form.Base(f.Path, "tracks.md") {
			order = append(order, readTracks(s, o, f, tracks)...)
		}
	}
	done := map[string]bool{}
	if s.IsFile() && len(order) > 0 { // the plans of the list lie beside it
		for _, id := range order {
			for _, dir := range []string{"tracks", "archive", "tracks/archive"} {
				if at := s.Files[0].Sibling(dir + "/" + id + "/plan.md"); s.Has(at) {
					s.Files = append(s.Files, form.File{Path: at, Full: path.Join(path.Dir(s.Files[0].Full), at)})
					break
				}
			}
		}
	}
	for _, f := range s.Files {
		if form.Base(f.Path, "plan.md") {
			readPlan(s, o, f, tracks[f.Dir()])
			done[f.Dir()] = true
		}
	}
	for _, id := range order {
		if t := tracks[id]; !done[id] {
			o.Records++
			done[id] = true
			i := o.Add(&form.Item{ID: id, Group: true, Level: plan.LevelFeature, File: t.file, Line: t.line, Contents: &form.Contents{Title: t.title}})
			mark(i, t.mark)
			o.Find(t.file, t.line, interchange.Info, "the track %s has no plan", form.Quote(id))
		}
	}
	return nil
}

// readTracks reads the list of tracks: a line with a box, and a link to the
// folder on it or behind it.
func readTracks(s *form.Source, o *form.Outline, f form.File, tracks map[string]*track) (order []string) {
	d := s.Page(o, f.Path)
	if d == nil {
		return nil
	}
	var last *track
	put := func(id string) {
		if last != nil && tracks[id] == nil {
			tracks[id] = last
			order = append(order, id)
		}
		last = nil
	}
	for n, line := range d.Lines {
		if m := trackLine().FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			if last != nil {
				put(form.Slug(last.title))
			}
			text, _ := cutCommit(m[2])
			text = form.Emphasis(text)
			last = &track{mark: m[1], title: prefix().ReplaceAllString(text, ""), line: d.First + n, file: f.Path}
		}
		if m := trackDir().FindStringSubmatch(line); m != nil && last != nil {
			last.title = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(last.title, m[1]), ":"))
			put(m[1])
		}
	}
	if last != nil {
		put(form.Slug(last.title))
	}
	return order
}

// cutCommit takes the hash of a commit off the end of a line: in brackets, or by
// itself if it has a digit, since "defaced" is a word.
func cutCommit(text string) (rest, sha string) {
	m := commit().FindStringSubmatch(text)
	if m == nil {
		if m = bareSHA().FindStringSubmatch(text); m == nil || !strings.ContainsAny(m[1], "0123456789") {
			return text, ""
		}
	}
	return strings.TrimSpace(strings.TrimSuffix(text, m[0])), m[1]
}

func mark(i *form.Item, box string) {
	switch box {
	case "x", "X":
		i.Status = plan.Completed
	case " ":
		i.Status = plan.Todo
	case "~", "/":
		i.Status = plan.InProgress
	case "-":
		i.Status, i.Resolution = plan.Archived, plan.WontDo
	default:
		i.Status, i.Reason = plan.Blocked, "box ["+box+"]"
	}
}

func readPlan(s *form.Source, o *form.Outline, f form.File, t *track) {
	d := s.Page(o, f.Path)
	if d == nil {
		return
	}
	page := d.Page()
	feature := o.Add(&form.Item{ID: f.Dir(), Group: true, Level: plan.LevelFeature, File: f.Path, Line: 1, Contents: &form.Contents{Title: page.Title("Plan:", "Implementation Plan:", "Implementation Plan -", "Track:")}})
	if t != nil {
		mark(feature, t.mark)
		if t.title != "" {
			feature.Title = t.title
		}
	}
	readMeta(s, o, f, feature, t != nil)
	if place(f.Full) == "archive" {
		feature.Status, feature.Reason = plan.Completed, ""
	}
	s.LinkTo(feature, f, "spec.md")
	feature.Describe(page.Prose(nil))
	readBoxes(o, f, feature, page)
}

// readMeta takes what is in the file beside a plan; the list of tracks says the status
// of those that it has.
func readMeta(s *form.Source, o *form.Outline, f form.File, feature *form.Item, listed bool) {
	meta := f.Sibling("metadata.json")
	if !s.Has(meta) {
		return
	}
	v := s.JSON(o, meta)
	if v == nil {
		return
	}
	feature.Created = o.Moment(feature, "created_at", v.Str("created_at"), s.Zone)
	if kind := v.Str("type"); kind != "" {
		feature.Labels = append(feature.Labels, kind)
	}
	if feature.Title == "" {
		feature.Title = v.Str("description")
	}
	if m := interchange.StatusOf(v.Str("status")); !listed && m.Status != "" {
		feature.Say(v.Str("status"))
	}
}

// readBoxes reads the boxes of a plan as tasks, which may wait for whole phases.
func readBoxes(o *form.Outline, f form.File, feature *form.Item, page *form.Page) {
	items, phases, waiting, named := map[*form.Box]*form.Item{}, map[string][]*form.Item{}, map[string][]*form.Item{}, map[*form.Heading][]string{}
	for _, b := range o.Boxes(f.Path, page) {
		o.Records++
		text, sha := cutCommit(b.Text)
		text = form.Emphasis(prefix().ReplaceAllString(text, ""))
		i := &form.Item{Up: feature, Level: plan.LevelTask, File: f.Path, Line: b.Line, Contents: &form.Contents{Title: text}}
		if up := items[b.Up]; up != nil {
			i.Up, i.Minor = up, true
		}
		i.NameBy(text)
		mark(i, b.Mark)
		if b.Open() {
			i.Status, i.Reason = plan.Todo, ""
			i.Heed(prefix().ReplaceAllString(b.Text, ""))
			i.HeedAbove(b.Under)
		}
		i.Describe(b.Details())
		if sha != "" && !i.Minor {
			i.Describe("Commit: " + sha)
		}
		if m := phaseOf(b.Under); m != "" && !i.Minor {
			i.Labels = append(i.Labels, "phase-"+m)
			phases[m] = append(phases[m], i)
		}
		items[b] = o.Add(i)
		for _, n := range needed(b, named) {
			waiting[n] = append(waiting[n], i)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(waiting)) {
		o.Follow(waiting[n], phases[n]) // by themselves: phases often have tasks of the same name
		for _, i := range waiting[n] {
			if len(phases[n]) == 0 { // it is nowhere: Settle says so
				i.DependsOn = append(i.DependsOn, i.Up.ID+"/phase-"+n)
			}
		}
	}
}

// needed returns the numbers of the phases that a task waits for: those that its text
// or a heading above it names, such as "(depends on phase 1)", or a line below one.
// What the headings name is kept: many tasks stand below each.
func needed(b *form.Box, named map[*form.Heading][]string) (phases []string) {
	all, own := phasesIn(b.Text), phaseOf(b.Under)
	for h := b.Under; h != nil; h = h.Up {
		if _, seen := named[h]; !seen {
			named[h] = phasesIn(h.Text)
			for _, line := range h.Body { // such as "**Depends on:** Phase 1", which begins its line
				named[h] = append(named[h], phasesIn("("+strings.Trim(strings.ReplaceAll(line, "*", ""), " _\t>-"))...)
			}
		}
		all = append(all, named[h]...)
	}
	for _, n := range all {
		if n != own && !slices.Contains(phases, n) {
			phases = append(phases, n)
		}
	}
	return phases
}

func phasesIn(text string) (numbers []string) {
	for _, m := range waits().FindAllStringSubmatch(text, -1) {
		numbers = append(numbers, number().FindAllString(m[1], -1)...)
	}
	return numbers
}

func phaseOf(h *form.Heading) string {
	for ; h != nil; h = h.Up {
		if m := phase().FindStringSubmatch(waits().ReplaceAllString(h.Text, "")); m != nil {
			return m[1]
		}
	}
	return ""
}
