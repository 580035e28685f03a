package plan

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// A Stage is one of the stages that tasks pass through: a task submitted in
// one becomes todo in the next, and ready for review after the last.
type Stage struct {
	Name      string `json:"name"`
	AgentType string `json:"agent_type,omitempty"` // the agent type that works in it; if empty, each task's own agent type applies
	Limit     int    `json:"limit,omitempty"`      // how many of its tasks can be in progress at once; 0: any number
	Place     int    `json:"-"`                    // in the line
}

// MaxStages bounds the number of stages, because next looks into each of them.
const MaxStages = 20

// MaxStageLimit bounds the limit of a stage.
const MaxStageLimit = 1000

// StageName parses the name of a stage: one word, in lower case.
func StageName(s string) (string, error) {
	name := strings.ToLower(strings.TrimSpace(s))
	if err := checkLine("stage", name, MaxName); err != nil {
		return name, err
	}
	if name == "" || strings.HasPrefix(name, "-") || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '"' }) {
		return name, limit("stage", "invalid stage name %q", clip(s)).WithHint("a name is one word of at most %d characters, such as build or test", MaxName)
	}
	return name, nil
}

// Check rejects stages that are not valid.
func (s Stage) Check() error {
	if name, err := StageName(s.Name); err != nil || name != s.Name {
		return cmp.Or(err, error(limit("stage", "invalid stage name %q", clip(s.Name))))
	}
	if s.Limit < 0 || s.Limit > MaxStageLimit {
		return limit("limit", "limit must be 1 to %d, not %d", MaxStageLimit, s.Limit).WithHint("leave it out, or set it to 0, for no limit")
	}
	return CheckName("agent type", s.AgentType)
}

// Definition returns the stage as a definition of the project.
func (s Stage) Definition() Definition {
	b, _ := JSON(stageBody{s.AgentType, s.Limit, s.Place}) // its fields always encode
	return Definition{Kind: StageDefinition, Name: s.Name, Body: string(b)}
}

type stageBody struct {
	AgentType string `json:"agent_type,omitempty"`
	Limit     int    `json:"limit,omitempty"`
	Place     int    `json:"place"`
}

// A Line is all stages of a project, in the order in which tasks pass through
// them.
type Line []Stage

// ReadLine builds the line from the definitions of stages.
func ReadLine(all []Definition) (Line, error) {
	var line Line
	for _, d := range all {
		if d.Kind != StageDefinition {
			continue
		}
		var body stageBody
		if err := json.Unmarshal([]byte(d.Body), &body); err != nil {
			return nil, Errorf(Corrupt, "the definition of the stage %s cannot be read", d.Name)
		}
		line = append(line, Stage{d.Name, body.AgentType, body.Limit, body.Place})
	}
	Sort(line, func(a, b Stage) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Name, b.Name)) })
	return line, nil
}

// Index returns the position of a stage in the line; -1 if it is not in it.
func (l Line) Index(name string) int {
	return slices.IndexFunc(l, func(s Stage) bool { return s.Name == name })
}

// Find returns the stage of that name.
func (l Line) Find(name string) (Stage, bool) {
	if i := l.Index(name); i >= 0 {
		return l[i], true
	}
	return Stage{}, false
}

// After returns the name of the stage after another one; empty after the last,
// and for an unknown stage.
func (l Line) After(name string) string {
	if i := l.Index(name); i >= 0 && i+1 < len(l) {
		return l[i+1].Name
	}
	return ""
}

// First returns the name of the stage that new tasks start in; empty if there
// are no stages.
func (l Line) First() string {
	if len(l) == 0 {
		return ""
	}
	return l[0].Name
}

// Names lists the names of the stages.
func (l Line) Names() []string {
	names := make([]string, len(l))
	for i, s := range l {
		names[i] = s.Name
	}
	return names
}

// Put returns the line with the stage in it: at the given index, counted
// without the stage, or at its end for -1.
func (l Line) Put(s Stage, at int) Line {
	rest := slices.DeleteFunc(slices.Clone(l), func(o Stage) bool { return o.Name == s.Name })
	if at < 0 {
		at = len(rest)
	}
	out := slices.Insert(rest, at, s)
	for i := range out {
		out[i].Place = i + 1
	}
	return out
}

// WithLine returns the project with exactly the stages of the line.
func (p Project) WithLine(l Line) Project {
	for _, d := range p.Definitions {
		if d.Kind == StageDefinition {
			p = p.With(Definition{Kind: d.Kind, Name: d.Name})
		}
	}
	for _, s := range l {
		p = p.With(s.Definition())
	}
	return p
}

// PassedBack reports whether a change of stage goes to an earlier one of the
// line, or, from a stage that was deleted, to the same position or an earlier
// one.
func (l Line) PassedBack(from, to string) bool {
	was, is := l.Index(from), l.Index(to)
	return was >= 0 && is >= 0 && is < was
}
