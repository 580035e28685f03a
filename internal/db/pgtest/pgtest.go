// Package pgtest gives each test a PostgreSQL database of its own.
//
// The server is the one PM_TEST_POSTGRES names (a postgres:// URL; its user
// must be allowed to create databases), else one this test binary starts for
// itself from the initdb and postgres found on the machine. It starts at the
// first call, listens on loopback only, forgets durability for speed, and is
// gone with its folder when the binary ends, however it ends. Whoever is
// logged in to the machine can reach it meanwhile: it asks for no password.
// Its folder stands where TMPDIR says, of which another user must be able to
// reach it when the tests run as root; in memory (TMPDIR=/dev/shm, about 10 MB
// a database) databases are made several times as fast.
//
// Where no server can be had, the calling test is skipped; with "postgres" in
// the comma-separated list PM_TEST_REQUIRE it fails instead. A server that
// PM_TEST_POSTGRES names and that does not answer always fails the test.
package pgtest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// DSN returns the postgres:// URL of a new database without any content. It is
// dropped at the test's cleanup, with whatever is still connected to it.
func DSN(t testing.TB) string {
	t.Helper()
	s := serverFor(t)
	return s.lend(t, func(name string) error { return s.create(name, "template0") })
}

// Clone returns the postgres:// URL of a new database that holds what build
// put into the database it was given: its content, not its settings. Build
// runs once per test binary and template name, and must close what it opens:
// connections left are cut. When it fails, so does each test that asks for
// this template. The clone is dropped like DSN's.
func Clone(t testing.TB, template string, build func(dsn string) error) string {
	t.Helper()
	s := serverFor(t)
	return s.lend(t, func(name string) error { return s.clone(name, template, build) })
}

// Main runs the tests, stops the server if there is one, and returns the exit
// code. A package calls it from TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// A package that does not, or that panics, leaves nothing behind either on its
// own server. On the server of PM_TEST_POSTGRES it leaves its templates, and
// after a panic its databases: all are named pm_test_ and the process id.
func Main(m *testing.M) int {
	defer shared.close()
	return m.Run()
}

// serverFor returns this test binary's server, or ends the test.
func serverFor(t testing.TB) *server {
	t.Helper()
	s, err := shared.open()
	if err == nil {
		return s
	}
	if os.Getenv(envServer) != "" || required(os.Getenv(envRequire), "postgres") {
		t.Fatalf("no PostgreSQL for this test: %v", err)
	}
	t.Skipf("no PostgreSQL for this test: %v", err)
	return nil
}

// required reports whether the comma-separated list holds word.
func required(list, word string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(s string) bool {
		return strings.TrimSpace(s) == word
	})
}
