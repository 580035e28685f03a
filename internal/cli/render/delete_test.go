package render

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestDeleted(t *testing.T) {
	expect(t, text(t, terminal(80), gone()), `
deleted E01-F02 Invoices: 1 feature, 10 tasks, 3 notes
T-E02-F01-001 no longer depends on it
`)
	expect(t, text(t, pipe(), gone()), `
key\tE01-F02
title\tInvoices
epics\t0
features\t1
tasks\t10
notes\t3
dependants\tT-E02-F01-001
`)
}

func TestWouldDelete(t *testing.T) {
	d := tracker.Deleted{Key: key("T-E01-F01-001"), Title: "Old", Deleted: tracker.Gone{Tasks: 1},
		Dependants: []plan.Key{key("T-E02-F01-001"), key("T-E02-F01-002")}}
	expect(t, text(t, terminal(80), d), `
would delete T-E01-F01-001 Old: 1 task
T-E02-F01-001, T-E02-F01-002 would no longer depend on it (--force)
`)
}
