package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ListTasks is the input of Tracker.ListTasks.
type ListTasks struct {
	Query     string   `json:"query,omitempty" jsonschema:"terms and words, such as status:todo type:backend priority:1..3 -is:ready updated:-3d.. sort:-updated receipt; flags narrow further" arg:"query..."`
	Status    []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Epic      string   `json:"epic,omitempty" jsonschema:"only tasks of this epic" short:"e"`
	Feature   string   `json:"feature,omitempty" jsonschema:"only tasks of this feature" short:"f"`
	AgentType []string `json:"agent_type,omitempty" jsonschema:"only tasks for these trades" short:"t"`
	HeldBy    []string `json:"assigned_agent,omitempty" jsonschema:"only tasks assigned to these agents" flag:"agent"`
	Priority  *int     `json:"max_priority,omitempty" jsonschema:"only tasks of this priority and more urgent" flag:"priority" short:"p"`
	Ready     bool     `json:"ready,omitempty" jsonschema:"only tasks that can be claimed now"`
	Sort      string   `json:"sort,omitempty" jsonschema:"key (the default), priority, created or updated; -priority for the other way round"`
	Limit     *int     `json:"limit,omitempty" jsonschema:"at most this many; 50 if not given, 0 for all" short:"n"`
	Cursor    string   `json:"cursor,omitempty" jsonschema:"next_cursor of the page before"`
}

// ListTasks returns a page of tasks.
func (t *Tracker) ListTasks(ctx context.Context, in ListTasks) (Page[plan.Task], error) {
	f, err := in.filter()
	if err := firstError(err, in.addQuery(&f, time.Now())); err != nil {
		return Page[plan.Task]{}, err
	}
	return t.listTasks(ctx, f, in.Limit, in.Cursor)
}

func (t *Tracker) listTasks(ctx context.Context, f store.TaskFilter, limit *int, cursor string) (Page[plan.Task], error) {
	n, err := limitOf(limit)
	if err := firstError(err, taskCursor(&f, cursor)); err != nil {
		return Page[plan.Task]{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (Page[plan.Task], error) { return taskPage(tx, f, n) })
}

// taskPage returns a page of at most n tasks; 0 for all.
func taskPage(tx *store.Tx, f store.TaskFilter, n int) (out Page[plan.Task], err error) {
	if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Terms)); err != nil {
		return out, err
	}
	g := f
	if n > 0 {
		g.Limit = n + 1
	}
	list, err := tx.List(g)
	if err != nil {
		return out, err
	}
	tasks, err := list.Tasks()
	if err != nil {
		return out, err
	}
	out, err = newPage(tasks, n,
		func(last plan.Task) taskPlace {
			return taskPlace{f.Sort, f.Descending, last.Key, last.Priority, last.CreatedAt, last.UpdatedAt}
		},
		func(last plan.Task) (int, bool, error) { return list.Count(n, &last, countTo) })
	return out, firstError(err, tx.LoadDependencies(out.Items))
}

// A taskPlace is a cursor of a list of tasks. It writes itself: to find out
// how a struct is written as JSON takes longer than to find the next page.
type taskPlace struct {
	sort             store.Sort
	descending       bool
	key              plan.Key
	priority         int
	created, updated time.Time
}

// MarshalText writes the place: order, key, priority, and two times in
// milliseconds since 1970.
func (p taskPlace) MarshalText() ([]byte, error) {
	order := string(p.sort)
	if p.descending {
		order = "-" + order
	}
	return fmt.Appendf(nil, "%s %s %d %d %d", order, p.key, p.priority, p.created.UnixMilli(), p.updated.UnixMilli()), nil
}

// UnmarshalText reads it.
func (p *taskPlace) UnmarshalText(text []byte) error {
	words := strings.Split(string(text), " ")
	if len(words) != 5 {
		return errors.New("a place has five words")
	}
	order, descending := strings.CutPrefix(words[0], "-")
	key, err := keyAt(plan.LevelTask, words[1])
	var numbers [3]int64
	for i := range numbers {
		n, numberErr := strconv.ParseInt(words[2+i], 10, 64)
		numbers[i], err = n, firstError(err, numberErr)
	}
	*p = taskPlace{store.Sort(order), descending, key, int(numbers[0]), time.UnixMilli(numbers[1]).UTC(), time.UnixMilli(numbers[2]).UTC()}
	return err
}

func taskCursor(f *store.TaskFilter, cursor string) error {
	if cursor == "" {
		return nil
	}
	var p taskPlace
	err := decodeCursor(cursor, &p)
	if err == nil && (p.sort != f.Sort || p.descending != f.Descending) {
		err = plan.Errorf(plan.Invalid, "the cursor is for another sort order").WithCode("bad_cursor").
			WithHint("use the same --sort as for the previous page")
	}
	f.After = &plan.Task{Key: p.key, Priority: p.priority, CreatedAt: p.created, UpdatedAt: p.updated}
	return err
}

func (in ListTasks) filter() (f store.TaskFilter, err error) {
	f.AgentTypes, f.Agents, f.Ready = in.AgentType, in.HeldBy, in.Ready
	if in.Priority != nil {
		if err := plan.CheckPriority(*in.Priority); err != nil {
			return f, err
		}
		f.MaxPriority = *in.Priority
	}
	for _, s := range in.Status {
		status, err := plan.ParseTaskStatus(s)
		if err != nil {
			return f, err
		}
		f.Statuses = append(f.Statuses, status)
	}
	if f.Under, err = scope(in.Epic, in.Feature); err != nil {
		return f, err
	}
	f.Sort, f.Descending, err = parseSort(in.Sort)
	return f, err
}

func parseSort(s string) (store.Sort, bool, error) {
	word, descending := strings.CutPrefix(s, "-")
	if word == "" {
		word = string(store.ByKey)
	}
	if !slices.Contains(store.Sorts(), store.Sort(word)) {
		return "", false, plan.Errorf(plan.Invalid, "cannot sort by %q", word).WithCode("bad_sort").
			WithHint("use key, priority, created or updated; prefix it with - to reverse the order")
	}
	return store.Sort(word), descending, nil
}

// scopeExists refuses an epic or a feature that is not there: an empty list
// would hide a mistyped key.
func scopeExists(tx *store.Tx, k plan.Key) error {
	if k.IsZero() {
		return nil
	}
	var err error
	if k.Level() == plan.LevelEpic {
		_, err = tx.Epic(k)
	} else {
		_, err = tx.Feature(k)
	}
	return err
}

// Mine is the input of Tracker.Mine.
type Mine struct {
	Limit  *int   `json:"limit,omitempty" jsonschema:"at most this many; 50 if not given, 0 for all" short:"n"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the page before"`
}

// Holding is the answer of Tracker.Mine: a page of what the actor's session
// holds, and how many tasks other sessions of the same name hold, counted up
// to 1,000.
type Holding struct {
	Page[plan.Task]
	Elsewhere int `json:"other_sessions,omitempty"`
}

// Mine returns the tasks in progress that the actor holds in this session.
func (t *Tracker) Mine(ctx context.Context, in Mine) (Holding, error) {
	actor := plan.ActorOf(ctx)
	f := store.TaskFilter{Sort: store.ByKey, Statuses: []plan.TaskStatus{plan.InProgress}, Agents: []string{actor.Name}, Session: &actor.Session}
	n, err := limitOf(in.Limit)
	if err := firstError(err, taskCursor(&f, in.Cursor)); err != nil {
		return Holding{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (out Holding, err error) {
		if out.Page, err = taskPage(tx, f, n); err == nil {
			out.Elsewhere, err = tx.CountHeldElsewhere(actor, countTo)
		}
		return out, err
	})
}

// ListEpics is the input of Tracker.ListEpics.
type ListEpics struct {
	Status []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Limit  *int     `json:"limit,omitempty" jsonschema:"at most this many; 50 if not given, 0 for all" short:"n"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"next_cursor of the page before"`
}

// ListEpics returns a page of epics in the order of their keys.
func (t *Tracker) ListEpics(ctx context.Context, in ListEpics) (Page[plan.Epic], error) {
	return listPlan(ctx, t, ListFeatures{Status: in.Status, Limit: in.Limit, Cursor: in.Cursor},
		func(e plan.Epic) plan.Key { return e.Key }, (*store.Tx).Epics, (*store.Tx).CountEpicsTo)
}

// ListFeatures is the input of Tracker.ListFeatures.
type ListFeatures struct {
	Epic   string   `json:"epic,omitempty" jsonschema:"only features of this epic" arg:"epic?" short:"e"`
	Status []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Limit  *int     `json:"limit,omitempty" jsonschema:"at most this many; 50 if not given, 0 for all" short:"n"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"next_cursor of the page before"`
}

// ListFeatures returns a page of features in the order of their keys.
func (t *Tracker) ListFeatures(ctx context.Context, in ListFeatures) (Page[plan.Feature], error) {
	return listPlan(ctx, t, in, func(f plan.Feature) plan.Key { return f.Key }, (*store.Tx).Features, (*store.Tx).CountFeaturesTo)
}

type planPlace struct {
	Key plan.Key `json:"k"`
}

func listPlan[T any](ctx context.Context, t *Tracker, in ListFeatures, keyOf func(T) plan.Key,
	list func(*store.Tx, store.PlanFilter) ([]T, error), count func(*store.Tx, store.PlanFilter, int) (int, error)) (Page[T], error) {
	var f store.PlanFilter
	for _, s := range in.Status {
		status, err := plan.ParsePlanStatus(s)
		if err != nil {
			return Page[T]{}, err
		}
		f.Statuses = append(f.Statuses, status)
	}
	n, err := limitOf(in.Limit)
	if err != nil {
		return Page[T]{}, err
	}
	if f.Under, err = scope(in.Epic, ""); err != nil {
		return Page[T]{}, err
	}
	if in.Cursor != "" {
		var p planPlace
		if err := decodeCursor(in.Cursor, &p); err != nil {
			return Page[T]{}, err
		}
		f.After = p.Key
	}
	return read(ctx, t, func(tx *store.Tx) (Page[T], error) {
		if err := scopeExists(tx, f.Under); err != nil {
			return Page[T]{}, err
		}
		g := f
		if n > 0 {
			g.Limit = n + 1
		}
		items, err := list(tx, g)
		if err != nil {
			return Page[T]{}, err
		}
		return newPage(items, n, func(last T) planPlace { return planPlace{keyOf(last)} }, func(last T) (int, bool, error) {
			g.After = keyOf(last)
			n, err := count(tx, g, countTo)
			return n, n <= countTo, err
		})
	})
}
