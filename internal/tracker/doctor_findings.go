package tracker

import "pm/internal/plan"

// A Finding is a flaw as whoever has to act on it wants it told.
type Finding struct {
	Severity string `json:"severity"` // error: data is damaged; warning: it can be derived anew
	What     string `json:"what"`
	Where    string `json:"where"` // the key of an item, or what was looked at
	Meaning  string `json:"meaning"`
	Mend     string `json:"mend"` // a command
}

// The severities of findings.
const (
	severeError   = "error"
	severeWarning = "warning"
)

// A remedy says of a check what its flaws mean, and what mends them.
type remedy struct{ severity, meaning, mend string }

const (
	fromBackup = "pm backup restore"
	anew       = "pm doctor --fix"
)

// remedies are the remedies by the names of the checks.
var remedies = map[string]remedy{
	"file":         {severeError, "the database is damaged: rows may be missing or unreadable", fromBackup},
	"history":      {severeError, "the item or its history was changed past pm: which of the two is right cannot be told", fromBackup},
	"trash":        {severeError, "what is in the trash cannot be restored as it was deleted", fromBackup},
	"records":      {severeError, "what no history covers was changed past pm", fromBackup},
	"operations":   {severeError, "changes cannot be traced to the commands that made them", fromBackup},
	"numbers":      {severeWarning, "a key that was given once could be given again", anew},
	"progress":     {severeWarning, "epics and features show the wrong progress", anew},
	"dependencies": {severeWarning, "what waits for others is counted wrong: ready tasks may not be offered, or waiting ones may", anew},
	"links":        {severeWarning, "links may not be shown", anew},
	"offers":       {severeWarning, "tasks may be offered that nobody should work on, or the other way round", anew},
	"answers":      {severeWarning, "whoever asked a question may not be told of the answer", anew},
	"fields":       {severeWarning, "lists may miss tasks by the values of their fields", anew},
	"stages":       {severeError, "no agent is offered a task in a stage that does not exist", "pm stage list"},
	"deferrals":    {severeWarning, "tasks may be offered before or after the day that they are deferred until", anew},
	"counts":       {severeWarning, "pm status shows the wrong numbers", anew},
	textIndex:      {severeWarning, "searches may miss texts", anew},
	"backup":       {severeError, "the last backup may not bring the plan back", "pm backup create"},
}

// findings tells the flaws that are left.
func (d Diagnosis) findings() []Finding {
	out := []Finding{}
	for i, c := range d.Checks {
		r := remedies[c.Name]
		d.Checks[i].Severity, d.Checks[i].Meaning, d.Checks[i].Mend = "", "", ""
		if len(c.Flaws) > 0 && !c.Fixed {
			d.Checks[i].Severity, d.Checks[i].Meaning, d.Checks[i].Mend = r.severity, r.meaning, r.mend
		}
		for _, f := range c.Flaws {
			if !c.Fixed {
				out = append(out, Finding{r.severity, f.Text, whereOf(c.Name, f.Key), r.meaning, r.mend})
			}
		}
	}
	return out
}

func whereOf(check string, k plan.Key) string {
	if k.IsZero() {
		return check
	}
	return k.String()
}
