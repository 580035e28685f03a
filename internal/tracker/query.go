package tracker

import (
	"context"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// taskFilter is what is asked for.
func (t *Tracker) taskFilter(ctx context.Context, in ListTasks) (f store.TaskFilter, err error) {
	q, err := t.parseQuery(ctx, in.Query)
	if err != nil {
		return f, err
	}
	f, err = in.filter(plan.ActorOf(ctx).Name)
	if err == nil && in.Sort != "" {
		err = t.sortBy(ctx, &f, in.Sort)
	}
	return f, firstError(err, in.addQuery(&f, q))
}

// parseQuery reads a query. Days in it are those of the project's time zone,
// and me is the actor. The views in it are those of the project, with more.
func (t *Tracker) parseQuery(ctx context.Context, text string, more ...plan.View) (query.Query, error) {
	own, failed := t.ownFields(ctx)
	here := query.Env{Now: time.Now(), Me: plan.ActorOf(ctx).Name, Own: own, Unit: func() string {
		unit, err := read(ctx, t, estimateUnit)
		*failed = firstError(*failed, err)
		return unit
	}, Named: func(ref string) (plan.Key, bool) {
		found, err := t.Resolve(ctx, []string{ref})
		*failed = firstError(*failed, err)
		k, is := found[ref]
		return k, is
	}}
	if query.HasViews(text) {
		all, err := t.views(ctx, "")
		if err != nil {
			return query.Query{}, err
		}
		for _, v := range more {
			all = withView(all, v)
		}
		here.Views = func() map[string]string { return queriesOf(all) }
	}
	q, err := here.Parse(text)
	if *failed != nil {
		return q, *failed
	}
	if err != nil || !dated(q.All) {
		return q, err
	}
	now, err := t.now(ctx)
	if err != nil || now.Location() == here.Now.Location() {
		return q, err
	}
	here.Now = now
	return here.Parse(text)
}

// ownFields looks up the fields that the project has declared, which are read
// when the first one is asked for, and tells how that failed.
func (t *Tracker) ownFields(ctx context.Context) (own func(string) (plan.CustomField, bool), failed *error) {
	var declared map[string]plan.CustomField
	failed = new(error)
	return func(name string) (plan.CustomField, bool) {
		if declared == nil {
			declared, *failed = read(ctx, t, (*store.Tx).CustomFields)
		}
		f, is := declared[name]
		return f, is
	}, failed
}

// sortBy has the filter sort as is typed.
func (t *Tracker) sortBy(ctx context.Context, f *store.TaskFilter, typed string) error {
	own, failed := t.ownFields(ctx)
	order, err := query.Env{Own: own}.ParseOrder(typed)
	setOrder(f, order)
	return firstError(*failed, err)
}

// dated reports whether a condition has a term of days or times.
func dated(all query.All) bool {
	return slices.ContainsFunc(all.Terms, func(t query.Term) bool { return len(t.Times)+len(t.Dates) > 0 }) ||
		slices.ContainsFunc(all.Groups, func(g query.Any) bool { return slices.ContainsFunc(g, dated) })
}

// addQuery narrows the filter by a query.
func (in ListTasks) addQuery(f *store.TaskFilter, q query.Query) (err error) {
	if q.Sort != "" {
		if in.Sort != "" && q.Order != listOrder(*f) {
			return plan.Errorf(plan.Invalid, "sort specified twice: in the query and with --sort").WithCode("bad_sort").
				WithHint("remove one of them")
		}
		setOrder(f, q.Order)
	}
	f.Condition, err = condition(q.All)
	return err
}

// condition is what a query asks of a task.
func condition(all query.All) (c store.Condition, err error) {
	c.Terms = all.Terms
	if err := addWords(&c, all.Words); err != nil {
		return c, err
	}
	for _, g := range all.Groups {
		alternatives := make([]store.Condition, len(g))
		for i, one := range g {
			if alternatives[i], err = condition(one); err != nil {
				return c, err
			}
		}
		c.Groups = append(c.Groups, alternatives)
	}
	return c, nil
}

// addWords adds the free words of a query: here it is decided what they are
// looked for in.
func addWords(c *store.Condition, words []query.Word) error {
	found := len(words) == 0
	for _, w := range words {
		text := strings.ReplaceAll(w.Text, `"`, " ")
		if w.Quoted {
			text = `"` + text + `"`
		}
		parts := store.ParseWords(text)
		found = found || len(parts) > 0
		switch {
		case len(parts) == 0: // a dash, say, between others
		case w.Not:
			c.NotWords = append(c.NotWords, parts)
		default:
			c.Words = append(c.Words, parts...)
		}
	}
	if !found {
		return plan.Errorf(plan.Invalid, "nothing to search for in %q", words[0].Text).WithCode("no_words").
			WithHint("search for words of letters and digits")
	}
	return nil
}

// keysExist refuses terms with keys of what is not there, and with unknown stages:
// an empty list would hide a mistyped word. A key that an item was moved from is
// replaced by the one that it has now.
func keysExist(tx *store.Tx, c store.Condition) error {
	for _, g := range c.Groups {
		for _, one := range g {
			if err := keysExist(tx, one); err != nil {
				return err
			}
		}
	}
	for _, t := range c.Terms {
		if t.Field == query.InStage {
			if err := stagesExist(tx, t.Words); err != nil {
				return err
			}
		}
		for i, k := range t.Keys {
			var err error
			if k.Level() == plan.LevelTask {
				_, err = tx.Task(k)
			} else {
				err = scopeExists(tx, k)
			}
			if kindOf(err) == plan.NotFound {
				if now, moved, refErr := tx.RefOwner(k.String()); refErr != nil || moved {
					t.Keys[i], err = now, refErr
				}
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// stagesExist refuses names of stages that there never were.
func stagesExist(tx *store.Tx, names []string) error {
	line, err := tx.Stages()
	if err != nil {
		return err
	}
	for _, name := range names {
		if line.Index(name) >= 0 {
			continue
		}
		used, err := tx.StageUsed(name)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		e := plan.Errorf(plan.Invalid, "unknown stage %q", name).WithCode("no_stage")
		if len(line) == 0 {
			return e.WithHint("the project has no stages; to create one: pm stage create %s", name)
		}
		return e.WithHint("use one of %s", strings.Join(line.Names(), ", "))
	}
	return nil
}
