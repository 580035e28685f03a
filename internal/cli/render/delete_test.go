package render

import (
	"os"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestDeleted(t *testing.T) {
	expect(t, text(t, terminal(80), gone()), `
deleted E01-F02 Invoices: 1 feature, 10 tasks, 3 notes, 40 history rows
T-E02-F01-001 waits for it no more
to bring it back: pm restore `+shellQuote(gone().Trash)+`
`)
	expect(t, text(t, pipe(), gone()), `
key\tE01-F02
title\tInvoices
epics\t0
features\t1
tasks\t10
notes\t3
history\t40
dependants\tT-E02-F01-001
trash\t/srv/my plan/.pm/trash/20261102-E01-F02.jsonl
`)
}

func TestWouldDelete(t *testing.T) {
	d := tracker.Deleted{Key: key("T-E01-F01-001"), Title: "Old", Deleted: tracker.Gone{Tasks: 1, History: 1},
		Dependants: []plan.Key{key("T-E02-F01-001"), key("T-E02-F01-002")}}
	expect(t, text(t, terminal(80), d), `
would delete T-E01-F01-001 Old: 1 task, 1 history row
T-E02-F01-001, T-E02-F01-002 would wait for it no more (--force)
`)
}

func TestShellQuote(t *testing.T) {
	if os.PathSeparator != '/' {
		t.Skip("written for the shells of Unix")
	}
	for _, test := range []struct{ path, want string }{
		{"/srv/plan/.pm/trash/20261102T123500.000-E01.jsonl", "/srv/plan/.pm/trash/20261102T123500.000-E01.jsonl"},
		{"/srv/größe", "/srv/größe"},
		{"/srv/my plan", "'/srv/my plan'"},
		{"/srv/it's", `'/srv/it'\''s'`},
		{"/srv/$(rm -rf)", "'/srv/$(rm -rf)'"},
		{"~/x", "'~/x'"},
		{"", "''"},
	} {
		if got := shellQuote(test.path); got != test.want {
			t.Errorf("shellQuote(%q) = %s, want %s", test.path, got, test.want)
		}
	}
}
