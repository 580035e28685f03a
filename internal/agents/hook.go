package agents

import (
	"strings"

	"pm/internal/plan"
)

// hookParts are the hooks of a tool, one for each event: each is put in where
// it is missing, so that a second install adds what an older pm did not know.
func hookParts(f hookForm) (out []part) {
	for i, e := range f.events {
		p := hookPart(f, e)
		p.first = i == 0
		out = append(out, p)
	}
	return out
}

func hookPart(f hookForm, e hookEvent) part {
	wrap := func(err error) error {
		if err == nil {
			return nil
		}
		return plan.Errorf(plan.Refused, "cannot edit %s: %w", f.path, err).WithCode("bad_settings").WithHint("fix the file first, or add the hook by hand: %s", f.member(e))
	}
	return part{
		path: f.path, what: Hook, tool: f.tool, event: e.name,
		add: func(text string, there bool) (string, error) {
			if !there {
				return f.document(e), nil
			}
			out, err := f.add(e, text)
			return out, wrap(err)
		},
		take: func(text string) (string, bool, error) {
			if text == f.document(e) {
				return "", false, nil
			}
			out, err := f.take(e, text)
			return out, true, wrap(err)
		},
		state: func(text string) State {
			at, err := f.find(e, text)
			if err != nil || len(at.ours) == 0 {
				return Missing
			}
			return Current
		},
		left: f.isLeft,
	}
}

// A hookPlace is how far settings go towards a hook of ours: the object, its
// hooks, the list of the event, our elements of it.
type hookPlace struct {
	root, hooks, event *value
	ours               []*value
}

func (f hookForm) find(e hookEvent, text string) (at hookPlace, err error) {
	if at.root, err = parseJSON(text); err != nil {
		return at, err
	}
	if !at.root.is('{') {
		return at, plan.Errorf(plan.Invalid, "not a JSON object")
	}
	if at.hooks = at.root.member("hooks"); at.hooks == nil {
		return at, nil
	}
	if !at.hooks.is('{') {
		return at, plan.Errorf(plan.Invalid, `"hooks" is not an object`)
	}
	if at.event = at.hooks.member(e.name); at.event == nil {
		return at, nil
	}
	if !at.event.is('[') {
		return at, plan.Errorf(plan.Invalid, "%q is not a list", e.name)
	}
	for _, element := range at.event.items {
		if f.isOurs(e, element) {
			at.ours = append(at.ours, element)
		}
	}
	return at, nil
}

// tight returns JSON without the blanks between its parts.
func tight(text string) string {
	inString := false
	return strings.Map(func(c rune) rune {
		if c == '"' {
			inString = !inString // a hook has no escapes
		}
		if c == ' ' && !inString {
			return -1
		}
		return c
	}, text)
}

// add puts the hook in, unless it is there. The same hook has another form for
// each place it is put into: that is how take knows what was there before.
func (f hookForm) add(e hookEvent, text string) (string, error) {
	at, err := f.find(e, text)
	switch {
	case err != nil || len(at.ours) > 0:
		return text, err
	case at.hooks == nil:
		return at.root.insert(text, f.members(e)), nil
	case at.event == nil:
		return at.hooks.insert(text, tight(f.member(e))), nil
	}
	return at.event.insert(text, tight(f.element(e, true))), nil
}

// take takes the hook out. Of the ways to do so it takes the one whose result
// add turns into this very text; if somebody has changed it since, the one that
// leaves nothing empty behind.
func (f hookForm) take(e hookEvent, text string) (string, error) {
	at, err := f.find(e, text)
	if err != nil || len(at.ours) == 0 {
		return text, err
	}
	var ways []string
	if len(at.event.items) == 1 && len(at.hooks.items) == 1 {
		ways = append(ways, at.root.without(text, at.hooks))
	}
	if len(at.event.items) == 1 {
		ways = append(ways, at.hooks.without(text, at.event))
	}
	ways = append(ways, at.event.without(text, at.ours[0]))
	for _, way := range ways {
		if again, err := f.add(e, way); err == nil && again == text {
			return way, nil
		}
	}
	return f.take(e, ways[0])
}

// indented writes compact JSON over several lines.
func indented(compact, indent, unit, eol string) string {
	var b strings.Builder
	depth, inString := 0, false
	line := func(d int) { b.WriteString(eol + indent + strings.Repeat(unit, d)) }
	for i := range len(compact) {
		c := compact[i]
		switch {
		case c == '"':
			inString = !inString // the hook has no escapes
			b.WriteByte(c)
		case inString:
			b.WriteByte(c)
		case c == '{' || c == '[':
			depth++
			b.WriteByte(c)
			line(depth)
		case c == '}' || c == ']':
			depth--
			line(depth)
			b.WriteByte(c)
		case c == ',':
			b.WriteByte(c)
			line(depth)
		case c == ':':
			b.WriteString(": ")
		case c != ' ':
			b.WriteByte(c)
		}
	}
	return b.String()
}
