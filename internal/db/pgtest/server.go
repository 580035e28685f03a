package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// patience bounds one statement of ours; none takes a second on an idle machine.
const patience = 60 * time.Second

// A server makes, clones and drops databases.
type server struct {
	url    url.URL // of the database we administer from
	admin  *sql.DB
	prefix string       // of every database of this process
	count  atomic.Int64 // of databases lent
	how    string       // to copy a template: the end of create database
	stop   func()       // ends a server of our own; nil on another's

	mu        sync.Mutex // held while cloning: a template must have one user
	templates map[string]*template
}

// open connects to the server of the DSN, or to a new one where it is empty.
func open(dsn string) (*server, error) {
	var stop func()
	if dsn == "" {
		var err error
		if dsn, stop, err = start(); err != nil {
			return nil, err
		}
	}
	s, err := connect(dsn)
	if err != nil {
		if stop != nil {
			stop()
		}
		return nil, err
	}
	if stop == nil {
		return s, nil
	}
	s.stop = stop
	if s.how, err = s.quickest(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func connect(dsn string) (*server, error) {
	u, err := url.Parse(dsn)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, errors.New(envServer + " is no postgres:// URL") // without it: it may hold a password
	}
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := admin.PingContext(ctx); err != nil {
		_ = admin.Close()
		return nil, err
	}
	return &server{
		url:       *u,
		admin:     admin,
		prefix:    fmt.Sprintf("pm_test_%d_%.6s_", os.Getpid(), rand.Text()),
		templates: map[string]*template{},
	}, nil
}

// quickest returns how to copy a template on a server of our own. Copying files
// took a tenth to a quarter less than the default, writing all pages to the log
// (PostgreSQL 15, 2 cores, 40 tables). It costs two checkpoints, which without
// fsync are cheap; on another's server they may not be. Before 15 it is the
// only way, and cannot be said.
func (s *server) quickest() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var number int
	err := s.admin.QueryRowContext(ctx, "select current_setting('server_version_num')::int").Scan(&number)
	if err != nil || number < 150000 {
		return "", err
	}
	return " strategy file_copy", nil
}

// close ends the server where it is ours, else drops the templates.
func (s *server) close() {
	if s.stop == nil {
		for _, tpl := range s.templates {
			_ = s.drop(tpl.database)
		}
	}
	_ = s.admin.Close()
	if s.stop != nil {
		s.stop()
	}
}

// lend makes a database and returns its DSN; it lasts as long as the test.
func (s *server) lend(t testing.TB, create func(name string) error) string {
	t.Helper()
	name := fmt.Sprintf("%s%d", s.prefix, s.count.Add(1))
	if err := create(name); err != nil {
		t.Fatalf("create database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return s.dsn(name)
}

// dsn returns the server's DSN with another database in it.
func (s *server) dsn(database string) string {
	u := s.url
	u.Path, u.RawPath = "/"+database, ""
	q := u.Query()
	q.Del("dbname") // would overrule the path
	q.Del("database")
	if len(q) == 0 {
		q.Set("sslmode", "prefer") // as it is by default: tests put more behind it
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (s *server) create(name, template string) error {
	return s.exec("create database " + quote(name) + " template " + quote(template) + s.how)
}

func (s *server) drop(name string) error {
	return s.exec("drop database if exists " + quote(name) + " with (force)")
}

func (s *server) exec(query string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := s.admin.ExecContext(ctx, query, args...)
	return err
}

func quote(identifier string) string { return pgx.Identifier{identifier}.Sanitize() }
