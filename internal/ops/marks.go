package ops

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A Mark is a word behind a title that says something else of the task.
type Mark struct {
	Param Param
	Value string
}

// Set adds the value to a list, or sets it.
func (m Mark) Set() error {
	if m.Param.Repeated && strings.HasPrefix(m.Param.Name, "label") {
		return m.Param.Add(m.Value)
	}
	return m.Param.Set(m.Value)
}

// markNames are the names of marks that are shorter than those of the fields.
var markNames = map[string]string{"in": "feature", "type": "agent_type", "est": "estimate", "after": "depends_on", "file": "file_path", "label": "labels", "prio": "priority"}

// OtherMarks are the fields whose other words are marks as well.
func OtherMarks() []string { return []string{"priority", "due", "estimate", "assignee", "kind"} }

// TrailingMarks cuts the marks off the end of a text, and returns them in the
// order in which they are written.
func TrailingMarks(text string, params []Param) (title string, marks []Mark) {
	title = strings.TrimSpace(text)
	for title != "" {
		start := strings.LastIndexFunc(title, unicode.IsSpace)
		if start >= 0 {
			_, size := utf8.DecodeRuneInString(title[start:])
			start += size
		}
		m, is := MarkOf(title[max(start, 0):], params)
		if !is {
			break
		}
		marks = append(marks, m)
		title = strings.TrimRightFunc(title[:max(start, 0)], unicode.IsSpace)
	}
	slices.Reverse(marks)
	return title, marks
}

// MarkOf reads a word as a mark: +label, p2, @name, or a field's name and a
// value.
func MarkOf(word string, params []Param) (m Mark, is bool) {
	name, value := "", ""
	switch rest, first := word[1:], word[0]; {
	case first == '+' && beginsWithLetter(rest) && plan.CheckLabel(rest) == nil:
		name, value = "labels", rest
	case first == '@' && beginsWithLetter(rest) && plan.CheckName("assignee", rest) == nil:
		name, value = "assignee", rest
	case (first == 'p' || first == 'P') && IsPriority(rest):
		name, value = "priority", rest
	default:
		before, after, found := strings.Cut(word, ":")
		if !found || after == "" || strings.HasPrefix(after, "//") {
			return m, false
		}
		if name, value = markNames[before], after; name == "" {
			name = strings.ReplaceAll(before, "-", "_")
		}
		if means := plan.MeaningsOf(plan.ForFlag, strings.ToLower(before)); slices.Contains(means, "feature") && isFeature(after) {
			name = "feature" // project:E01-F01; any other project: belongs to the title
		} else if field := UpdateFlag(before); len(before) > 2 && slices.Contains(OtherMarks(), field) {
			name = strings.ReplaceAll(field, "-", "_") // pri:H, deadline:fri
		}
	}
	for _, p := range params {
		if p.Name == name && !p.IsText() && !slices.Contains([]string{"object", "pairs", "bool"}, p.Kind()) {
			return Mark{p, value}, true
		}
	}
	return m, false
}

// UpdateFlag returns the flag of an update of a task that a word means; empty
// for none.
func UpdateFlag(word string) string {
	word = strings.ReplaceAll(strings.ToLower(word), "_", "-")
	for _, name := range append([]string{word}, plan.MeaningsOf(plan.ForFlag, word)...) {
		for _, p := range Params(new(tracker.UpdateTask)) {
			if p.Flag == name && !p.Arg && name != "if-version" {
				return name
			}
		}
	}
	return ""
}

// IsPriority reports whether the text is a number from 1 to 10.
func IsPriority(s string) bool {
	return len(s) == 1 && s >= "1" && s <= "9" || s == "10"
}

func isFeature(s string) bool {
	k, err := plan.ParseKey(s)
	return err == nil && k.Level() == plan.LevelFeature
}

func beginsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}
