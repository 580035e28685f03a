package tracker

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// ListTasks is the input of Tracker.ListTasks.
type ListTasks struct {
	Query     string   `json:"query,omitempty" jsonschema:"terms and words, such as status:todo type:backend priority:1..3 (label:q3 or due:..+7d) -is:ready sort:priority,-updated receipt; flags narrow it down further" arg:"query..."`
	Status    []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Epic      string   `json:"epic,omitempty" jsonschema:"only tasks of this epic" short:"e"`
	Feature   string   `json:"feature,omitempty" jsonschema:"only tasks of this feature" short:"f"`
	AgentType []string `json:"agent_type,omitempty" jsonschema:"only tasks of these agent types" short:"t"`
	HeldBy    []string `json:"assigned_agent,omitempty" jsonschema:"only tasks that these agents hold or held last; me means yourself" flag:"agent"`
	Priority  *int     `json:"max_priority,omitempty" jsonschema:"only tasks of this priority or more urgent" flag:"priority" short:"p"`
	Ready     bool     `json:"ready,omitempty" jsonschema:"only tasks that can be claimed now"`
	Sort      string   `json:"sort,omitempty" jsonschema:"key (the default), priority, created, updated, due, defer, estimate, position or a custom field, or two of them, such as priority,-updated; - reverses the order"`
	Limit     *int     `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor    string   `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
	AsOf      string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// ListTasks returns a page of tasks.
func (t *Tracker) ListTasks(ctx context.Context, in ListTasks) (Page[plan.Task], error) {
	return whole(func(emit func(Page[plan.Task]) error) error { return t.ListTasksInParts(ctx, in, emit) })
}

// ListTasksInParts is ListTasks in parts.
func (t *Tracker) ListTasksInParts(ctx context.Context, in ListTasks, emit func(Page[plan.Task]) error) error {
	f, err := t.taskFilter(ctx, in)
	n, limitErr := limitOf(in.Limit)
	if err := firstError(err, limitErr, taskCursor(&f, in.Cursor)); err != nil {
		return err
	}
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error { return eachTaskPage(tx, f, n, emit) })
}

// pagedTo is up to how many tasks a page is found part by part, each by its
// place in the order. Of more, the ids are collected first.
const pagedTo = 10_000

// eachTaskPage emits a page of at most n tasks, 0 for all, in parts.
func eachTaskPage(tx *store.Tx, f store.TaskFilter, n int, emit func(Page[plan.Task]) error) error {
	if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Condition)); err != nil {
		return err
	}
	var list *store.Listing
	p := pager[plan.Task, taskPlace]{limit: n,
		place: func(last plan.Task) taskPlace {
			return taskPlace{listOrder(f).String(), last.Key, last.Priority, last.CreatedAt, last.UpdatedAt, last.Due, last.Estimate, last.NotBefore, last.Position, last.Stage, ownSorted(f, last)}
		},
		count: func(last plan.Task) (int, bool, error) { return list.Count(n, &last, countTo) },
		emit: func(part Page[plan.Task]) error {
			if err := tx.LoadBeside(part.Items); err != nil {
				return err
			}
			return emit(part)
		},
	}
	for g := f; ; {
		var err error
		g.Limit = p.fetch()
		if list, err = tx.List(g); err != nil {
			return err
		}
		if n == 0 || n > pagedTo {
			return p.all(list.Each)
		}
		tasks, cut, err := list.Part()
		if err == nil {
			err = p.add(tasks)
		}
		if err != nil {
			return err
		}
		if !cut || p.over {
			return p.end()
		}
		g.After = &tasks[len(tasks)-1]
	}
}

// A taskPlace is a cursor of a list of tasks. It writes itself: to find out
// how a struct is written as JSON takes longer than to find the next page.
type taskPlace struct {
	order            string
	key              plan.Key
	priority         int
	created, updated time.Time
	due              plan.Date
	estimate         plan.Estimate
	notBefore        plan.Date
	position         string
	stage            string
	own              plan.Fields // of the project's own fields, those that are sorted by
}

// MarshalText writes the place: order, key, priority, two times in
// milliseconds since 1970, the due date, the estimate, until
// when it is deferred, the position and the stage, with - for none; and
// the values of own fields, if it has any that are sorted by.
func (p taskPlace) MarshalText() ([]byte, error) {
	out := fmt.Appendf(nil, "%s %s %d %d %d %s %d %s %s %s", p.order, p.key, p.priority, p.created.UnixMilli(), p.updated.UnixMilli(), cmp.Or(p.due, "-"), int64(p.estimate), cmp.Or(p.notBefore, "-"), cmp.Or(p.position, "-"), cmp.Or(p.stage, "-"))
	if len(p.own) == 0 {
		return out, nil
	}
	own, err := plan.JSON(p.own)
	return fmt.Appendf(out, " %s", base64.RawURLEncoding.EncodeToString(own)), err
}

// UnmarshalText reads it.
func (p *taskPlace) UnmarshalText(text []byte) error {
	words := strings.Split(string(text), " ")
	var own plan.Fields
	if len(words) == 11 {
		text, err := base64.RawURLEncoding.DecodeString(words[10])
		if err := firstError(err, json.Unmarshal(text, &own)); err != nil {
			return err
		}
		words = words[:10]
	}
	if len(words) != 10 {
		return errors.New("a place has ten words, or eleven")
	}
	key, err := keyAt(plan.LevelTask, words[1])
	var numbers [3]int64
	for i := range numbers {
		n, numberErr := strconv.ParseInt(words[2+i], 10, 64)
		numbers[i], err = n, firstError(err, numberErr)
	}
	estimate, estimateErr := strconv.ParseInt(words[6], 10, 64)
	*p = taskPlace{words[0], key, int(numbers[0]), time.UnixMilli(numbers[1]).UTC(), time.UnixMilli(numbers[2]).UTC(), plan.Date(strings.TrimPrefix(words[5], "-")), plan.Estimate(estimate), plan.Date(strings.TrimPrefix(words[7], "-")), strings.TrimPrefix(words[8], "-"), strings.TrimPrefix(words[9], "-"), own}
	return firstError(err, estimateErr, plan.CheckDate("due date", p.due), plan.CheckDate("defer date", p.notBefore), plan.CheckPosition(p.position), plan.CheckStage(p.stage))
}

// ownSorted are the values of a task of the own fields that a list is sorted by.
func ownSorted(f store.TaskFilter, t plan.Task) plan.Fields {
	var out plan.Fields
	for _, by := range []store.Sort{f.Sort, f.Then} {
		if name, own := query.OwnName(string(by)); own && t.Fields[name] != "" {
			if out == nil {
				out = plan.Fields{}
			}
			out[name] = t.Fields[name]
		}
	}
	return out
}

func taskCursor(f *store.TaskFilter, cursor string) error {
	if cursor == "" {
		return nil
	}
	var p taskPlace
	err := decodeCursor(cursor, &p)
	if err == nil && p.order != listOrder(*f).String() {
		err = plan.Errorf(plan.Invalid, "the cursor is for another sort order").WithCode("bad_cursor").
			WithHint("use the same --sort as for the previous page")
	}
	f.After = &plan.Task{Key: p.key, Priority: p.priority, CreatedAt: p.created, UpdatedAt: p.updated, Due: p.due, Estimate: p.estimate, NotBefore: p.notBefore, Position: p.position, Stage: p.stage, Fields: p.own}
	return err
}

// filter is what is asked for; me is the actor's name.
func (in ListTasks) filter(me string) (f store.TaskFilter, err error) {
	f.AgentTypes, f.Agents, f.Ready = in.AgentType, agentsNamed(in.HeldBy, me), in.Ready
	if in.Priority != nil {
		if err := plan.CheckPriority(*in.Priority); err != nil {
			return f, err
		}
		f.MaxPriority = *in.Priority
	}
	for _, s := range in.AgentType {
		if _, err := plan.ParseTrade(s); err != nil {
			return f, err
		}
	}
	for _, s := range in.Status {
		statuses, err := plan.ParseTaskStatuses(s)
		if err != nil {
			return f, err
		}
		f.Statuses = append(f.Statuses, statuses...)
	}
	if f.Under, err = scope(in.Epic, in.Feature); err != nil {
		return f, err
	}
	setOrder(&f, query.Order{Sort: query.ByKey})
	return f, nil
}

// agentsNamed are the agents of these names, of which me is the actor's.
func agentsNamed(names []string, me string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		if name == query.Me && me != "" {
			names[i] = me
		}
	}
	return names
}

// listOrder and setOrder are the order of a list, as the language has it.
func listOrder(f store.TaskFilter) query.Order {
	return query.Order{Sort: query.Sort(f.Sort), Descending: f.Descending, Then: query.Sort(f.Then), ThenDescending: f.ThenDescending}
}

func setOrder(f *store.TaskFilter, o query.Order) {
	f.Sort, f.Descending, f.Then, f.ThenDescending = store.Sort(o.Sort), o.Descending, store.Sort(o.Then), o.ThenDescending
}

// itemExists refuses a key that no item has.
func itemExists(tx *store.Tx, k plan.Key) error {
	if k.IsZero() || k.Level() != plan.LevelTask {
		return scopeExists(tx, k)
	}
	_, err := tx.Task(k)
	return err
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
	Limit  *int   `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
}

// Holding is the answer of Tracker.Mine: a page of what the actor's session
// holds, and how many tasks other sessions of the same name hold, counted up
// to 1,000.
type Holding struct {
	Page[plan.Task]
	Elsewhere int            `json:"other_sessions,omitempty"`
	Others    []OtherSession `json:"others,omitempty" jsonschema:"tasks held by other sessions under the same name, at most 20"`
}

// An OtherSession is a task that another session of the same name holds.
type OtherSession struct {
	Key        plan.Key   `json:"key"`
	Title      string     `json:"title"`
	Session    string     `json:"session,omitempty"`
	LeaseUntil *time.Time `json:"lease_until,omitempty"`
}

// mostOthers bounds what Mine lists of other sessions.
const mostOthers = 20

// othersOf lists what other sessions of the actor's name hold.
func othersOf(tx *store.Tx, actor plan.Actor) (out []OtherSession, err error) {
	f := store.TaskFilter{Sort: store.ByKey, Statuses: []plan.TaskStatus{plan.InProgress}, Agents: []string{actor.Name}, Limit: 10 * mostOthers}
	tasks, err := tx.Tasks(f)
	for _, task := range tasks {
		if otherSession(task, actor) && len(out) < mostOthers {
			out = append(out, OtherSession{task.Key, cut(task.Title, linkTitle, ""), task.Session, task.LeaseUntil})
		}
	}
	return out, err
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
		out.Page, err = whole(func(emit func(Page[plan.Task]) error) error { return eachTaskPage(tx, f, n, emit) })
		if err == nil {
			out.Elsewhere, err = tx.CountHeldElsewhere(actor, countTo)
		}
		if err == nil && out.Elsewhere > 0 {
			out.Others, err = othersOf(tx, actor)
		}
		return out, err
	})
}

// ListEpics is the input of Tracker.ListEpics.
type ListEpics struct {
	Status []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Limit  *int     `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
	AsOf   string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// ListEpics returns a page of epics in the order of their keys.
func (t *Tracker) ListEpics(ctx context.Context, in ListEpics) (Page[plan.Epic], error) {
	return whole(func(emit func(Page[plan.Epic]) error) error { return t.ListEpicsInParts(ctx, in, emit) })
}

// ListEpicsInParts is ListEpics in parts.
func (t *Tracker) ListEpicsInParts(ctx context.Context, in ListEpics, emit func(Page[plan.Epic]) error) error {
	return listPlan(ctx, t, ListFeatures{Status: in.Status, Limit: in.Limit, Cursor: in.Cursor, AsOf: in.AsOf},
		func(e plan.Epic) plan.Key { return e.Key }, (*store.Tx).EachEpic, (*store.Tx).CountEpicsTo, emit)
}

// ListFeatures is the input of Tracker.ListFeatures.
type ListFeatures struct {
	Epic   string   `json:"epic,omitempty" jsonschema:"only features of this epic" arg:"epic?" short:"e"`
	Status []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Limit  *int     `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
	AsOf   string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// ListFeatures returns a page of features in the order of their keys.
func (t *Tracker) ListFeatures(ctx context.Context, in ListFeatures) (Page[plan.Feature], error) {
	return whole(func(emit func(Page[plan.Feature]) error) error { return t.ListFeaturesInParts(ctx, in, emit) })
}

// ListFeaturesInParts is ListFeatures in parts.
func (t *Tracker) ListFeaturesInParts(ctx context.Context, in ListFeatures, emit func(Page[plan.Feature]) error) error {
	return listPlan(ctx, t, in, func(f plan.Feature) plan.Key { return f.Key }, (*store.Tx).EachFeature, (*store.Tx).CountFeaturesTo, emit)
}

type planPlace struct {
	Key plan.Key `json:"k"`
}

func listPlan[T any](ctx context.Context, t *Tracker, in ListFeatures, keyOf func(T) plan.Key,
	each func(*store.Tx, store.PlanFilter, func([]T) error) error, count func(*store.Tx, store.PlanFilter, int) (int, error),
	emit func(Page[T]) error) error {
	var f store.PlanFilter
	for _, s := range in.Status {
		statuses, err := plan.ParsePlanStatuses(s)
		if err != nil {
			return err
		}
		f.Statuses = append(f.Statuses, statuses...)
	}
	n, err := limitOf(in.Limit)
	if err != nil {
		return err
	}
	if f.Under, err = scope(in.Epic, ""); err != nil {
		return err
	}
	if in.Cursor != "" {
		var p planPlace
		if err := decodeCursor(in.Cursor, &p); err != nil {
			return err
		}
		f.After = p.Key
	}
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error {
		p := pager[T, planPlace]{limit: n, emit: emit,
			place: func(last T) planPlace { return planPlace{keyOf(last)} },
			count: func(last T) (int, bool, error) {
				f.After = keyOf(last)
				n, err := count(tx, f, countTo)
				return n, true, err
			}}
		f.Limit = p.fetch()
		if err := scopeExists(tx, f.Under); err != nil {
			return err
		}
		return p.all(func(add func([]T) error) error { return each(tx, f, add) })
	})
}
