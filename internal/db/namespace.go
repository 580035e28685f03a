package db

import (
	"errors"
	"strings"

	"pm/internal/plan"

	"github.com/jackc/pgx/v5"
)

// errNoNamespace is the cause of an error which says that the schema that an
// address names, PostgreSQL's namespace, does not exist. Create makes it.
var errNoNamespace = errors.New("no such schema")

// postgresVersion returns the schema version of the tables in the schema of
// the address; 0 when there are none. It finds out whether there is a pooler.
func (db *DB) postgresVersion(of session) (version int, err error) {
	s := of.(*serverSession)
	var pid int64
	var current string
	var there bool
	look := func() error {
		return s.ask(`select pg_backend_pid(), coalesce(current_schema(), ''), to_regclass(quote_ident(current_schema()) || '.migrations') is not null`,
			&pid, &current, &there)
	}
	if err := look(); err != nil {
		return 0, err
	}
	if !s.isOwn(pid) && !s.set {
		s.h.pooled.Store(true)
		if err := look(); err != nil { // with the settings of the address
			return 0, err
		}
	}
	if err := db.checkNamespace(s, current); err != nil || !there {
		return 0, err
	}
	db.schemaName.Store(current)
	err = s.ask("select coalesce(max(version), 0) from migrations", &version)
	return version, err
}

// checkNamespace refuses to work in another schema than the one that the
// address names first.
func (db *DB) checkNamespace(s *serverSession, current string) error {
	switch {
	case db.namespace == "" && (current == "" || strings.HasPrefix(current, "pg_temp_")): // what is made there is gone with the connection
		return plan.Errorf(plan.NotFound, "search_path begins with no schema that exists in %s", db.path).WithCode("no_database").
			WithHint("name one in the address: search_path=NAME")
	case db.namespace == "" || current == db.namespace:
		return nil
	}
	exists, err := db.hasNamespace(s)
	if err != nil {
		return err
	}
	if exists {
		return plan.Errorf(plan.Permission, "no access to the schema %s in %s", quoted(db.namespace), db.path).WithCode("login").
			WithHint("ask its owner: grant usage, create on schema %s to your user", quoted(db.namespace))
	}
	e := plan.Errorf(plan.NotFound, "no schema %s in %s", quoted(db.namespace), db.path).WithCode("no_database").
		WithHint("run pm init to create it, or correct search_path in the address")
	e.Err = errNoNamespace
	return e
}

func (db *DB) hasNamespace(s *serverSession) (exists bool, err error) {
	err = s.ask("select exists (select from pg_namespace where nspname = "+literal(db.namespace)+")", &exists)
	return exists, err
}

// prepareSchema waits for other migrations of the same schema, and makes the
// schema if it does not exist: with what is then made in it, or not at all.
func (db *DB) prepareSchema(s session) error {
	name := "current_schema()"
	if db.namespace != "" {
		name = literal(db.namespace)
	}
	if _, err := s.exec("select pg_advisory_xact_lock(hashtext('pm.migrate.' || " + name + "))"); err != nil {
		return err
	}
	if db.namespace == "" {
		return nil
	}
	exists, err := db.hasNamespace(s.(*serverSession))
	if err == nil && !exists {
		_, err = s.exec("create schema " + quoted(db.namespace))
	}
	return err
}

// quoted writes a name in the quotes that make it what it is.
func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
