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
	"history":      {severeError, "the item or its history was changed without pm; it is not known which of the two is right", fromBackup},
	"trash":        {severeError, "an item in the trash cannot be restored as it was", fromBackup},
	"records":      {severeError, "data that is not covered by history was changed without pm", fromBackup},
	"operations":   {severeError, "changes cannot be traced to the commands that made them", fromBackup},
	"numbers":      {severeWarning, "a key that was used once could be used again", anew},
	"progress":     {severeWarning, "epics and features show the wrong progress", anew},
	"dependencies": {severeWarning, "open dependencies are counted wrong: ready tasks may not be offered, or waiting ones may be", anew},
	"links":        {severeWarning, "links may not be shown", anew},
	"offers":       {severeWarning, "tasks may be offered that should not be, or the other way round", anew},
	"answers":      {severeWarning, "whoever asked a question may not be shown the answer", anew},
	"fields":       {severeWarning, "lists by custom field may miss tasks", anew},
	"stages":       {severeError, "tasks in a stage that does not exist are not offered to any agent", "pm stage list"},
	"deferrals":    {severeWarning, "tasks may be offered before or after the day they are deferred until", anew},
	"counts":       {severeWarning, "pm status shows the wrong numbers", anew},
	textIndex:      {severeWarning, "searches may miss texts", anew},
	"clock":        {severeWarning, "the clock of this machine is behind, or that of another was ahead: leases and due dates are judged by it", "date"},
	"place":        {severeError, "locks do not hold between machines: pm reads the plan there, and refuses to write", "pm backup create FILE"},
	"rights":       {severeError, "pm cannot write to the plan, or another user cannot", "ls -l .pm, then chown or chmod"},
	"lock":         {severeWarning, "everybody else who writes has to wait", "pm ops, or end that process"},
	"wal":          {severeWarning, "it grows with each change until that reader ends, and slows down every start of pm", "end that process"},
	"backup":       {severeError, "it may not be possible to restore the last backup", "pm backup create"},
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
