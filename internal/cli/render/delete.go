package render

import (
	"os"
	"strconv"
	"strings"
	"unicode"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// deleted says what went and how to bring it back, or what would go: a
// deletion without a file in the trash did not happen.
func (p *printer) deleted(d tracker.Deleted) {
	if !p.out.Terminal {
		p.deletedRows(d)
		return
	}
	verb, after := "deleted ", "waits for it no more"
	if d.Trash == "" {
		verb, after = "would delete ", "would wait for it no more (--force)"
	}
	g := d.Deleted
	p.para(0, 0, verb+d.Key.String()+" "+term.Clean(d.Title)+": "+things(thing{g.Epics, "epic"}, thing{g.Features, "feature"},
		thing{g.Tasks, "task"}, thing{g.Notes, "note"}, thing{g.History, "history row"}))
	if len(d.Dependants) > 0 {
		if len(d.Dependants) > 1 && d.Trash != "" {
			after = "wait for it no more"
		}
		p.para(term.Yellow, 0, plan.JoinKeys(d.Dependants, ", ")+" "+after)
	}
	if len(d.Held) > 0 && d.Trash == "" {
		p.para(term.Yellow, 0, plan.JoinKeys(d.Held, ", ")+" held by others (--force)")
	}
	if d.Trash != "" {
		p.WriteString("to bring it back: " + term.Clean("pm restore "+shellQuote(d.Trash)) + "\n")
	}
}

func (p *printer) deletedRows(d tracker.Deleted) {
	p.row("key", d.Key.String())
	p.row("title", d.Title)
	for _, t := range []thing{{d.Deleted.Epics, "epics"}, {d.Deleted.Features, "features"}, {d.Deleted.Tasks, "tasks"},
		{d.Deleted.Notes, "notes"}, {d.Deleted.History, "history"}} {
		p.row(t.noun, strconv.Itoa(t.n))
	}
	if len(d.Dependants) > 0 {
		p.row("dependants", plan.JoinKeys(d.Dependants, ","))
	}
	if len(d.Held) > 0 {
		p.row("held", plan.JoinKeys(d.Held, ","))
	}
	if d.Trash != "" {
		p.row("trash", d.Trash)
	}
}

// shellQuote returns a path as a shell takes it for one word.
func shellQuote(path string) string {
	windows := os.PathSeparator == '\\'
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./:@%+=,", r) || windows && r == '\\'
	}
	switch {
	case path != "" && strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0:
		return path
	case windows:
		return `"` + path + `"` // a path there holds no quote
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
