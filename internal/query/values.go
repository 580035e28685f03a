package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// compares reports whether a field accepts comparisons and ranges.
func compares(f FieldInfo) bool {
	switch Field(f.Name) {
	case Due, Defer, Estimate, Priority, Created, Updated, Started, Completed, BlockedAt:
		return true
	}
	return false
}

// wanted says what values a field accepts.
func wanted(f FieldInfo) string {
	switch Field(f.Name) {
	case Priority:
		return "write priority:1, priority:1..3, priority:<=3"
	case Created, Updated, Started, Completed, BlockedAt:
		return "write " + f.Name + ":today, " + f.Name + ":2026-11-01.., " + f.Name + ":>-3d"
	case Epic:
		return "write epic:E04"
	case Feature:
		return "write feature:E04-F01"
	case Key:
		return "write key:T-E04-F01-001"
	case DependsOn, NeededBy:
		return "write " + f.Name + ":T-E04-F01-001"
	case Due:
		return "write due:today, due:<=+7d, due:2026-12-01..2026-12-31, or has:due for any"
	case Defer:
		return "write defer:today, defer:<=+7d, defer:2026-12-01.., or has:defer for any"
	case Assignee:
		return "write assignee:ann, or has:assignee for any"
	case Estimate:
		return "write estimate:2.5, estimate:<=4, estimate:1..3, or has:estimate for any"
	case InFile:
		return "write file:internal/store, or has:file for any"
	case Ref:
		return "write ref:github:42, ref:github for any of that source, or has:ref for any"
	case InStage:
		return "write stage:test, or has:stage for any"
	case Kind:
		return "write kind:bug, or kind:task for ordinary tasks"
	case Label, OwnLabel:
		return "write " + f.Name + ":backend, or has:label for any"
	case Type:
		return "write type:backend, or has:type for any"
	case Agent:
		return "write agent:a1, agent:me, or has:agent for any"
	case HeldBy:
		return "write held-by:a1, held-by:me, or is:held for any"
	}
	switch { // a field of the project's own
	case f.Help == string(plan.NumberField):
		return "write " + f.Name + ":3, " + f.Name + ":1..3, or has:" + f.Name + " for any"
	case len(f.Words) == 0 && f.Help != string(plan.DateField):
		return "write " + f.Name + ":VALUE, or has:" + f.Name + " for any"
	case len(f.Words) == 0:
		return "write " + f.Name + ":today, " + f.Name + ":2026-11-01.., or has:" + f.Name + " for any"
	}
	return "use " + strings.Join(f.Words, ", ")
}

// value adds a value to the term.
func (p *parser) value(t *Term, f FieldInfo, v value) error {
	switch t.Field {
	case Status, Is, Has, Resolution:
		if statuses, err := plan.ParseTaskStatuses(v.text); t.Field == Status && err == nil {
			for _, s := range statuses {
				t.Words = append(t.Words, string(s))
			}
			return nil
		}
		text := v.text
		if r, err := plan.ParseResolution(text); t.Field == Resolution && err == nil {
			text = string(r)
		}
		word, err := p.word(f, text, v.at)
		if own, is := p.ownNamed(v.text); is && err != nil && t.Field == Has {
			word, err = plan.OwnPrefix+own.Name, nil
		}
		t.Words = append(t.Words, word)
		if word == Overdue && len(t.Dates) == 0 {
			t.Dates = []DateSpan{p.dates(Span{To: p.now})}
		}
		return err
	case Due:
		p.ahead = true
		s, err := p.span(f, v)
		p.ahead = false
		t.Dates = append(t.Dates, p.dates(s))
		return err
	case Defer:
		p.ahead = true
		s, err := p.span(f, v)
		p.ahead = false
		t.Times = append(t.Times, s)
		return err
	case Label, OwnLabel, Ref, InFile, InStage, Kind, Type, Agent, HeldBy, Assignee:
		text, err := p.stored(t, f, v)
		kind := plan.KindMeant(v.text)
		switch {
		case err == nil:
		case t.Field == Type && kind != "":
			return p.errorAt(v.at, "%v", err).WithHint("did you mean %s:%s?", Kind, kind)
		case t.Field == Type && plan.CheckName(f.Name, v.text) == nil:
			return p.errorAt(v.at, "%v", err).WithHint("did you mean pm %s list?", plainWord(v.text))
		default:
			return p.errorAt(v.at, "%v", err).WithHint("%s", wanted(f))
		}
		t.Words = append(t.Words, text)
		return nil
	case Priority:
		r, err := p.priority(f, v)
		t.Priorities = append(t.Priorities, r)
		return err
	case Estimate:
		r, err := p.numbers(f, v, Range{1, int(plan.MaxEstimate)}, p.estimate)
		t.Estimates = append(t.Estimates, r)
		return err
	case Created, Updated, Started, Completed, BlockedAt:
		s, err := p.span(f, v)
		t.Times = append(t.Times, s)
		return err
	}
	k, err := p.key(f, v)
	t.Keys = append(t.Keys, k)
	return err
}

// stored reads a value of a field of texts into the form in which it is stored.
func (p *parser) stored(t *Term, f FieldInfo, v value) (string, error) {
	switch t.Field {
	case Label, OwnLabel:
		return v.text, plan.CheckLabel(v.text)
	case Ref:
		ref, err := plan.ParseRef(v.text)
		if plan.IsFormerKey(ref) {
			err = nil
		}
		return ref, err
	case InFile:
		path := strings.TrimSuffix(strings.TrimPrefix(v.text, "./"), "/")
		if err := plan.CheckPath(path); err != nil || path == "" {
			return path, fmt.Errorf("invalid path %q", clip(v.text))
		}
		return path, nil
	case InStage:
		return plan.StageName(v.text)
	case Kind:
		return strings.ToLower(v.text), nil
	case Type:
		if _, err := plan.ParseTrade(v.text); err != nil {
			return "", err
		}
	}
	if v.text == Me && !v.quoted && p.me != "" && t.namesAgents() {
		v.text = p.me
	}
	return v.text, plan.CheckName(f.Name, v.text)
}

// Me means the calling agent, in place of an agent's name.
const Me = "me"

func (t Term) namesAgents() bool { return t.Field == Agent || t.Field == HeldBy || t.Field == Assignee }

// word finds the intended word, in any case and with - for _.
func (p *parser) word(f FieldInfo, typed string, at int) (string, error) {
	for _, w := range f.Words {
		if strings.ReplaceAll(w, "_", "-") == plainWord(typed) {
			return w, nil
		}
	}
	e := p.errorAt(at, "invalid value %q for %s", clip(typed), f.Name)
	for _, other := range Fields() {
		if other.Name != f.Name && other.Name != "sort" && slices.Contains(other.Words, plainWord(typed)) {
			return "", e.WithHint("did you mean %s:%s? %s can be %s", other.Name, plainWord(typed), f.Name, strings.Join(f.Words, ", "))
		}
	}
	return "", e.WithHint("%s", nearest(typed, f.Words))
}

// plainWord returns the form in which words are compared.
func plainWord(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }

func (p *parser) key(f FieldInfo, v value) (plan.Key, error) {
	k, err := plan.ParseKey(v.text)
	if err != nil && p.refs != nil {
		if named, is := p.refs(v.text); is {
			k, err = named, nil
		}
	}
	if err != nil {
		return k, p.errorAt(v.at, "%v", err).WithHint("%s", wanted(f))
	}
	want := map[Field]plan.Level{Epic: plan.LevelEpic, Feature: plan.LevelFeature, DependsOn: plan.LevelTask, NeededBy: plan.LevelTask}[Field(f.Name)]
	if want != "" && k.Level() != want {
		a := map[plan.Level]string{plan.LevelEpic: "an epic", plan.LevelFeature: "a feature", plan.LevelTask: "a task"}
		e := p.errorAt(v.at, "%s is not the key of %s", k, a[want]).WithHint("%s", wanted(f))
		if want != plan.LevelTask && k.Level() != plan.LevelTask {
			e.WithHint("did you mean %s:%s?", k.Level(), k)
		}
		return k, e
	}
	return k, nil
}

// priority parses one value of the field priority.
func (p *parser) priority(f FieldInfo, v value) (Range, error) {
	return p.numbers(f, v, Range{plan.MinPriority, plan.MaxPriority}, func(f FieldInfo, v value, s string) (int, error) {
		n, bad := strconv.Atoi(strings.TrimPrefix(plan.MeaningOf(plan.ForPriority, plan.FoldWord(s)), "p"))
		if bad != nil || n < plan.MinPriority || n > plan.MaxPriority {
			return n, p.errorAt(v.at, "priority must be %d (most urgent) to %d, not %q", plan.MinPriority, plan.MaxPriority, clip(s)).WithHint("%s", wanted(f))
		}
		return n, nil
	})
}

// estimate parses one number of the field estimate.
func (p *parser) estimate(f FieldInfo, v value, s string) (int, error) {
	unit := ""
	if p.unit != nil && plan.Typed(s).NamesUnit() {
		unit = p.unit()
	}
	n, err := plan.ParseEstimateIn(s, unit)
	if err != nil {
		return 0, p.errorAt(v.at, "%v", err).WithHint("%s", wanted(f))
	}
	return int(n), nil
}

// numbers parses 3, <3, <=3, >3, >=3, 1..3, ..3 and 3.. within limits.
func (p *parser) numbers(f FieldInfo, v value, within Range, read func(FieldInfo, value, string) (int, error)) (r Range, err error) {
	r = within
	number := func(s string) int {
		n, bad := read(f, v, s)
		if bad != nil {
			err = bad
		}
		return n
	}
	from, to, isRange := strings.Cut(v.text, "..")
	switch {
	case isRange && v.op != "" || isRange && from+to == "":
		return r, p.errorAt(v.at, "invalid range %q", clip(v.op+v.text)).WithHint("%s", wanted(f))
	case isRange:
		if from != "" {
			r.From = number(from)
		}
		if to != "" {
			r.To = number(to)
		}
	case v.op == "<":
		r.To = number(v.text) - 1
	case v.op == "<=":
		r.To = number(v.text)
	case v.op == ">":
		r.From = number(v.text) + 1
	case v.op == ">=":
		r.From = number(v.text)
	default:
		r.From = number(v.text)
		r.To = r.From
	}
	if err == nil && r.From > r.To {
		e := p.errorAt(v.at, "no %s matches %q", f.Name, clip(v.op+v.text)).WithHint("%s", wanted(f))
		if Field(f.Name) == Priority {
			e.WithHint("priority must be %d (most urgent) to %d", plan.MinPriority, plan.MaxPriority)
		}
		err = e
	}
	return r, err
}
