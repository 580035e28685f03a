package plan

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The limits of a checklist.
const (
	MaxChecks = 200  // lines of one task
	MaxCheck  = 1000 // characters of a line
)

// A Check is a line of a task's checklist: something that must be true before
// the task is done.
type Check struct {
	N    int        `json:"n"` // its number within the task, never reused
	Text string     `json:"text"`
	Done bool       `json:"done"`
	By   string     `json:"by,omitempty"` // who ticked it
	At   *time.Time `json:"at,omitempty"` // when
}

// CheckCheck rejects texts that cannot be a line of a checklist.
func CheckCheck(s string) error {
	if err := checkLine("check", s, MaxCheck); err != nil {
		return err
	}
	if strings.TrimSpace(s) == "" {
		return limit("check", "check is empty").WithHint("a check is 1 to %d characters on one line", MaxCheck)
	}
	return nil
}

// Checked returns how many lines of a checklist are ticked.
func Checked(checks []Check) (done int) {
	for _, c := range checks {
		if c.Done {
			done++
		}
	}
	return done
}

// CheckProgress formats how many lines of a checklist are ticked: "3/5"; empty
// if there are none.
func CheckProgress(checks []Check) string {
	if len(checks) == 0 {
		return ""
	}
	return strconv.Itoa(Checked(checks)) + "/" + strconv.Itoa(len(checks))
}

// CheckTexts returns the texts of the lines of a checklist.
func CheckTexts(checks []Check) []string {
	out := make([]string, len(checks))
	for i, c := range checks {
		out[i] = c.Text
	}
	return out
}

// A CheckChange is a line of a checklist in the record of a change. Who ticked
// it, and when, is in the record, unless the line itself says so.
type CheckChange struct {
	N    int    `json:"n"`
	Text any    `json:"text,omitempty"` // a string or a Text; nil if it does not change
	Done bool   `json:"done,omitempty"`
	By   string `json:"by,omitempty"`
	At   string `json:"at,omitempty"`
}

// Fields of a change that are about the checklist.
const (
	checksField = "checks"      // the removed or changed lines, and the added or changed ones
	orderField  = "check_order" // the numbers of the lines in their order, if a line was moved
)

// recordChecks adds the differences between two states of a checklist to c.
// New lines are added at the end.
func (c Change) recordChecks(before, after []Check, h History) {
	var old, now []CheckChange
	order := []int{} // of the lines, if none had been moved
	for _, b := range before {
		i := slices.IndexFunc(after, func(a Check) bool { return a.N == b.N })
		if i < 0 {
			old = append(old, b.record(nil))
			continue
		}
		order = append(order, b.N)
		was, is := b.record(nil), after[i].record(&h)
		if b.Text == after[i].Text {
			was.Text, is.Text = nil, nil
		}
		if b.Text != after[i].Text || b.Done != after[i].Done || b.By != after[i].By {
			old, now = append(old, was), append(now, is)
		}
	}
	for _, a := range after {
		if !slices.ContainsFunc(before, func(b Check) bool { return a.N == b.N }) {
			order, now = append(order, a.N), append(now, a.record(&h))
		}
	}
	if len(old)+len(now) > 0 {
		c[checksField] = [2]any{checksOrNone(old), checksOrNone(now)}
	}
	c.Set(orderField, numbers(order), numbers(numbersOf(after)))
}

// EditsChecks reports whether a change adds or removes checklist texts.
func EditsChecks(c Change) bool {
	for _, v := range c[checksField] {
		if slices.ContainsFunc(AsChecks(v), func(c CheckChange) bool { return c.Text != nil }) {
			return true
		}
	}
	return false
}

func checksOrNone(checks []CheckChange) any {
	if len(checks) == 0 {
		return nil
	}
	return checks
}

// record returns the line as a record contains it; h is the record of its
// state.
func (c Check) record(h *History) CheckChange {
	out := CheckChange{N: c.N, Text: c.Text, Done: c.Done, By: c.By}
	if c.At != nil {
		out.At = Stamp(*c.At)
	}
	if h != nil && out.By == h.Agent && out.At == Stamp(h.Timestamp) {
		out.By, out.At = "", ""
	}
	return out
}

func numbersOf(checks []Check) []int {
	out := make([]int, len(checks))
	for i, c := range checks {
		out[i] = c.N
	}
	return out
}

// numbers formats numbers, separated by commas.
func numbers(of []int) string {
	words := make([]string, len(of))
	for i, n := range of {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ",")
}

// AsChecks returns a value of a Change as checklist lines, also if it was
// decoded from JSON.
func AsChecks(v any) []CheckChange {
	switch v := v.(type) {
	case []CheckChange:
		return v
	case []any:
		out := make([]CheckChange, 0, len(v))
		for _, one := range v {
			m, is := one.(map[string]any)
			if !is {
				continue
			}
			done, _ := m["done"].(bool)
			by, _ := m["by"].(string)
			at, _ := m["at"].(string)
			out = append(out, CheckChange{N: int(asInt(m["n"])), Text: m["text"], Done: done, By: by, At: at})
		}
		return out
	}
	return nil
}

// canonicalChecks formats lines for the hash chain.
func canonicalChecks(checks []CheckChange) string {
	lines := make([]string, len(checks))
	for i, c := range checks {
		lines[i] = canonicalList(strconv.Itoa(c.N), canonical(textField, c.Text), strconv.FormatBool(c.Done), c.By, c.At)
	}
	return canonicalList(lines...)
}

// textField is the name of a checklist line's text.
const textField = "text"

// A checkState is a line of a checklist according to its history.
type checkState struct {
	n    int
	text string // canonical
	done bool
	by   string
	at   string
}

// checklist folds a record's changes to the checklist.
func (r *Replay) checklist(h History) error {
	if v, is := h.Change[checksField]; is {
		if err := r.applyChecks(h, v); err != nil {
			return err
		}
	}
	if v, is := h.Change[orderField]; is {
		return r.orderChecks(v)
	}
	return nil
}

// applyChecks folds lines that were removed, changed or added.
func (r *Replay) applyChecks(h History, v [2]any) error {
	old, now := AsChecks(v[0]), AsChecks(v[1])
	for _, c := range old {
		i := r.checkAt(c.N)
		if i < 0 || r.checks[i].done != c.Done || c.Text != nil && r.checks[i].text != canonical(textField, c.Text) {
			return errCheck(c.N)
		}
		if !slices.ContainsFunc(now, func(a CheckChange) bool { return a.N == c.N }) {
			r.checks = slices.Delete(r.checks, i, i+1)
		}
	}
	for _, c := range now {
		if c.Done && c.By == "" {
			c.By = h.Agent
		}
		if c.Done && c.At == "" {
			c.At = Stamp(h.Timestamp)
		}
		s := checkState{c.N, canonical(textField, c.Text), c.Done, c.By, c.At}
		i := r.checkAt(c.N)
		if i < 0 {
			r.checks, r.lastCheck = append(r.checks, s), max(r.lastCheck, c.N)
			continue
		}
		if c.Text == nil {
			s.text = r.checks[i].text
		}
		r.checks[i] = s
	}
	return nil
}

func errCheck(n int) error {
	return Errorf(Invalid, "the old check %d does not match the records before it", n)
}

func (r *Replay) checkAt(n int) int {
	return slices.IndexFunc(r.checks, func(c checkState) bool { return c.n == n })
}

func (r *Replay) checkNumbers() string {
	of := make([]int, len(r.checks))
	for i, c := range r.checks {
		of[i] = c.n
	}
	return numbers(of)
}

// orderChecks folds a move of a line.
func (r *Replay) orderChecks(v [2]any) error {
	if was, _ := v[0].(string); was != r.checkNumbers() {
		return Errorf(Invalid, "its old checks are %q, but the records before it say %q", was, r.checkNumbers())
	}
	order, _ := v[1].(string)
	var moved []checkState
	for word := range strings.SplitSeq(order, ",") {
		n, err := strconv.Atoi(word)
		i := r.checkAt(n)
		if err != nil || i < 0 {
			return Errorf(Invalid, "it orders check %q, which was not there", word)
		}
		moved = append(moved, r.checks[i])
	}
	if len(moved) != len(r.checks) {
		return Errorf(Invalid, "it orders %d checks of %d", len(moved), len(r.checks))
	}
	r.checks = moved
	return nil
}

// checksOf returns the differences between a stored checklist and r.
func (r *Replay) checksOf(t Task) (out []string) {
	for i, c := range t.Checks {
		s := checkState{n: c.N, text: canonical(textField, c.Text), done: c.Done, by: c.By}
		if c.At != nil {
			s.at = Stamp(*c.At)
		}
		if i >= len(r.checks) || r.checks[i] != s {
			out = append(out, "check "+strconv.Itoa(c.N)+" does not match its history")
		}
	}
	for _, c := range r.checks[min(len(t.Checks), len(r.checks)):] {
		out = append(out, "check "+strconv.Itoa(c.n)+" is missing")
	}
	if t.LastCheck != r.lastCheck {
		out = append(out, "last_check is "+strconv.Itoa(t.LastCheck)+", but its history says "+strconv.Itoa(r.lastCheck))
	}
	return out
}

// A checklist is a checklist as a row stores it, as JSON.
type checklist struct {
	Last  int     `json:"last"` // the highest number ever assigned
	Items []Check `json:"items,omitempty"`
}

// StoredChecks formats a checklist, with the highest number ever assigned in
// it, as a row stores it; empty for none.
func StoredChecks(checks []Check, last int) string {
	if len(checks) == 0 && last == 0 {
		return ""
	}
	b, err := JSON(checklist{last, checks})
	if err != nil {
		panic(err) // numbers, texts and times
	}
	return string(b)
}

// ParseStoredChecks reads what StoredChecks writes.
func ParseStoredChecks(s string) (checks []Check, last int, err error) {
	if s == "" {
		return nil, 0, nil
	}
	var list checklist
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, 0, Errorf(Corrupt, "the stored checklist cannot be read: %w", err)
	}
	return list.Items, list.Last, nil
}
