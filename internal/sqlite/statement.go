package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A statement is a prepared one.
type statement struct {
	c       *Conn
	p       uintptr
	text    string // empty: not to be kept
	columns []string
	params  []int  // the argument of each parameter, counted from 0
	bound   bool   // parameters have values
	values  []any  // room for the values that are bound
	texts   memory // the texts that are bound
	used    uint64 // when the cache got it last; the higher, the later
}

func newStatement(c *Conn, p uintptr) *statement {
	s := &statement{c: c, p: p}
	s.columns = make([]string, sqlite3.Xsqlite3_column_count(c.tls, p))
	for i := range s.columns {
		s.columns[i] = libc.GoString(sqlite3.Xsqlite3_column_name(c.tls, p, int32(i)))
	}
	s.params = make([]int, sqlite3.Xsqlite3_bind_parameter_count(c.tls, p))
	for i := range s.params {
		s.params[i] = i
		// $3 is a name to SQLite, which numbers names as they come.
		if name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(c.tls, p, int32(i+1))); name != "" {
			n, err := strconv.Atoi(name[1:])
			if err != nil {
				n = 0 // none: bind says so
			}
			s.params[i] = n - 1
		}
	}
	return s
}

// bind gives the parameters their values. The texts lie in the statement's own
// memory until it is reset.
func (s *statement) bind(args []any) error {
	values, length, err := s.convert(args)
	if err != nil {
		return err
	}
	if length > maxLength {
		return errTooBig
	}
	if err := s.texts.reserve(s.c.tls, length); err != nil {
		return err
	}
	s.bound = len(s.params) > 0
	at, most := 0, 0
	for i, n := range s.params {
		if n < 0 || n >= len(values) {
			return fmt.Errorf("sqlite: no argument for parameter %d", i+1)
		}
		most = max(most, n+1)
		if err := s.bindOne(int32(i+1), values[n], &at); err != nil {
			return err
		}
	}
	if most < len(values) {
		return fmt.Errorf("sqlite: %d arguments for %d parameters", len(values), most)
	}
	return nil
}

// convert returns arguments as values that can be bound, and how long their
// texts are together, at least 1: an empty one has an address, too.
func (s *statement) convert(args []any) (values []any, length int, err error) {
	length, values = 1, s.values[:0]
	for _, a := range args {
		switch a.(type) {
		case nil, int64, int, float64, bool, string, []byte:
		default:
			if a, err = driver.DefaultParameterConverter.ConvertValue(a); err != nil {
				return nil, 0, fmt.Errorf("sqlite: %w", err)
			}
		}
		switch v := a.(type) {
		case string:
			length += len(v)
		case []byte:
			length += len(v)
		}
		values = append(values, a)
	}
	s.values = values
	return values, length, nil
}

// bindOne binds a value; texts go to the offset at, which moves on.
func (s *statement) bindOne(i int32, value any, at *int) error {
	tls, p := s.c.tls, s.p
	switch v := value.(type) {
	case nil:
		return nil // what is not bound is null
	case int64:
		return s.c.error(sqlite3.Xsqlite3_bind_int64(tls, p, i, v))
	case int:
		return s.c.error(sqlite3.Xsqlite3_bind_int64(tls, p, i, int64(v)))
	case float64:
		return s.c.error(sqlite3.Xsqlite3_bind_double(tls, p, i, v))
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		return s.c.error(sqlite3.Xsqlite3_bind_int64(tls, p, i, n))
	case string:
		address := s.texts.put(*at, v)
		*at += len(v)
		return s.c.error(sqlite3.Xsqlite3_bind_text(tls, p, i, address, int32(len(v)), sqlite3.SQLITE_STATIC))
	case []byte:
		if v == nil {
			return nil
		}
		address := s.texts.put(*at, string(v))
		*at += len(v)
		return s.c.error(sqlite3.Xsqlite3_bind_blob(tls, p, i, address, int32(len(v)), sqlite3.SQLITE_STATIC))
	}
	return fmt.Errorf("sqlite: cannot bind a %T", value)
}

// exec runs the statement to its end, or to that of ctx.
func (s *statement) exec(ctx context.Context, args []any) error {
	defer s.c.watch(ctx)()
	return s.run(ctx, args)
}

// run is exec while the connection is watched.
func (s *statement) run(ctx context.Context, args []any) error {
	if err := s.bind(args); err != nil {
		return err
	}
	for {
		if more, err := s.step(ctx); !more {
			return err
		}
	}
}

// step goes on to the next row, and reports whether there is one.
func (s *statement) step(ctx context.Context) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		if err := ctx.Err(); err != nil && rc == sqlite3.SQLITE_INTERRUPT {
			return false, err
		}
		return false, s.c.error(rc)
	}
}

// keptTexts is how much memory for texts a statement keeps between uses.
const keptTexts = 64 << 10

// reset ends what the statement is in the middle of, and its hold on values.
func (s *statement) reset() {
	sqlite3.Xsqlite3_reset(s.c.tls, s.p) // its code is that of the last step
	if s.bound {
		sqlite3.Xsqlite3_clear_bindings(s.c.tls, s.p)
		s.bound = false
		clear(s.values)
	}
	if s.texts.size > keptTexts {
		s.texts.free(s.c.tls)
	}
}

func (s *statement) finalize() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	s.texts.free(s.c.tls)
}
