package interchange

import (
	"slices"
	"strings"
	"unicode"

	"pm/internal/plan"
)

// readAgents tells the trade from the holder, as TaskDoc explains.
func (d *draft) readAgents() {
	t := &d.task
	for _, f := range d.doc.fields("agent_type") {
		f.known = true
		switch name, ok := trade(f.text()); {
		case ok && (t.AgentType == "" || t.AgentType == name):
			t.AgentType, f.used = name, true
		case ok:
			d.doc.note(f.line, Warning, "%s says %s: %s is used", f.label, quote(f.text()), t.AgentType)
		case nobody()[strings.ToLower(f.text())]:
			f.used = true
		case isPerson(f.text()):
			f.name = "assignee"
		default:
			d.doc.note(f.line, Warning, "%s %s is not understood: none is assumed", f.label, quote(f.shown()))
		}
	}
	begun := t.Status == plan.InProgress || t.Status == plan.ReadyForReview || t.Status == plan.Completed
	for _, f := range d.doc.fields("assigned_agent") {
		name, ok := trade(f.text())
		isTrade := ok && isTrade(name)
		if isTrade && t.AgentType == "" {
			t.AgentType, f.used, f.known = name, true, true
		}
		f.known = f.known || isTrade && t.AgentType == name
		f.used = f.used || isTrade && t.AgentType == name || nobody()[strings.ToLower(f.text())]
		d.hold(f, begun)
	}
	for _, f := range d.doc.fields("assignee") {
		f.used = f.used || nobody()[strings.ToLower(f.text())]
		d.hold(f, begun)
	}
}

// hold makes the one that a field names the holder of a task that has begun.
// Before that there is no column for a person: the report says so.
func (d *draft) hold(f *field, begun bool) {
	name := strings.TrimPrefix(f.text(), "@")
	if f.opaque || !begun || nobody()[strings.ToLower(name)] || plan.CheckName("agent", name) != nil {
		return
	}
	if t := &d.task; t.AssignedAgent == "" || t.AssignedAgent == name {
		t.AssignedAgent, f.used, f.known = name, true, true
	}
}

// nobody are the words for an agent or a person that is none.
var nobody = onceSet("none unassigned nobody null n/a tbd - any anyone []")

// trade returns the trade that a text names; false if it is no name, or a person's.
func trade(s string) (string, bool) {
	return s, plan.CheckName("agent", s) == nil && !isPerson(s) && !nobody()[strings.ToLower(s)]
}

// isTrade reports whether a name is that of a trade, as api-developer is: one
// of its words says so.
func isTrade(name string) bool {
	return slices.ContainsFunc(wordsOf(name), func(w string) bool {
		return tradeWords()[w] || tradeWords()[strings.TrimSuffix(w, "s")]
	})
}

var tradeWords = onceSet(`agent ai analyst analytics android api architect architecture assistant auditor author automation backend bot build builder
	business ci cli client cloud code coder coding compliance content coordinator copywriter core creator data database db dba debugger deploy
	deployment design designer dev developer developing devops devrel doc documentation documenter editor editorial engineer engineering expert
	frontend full fullstack game general generalist go golang human implementer infra infrastructure integration ios java javascript legal lead lint
	llm localization maintainer manager marketing mechanic ml mobile model network observability op ops orchestrator owner performance planner
	platform pm po product programmer project prompt purpose python qa quality refactor release reliability research researcher review reviewer
	rust sales scientist scrum sdet sec security seo server sm specialist sre stack subagent support sysadmin sql team tech technical test tester
	testing tool tooling translation translator typescript ui ux web worker writer writing`)

// isPerson reports whether a name is a person's: an address, a handle, or two
// names without a trade among them.
func isPerson(s string) bool {
	if strings.Contains(s, "@") {
		return true
	}
	words := strings.Fields(s)
	capitals := 0
	for _, w := range words {
		if r := []rune(w); unicode.IsUpper(r[0]) && strings.IndexFunc(w, unicode.IsDigit) < 0 {
			capitals++
		}
	}
	return len(words) > 1 && capitals == len(words) && !isTrade(s)
}
