package db_test

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

// What is set for a database or a user, or named in the address, changes no text,
// in statements with arguments and in those without.
func TestTextsAreWhatTheyAreUnderAnySetting(t *testing.T) {
	dsn := pgtest.DSN(t)
	settings := []string{"client_encoding = 'LATIN1'", "standard_conforming_strings = off"}
	for _, s := range settings {
		execute(t, dsn, `do $$begin execute format('alter database %I set `+strings.ReplaceAll(s, "'", "''")+`', current_database()); end$$`)
	}
	pooler := pgtest.Bouncer(t, dsn)
	for name, address := range map[string]string{
		"set for the database": dsn, "in the address": withParameter(t, dsn, "client_encoding", "LATIN1"),
		"through a pooler": pooler, "in the address of a pooler": withParameter(t, pooler, "client_encoding", "LATIN1"),
	} {
		t.Run(name, func(t *testing.T) {
			schema := `a\b ` + name
			d, _, err := db.Create(t.Context(), withParameter(t, address, "search_path", `"`+schema+`"`), shelves(1), db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			add(t, d, book{"größer 日本", `C:\temp`})
			u := withParameter(t, withParameter(t, dsn, "client_encoding", "UTF8"), "search_path", `"`+schema+`"`)
			if got := ask(t, u, "select title || char_length(title) || shelf from books"); got != `größer 日本9C:\temp` {
				t.Errorf("stored is %q", got)
			}
		})
	}
}

// A database that cannot hold every text is refused before anything is made in it.
func TestEncodingOfTheDatabase(t *testing.T) {
	dsn := pgtest.DSN(t)
	for _, encoding := range []string{"LATIN1", "SQL_ASCII"} {
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		u.Path += encoding
		name := strings.TrimPrefix(u.Path, "/")
		execute(t, dsn, "create database \""+name+"\" encoding '"+encoding+"' locale 'C' template template0")
		defer execute(t, dsn, "drop database \""+name+"\" with (force)")
		_, _, err = db.Create(t.Context(), u.String(), shelves(1), db.Options{})
		if want := " has encoding " + encoding + ", but pm needs UTF8"; err == nil || plan.KindOf(err) != plan.Storage || !strings.HasSuffix(plan.Describe(err).Message, want) {
			t.Errorf("%s: %v", encoding, err)
		}
		if made := ask(t, u.String(), "select count(*) from pg_tables where schemaname = 'public'"); made != "0" {
			t.Errorf("%s: %s tables were made", encoding, made)
		}
	}
}

// A limit that the server sets to a statement or a transaction ends it: nothing
// was changed, and it is said how to raise the limit.
func TestTimeLimitsOfTheServer(t *testing.T) {
	dsn := pgtest.DSN(t)
	d, _, err := db.Create(t.Context(), dsn, shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, spend := range map[string]func(*db.Tx) error{
		"statement_timeout": func(tx *db.Tx) error {
			return tx.Define("sleep", "set local statement_timeout = 1; select pg_sleep(60)")
		},
		"idle_in_transaction_session_timeout": func(tx *db.Tx) error {
			if err := tx.Define("idle", "select pg_advisory_xact_lock(1); set local idle_in_transaction_session_timeout = 1"); err != nil {
				return err
			}
			execute(t, dsn, "select pg_advisory_xact_lock(1)") // which it gets when that transaction is over
			return tx.Define("one", "select 1")
		},
	} {
		_, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) { return 0, spend(tx) })
		if e := plan.Describe(err); e.Code != "time_limit" || e.Kind != plan.Unavailable || !strings.Contains(e.Hint, name) {
			t.Errorf("%s: %s: %v; hint: %s", name, e.Kind, err, e.Hint)
		}
	}
}

// The names in a query plan are read with the quotes that a setting puts around them.
func TestExplainReadsNamesInQuotes(t *testing.T) {
	dsn := pgtest.DSN(t)
	d, _, err := db.Create(t.Context(), withParameter(t, dsn, "quote_all_identifiers", "on"), shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p, err := db.Read(t.Context(), d, func(tx *db.Tx) (db.Plan, error) {
		return tx.Explain(db.Statement{Name: "book.all", Text: "select title from books"})
	})
	if err != nil || !p.Scans {
		t.Errorf("%q, %v", p.Verdict, err)
	}
}

func execute(t *testing.T, dsn, query string) {
	t.Helper()
	direct(t, dsn, func(d *sql.DB) error { _, err := d.Exec(query); return err })
}

func ask(t *testing.T, dsn, query string) (answer string) {
	t.Helper()
	direct(t, dsn, func(d *sql.DB) error { return d.QueryRow(query).Scan(&answer) })
	return answer
}

// direct does something on a server without pm.
func direct(t *testing.T, dsn string, f func(*sql.DB) error) {
	t.Helper()
	d, err := sql.Open("pgx", dsn)
	if err == nil {
		defer d.Close()
		err = f(d)
	}
	if err != nil {
		t.Fatal(err)
	}
}
