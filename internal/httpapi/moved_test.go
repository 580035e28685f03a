//go:build unix

package httpapi_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/store"
)

type writes func()

func (w writes) Write(line []byte) (int, error) {
	w()
	return len(line), nil
}

// A server whose database was deleted once went on to answer 201 and ready,
// and wrote into a file that nobody sees.
func TestTheDatabaseIsReplacedUnderAServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".pm")
	path := filepath.Join(dir, "pm.db")
	make := func() *store.DB {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		db, _, err := store.Create(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	var warnings atomic.Int64
	count := slog.New(slog.NewTextHandler(writes(func() { warnings.Add(1) }), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := serveWithin(t, make(), httpapi.Options{Log: count}, httpapi.Limits{Poll: time.Millisecond})
	l := s.listen("/v1/events")
	for i := range 700 {
		if r := s.do("POST", "/v1/epics", fmt.Sprintf(`{"title":"Epic %d"}`, i)); r.StatusCode != 201 {
			t.Fatalf("%d: %s", r.StatusCode, r.text)
		}
		l.next()
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, r := range []reply{s.do("POST", "/v1/epics", `{"title":"Lost"}`), s.do("GET", "/v1/epics", "")} {
		if r.StatusCode != 507 || !strings.Contains(r.text, `"code":"moved"`) {
			t.Errorf("%d: %s", r.StatusCode, r.text)
		}
	}
	for range 200 { // while the stream looks for changes again and again
		if r := s.do("GET", "/readyz", ""); r.StatusCode != 503 {
			t.Errorf("ready without a database: %d: %s", r.StatusCode, r.text)
		}
	}
	if n := warnings.Load(); n > 1 {
		t.Errorf("%d warnings of one failure", n)
	}

	// The plan that comes to lie there is served, and its events are told.
	make()
	if r := s.do("GET", "/readyz", ""); r.StatusCode != 200 {
		t.Errorf("not ready again: %d: %s", r.StatusCode, r.text)
	}
	if r := s.do("POST", "/v1/epics", `{"title":"Found"}`); r.StatusCode != 201 || !strings.Contains(r.text, `"E01"`) {
		t.Errorf("%d: %s", r.StatusCode, r.text)
	}
	if e := l.next(); e.String() != "E01 >active" {
		t.Errorf("told of %s", e)
	}
}
