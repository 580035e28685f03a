package db

import (
	"net/url"
	"strings"

	"pm/internal/plan"
)

// badAddress says how an address is written, and nothing of the one at hand.
func badAddress() error {
	return plan.Errorf(plan.Invalid, "invalid database address").WithCode("bad_dsn").
		WithHint("write it as postgres://user@host:5432/database?search_path=schema, with special characters percent-encoded; PGPASSWORD and ~/.pgpass take a password as it is")
}

// CheckAddress refuses a postgres:// address that does not say clearly what is
// its password and what its host, as one does whose password has an @, /, ? or
// # that is not escaped: parts of the password would be taken for the host or
// the database, shown and kept. Paths of files pass.
func CheckAddress(address string) error {
	if !IsPostgres(address) {
		return nil
	}
	_, rest, _ := strings.Cut(address, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if strings.Count(rest[:end], "@") > 1 || strings.ContainsAny(rest[end:], "@#") {
		return badAddress()
	}
	u, err := url.Parse(address)
	if err != nil {
		return badAddress()
	}
	for _, pair := range strings.Split(u.RawQuery, "&") {
		if name, _, ok := strings.Cut(pair, "="); u.RawQuery != "" && (!ok || name == "") {
			return badAddress()
		}
	}
	return nil
}
