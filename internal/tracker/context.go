package tracker

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/store"
)

// Context is all that is needed to begin with a task. But for the task itself
// it is bounded: lists end, and long texts are cut with the command that shows
// the whole.
type Context struct {
	Task plan.Task `json:"task"`
	Around
}

// Around is a Context without its task.
type Around struct {
	Epic        string `json:"epic"`
	EpicText    string `json:"epic_description,omitempty"`
	Feature     string `json:"feature"`
	FeatureText string `json:"feature_description,omitempty"`
	Standing
	DependsOn      []Linked    `json:"depends_on,omitempty"`
	MoreDependsOn  int         `json:"more_depends_on,omitempty"`
	Dependants     []Linked    `json:"dependants,omitempty"`
	MoreDependants int         `json:"more_dependants,omitempty"`
	Notes          []plan.Note `json:"notes,omitempty"` // the newest: handoffs first, then oldest first
	MoreNotes      int         `json:"more_notes,omitempty"`
	Questions      []Question  `json:"questions,omitempty"` // the newest, oldest first
	Siblings       []Linked    `json:"siblings,omitempty"`  // the nearest in the feature
	NextCommands   []string    `json:"next_commands,omitempty"`
}

// The bounds of a Context: numbers of items, and bytes of text.
const (
	contextDependsOn  = 12
	contextDependants = 3
	contextNotes      = 8
	contextQuestions  = 8
	contextSiblings   = 2 // before the task, and as many after it
	handoffText       = 2000
	noteText          = 600
	outcomeText       = 300
	linkTitle         = 80
	parentText        = 600
)

// ShowContext returns a task with everything needed to start on it.
func (t *Tracker) ShowContext(ctx context.Context, in ShowTask) (Context, error) {
	key, err := keyAt(plan.LevelTask, in.Key)
	if err != nil {
		return Context{}, err
	}
	c, err := readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Context, error) { return loadContext(tx, key) })
	if in.AsOf != "" {
		c.NextCommands = nil
	}
	return c, err
}

func loadContext(tx *store.Tx, k plan.Key) (c Context, err error) {
	if c.Task, err = loadTask(tx, k); err != nil {
		return c, err
	}
	e, err := tx.Epic(k.EpicKey())
	if err != nil {
		return c, err
	}
	f, err := tx.Feature(k.FeatureKey())
	if err != nil {
		return c, err
	}
	c.Epic, c.EpicText = e.Title, cut(e.Description, parentText, "pm show "+e.Key.String())
	c.Feature, c.FeatureText = f.Title, cut(f.Description, parentText, "pm show "+f.Key.String())
	if c.Standing, err = standing(tx, c.Task); err != nil {
		return c, err
	}
	if c.DependsOn, c.MoreDependsOn, err = someLinked(tx, tx.DependenciesOf, k, contextDependsOn); err != nil {
		return c, err
	}
	levels, err := tx.LevelsOf(k)
	if err != nil {
		return c, err
	}
	whole, err := linkedItems(tx, levels)
	if err != nil {
		return c, err
	}
	c.DependsOn = append(whole, c.DependsOn...)
	if err := firstError(addOutcomes(tx, c.DependsOn), addAbandoned(tx, c.DependsOn)); err != nil {
		return c, err
	}
	if c.Dependants, c.MoreDependants, err = someLinked(tx, tx.DependantsOf, k, contextDependants); err != nil {
		return c, err
	}
	if c.Notes, c.MoreNotes, err = newestNotes(tx, k); err != nil {
		return c, err
	}
	if c.Notes, c.Questions, err = apartFrom(tx, k, c.Notes, c.MoreNotes); err != nil {
		return c, err
	}
	if c.Siblings, err = neighbours(tx, c.Task); err != nil {
		return c, err
	}
	c.Siblings = slices.DeleteFunc(c.Siblings, func(l Linked) bool { return c.lists(l.Key) })
	now, err := tx.Now()
	c.NextCommands = nextFor(c.Task, tx.Actor(), now)
	return c, err
}

// lists reports whether an item is among the dependencies, in either direction.
func (a Around) lists(k plan.Key) bool {
	is := func(l Linked) bool { return l.Key == k }
	return slices.ContainsFunc(a.DependsOn, is) || slices.ContainsFunc(a.Dependants, is)
}

// aroundNext returns the context of a task that next gives, without what the
// answer has already.
func aroundNext(tx *store.Tx, k plan.Key) (*Around, error) {
	c, err := loadContext(tx, k)
	c.NextCommands = nil
	return &c.Around, err
}

// someLinked returns the first of the tasks linked with k, and how many more
// there are.
func someLinked(tx *store.Tx, of func(plan.Key) ([]plan.Key, error), k plan.Key, most int) (some []Linked, more int, err error) {
	first := func(k plan.Key) ([]plan.Key, error) {
		keys, err := of(k)
		more = max(0, len(keys)-most)
		return keys[:len(keys)-more], err
	}
	some, err = linked(tx, first, k)
	for i := range some {
		some[i].Title = cut(some[i].Title, linkTitle, "")
	}
	return some, more, err
}

// addOutcomes adds to the tasks that are done what came out of them: the last
// solution or decision noted.
func addOutcomes(tx *store.Tx, links []Linked) error {
	var done []plan.Key
	for _, l := range links {
		if l.Status == plan.AnyStatus(plan.Completed) {
			done = append(done, l.Key)
		}
	}
	notes, err := tx.LastNotes(done, plan.Solution, plan.Decision)
	for i, l := range links {
		if n, found := notes[l.Key]; found {
			links[i].Outcome = cut(n.Body, outcomeText, "pm note list "+l.Key.String())
		}
	}
	return err
}

// newestNotes returns the newest notes of an item, handoffs before the
// others, and how many more there are.
func newestNotes(tx *store.Tx, k plan.Key) ([]plan.Note, int, error) {
	all, err := tx.CountNotes(k)
	if err != nil || all == 0 {
		return nil, 0, err
	}
	notes, err := tx.NewestNotes(k, contextNotes)
	if err != nil {
		return nil, 0, err
	}
	more := all - len(notes)
	if more > 0 { // a handoff must not be hidden by what was noted since
		last, err := tx.LastNotes([]plan.Key{k}, plan.Handoff)
		if err != nil {
			return nil, 0, err
		}
		if n, found := last[k]; found && n.ID < notes[0].ID {
			notes[0] = n
		}
	}
	var first, rest []plan.Note
	for _, n := range notes {
		n.Key = plan.Key{} // the context is of one item
		if n.Kind == plan.Handoff {
			n.Body = cut(n.Body, handoffText, "pm note list "+k.String())
			first = append(first, n)
		} else {
			n.Body = cut(n.Body, noteText, "pm note list "+k.String())
			rest = append(rest, n)
		}
	}
	return append(first, rest...), more, nil
}

// apartFrom takes the questions out of the newest notes of an item, and returns
// the newest questions by themselves. They are looked for where the notes are
// not all.
func apartFrom(tx *store.Tx, k plan.Key, notes []plan.Note, more int) (others []plan.Note, questions []Question, err error) {
	asked := notes
	if more > 0 {
		if asked, err = tx.Questions(k, contextQuestions); err != nil {
			return notes, nil, err
		}
	}
	questions = questionsOf(asked)
	for i := range questions {
		q := &questions[i]
		q.Text, q.Answer = cut(q.Text, noteText, "pm note list "+k.String()), cut(q.Answer, noteText, "pm note list "+k.String())
	}
	return slices.DeleteFunc(notes, func(n plan.Note) bool { return n.Kind == plan.Question }), questions, nil
}

// neighbours returns the tasks of the same feature around a task.
func neighbours(tx *store.Tx, task plan.Task) (out []Linked, err error) {
	f := store.TaskFilter{Under: task.FeatureKey, After: &task, Limit: contextSiblings, Descending: true}
	before, err := tx.Tasks(f)
	if err != nil {
		return nil, err
	}
	f.Descending = false
	after, err := tx.Tasks(f)
	add := func(t plan.Task) {
		out = append(out, Linked{Key: t.Key, Title: cut(t.Title, linkTitle, ""), Status: plan.AnyStatus(t.Status)})
	}
	for i := len(before) - 1; i >= 0; i-- {
		add(before[i])
	}
	for _, t := range after {
		add(t)
	}
	return out, err
}

// cut shortens a text to about most bytes, at a word's end if it can, and
// names the command that shows the whole.
func cut(s string, most int, whole string) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	head := s[:most]
	if i := strings.LastIndexAny(head, " \n\t"); i > most*3/4 {
		head = head[:i]
	}
	head = strings.TrimRight(head, " \n\t") + "…"
	if whole != "" {
		head += " (" + whole + ")"
	}
	return head
}
