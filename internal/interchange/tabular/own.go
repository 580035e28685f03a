package tabular

import (
	"slices"
	"strings"

	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// ownColumns finds the columns of custom fields in one of pm's own CSV files: they
// stand between the last of the others and the description. Their names are those of
// no other columns then.
func (t *table) ownColumns() {
	t.own = t.kind == generic && slices.Contains(t.folded, "level") && slices.Contains(t.folded, "key")
	last := slices.Index(t.folded, "estimate done")
	for n := last + 1; t.own && last >= 0 && n < len(t.folded) && t.folded[n] != "description"; n++ {
		t.header[n] = strings.TrimPrefix(t.header[n], "field.")
		t.folded[n] = "field." + t.header[n]
	}
}

// ownColumn reads a column that only pm's own CSV files have; false: it is none.
func (t *table) ownColumn(i *form.Item, name, v string) bool {
	known := true
	switch name {
	case "updated at", "tasks total", "tasks completed", "estimate total", "estimate done": // they follow from the rest
	case "agent type":
		i.AgentType = form.Name(v)
	case "stage":
		i.Stage = v
		known = plan.CheckStage(v) == nil
	case "repeat":
		r, err := plan.ParseRepeat(v)
		if known = err == nil; known {
			i.Repeat = r.String()
		}
	case "file path":
		if known = plan.CheckPath(v) == nil; known {
			i.FilePath = v
		}
	case "held by":
		i.Holder = form.Name(v)
	case "business value":
		i.Value, known = gradeOf(v)
	case "blocked at":
		i.Blocked = t.o.Moment(i, name, v, t.s.Zone)
	case "resolution":
		r, err := plan.ParseResolution(v)
		if known = err == nil && i.Over(); known {
			i.Resolution = r
		}
	case "refs":
		i.Refs = ids([]string{v})
	case "links":
		for l := range strings.Lines(v) {
			i.Links = append(i.Links, linkOf(strings.TrimSpace(l))...)
		}
	case "checks":
		for line := range strings.Lines(v) {
			if text, done := strings.CutPrefix(line, "[x] "); done {
				i.Checks = append(i.Checks, plan.Check{Text: strings.TrimSpace(text), Done: true})
			} else {
				i.Checks = append(i.Checks, plan.Check{Text: strings.TrimSpace(strings.TrimPrefix(line, "[ ] "))})
			}
		}
	default:
		return false
	}
	return known
}

func gradeOf(word string) (plan.Grade, bool) {
	g, err := plan.ParseGrade("business value", word)
	if err != nil {
		return "", false
	}
	return g, true
}

// linkOf reads a link: what it leads to, behind its kind where that is not the usual
// one. One of the other end is none: the row there says it.
func linkOf(text string) []form.Link {
	as := plan.Relates
	if kind, to, two := strings.Cut(text, " "); two {
		if k, err := plan.ParseLinkKind(kind); err == nil {
			if as, text = k, to; !k.Stored() {
				return nil
			}
		}
	}
	_, err := plan.ParseKey(text)
	return []form.Link{{As: as, To: text, ID: err == nil}}
}
