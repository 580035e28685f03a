package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"

	"pm/internal/plan"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// poolSize bounds the connections of one process to a PostgreSQL server.
	poolSize = 8

	// keptForReads is how many of them no write takes: reads go on while writes
	// wait for each other.
	keptForReads = 2
)

// Postgres is the dialect of PostgreSQL databases.
var Postgres = Dialect{
	Name: "postgres",
	types: []string{"{{id}}", "bigint generated always as identity primary key", "{{int}}", "bigint",
		"{{text}}", `text collate "C"`, "{{real}}", "double precision", "{{strict}}", "",
		"{{distinct}}", " with (deduplicate_items = off)"},
	version:    (*DB).postgresVersion,
	ForUpdate:  " for update",
	SkipLocked: " skip locked",
	now:        `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
	prepare:    (*DB).prepareSchema,
	inspect:    postgresInspect,
	classify:   classifyPostgres,
}

func openPostgres(dsn string, s *Schema, o Options) (*DB, error) {
	if err := CheckAddress(dsn); err != nil {
		return nil, err
	}
	conf, err := pgx.ParseConfig(dsn)
	if err != nil { // which may repeat parts of the password
		return nil, badAddress()
	}
	db := &DB{d: &Postgres, schema: s, opts: o, path: conf.Host + "/" + conf.Database}
	given := withOptions(conf.RuntimeParams)
	if _, is := given["jit"]; !is { // a statement of many parts, as those of lists, is compiled for longer than it runs
		conf.RuntimeParams["jit"] = "off"
	}
	searchPath := given["search_path"]
	if db.namespace, err = firstSchema(searchPath); err != nil {
		return nil, plan.Errorf(plan.Invalid, "invalid search_path %q in the database address", searchPath).WithCode("bad_dsn").
			WithHint(`put a name with special characters in double quotes: search_path="my schema"`)
	}
	conf.AfterConnect = db.speak
	h := newServer(*conf, o.wait())
	h.SetConnMaxIdleTime(cmp.Or(o.KeepIdle, DefaultKeepIdle))
	db.reader, db.writer = h, h
	// Set in each transaction, not for the connection: a pooler between us and
	// the server, which gives connections from one to the other, refuses that.
	db.patience = strconv.FormatInt(o.wait().Milliseconds(), 10)
	if wait, is := given["lock_timeout"]; is {
		db.patience = literal(wait)
	}
	return db, nil
}

// speak has a new connection take texts as pm writes them, whatever is set for the
// user or the database: in another encoding they would be stored as other texts.
// It refuses a database that has no room for all of them.
func (db *DB) speak(ctx context.Context, c *pgconn.PgConn) error {
	if encoding := c.ParameterStatus("server_encoding"); encoding != "UTF8" && encoding != "" {
		return plan.Errorf(plan.Storage, "%s has encoding %s, but pm needs UTF8", db.path, encoding).WithCode("encoding").
			WithHint("use a database made with: create database NAME encoding 'UTF8' template template0")
	}
	if c.ParameterStatus("client_encoding") == "UTF8" && c.ParameterStatus("standard_conforming_strings") == "on" {
		return nil
	}
	_, err := c.Exec(ctx, "set client_encoding = 'UTF8'; set standard_conforming_strings = on").ReadAll()
	return err
}

// server is the handle of a PostgreSQL database, for what is done outside of
// transactions, once there was one: by then it is known whether there is a pooler.
func (db *DB) server() *sql.DB { return db.writer.(*server).DB }

func classifyPostgres(err error) fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return classifyConnection(err)
	}
	f := classifyCode(e.Code)
	var connect *pgconn.ConnectError
	if f.kind == plan.Internal && errors.As(err, &connect) { // what is wrong was in the address
		f = fault{kind: plan.Invalid, code: "bad_address"}
	}
	f.undone, f.said = refused(e), e.Message
	return f
}

// refused reports whether a server that answers a commit with e has taken the
// transaction back. It has not when it answers for another, as a pooler does
// (08) and an engine of several machines (40003), and may not have when its
// connection or itself came to an end.
func refused(e *pgconn.PgError) bool {
	class := e.Code[:min(2, len(e.Code))]
	return e.SeverityUnlocalized == "ERROR" && e.Code != "40003" && !slices.Contains([]string{"08", "57", "58", "XX"}, class)
}

func classifyCode(code string) fault {
	switch code {
	case "23505":
		return fault{kind: plan.Conflict, code: "exists"}
	case "23503":
		return fault{kind: plan.NotFound, code: "no_parent"}
	case "23514", "23502", "22021":
		return fault{kind: plan.Invalid, code: "check"}
	case "40001", "40P01":
		return fault{kind: plan.Unavailable, code: "busy", again: true}
	case "55P03": // waited for a lock until lock_timeout
		return fault{kind: plan.Unavailable, code: waited}
	case "53100":
		return fault{kind: plan.Storage, code: "disk_full"}
	case "25006":
		return fault{kind: plan.Permission, code: "read_only"}
	case "42501":
		return fault{kind: plan.Permission, code: "not_granted"}
	case "57014", "25P03", "25P04": // statement_, idle_in_transaction_session_ and transaction_timeout
		return fault{kind: plan.Unavailable, code: "time_limit"}
	case "3D000", "3F000":
		return fault{kind: plan.NotFound, code: "no_database"}
	case "42939": // a name that begins with pg_
		return fault{kind: plan.Invalid, code: "bad_address"}
	case "42P05", "26000":
		return fault{kind: plan.Storage, code: "pooler"}
	case "XX001", "XX002":
		return fault{kind: plan.Corrupt, code: "damaged"}
	}
	switch code[:min(2, len(code))] {
	case "28":
		return fault{kind: plan.Permission, code: "login"}
	case "53", "57", "08", "55":
		return fault{kind: plan.Unavailable, code: "unreachable"}
	}
	return fault{kind: plan.Internal}
}

// classifyConnection takes nothing for undone, whatever SafeToRetry says: pgx
// calls the loss of the answer to a commit "conn closed", and that safe.
func classifyConnection(err error) fault {
	if errors.Is(err, pgx.ErrTxCommitRollback) || errors.Is(err, sql.ErrTxDone) {
		return fault{kind: plan.Internal, undone: true}
	}
	var ce *pgconn.ConnectError
	var ne net.Error
	gone := errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed)
	if gone || errors.As(err, &ce) || errors.As(err, &ne) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err) {
		return fault{kind: plan.Unavailable, code: "unreachable"}
	}
	return fault{kind: plan.Internal}
}
