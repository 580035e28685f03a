package interchange

import (
	"fmt"

	"pm/internal/plan"
)

// A claim is one place where a document, or the folder that it lies in, says
// how far its item is. The first claim counts, with one exception: what any of
// them calls blocked, deferred, finished or dropped, or what is not
// understood, never becomes work that is ready.
type claim struct {
	said
	label string // of its field; "folder" for a folder
	text  string
	line  int    // 0 for a folder
	f     *field // nil for a heading and a folder
	aside bool   // of a field that need not be about a status: what is not understood says nothing
}

// claims returns what the document says about its status, in the order of
// what counts: the status itself, then fields that imply one, then the heading.
func (d *document) claims() (out []claim) {
	for _, f := range d.fields("status") {
		c := claim{said: readStatus(f.text()), label: f.label, text: f.shown(), line: f.line, f: f}
		if f.opaque {
			c.said = said{}
		}
		out = append(out, c)
	}
	for _, f := range d.allFields() {
		if c, ok := d.implied(f, len(out) > 0); ok {
			out = append(out, c)
		}
	}
	if c, ok := d.marked(); ok {
		out = append(out, c)
	}
	return out
}

// decide returns what the claims come to, and the index of the one that says
// so; -1 if none says anything.
func decide(claims []claim) (said, int) {
	first := firstClaim(claims, func(c claim) bool { return c.status != "" && !c.aside })
	if first < 0 || claims[first].status == plan.Todo {
		if i := firstClaim(claims, func(c claim) bool { return c.status != "" && c.status != plan.Todo }); i >= 0 {
			return claims[i].said, i
		}
		if i := firstClaim(claims, func(c claim) bool { return c.status == "" && !c.aside }); i >= 0 {
			return said{status: plan.Blocked, reason: oneLineOf(claims[i].text), remark: true}, i
		}
	}
	if first >= 0 && claims[first].status == plan.Completed {
		if i := firstClaim(claims, func(c claim) bool { return c.dropped }); i >= 0 {
			return claims[i].said, i // closed as not planned
		}
	}
	if first < 0 {
		return said{}, -1
	}
	return claims[first].said, first
}

func firstClaim(claims []claim, is func(claim) bool) int {
	for i, c := range claims {
		if is(c) {
			return i
		}
	}
	return -1
}

// reportClaims says what became of each claim when the one at by counted, and
// marks their fields. Name gives the word for a status in the report.
func (d *document) reportClaims(claims []claim, out said, by int, name func(plan.TaskStatus) string) {
	for i, c := range claims {
		if c.f != nil && (!c.aside || i == by) {
			c.f.known = true
			c.f.used = c.f.used || c.status == out.status && (!c.remark || i == by && out.status == plan.Blocked) && !d.isDate(c.f)
		}
		switch {
		case c.aside && i != by, c.status == out.status && c.status != "":
		case i == by && c.status == "":
			d.note(c.line, Warning, "%s %s is not understood: imported as %s", c.label, quote(c.text), name(out.status))
		case c.status == "":
			d.note(c.line, Warning, "%s %s is not understood: %s is used", c.label, quote(c.text), claims[by].where())
		case c.status == plan.Completed && out.dropped, c.status == plan.Archived && out.status == plan.Completed:
			// What counts says more about how it was closed.
		default:
			d.note(c.line, Warning, "%s says %s: %s is used, imported as %s", c.label, quote(c.text), claims[by].where(), name(out.status))
		}
	}
}

func (c claim) where() string {
	if c.line == 0 {
		return c.label + " " + quote(c.text)
	}
	return fmt.Sprintf("%s %s in line %d", c.label, quote(c.text), c.line)
}

// decideTask returns what the document and the folders around it say about
// the status of a task, and reports what disagrees. A folder above the task's
// feature speaks of what lies in it only where nothing else does.
func (d *document) decideTask(p place) said {
	claims := append(d.claims(), folderClaims(p.state)...)
	if len(claims) == 0 {
		claims = folderClaims(p.above)
	}
	out, by := decide(claims)
	if by < 0 {
		if d.tickedBoxes() > 0 {
			d.note(0, Warning, "no status, and all boxes are ticked: imported as ready_for_review")
			return said{status: plan.ReadyForReview}
		}
		return said{status: plan.Todo}
	}
	d.reportClaims(claims, out, by, func(s plan.TaskStatus) string { return string(s) })
	if w := wordsOf(claims[by].text); out.status == plan.Todo && len(w) > 0 && w[0] == "approved" {
		d.note(claims[by].line, Info, "%s %s means approved for work: imported as todo", claims[by].label, quote(claims[by].text))
	}
	return out
}

// decidePlan is decideTask for an epic or a feature. What is not clearly work
// is a draft, whose tasks are not offered.
func (d *document) decidePlan(above string) plan.PlanStatus {
	claims := append(d.claims(), folderClaims(above)...)
	out, by := decide(claims)
	if by < 0 {
		return plan.DefaultEpicStatus
	}
	d.reportClaims(claims, out, by, func(s plan.TaskStatus) string { return string(PlanStatusOf(s)) })
	if w := wordsOf(claims[by].text); out.status == plan.Todo && len(w) > 0 && w[0] == "backlog" {
		return plan.PlanDraft
	}
	return PlanStatusOf(out.status)
}

// PlanStatusOf is the status of an epic or a feature of which a source says what
// a task's status says: one that is blocked is a draft.
func PlanStatusOf(s plan.TaskStatus) plan.PlanStatus {
	switch s {
	case plan.Completed:
		return plan.PlanCompleted
	case plan.Archived:
		return plan.PlanArchived
	case plan.Blocked:
		return plan.PlanDraft
	}
	return plan.PlanActive
}
