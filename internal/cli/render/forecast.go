package render

import (
	"fmt"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/insight"
)

// forecast writes when the tasks will be done: the days first, then what they
// rest on.
func (p *printer) forecast(f insight.Forecast) {
	if !p.out.Terminal {
		p.forecastRows(f)
		return
	}
	p.para(0, 0, fmt.Sprintf("%s left, %s finished", term.Plural(f.Remaining, "task"), term.Count(f.Finished)))
	if f.Reason != "" {
		p.para(term.Yellow, 2, term.Clean(f.Reason))
	}
	if f.Runs == 0 {
		return
	}
	t := &term.Table{Columns: []term.Column{{Header: "DONE BY"}, {Header: "50%"}, {Header: "85%"}, {Header: "95%"}}}
	row := func(name string, d insight.Dates) { t.Row(name, p.dayText(d.P50), p.dayText(d.P85), p.dayText(d.P95)) }
	if f.Method != "schedule" {
		row("at this pace", insight.Dates{P50: f.P50, P85: f.P85, P95: f.P95})
	}
	if f.WithGrowth != nil && !f.Growth && f.GrowthPerDay > 0 {
		row("if it grows as before", *f.WithGrowth)
	}
	if s := f.Schedule; s != nil {
		row("by the schedule", s.Dates)
		if s.Before != nil {
			row("instead of", *s.Before)
		}
	}
	p.table(t)
	p.para(term.Dim, 0, p.basisWords(f))
	if b := f.By; b != nil {
		p.para(0, 0, fmt.Sprintf("by %s: %s more, with 85%% certainty; all of them with %s%%", p.dayText(&b.Day), term.Plural(b.P85, "task"), number64(b.Chance)))
	}
	if f.Schedule != nil {
		p.schedule(*f.Schedule)
	}
}

func (p *printer) basisWords(f insight.Forecast) string {
	words := []string{fmt.Sprintf("%s a day over %s", number64(f.PerDay), term.Plural(f.BasisDays, "day"))}
	if f.GrowthPerDay != 0 {
		words = append(words, fmt.Sprintf("the scope grew by %s a day", number64(f.GrowthPerDay)))
	}
	if f.BackTest.Of > 0 {
		words = append(words, fmt.Sprintf("would have been right %d of %d times", f.BackTest.Right, f.BackTest.Of))
	}
	return strings.Join(words, "; ")
}

// schedule writes the features as the simulation has them.
func (p *printer) schedule(s insight.Schedule) {
	p.WriteByte('\n')
	t := &term.Table{Columns: []term.Column{{Header: "FEATURE"}, {Header: "TITLE", Shrink: true}, {Header: "LEFT", Align: term.Right}, {Header: "50%", Drop: 1}, {Header: "85%"}, {Header: "CRITICAL", Align: term.Right, Drop: 2}}}
	for _, f := range s.Features {
		t.Row(f.Key.String(), f.Title, term.Count(f.Tasks), p.dayText(f.P50), p.dayText(f.P85), fmt.Sprintf("%.0f%%", f.Criticality))
	}
	p.table(t)
	var agents []string
	for _, one := range s.Trades {
		name := one.Trade
		if name == "" {
			name = "any type"
		}
		agents = append(agents, fmt.Sprintf("%s %d", term.Clean(name), one.Agents))
	}
	p.para(term.Dim, 0, "agents: "+strings.Join(agents, ", "))
}

func (p *printer) forecastRows(f insight.Forecast) {
	p.row("remaining", strconv.Itoa(f.Remaining))
	p.row("finished", strconv.Itoa(f.Finished), strconv.FormatBool(f.Enough))
	if f.Reason != "" {
		p.row("reason", f.Reason)
	}
	if f.Runs == 0 {
		return
	}
	days := func(name string, d insight.Dates) { p.row(name, p.dayText(d.P50), p.dayText(d.P85), p.dayText(d.P95)) }
	days("done", insight.Dates{P50: f.P50, P85: f.P85, P95: f.P95})
	p.row("method", f.Method, strconv.Itoa(f.Runs), strconv.Itoa(f.BasisDays))
	p.row("per_day", number64(f.PerDay), number64(f.GrowthPerDay))
	p.row("backtest", strconv.Itoa(f.BackTest.Right), strconv.Itoa(f.BackTest.Of))
	if f.WithGrowth != nil {
		days("with_growth", *f.WithGrowth)
	}
	if b := f.By; b != nil {
		p.row("by", b.Day.String(), strconv.Itoa(b.P50), strconv.Itoa(b.P85), strconv.Itoa(b.P95), number64(b.Chance))
	}
	if s := f.Schedule; s != nil {
		days("schedule", s.Dates)
		if s.Before != nil {
			days("before", *s.Before)
		}
		for _, t := range s.Trades {
			p.row("trade", t.Trade, strconv.Itoa(t.Agents), strconv.Itoa(t.Tasks))
		}
		for _, one := range s.Features {
			p.row("feature", one.Key.String(), p.dayText(one.P50), p.dayText(one.P85), number64(one.Criticality), strconv.Itoa(one.Tasks), one.Title)
		}
	}
}
