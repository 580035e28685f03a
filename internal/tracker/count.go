package tracker

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// CountTasks is the input of Tracker.CountTasks: that of a list, and what to
// count by.
type CountTasks struct {
	Query     string   `json:"query,omitempty" jsonschema:"terms and words, as in pm list" arg:"query..."`
	Group     string   `json:"group,omitempty" jsonschema:"count the tasks for each value of this field"`
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

// Groupings are the fields that tasks can be counted by.
func Groupings() []string { return store.Groupings() }

// CountTasks counts tasks, exactly. By label, a task counts for each label that
// it has or inherits; elsewhere each task counts once.
func (t *Tracker) CountTasks(ctx context.Context, in CountTasks) (Counted, error) {
	n, err := limitOf(in.Limit)
	f, filterErr := t.taskFilter(ctx, ListTasks{Query: in.Query, Status: in.Status, Epic: in.Epic, Feature: in.Feature, AgentType: in.AgentType, HeldBy: in.HeldBy,
		Priority: in.Priority, Ready: in.Ready, AsOf: in.AsOf})
	if err := firstError(err, checkGroup(in.Group), filterErr); err != nil {
		return Counted{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Counted, err error) {
		if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Condition)); err != nil {
			return out, err
		}
		out.Group = in.Group
		if in.Group == "" || in.Group == "label" {
			if out.Count, err = tx.CountAll(f); err != nil || in.Group == "" {
				return out, err
			}
		}
		groups, err := tx.CountBy(in.Group, f)
		out.Items = make([]Group, len(groups))
		for i, g := range groups {
			out.Items[i] = Group{Value: g.Value, Count: g.Count}
			if in.Group != "label" {
				out.Count += g.Count
			}
		}
		var line plan.Line
		if err == nil && in.Group == "stage" {
			line, err = tx.Stages()
		}
		slices.SortStableFunc(out.Items, groupOrder(in.Group, line))
		if n > 0 && len(out.Items) > n {
			out.More, out.Items = len(out.Items)-n, out.Items[:n]
		}
		if err == nil && (in.Group == "epic" || in.Group == "feature") {
			err = titleGroups(tx, out.Items)
		}
		return out, err
	})
}

func checkGroup(field string) error {
	if field != "" && !slices.Contains(Groupings(), field) {
		return plan.Errorf(plan.Invalid, "cannot group by %.40q", field).WithCode("bad_group").
			WithHint("group by one of %s", strings.Join(Groupings(), ", "))
	}
	return nil
}

// groupOrder is the order of groups: statuses and stages as work goes, priorities
// and keys by number, all others the largest first.
func groupOrder(field string, line plan.Line) func(a, b Group) int {
	at := func(g Group) int {
		switch field {
		case "status":
			return slices.Index(plan.TaskStatuses(), plan.TaskStatus(g.Value))
		case "stage":
			if i := line.Index(g.Value); i >= 0 {
				return i
			}
			return len(line)
		case "priority":
			n, _ := strconv.Atoi(g.Value)
			return n
		case "epic", "feature":
			k, _ := plan.ParseKey(g.Value)
			return int(k.Ordinal())
		}
		return -g.Count
	}
	return func(a, b Group) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Value, b.Value)) }
}

// titleGroups gives the groups of epics and features their titles.
func titleGroups(tx *store.Tx, groups []Group) error {
	keys := make([]plan.Key, len(groups))
	for i, g := range groups {
		keys[i], _ = plan.ParseKey(g.Value)
	}
	titles, err := tx.Titles(keys)
	for i, k := range keys {
		groups[i].Title = titles[k]
	}
	return err
}
