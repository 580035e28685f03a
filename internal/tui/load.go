package tui

import (
	"context"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A loadedMsg is what a view shows, read from the plan.
type loadedMsg struct {
	view   view
	key    plan.Key
	filter string
	data   any
	err    error
}

// reload reads what the view shows. While that is under way it is noted, and
// done once more afterwards.
func (m *model) reload() work {
	if m.loading {
		m.stale = true
		return nil
	}
	if m.view == outputView {
		return nil // a command is not repeated by itself
	}
	m.loading, m.stale = true, false
	msg := loadedMsg{view: m.view, key: m.task, filter: m.filter}
	read := m.reader()
	return func() event {
		msg.data, msg.err = read(m.ctx)
		return msg
	}
}

// reader returns what reads the view. It runs beside the model, and takes what
// it needs of it now.
func (m *model) reader() func(context.Context) (any, error) {
	t, filter, now, out := m.o.Tracker, m.filter, m.o.Now, m.pageOut()
	switch m.view {
	case boardView:
		want := m.board.want(m.height)
		return func(ctx context.Context) (any, error) { return readBoard(ctx, t, filter, want) }
	case listView:
		want := max(m.rowsOf(listView).want(), m.height)
		return func(ctx context.Context) (any, error) { return readList(ctx, t, filter, want) }
	case treeView:
		return func(ctx context.Context) (any, error) { return readTree(ctx, t, out) }
	case agentsView:
		return func(ctx context.Context) (any, error) { return readAgents(ctx, t, filter, now()) }
	case inboxView:
		return func(ctx context.Context) (any, error) { return readInbox(ctx, t, filter, now()) }
	case insightsView:
		return m.page([]string{"insights"})
	case activityView:
		return m.page([]string{"log", "--limit", "200"})
	}
	return m.page([]string{"show", m.task.String(), "--context"}, []string{"log", m.task.String(), "--limit", "20"})
}

// page reads what commands answer, one below the other.
func (m *model) page(commands ...[]string) func(context.Context) (any, error) {
	run, out, filter := m.o.Run, m.pageOut(), m.filter
	return func(ctx context.Context) (any, error) {
		all := ""
		for i, args := range commands {
			if args[0] == "insights" && filter != "" {
				args = append(args, filter)
			}
			ran := run(ctx, args, out)
			if ran.Code != 0 {
				return nil, ranError(ran)
			}
			if i > 0 {
				all += "\n"
			}
			all += ran.Stdout
		}
		return all, nil
	}
}

// loaded takes what was read, unless something else is wanted by now.
func (m *model) loaded(msg loadedMsg) work {
	m.loading = false
	wanted := msg.view == m.view && msg.filter == m.filter && (msg.view != taskView || msg.key == m.task)
	switch {
	case !wanted:
		return m.reload()
	case msg.err != nil:
		m.say(true, lineOf(msg.err))
	default:
		m.broken = nil
		m.take(msg.data)
	}
	if m.stale {
		return m.reload()
	}
	return nil
}

func (m *model) take(data any) {
	switch data := data.(type) {
	case columns:
		m.board.take(data)
	case []row:
		m.rowsOf(m.view).take(data)
		m.counts[m.view] = countOf(data)
	case string:
		m.textOf(m.view).set(data)
	}
}

func (m *model) rowsOf(v view) *rows {
	if m.rows[v] == nil {
		m.rows[v] = &rows{}
	}
	return m.rows[v]
}

func (m *model) textOf(v view) *text {
	if m.text[v] == nil {
		m.text[v] = &text{}
	}
	return m.text[v]
}

// tasks reads at most n tasks of a query.
func tasks(ctx context.Context, t *tracker.Tracker, query, sort string, n int) ([]plan.Task, error) {
	page, err := t.ListTasks(ctx, tracker.ListTasks{Query: query, Sort: sort, Limit: &n})
	return page.Items, err
}

// lineOf writes an error and its hint in one line.
func lineOf(err error) string {
	e := plan.Describe(err)
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}
