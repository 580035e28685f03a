//go:build !unix

package pgtest

import "testing"

// Bouncer skips the test: it starts a pgbouncer on Unix only.
func Bouncer(t testing.TB, _ string, _ ...string) string {
	t.Helper()
	t.Skip("a pgbouncer is started on Unix only")
	return ""
}
