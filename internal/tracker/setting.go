package tracker

import (
	"context"
	"strings"
	"time"
	_ "time/tzdata" // where a machine has no time zones of its own

	"pm/internal/plan"
	"pm/internal/store"
)

// SetProject is the input of Tracker.SetProject.
type SetProject struct {
	Name  string `json:"name" jsonschema:"the setting, such as time_zone or require_review" arg:"name"`
	Value string `json:"value" jsonschema:"the new value; empty for the default" arg:"value"`
}

// ShowProject is the input of Tracker.ShowProject.
type ShowProject struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Project is what is true of the project as a whole.
type Project struct {
	UID      string         `json:"uid,omitempty"` // once something was set
	Settings []SettingValue `json:"settings"`
	Stages   []plan.Stage   `json:"stages,omitempty"` // that tasks pass through, in their order

	Machine []SettingValue `json:"machine,omitempty"` // those of this machine and person, which the command line knows
}

// A SettingValue is a setting with the value that holds.
type SettingValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Set   bool   `json:"set"`  // false: it is the default
	From  string `json:"from"` // where it is set: project, default, or of a machine a variable or a file
	About string `json:"about"`
}

// Where settings come from that are in no file.
const (
	FromProject = "project"
	FromDefault = "default"
)

// SetProject changes a setting of the project.
func (t *Tracker) SetProject(ctx context.Context, in SetProject) (Project, error) {
	setting, found := plan.FindSetting(in.Name)
	if !found {
		var names []string
		for _, s := range plan.Settings() {
			names = append(names, s.Name)
		}
		return Project{}, plan.Errorf(plan.Invalid, "unknown setting %q", in.Name).WithCode("bad_setting").WithHint("the settings are %s", strings.Join(names, ", "))
	}
	value, err := setting.Parse(in.Value)
	if err != nil {
		return Project{}, err
	}
	return write(ctx, t, call{"project set", in}, func(tx *store.Tx) (Project, error) {
		if setting.Name == plan.TimeZone { // first, as everybody locks it
			if err := tx.LockZone(); err != nil {
				return Project{}, err
			}
		}
		p, err := changeProject(tx, func(p plan.Project) (plan.Project, error) {
			return p.With(plan.Definition{Kind: plan.SettingDefinition, Name: setting.Name, Body: value}), nil
		})
		if err == nil && setting.Name == plan.TimeZone {
			err = deferAnew(tx)
		}
		if err != nil {
			return Project{}, err
		}
		return projectOf(p)
	})
}

// ShowProject returns the settings of the project.
func (t *Tracker) ShowProject(ctx context.Context, in ShowProject) (Project, error) {
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Project, error) {
		p, err := tx.Project()
		if err != nil {
			return Project{}, err
		}
		return projectOf(p)
	})
}

func projectOf(p plan.Project) (out Project, err error) {
	out = Project{UID: p.UID, Settings: []SettingValue{}}
	for _, s := range plan.Settings() {
		value, set := p.Find(plan.SettingDefinition, s.Name)
		from := FromProject
		if !set {
			value, from = s.Default, FromDefault
		}
		out.Settings = append(out.Settings, SettingValue{s.Name, value, set, from, s.About})
	}
	out.Stages, err = plan.ReadLine(p.Definitions)
	return out, err
}

// settings are the values of the settings that are set, by name.
type settings map[string]string

func settingsOf(tx *store.Tx) (settings, error) {
	all, err := tx.Definitions(plan.SettingDefinition)
	out := make(settings, len(all))
	for _, d := range all {
		out[d.Name] = d.Body
	}
	return out, err
}

func (s settings) on(rule string) bool { return s[rule] == plan.Yes }

// nowFor is now where it matters, and else the time of this machine.
func (t *Tracker) nowFor(ctx context.Context, dated bool) (time.Time, error) {
	if !dated {
		return time.Now(), nil
	}
	return t.now(ctx)
}

// now returns the present time in the project's time zone: what a day means
// that somebody types.
func (t *Tracker) now(ctx context.Context) (time.Time, error) {
	set, err := read(ctx, t, settingsOf)
	if err != nil {
		return time.Time{}, err
	}
	return set.now()
}

// now returns the present time in the zone that is set.
func (s settings) now() (time.Time, error) {
	zone, err := plan.Zone(s[plan.TimeZone])
	if err != nil {
		return time.Time{}, err
	}
	return time.Now().In(zone), nil
}

// zonedNow is now within a transaction, or the past moment that it reads.
func zonedNow(tx *store.Tx) (time.Time, error) {
	set, err := settingsOf(tx)
	if err != nil {
		return time.Time{}, err
	}
	now, err := set.now()
	if then := tx.AsOf(); err == nil && !then.IsZero() {
		now = then.In(now.Location())
	}
	return now, err
}
