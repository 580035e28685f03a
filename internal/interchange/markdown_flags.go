package interchange

import (
	"strings"

	"pm/internal/plan"
)

// flagWords are the fields that are true or false, or hold a date or a reason,
// and the status that they stand for.
var flagWords = onceMap(`
done: done is_done completed_at complete is_complete is_completed finished resolved implemented merged shipped released progress
done: percent_complete percent_done
closed: closed is_closed
archived: archived archived_at is_archived
cancelled: cancelled canceled is_cancelled cancelled_at canceled_at
dropped: dropped
wontfix: wontfix wont_fix
wontdo: wont_do
rejected: rejected
obsolete: obsolete
abandoned: abandoned
superseded: superseded superseded_by replaced_by
deprecated: deprecated
duplicate: duplicate is_duplicate duplicate_of
blocked: blocked is_blocked blocked_at blocked_since blocked_reason
on hold: on_hold hold
deferred: deferred is_deferred
postponed: postponed
paused: paused
waiting: waiting
draft: draft is_draft
`)

// asideFields are fields that may say a status in a plan's own words.
var asideFields = onceSet(`resolution state_reason close_reason closed_reason outcome disposition column lane bucket stage phase tags tag labels label`)

// implied returns what a field that is not the status says about it; stated
// is true where there is one.
func (d *document) implied(f *field, stated bool) (claim, bool) {
	text := f.text()
	if text == "" || f.opaque {
		return claim{}, false
	}
	c := claim{label: f.label, text: text, line: f.line, f: f}
	word, isFlag := flagWords()[f.name]
	switch {
	case f.name == "ready" || f.name == "is_ready":
		if ready, known := truthOf(text); known && !ready {
			c.said = said{status: plan.Blocked, reason: "not ready"}
		}
	case f.name == "defer", isFlag && (word == "deferred" || word == "postponed") && d.isDate(f):
		c.said = d.deferred(f)
	case isFlag && !(word == "blocked" && allKeys(text)): // what it is blocked by is a dependency
		c.said = d.flagged(word, f)
	case asideFields()[f.name]:
		c.aside = true
		c.said = asideStatus(f, stated)
	}
	return c, c.status != ""
}

// flagged returns what a field says whose name means word: by a truth value, a
// date, a share of a whole, or a text. Empty if it says no.
func (d *document) flagged(word string, f *field) said {
	text := f.text()
	truth, known := truthOf(text)
	out := readStatus(word)
	switch {
	case known && !truth:
		return said{}
	case known:
		return out
	case d.isDate(f):
		out.remark = true
		return out
	case out.status == plan.Blocked:
		out.reason = oneLineOf(text)
	case out.status == plan.Completed:
		out = readStatus(text) // "partly", say, is none
	}
	out.remark = true
	return out
}

// truthOf reads yes and no, and shares such as 3/5 and 80%, of which only the
// whole is true.
func truthOf(text string) (truth, known bool) {
	text = strings.ToLower(strings.Trim(strings.TrimSpace(text), "*`_"))
	switch text {
	case "true", "yes", "y", "x", "[x]", "1", "on", "100", "100%", "✅", "✔":
		return true, true
	case "false", "no", "n", "0", "off", "none", "null", "n/a", "-", "—", "never", "not yet", "[ ]", "[]", "0%", "❌":
		return false, true
	}
	if part, whole, ok := strings.Cut(text, "/"); ok && isNumber(part) && isNumber(whole) {
		return strings.TrimSpace(part) == strings.TrimSpace(whole), true
	}
	return false, isNumber(strings.TrimSuffix(text, "%"))
}

func isNumber(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// deferred returns what a field says before which nothing is to begin. A day
// that is past says nothing; a word, such as "launch", has not come. Of a
// planned start only a day counts.
func (d *document) deferred(f *field) said {
	at, isDate := d.parseDate(f.text())
	truth, known := truthOf(f.text())
	label := strings.ToLower(f.label)
	switch planned := strings.Contains(label, "start") || strings.Contains(label, "schedul") || strings.Contains(label, "available"); {
	case isDate && !at.After(d.now), !isDate && planned, known && !truth:
		return said{}
	case known:
		return said{status: plan.Blocked, reason: "deferred"}
	}
	return said{status: plan.Blocked, reason: "deferred until " + oneLineOf(f.text()), remark: true}
}

// asideStatus returns what a field in the plan's own words says. A tag is a
// status only if it is nothing else, and beside a status that is stated only
// one that says that there is nothing to do.
func asideStatus(f *field, stated bool) said {
	isTag := strings.HasPrefix(f.name, "tag") || strings.HasPrefix(f.name, "label")
	for _, values := range f.values {
		for _, v := range strings.Split(values, ",") {
			s := readStatus(v)
			idle := s.status == plan.Completed || s.status == plan.Archived || s.status == plan.Blocked
			if idle && !(isTag && s.remark) || s.status != "" && !isTag && !stated {
				return s
			}
		}
	}
	return said{}
}

// marks are what people put in brackets before or behind a title.
var marks = oncePhrases("done, completed, complete, blocked, deferred, cancelled, canceled, postponed, wontfix, wont fix, won t fix, won t do, dropped, obsolete, superseded, on hold")

var markedTitle = pattern(`^(?:\[([^\]]*)\]|(✅|☑|✔|⛔|🚫|⏸|⏳))|[\[(]([A-Za-z' ]+)[\])]$`)

// marked returns what the title or the heading says beside its words: a sign
// before it, a word in brackets, a line through it.
func (d *document) marked() (claim, bool) {
	titles := []claim{}
	for _, f := range d.front {
		if f.name == "title" && !f.opaque {
			titles = append(titles, claim{label: f.label, text: f.text(), line: f.line})
		}
	}
	if d.headAt >= 0 {
		titles = append(titles, claim{label: "heading", text: d.heading, line: d.bodyLine + d.headAt})
	}
	for _, c := range titles {
		if m := markedTitle().FindStringSubmatch(c.text); m != nil {
			mark := m[1] + m[2] + m[3]
			if truth, _ := truthOf(mark); truth {
				mark = "done"
			}
			if m[2] != "" || marks()[join(wordsOf(mark), " ")] {
				c.said = readStatus(mark)
			}
		}
		if len(c.text) > 4 && strings.HasPrefix(c.text, "~~") && strings.HasSuffix(c.text, "~~") {
			c.said = said{status: plan.Blocked, reason: "its title is struck through"}
		}
		if c.status != "" {
			return c, true
		}
	}
	return claim{}, false
}

// tickedBoxes returns the number of boxes in the text if all of them are
// ticked. Those of dependencies are not the task's.
func (d *document) tickedBoxes() int {
	others := map[int]bool{}
	for _, f := range d.head {
		for _, line := range f.lines {
			others[line] = true
		}
	}
	n := 0
	for i, l := range d.body {
		m := boxLine().FindStringSubmatch(l)
		if m == nil || others[d.bodyLine+i] {
			continue
		}
		if m[1] == " " {
			return 0
		}
		n++
	}
	return n
}

var boxLine = pattern(`^[ \t]*[-*+][ \t]+\[([ xX])\][ \t]`)
