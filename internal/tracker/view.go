package tracker

import (
	"context"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// SaveView is the input of Tracker.SaveView.
type SaveView struct {
	Name    string   `json:"name" jsonschema:"name of the view, such as triage: the list is then @triage" arg:"name"`
	Query   string   `json:"query,omitempty" jsonschema:"the query, as for pm list; it can include other views" arg:"query..."`
	Columns []string `json:"columns,omitempty" jsonschema:"the fields to show, by JSON name, or custom fields: key,title,agent"`
}

// ListViews is the input of Tracker.ListViews.
type ListViews struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// ShowView is the input of Tracker.ShowView.
type ShowView struct {
	Name string `json:"name" jsonschema:"name of the view, with or without the @" arg:"name"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// DeleteView is the input of Tracker.DeleteView.
type DeleteView struct {
	Name string `json:"name" jsonschema:"name of the view, with or without the @" arg:"name"`
}

// Views is the answer of Tracker.ListViews: those that come with pm, as far as
// the project has none of that name, and then those of the project by their names.
type Views struct {
	Items []plan.View `json:"items"`
}

// DeletedView is the answer of Tracker.DeleteView.
type DeletedView struct {
	Name    string `json:"name"`
	BuiltIn bool   `json:"built_in,omitempty"` // the one of that name that comes with pm applies again
}

// SaveView saves a query under a name, and replaces the view that has the name,
// also one that comes with pm.
func (t *Tracker) SaveView(ctx context.Context, in SaveView) (plan.View, error) {
	v := plan.View{Query: strings.TrimSpace(in.Query)}
	var err error
	if v.Name, err = plan.ViewName(in.Name); err != nil {
		return v, err
	}
	if v.Query == "" {
		return v, plan.Errorf(plan.Invalid, "missing query").WithCode("bad_view").WithHint("pm view save %s 'is:open priority:..3 sort:due'", v.Name)
	}
	if v.Columns, err = t.columnsOf(ctx, in.Columns); err != nil {
		return v, err
	}
	if _, err := t.parseQuery(ctx, v.Query, v); err != nil {
		return v, err
	}
	return write(ctx, t, call{"view save", in}, func(tx *store.Tx) (plan.View, error) {
		_, err := changeProject(tx, func(p plan.Project) (plan.Project, error) { return p.With(v.Definition()), nil })
		return v, err
	})
}

// ListViews returns the views.
func (t *Tracker) ListViews(ctx context.Context, in ListViews) (Views, error) {
	all, err := t.views(ctx, in.AsOf)
	return Views{all}, err
}

// ShowView returns a view.
func (t *Tracker) ShowView(ctx context.Context, in ShowView) (plan.View, error) {
	name, err := plan.ViewName(in.Name)
	if err != nil {
		return plan.View{}, err
	}
	all, err := t.views(ctx, in.AsOf)
	if i := slices.IndexFunc(all, func(v plan.View) bool { return v.Name == name }); i >= 0 {
		return all[i], err
	}
	return plan.View{}, firstError(err, noSuchView(name))
}

// DeleteView deletes a view of the project. One that comes with pm can be
// replaced, but not deleted.
func (t *Tracker) DeleteView(ctx context.Context, in DeleteView) (DeletedView, error) {
	name, err := plan.ViewName(in.Name)
	if err != nil {
		return DeletedView{}, err
	}
	builtIn := slices.ContainsFunc(plan.BuiltInViews(), func(v plan.View) bool { return v.Name == name })
	return write(ctx, t, call{"view delete", in}, func(tx *store.Tx) (DeletedView, error) {
		_, err := changeProject(tx, func(p plan.Project) (plan.Project, error) {
			switch _, there := p.Find(plan.ViewDefinition, name); {
			case !there && builtIn:
				return p, plan.Errorf(plan.Refused, "view @%s is built in and cannot be deleted", name).WithCode("view_built_in").
					WithHint("to replace it: pm view save %s 'is:open'", name)
			case !there:
				return p, noSuchView(name)
			}
			return p.With(plan.Definition{Kind: plan.ViewDefinition, Name: name}), nil
		})
		return DeletedView{name, builtIn}, err
	})
}

func noSuchView(name string) error {
	return plan.Errorf(plan.NotFound, "view @%s does not exist", name).WithHint("to see the views: pm view list")
}

// views returns the views that come with pm and have not been replaced, and those
// of the project.
func (t *Tracker) views(ctx context.Context, asOf string) ([]plan.View, error) {
	return readAt(ctx, t, asOf, func(tx *store.Tx) ([]plan.View, error) {
		all := plan.BuiltInViews()
		saved, err := tx.Definitions(plan.ViewDefinition)
		for _, d := range saved {
			if v, err := plan.ReadView(d); err == nil {
				all = withView(all, v)
			}
		}
		return all, err
	})
}

// withView returns the views with v in the place of the one that has its name.
func withView(all []plan.View, v plan.View) []plan.View {
	return append(slices.DeleteFunc(all, func(o plan.View) bool { return o.Name == v.Name }), v)
}

// queriesOf returns the queries of views by their names.
func queriesOf(all []plan.View) map[string]string {
	out := make(map[string]string, len(all))
	for _, v := range all {
		out[v.Name] = v.Query
	}
	return out
}

// columnNames are other words for fields of tasks.
var columnNames = map[string]string{"agent": "assigned_agent", "type": "agent_type", "epic": "epic_key", "feature": "feature_key", "created": "created_at", "updated": "updated_at"}

// columnsOf reads the names of columns: fields of tasks, or custom fields.
func (t *Tracker) columnsOf(ctx context.Context, words []string) (columns []string, err error) {
	known := taskFields()
	own, failed := t.ownFields(ctx)
	for _, w := range words {
		name := plan.FoldWord(w)
		if full, short := columnNames[name]; short {
			name = full
		}
		if custom, is := own(strings.TrimPrefix(name, plan.OwnPrefix)); is && !slices.Contains(known, name) {
			columns = append(columns, custom.Name)
			continue
		}
		if *failed != nil {
			return nil, *failed
		}
		if !slices.Contains(known, name) {
			return nil, plan.Errorf(plan.Invalid, "unknown column %.40q", w).WithCode("bad_view").WithHint("choose from %s", strings.Join(known, ", "))
		}
		columns = append(columns, name)
	}
	return columns, nil
}
