package render

import (
	"testing"

	"pm/internal/tracker"
)

func TestDependencies(t *testing.T) {
	d := tracker.Dependencies{Task: key("T-E01-F01-001"), DependsOn: links()[1:], Dependants: links()[:1]}
	expect(t, text(t, terminal(80), d), `
depends on
  ✗ T-E01-F01-003  blocked    Refunds
  ✓ T-E02-F01-001  completed  Ledger

needed by
  ○ T-E01-F01-002  todo  Show the receipt
`)
	ascii := terminal(80)
	ascii.Out.Unicode = false
	d.Dependants = nil
	expect(t, text(t, ascii, d), `
depends on
  [!] T-E01-F01-003  blocked    Refunds
  [x] T-E02-F01-001  completed  Ledger
`)
	expect(t, text(t, pipe(), d), `
depends_on\tT-E01-F01-003\tblocked\tRefunds
depends_on\tT-E02-F01-001\tcompleted\tLedger
`)
}

func TestContext(t *testing.T) {
	expect(t, text(t, terminal(80), whole()), `
T-E01-F01-001  Validate card numbers
rejected: no test for expired cards
epic        E01  Payments
feature     E01-F01  Card payments
status      in_progress
priority    2
type        backend
agent       held by a1, lease ends in 30m (fence 1)
file        cards/validate.go
created     3d ago, 2026-10-30 13:35
updated     1m ago, 2026-11-02 13:34
version     4

  Use the Luhn check.

  - digits only
  - 12 to 19 of them

handed off
  handoff by a0, 2h ago
    the parser is done,
    the check is not

depends on
  ✗ T-E01-F01-003  blocked    Refunds
  ✓ T-E02-F01-001  completed  Ledger

needed by
  ○ T-E01-F01-002  todo  Show the receipt

notes
  decision by ana, 3h ago
    no Diners

in the same feature
  ○ T-E01-F01-002  todo  Show the receipt
`)
}

func TestContextInAPipe(t *testing.T) {
	c := whole()
	c.Task = blocked()
	expect(t, text(t, pipe(), c), `
rejected\tno test for expired cards
epic\tPayments
feature\tCard payments
key\tT-E01-F01-003
title\tRefunds
status\tblocked
priority\t5
assigned_agent\ta2
blocked_reason\twaits for the bank's answer
version\t2
notes\t2026-11-02T10:35:00Z\thandoff\ta0\tthe parser is done,\nthe check is not
depends_on\tT-E01-F01-003\tblocked\tRefunds
depends_on\tT-E02-F01-001\tcompleted\tLedger
dependants\tT-E01-F01-002\ttodo\tShow the receipt
notes\t2026-11-02T09:35:00Z\tdecision\tana\tno Diners
siblings\tT-E01-F01-002\ttodo\tShow the receipt
`)
}

func TestNotes(t *testing.T) {
	expect(t, text(t, terminal(80), tracker.Notes{Items: notes()}), `
T-E01-F01-001
  handoff by a0, 2h ago
    the parser is done,
    the check is not
  decision by ana, 3h ago
    no Diners
`)
	expect(t, text(t, terminal(80), notes()[1]), `
T-E01-F01-001
  decision by ana, 3h ago
    no Diners
`)
	expect(t, text(t, pipe(), tracker.Notes{Items: notes()}), `
T-E01-F01-001\t2026-11-02T10:35:00Z\thandoff\ta0\tthe parser is done,\nthe check is not
T-E01-F01-001\t2026-11-02T09:35:00Z\tdecision\tana\tno Diners
`)
}
