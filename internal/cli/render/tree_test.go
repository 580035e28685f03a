package render

import "testing"

func TestTree(t *testing.T) {
	expect(t, text(t, terminal(80), nested()), `
E01                  ████░░░░░░  40%  4/10          Payments
├─ E01-F01           █████░░░░░  50%  4/8           Card payments
│  ├─ T-E01-F01-001  ◐ in_progress                  Validate card numbers
│  └─ T-E01-F01-002  ○ todo (waits 2)               Show the receipt
└─ E01-F02           ░░░░░░░░░░   0%  0/2 draft     Invoices
   └─ T-E01-F01-003  ✗ blocked                      Refunds
E02                  ░░░░░░░░░░   0%  0/0 archived  Ledger
`)
	expect(t, text(t, terminal(20), nested()), `
E01
├─ E01-F01
│  ├─ T-E01-F01-001
│  └─ T-E01-F01-002
└─ E01-F02
   └─ T-E01-F01-003
E02
`)
	ascii := terminal(50)
	ascii.Out.Unicode = false
	expect(t, text(t, ascii, nested()), `
E01                   40%  Payments
|- E01-F01            50%  Card payments
|  |- T-E01-F01-001  [>] Validate card numbers
|  `+"`"+`- T-E01-F01-002  [ ] Show the receipt
`+"`"+`- E01-F02             0% draft  Invoices
   `+"`"+`- T-E01-F01-003  [!] Refunds
E02                    0% archived  Ledger
`)
}

func TestTreeSaysWhatIsLeftOut(t *testing.T) {
	tree := nested()
	tree.More, tree.Epics[0].More, tree.Epics[0].Features[1].More = 2, 1, 1000
	expect(t, text(t, terminal(80), tree)+footer(t, terminal(80), tree), `
E01                     ████░░░░░░  40%  4/10          Payments
├─ E01-F01              █████░░░░░  50%  4/8           Card payments
│  ├─ T-E01-F01-001     ◐ in_progress                  Validate card numbers
│  └─ T-E01-F01-002     ○ todo (waits 2)               Show the receipt
├─ E01-F02              ░░░░░░░░░░   0%  0/2 draft     Invoices
│  ├─ T-E01-F01-003     ✗ blocked                      Refunds
│  └─ 1,000 more tasks
└─ 1 more feature
E02                     ░░░░░░░░░░   0%  0/0 archived  Ledger
2 more epics
+1,003 more: --limit 0 for all
`)
	expect(t, text(t, pipe(), tree)+footer(t, pipe(), tree), `
E01\tepic\tactive\t40\tPayments
E01-F01\tfeature\tactive\t50\tCard payments
T-E01-F01-001\ttask\tin_progress\t\tValidate card numbers
T-E01-F01-002\ttask\ttodo\t\tShow the receipt
E01-F02\tfeature\tdraft\t0\tInvoices
T-E01-F01-003\ttask\tblocked\t\tRefunds
E01-F02\tmore\t1000\t\t
E01\tmore\t1\t\t
E02\tepic\tarchived\t0\tLedger
\tmore\t2\t\t
+1,003 more: --limit 0 for all
`)
}

func TestTreeInAPipe(t *testing.T) {
	expect(t, text(t, pipe(), nested()), `
E01\tepic\tactive\t40\tPayments
E01-F01\tfeature\tactive\t50\tCard payments
T-E01-F01-001\ttask\tin_progress\t\tValidate card numbers
T-E01-F01-002\ttask\ttodo\t\tShow the receipt
E01-F02\tfeature\tdraft\t0\tInvoices
T-E01-F01-003\ttask\tblocked\t\tRefunds
E02\tepic\tarchived\t0\tLedger
`)
}
