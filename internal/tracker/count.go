package tracker

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// CountTasks is the input of Tracker.CountTasks: that of a list, and what to
// count by.
type CountTasks struct {
	Query     string   `json:"query,omitempty" jsonschema:"terms and words, as in pm list" arg:"query..."`
	Group     string   `json:"group,omitempty" jsonschema:"count the tasks for each value of this field: status, epic, feature, type, agent, assignee, kind, stage, priority, resolution, label or a custom field"`
	Status    []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Epic      string   `json:"epic,omitempty" jsonschema:"only tasks of this epic" short:"e"`
	Feature   string   `json:"feature,omitempty" jsonschema:"only tasks of this feature" short:"f"`
	AgentType []string `json:"agent_type,omitempty" jsonschema:"only tasks of these agent types" short:"t"`
	HeldBy    []string `json:"assigned_agent,omitempty" jsonschema:"only tasks that these agents hold or held last; me means yourself" flag:"agent"`
	Priority  *int     `json:"max_priority,omitempty" jsonschema:"only tasks of this priority or more urgent" flag:"priority" short:"p"`
	Ready     bool     `json:"ready,omitempty" jsonschema:"only tasks that can be claimed now"`
	Limit     *int     `json:"limit,omitempty" jsonschema:"maximum number of groups; 50 if not given, 0 for all" short:"n"`
	AsOf      string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Counted is the answer of Tracker.CountTasks: how many tasks there are, and of
// these how many for each value of a field, if that was asked for. More counts
// the values that are left out.
type Counted struct {
	Count int     `json:"count"`
	Group string  `json:"group,omitempty"`
	Items []Group `json:"items,omitzero"`
	More  int     `json:"more,omitempty"`
}

// A Group is how many tasks have a value, empty for none; of an epic or a
// feature with its title.
type Group struct {
	Value string `json:"value"`
	Title string `json:"title,omitempty"`
	Count int    `json:"count"`
}

// Groupings are the fields that tasks can be counted by, beside the project's
// own.
func Groupings() []string { return store.Groupings() }

// CountTasks counts tasks, exactly. By label, a task counts for each label that
// it has or inherits; elsewhere each task counts once.
func (t *Tracker) CountTasks(ctx context.Context, in CountTasks) (Counted, error) {
	n, err := limitOf(in.Limit)
	f, filterErr := t.taskFilter(ctx, ListTasks{Query: in.Query, Status: in.Status, Epic: in.Epic, Feature: in.Feature, AgentType: in.AgentType, HeldBy: in.HeldBy,
		Priority: in.Priority, Ready: in.Ready, AsOf: in.AsOf})
	group, groupErr := t.groupOf(ctx, in.Group)
	if err := firstError(err, groupErr, filterErr); err != nil {
		return Counted{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Counted, err error) {
		if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Condition)); err != nil {
			return out, err
		}
		out.Group, _ = query.OwnName(group)
		if group == "" || group == "label" {
			if out.Count, err = tx.CountAll(f); err != nil || group == "" {
				return out, err
			}
		}
		groups, err := tx.CountBy(group, f)
		if err != nil {
			return out, err
		}
		if err := sortGroups(tx, group, groups); err != nil {
			return out, err
		}
		for _, g := range groups {
			if group != "label" {
				out.Count += g.Count
			}
		}
		if n > 0 && len(groups) > n {
			out.More, groups = len(groups)-n, groups[:n]
		}
		out.Items, err = titled(tx, group, groups)
		return out, err
	})
}

// groupOf returns the field that is typed to group by; of the project's own with
// its prefix.
func (t *Tracker) groupOf(ctx context.Context, typed string) (string, error) {
	own, failed := t.ownFields(ctx)
	group := query.Env{Own: own}.GroupName(typed)
	if _, is := query.OwnName(group); is || *failed != nil || typed == "" || slices.Contains(Groupings(), group) {
		return group, *failed
	}
	return "", plan.Errorf(plan.Invalid, "cannot group by %.40q", typed).WithCode("bad_group").
		WithHint("group by one of %s, or by a custom field", strings.Join(Groupings(), ", "))
}

// sortGroups sorts statuses and stages as work goes, priorities, keys and the
// values of custom fields that have an order by it, all others the largest first.
func sortGroups(tx *store.Tx, field string, groups []store.TaskGroup) error {
	var line plan.Line
	var own map[string]plan.CustomField
	var err error
	name, isOwn := query.OwnName(field)
	switch {
	case isOwn:
		own, err = tx.CustomFields()
	case field == "stage":
		line, err = tx.Stages()
	}
	at := func(g store.TaskGroup) int {
		switch {
		case field == "status":
			return slices.Index(plan.TaskStatuses(), plan.TaskStatus(g.Value))
		case field == "stage":
			if i := line.Index(g.Value); i >= 0 {
				return i
			}
			return len(line)
		case field == "priority":
			n, _ := strconv.Atoi(g.Value)
			return n
		case field == "epic", field == "feature":
			k, _ := plan.ParseKey(g.Value)
			return int(k.Ordinal())
		case isOwn && own[name].Ordered() && g.Value != "":
			return 0
		case isOwn && own[name].Ordered():
			return 1
		}
		return -g.Count
	}
	plan.Sort(groups, func(a, b store.TaskGroup) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Value, b.Value))
	})
	return err
}

// titled returns the groups as they are answered.
func titled(tx *store.Tx, field string, groups []store.TaskGroup) ([]Group, error) {
	err := tx.WriteGroups(field, groups)
	out, keys := make([]Group, len(groups)), make([]plan.Key, len(groups))
	for i, g := range groups {
		out[i] = Group{Value: g.Value, Count: g.Count}
		keys[i], _ = plan.ParseKey(g.Value)
	}
	if err != nil || field != "epic" && field != "feature" {
		return out, err
	}
	titles, err := tx.Titles(keys)
	for i, k := range keys {
		out[i].Title = titles[k]
	}
	return out, err
}
