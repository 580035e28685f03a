package pgtest

import (
	"errors"
	"fmt"
	"sync"
)

// maxIdentifier is the length in bytes at which PostgreSQL cuts a name, without an error.
const maxIdentifier = 63

// errUnbuilt stays when build did not return: it panicked or ended its test.
var errUnbuilt = errors.New("its build did not end")

// A template is a database that clones are made of.
type template struct {
	database string
	once     sync.Once
	err      error // of building it
}

// clone creates the database as a copy of the named template.
func (s *server) clone(database, name string, build func(dsn string) error) error {
	tpl := s.template(name)
	tpl.once.Do(func() {
		tpl.err = errUnbuilt
		tpl.err = s.build(tpl.database, build)
	})
	if tpl.err != nil {
		return fmt.Errorf("template %q: %w", name, tpl.err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.create(database, tpl.database)
}

func (s *server) template(name string) *template {
	s.mu.Lock()
	defer s.mu.Unlock()
	tpl, ok := s.templates[name]
	if !ok {
		tpl = &template{database: s.prefix + name}
		s.templates[name] = tpl
	}
	return tpl
}

// build makes the template and closes it to everyone: the server copies no
// database that somebody is connected to.
func (s *server) build(database string, build func(dsn string) error) error {
	if len(database) > maxIdentifier {
		return fmt.Errorf("its name is too long by %d bytes", len(database)-maxIdentifier)
	}
	if err := s.create(database, "template0"); err != nil {
		return err
	}
	if err := build(s.dsn(database)); err != nil {
		return err
	}
	if err := s.exec("alter database " + quote(database) + " allow_connections false"); err != nil {
		return err
	}
	return s.exec("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database)
}
