package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestLinks has processes reach one database by its name and by links to it:
// they wait for each other, and all that they were told is done is there. With
// two hard links nobody writes.
func TestLinks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "a server's database is no file")
		task := w.tasks(t, 1)[0]
		dir := t.TempDir()
		link := &world{engine: w.engine, address: filepath.Join(dir, "link.db"), dir: w.dir}
		if err := os.Symlink(w.address, link.address); err != nil {
			t.Skipf("no links can be made here: %v", err)
		}
		f := newFigures()
		lanes(load(6, 32), func(lane int) {
			by := []*world{w, link}[lane%2]
			for i := range load(3, 20) {
				a := by.pm(t, "a", "note", task, fmt.Sprintf("note %d.%d", lane, i))
				if f.add(a.took); a.code != 0 {
					f.fail(t, "lane %d: %s", lane, a)
				}
			}
		})
		f.log(t)
		if n := w.strings(t, "select count(*) from notes"); n[0] != fmt.Sprint(load(6, 32)*load(3, 20)) {
			t.Errorf("%s notes are there", n[0])
		}
		if beside := glob(dir, "link.db-*"); len(beside) > 0 {
			t.Errorf("beside the link lie %q", beside)
		}
		w.clean(t)

		second := &world{engine: w.engine, address: filepath.Join(filepath.Dir(w.address), "second.db"), dir: w.dir}
		if err := os.Link(w.address, second.address); err != nil {
			t.Skipf("no hard links can be made here: %v", err)
		}
		for _, by := range []*world{w, second} {
			if a := by.pm(t, "a", "note", task, "under two names"); a.code == 0 {
				t.Errorf("a database with two names is written to under %s", filepath.Base(by.address))
			}
		}
	})
}
