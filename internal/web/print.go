package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Pages to print are made here, whole and without a script: every row of the
// query, on white. They read through the same operations as every surface.

// A printer makes pages to print.
type printer struct {
	t       *tracker.Tracker
	project string
}

// mostPrinted is how many tasks a page has at most: 200 sheets of paper.
const mostPrinted = 10_000

func (s *Site) printRoutes(routes map[string]http.Handler) {
	p := &printer{s.o.Tracker, s.o.Project}
	routes["GET /print/board"] = p.serve(p.board)
	routes["GET /print/list"] = p.serve(p.list)
	routes["GET /print/task/{key}"] = p.serve(p.task)
	routes["GET /print/ops"] = p.serve(p.operations)
	routes["GET /print/trash"] = p.serve(p.trash)
}

// A sheet is what a page says.
type sheet struct {
	Project, Title, Query string
	AsOf                  string // the past moment that it shows; empty: now
	Lacks                 []tracker.Warning
	Now                   time.Time
	Groups                []group
	Task                  *tracker.Context
	Table                 *table
	Found                 int
}

// A table is a page of other things than tasks.
type table struct {
	Heads []string
	Main  string // the head of what a row is about
	Rows  [][]string
}

type group struct {
	Name  string
	Tasks []plan.Task
}

// serve answers with the page that make makes.
func (p *printer) serve(make func(context.Context, *http.Request, *sheet) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := sheet{Project: p.project, Query: r.URL.Query().Get("q"), AsOf: r.URL.Query().Get("as_of"), Now: time.Now()}
		status := http.StatusOK
		if err := make(tracker.WithWarnings(r.Context(), &out.Lacks), r, &out); err != nil {
			e := plan.Describe(err)
			out = sheet{Project: p.project, Title: e.Message, Query: out.Query, Now: out.Now}
			if status = http.StatusBadRequest; e.Kind == plan.NotFound {
				status = http.StatusNotFound
			}
		}
		var b bytes.Buffer
		out.write(&b)
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.WriteHeader(status)
		w.Write(b.Bytes())
	})
}

// read runs an operation of the table.
func read[Out any](ctx context.Context, p *printer, name string, in any) (Out, error) {
	op, _ := ops.Find(name)
	out, err := op.Call(ctx, p.t, in)
	if err != nil {
		var none Out
		return none, err
	}
	return out.(Out), nil
}

func (p *printer) tasks(ctx context.Context, q, asOf string) ([]plan.Task, error) {
	limit := mostPrinted
	page, err := read[tracker.Page[plan.Task]](ctx, p, "task list", &tracker.ListTasks{Query: q, Limit: &limit, AsOf: asOf})
	return page.Items, err
}

// board is the tasks by their statuses, in the order of the board's columns.
func (p *printer) board(ctx context.Context, _ *http.Request, out *sheet) error {
	q := out.Query
	if q == "" {
		q = "is:open sort:priority"
	}
	tasks, err := p.tasks(ctx, q, out.AsOf)
	out.Title, out.Found = "Board", len(tasks)
	for _, status := range []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview, plan.Blocked, plan.Completed, plan.Archived} {
		g := group{Name: status.Words()}
		for _, t := range tasks {
			if t.Status == status {
				g.Tasks = append(g.Tasks, t)
			}
		}
		if len(g.Tasks) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return err
}

// list is the tasks as the query sorts them.
func (p *printer) list(ctx context.Context, _ *http.Request, out *sheet) error {
	tasks, err := p.tasks(ctx, out.Query, out.AsOf)
	out.Title, out.Found = "List", len(tasks)
	out.Groups = []group{{Tasks: tasks}}
	return err
}

// task is one task with all that is said of it.
func (p *printer) task(ctx context.Context, r *http.Request, out *sheet) error {
	c, err := read[tracker.Context](ctx, p, "task context", &tracker.ShowTask{Key: r.PathValue("key"), AsOf: out.AsOf})
	if err != nil {
		return err
	}
	out.Title, out.Task, out.Found = c.Task.Title, &c, 1
	return nil
}

// mostOperations is how many operations a page has at most.
const mostOperations = 1000

// operations is what was done, the last first.
func (p *printer) operations(ctx context.Context, _ *http.Request, out *sheet) error {
	limit := mostOperations
	all, err := read[tracker.Operations](ctx, p, "ops list", &tracker.ListOperations{Limit: &limit})
	out.Title, out.Query, out.AsOf, out.Table = "Operations", "", "", &table{Main: "Command", Heads: []string{"When", "Who", "Over", "Command", "Items", "State"}}
	for _, o := range all.Items {
		state := ""
		if o.UndoneBy != "" {
			state = "undone"
		}
		out.Table.Rows = append(out.Table.Rows, []string{moment(o.At), o.Agent, o.Surface, o.Command, strconv.Itoa(o.Items), state})
	}
	return err
}

// trash is what was deleted and can be restored.
func (p *printer) trash(ctx context.Context, _ *http.Request, out *sheet) error {
	all, err := read[tracker.Trash](ctx, p, "trash list", &tracker.ListTrash{})
	out.Title, out.Query, out.AsOf, out.Table = "Trash", "", "", &table{Main: "Title", Heads: []string{"Key", "Title", "Features", "Tasks", "Deleted by", "When"}}
	for _, t := range all.Items {
		out.Table.Rows = append(out.Table.Rows, []string{t.Key.String(), t.Title, strconv.Itoa(t.Features), strconv.Itoa(t.Tasks), t.Agent, moment(t.DeletedAt)})
	}
	return err
}
