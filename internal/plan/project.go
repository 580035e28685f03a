package plan

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A Project is the plan as a whole: its definitions, with a history of their
// own. Its key is the zero key.
type Project struct {
	UID         string // created with its first record, like an item's
	Version     int64  // the number of its records
	CreatedAt   time.Time
	UpdatedAt   time.Time
	HistoryHash string
	LastNote    int          // the highest number ever assigned to a note of the plan itself
	Definitions []Definition // in the order of their kinds and names
}

// A Definition is something that a project has set or declared, under a name
// that is unique within its kind.
type Definition struct {
	Kind DefinitionKind `json:"kind"`
	Name string         `json:"name"`
	Body string         `json:"body"` // a plain word or JSON, depending on its kind
}

// A DefinitionKind says what is defined.
type DefinitionKind string

const (
	SettingDefinition DefinitionKind = "setting" // the body is the value
	FieldDefinition   DefinitionKind = "field"   // a CustomField as JSON
	StageDefinition   DefinitionKind = "stage"
	ViewDefinition    DefinitionKind = "view"
)

// DefinitionKinds lists the kinds of definitions.
func DefinitionKinds() []DefinitionKind {
	return []DefinitionKind{FieldDefinition, SettingDefinition, StageDefinition, ViewDefinition}
}

// MaxDefinition is the maximum length of a definition's body, in bytes.
const MaxDefinition = 16 << 10

// projectStatus is the status in a project's records, which have no other.
const projectStatus = string(PlanActive)

// Find returns the body of a definition; false if there is none.
func (p Project) Find(kind DefinitionKind, name string) (body string, found bool) {
	for _, d := range p.Definitions {
		if d.Kind == kind && d.Name == name {
			return d.Body, true
		}
	}
	return "", false
}

// With returns p with the definition replacing the one of the same kind and
// name; an empty body removes it.
func (p Project) With(d Definition) Project {
	p.Definitions = slices.DeleteFunc(slices.Clone(p.Definitions), func(o Definition) bool { return o.Kind == d.Kind && o.Name == d.Name })
	if d.Body != "" {
		p.Definitions = append(p.Definitions, d)
		Sort(p.Definitions, func(a, b Definition) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	}
	return p
}

// recorded returns the definitions by their names in records:
// setting.time_zone.
func (p Project) recorded() map[string]string {
	out := make(map[string]string, len(p.Definitions))
	for _, d := range p.Definitions {
		out[string(d.Kind)+"."+d.Name] = d.Body
	}
	return out
}

// Since returns the definitions that differ from those of before.
func (p Project) Since(before Project) Change {
	c, now, was := Change{}, p.recorded(), before.recorded()
	for name := range now {
		c.Set(name, was[name], now[name])
	}
	for name := range was {
		c.Set(name, was[name], now[name])
	}
	return c
}

// Append works like Task.Append.
func (p *Project) Append(before Project, h History) (record History, former []string) {
	if before.Version == 0 {
		p.CreatedAt = h.Timestamp
	}
	b := base{version: before.Version, head: before.HistoryHash, status: projectStatus, uid: p.UID, created: p.CreatedAt}
	b.version = max(b.version, 1) // the first record has no previous status
	h, former = after(b, projectStatus, p.Since(before), h, nil, nil, nil)
	p.Version, p.HistoryHash, p.UpdatedAt = before.Version+1, h.Hash, h.Timestamp
	return h, former
}

// FoldProject is Fold for the history of a project.
func FoldProject(uid string, records []History) (Replay, error) {
	return folded(ReplayOfProject(uid), records)
}

// ReplayOfProject returns a project without records, for Replay.Add.
func ReplayOfProject(uid string) Replay { return Replay{UID: uid, Status: projectStatus} }

// Project works like Epic, for the project itself.
func (r *Replay) Project(p Project, notes []Note) (out []string) {
	if p.Version == 0 && r.Version == 0 {
		r.UID = p.UID
	}
	out = r.row(Key{}, p.UID, projectStatus, p.Version, p.HistoryHash, p.CreatedAt, p.UpdatedAt)
	now := p.recorded()
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if canonical(name, now[name]) != r.columns[name] {
			out = append(out, name+" does not match its history")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.columns)) {
		if now[name] == "" {
			out = append(out, name+" is missing")
		}
	}
	return append(out, r.notesOf(p.LastNote, notes)...)
}
