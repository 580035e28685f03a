package agents

import (
	"strings"

	"pm/internal/plan"
)

// hookCommand is what a session-start hook runs.
const hookCommand = "pm prime --hook-json"

const hookEvent = "SessionStart"

// The same hook in several forms. Which one is put in depends on what it is
// put into; that is how removeHook knows what was there before.
const (
	hookMembers = `"hooks": {"` + hookEvent + `": [{"hooks": [{"type": "command", "command": "` + hookCommand + `"}]}]}` // into an object without hooks
	hookMember  = `"` + hookEvent + `":[{"hooks":[{"type":"command","command":"` + hookCommand + `"}]}]`                 // into hooks without the event
	hookElement = `{"hooks":[{"command":"` + hookCommand + `","type":"command"}]}`                                       // into the event's list
)

// hookDocument is the file where there is none.
const hookDocument = `{
  "hooks": {
    "` + hookEvent + `": [
      {
        "hooks": [
          {
            "type": "command",
            "command": "` + hookCommand + `"
          }
        ]
      }
    ]
  }
}
`

func hookPart(tool, path string) part {
	wrap := func(err error) error {
		if err == nil {
			return nil
		}
		return plan.Errorf(plan.Refused, "cannot edit %s: %w", path, err).WithCode("bad_settings").WithHint("fix the file first, or add the hook by hand: %s", hookElement)
	}
	return part{
		path: path, what: Hook, tool: tool,
		add: func(text string, there bool) (string, error) {
			if !there {
				return hookDocument, nil
			}
			out, err := addHook(text)
			return out, wrap(err)
		},
		take: func(text string) (string, bool, error) {
			if text == hookDocument {
				return "", false, nil
			}
			out, err := takeHook(text)
			return out, true, wrap(err)
		},
		state: func(text string) State {
			at, err := findHook(text)
			if err != nil || len(at.ours) == 0 {
				return Missing
			}
			return Current
		},
	}
}

// A hookPlace is how far settings go towards a hook of ours: the object, its
// hooks, the list of the event, our elements of it.
type hookPlace struct {
	root, hooks, event *value
	ours               []*value
}

func findHook(text string) (at hookPlace, err error) {
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
	if at.event = at.hooks.member(hookEvent); at.event == nil {
		return at, nil
	}
	if !at.event.is('[') {
		return at, plan.Errorf(plan.Invalid, "%q is not a list", hookEvent)
	}
	for _, e := range at.event.items {
		if list := e.member("hooks"); list.is('[') && len(list.items) == 1 && list.items[0].member("command").text() == hookCommand {
			at.ours = append(at.ours, e)
		}
	}
	return at, nil
}

// addHook puts the hook in, unless it is there.
func addHook(text string) (string, error) {
	at, err := findHook(text)
	switch {
	case err != nil || len(at.ours) > 0:
		return text, err
	case at.hooks == nil:
		return at.root.insert(text, hookMembers), nil
	case at.event == nil:
		return at.hooks.insert(text, hookMember), nil
	}
	return at.event.insert(text, hookElement), nil
}

// takeHook takes the hook out. Of the ways to do so it takes the one whose
// result addHook turns into this very text; if somebody has changed it since,
// the one that leaves nothing empty behind.
func takeHook(text string) (string, error) {
	at, err := findHook(text)
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
		if again, err := addHook(way); err == nil && again == text {
			return way, nil
		}
	}
	return takeHook(ways[0])
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
