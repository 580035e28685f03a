package tui

import (
	"context"
	"maps"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// A view is one of the screens.
type view int

const (
	boardView view = iota
	listView
	treeView
	agentsView
	inboxView
	insightsView
	activityView
	taskView
	outputView // of a command, and the help
)

// A model is the state of the board, for one goroutine.
type model struct {
	ctx           context.Context
	o             Options
	width, height int

	view    view
	back    []place // that Esc leads back to
	filter  string
	board   board
	rows    map[view]*rows
	text    map[view]*text
	task    plan.Key // that taskView shows
	chosen  map[plan.Key]bool
	peek    bool
	prompt  *prompt
	first   string // of two keys: "g"
	said    string // the answer to the last key
	failed  bool   // said is an error
	broken  error  // why the plan cannot be read
	loading bool
	stale   bool // what is loading was asked for before the last change
	counts  map[view]int
}

// A place is a view with what narrows it.
type place struct {
	view   view
	filter string
}

func newModel(ctx context.Context, o Options) *model {
	return &model{ctx: ctx, o: o, filter: o.Query, board: newBoard(), rows: map[view]*rows{}, text: map[view]*text{},
		chosen: map[plan.Key]bool{}, counts: map[view]int{}}
}

// Init asks for what the first view shows.
func (m *model) Init() work { return m.reload() }

// update takes what has happened: a key, a size, an answer.
func (m *model) update(e event) work {
	switch e := e.(type) {
	case size:
		wider := m.width != e.width
		m.width, m.height = e.width, e.height
		if wider && m.isText() {
			return m.reload() // text is wrapped anew
		}
	case key:
		return m.key(e)
	case pasted:
		if m.prompt != nil {
			m.prompt.insert(string(e))
		} else {
			m.say(true, "nothing to paste into here; : and / begin a line")
		}
	case wheel:
		return m.step(0, int(e))
	case changedMsg:
		if m.broken = e.err; e.err == nil {
			return m.reload()
		}
	case loadedMsg:
		return m.loaded(e)
	case ranMsg:
		return m.ran(e)
	}
	return nil
}

// open shows a view; Esc leads back from it.
func (m *model) open(v view) work { return m.goTo(place{v, m.filter}) }

func (m *model) goTo(p place) work {
	if m.view != p.view {
		m.back = append(m.back, place{m.view, m.filter})
	}
	m.view, m.filter, m.peek = p.view, p.filter, false
	return m.reload()
}

// leave goes back to the view before, and ends the board where there is none.
func (m *model) leave() work {
	if n := len(m.back); n > 0 {
		m.view, m.filter, m.back = m.back[n-1].view, m.back[n-1].filter, m.back[:n-1]
		return m.reload()
	}
	return nil
}

func (m *model) isText() bool {
	return m.view == taskView || m.view == outputView || m.view == insightsView || m.view == activityView
}

// current is the item under the cursor; the zero key where there is none.
func (m *model) current() plan.Key {
	switch {
	case m.view == taskView:
		return m.task
	case m.view == boardView:
		if t := m.board.at(); t != nil {
			return t.Key
		}
	case m.rows[m.view] != nil:
		return m.rows[m.view].key()
	}
	return plan.Key{}
}

// targets are the items that a key is about, in the order of the plan: those
// chosen, else the current one.
func (m *model) targets() (keys []string) {
	for _, k := range slices.SortedFunc(maps.Keys(m.chosen), plan.Key.Compare) {
		keys = append(keys, k.String())
	}
	if k := m.current(); len(keys) == 0 && !k.IsZero() {
		keys = append(keys, k.String())
	}
	return keys
}

// say shows a line at the foot until the next key.
func (m *model) say(failed bool, text string) {
	m.failed, m.said = failed, term.Clean(strings.Join(strings.Fields(text), " "))
}
