package tracker_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// large is a text that begins with the word; four of them are more than a line has.
func large(word string) string { return word + strings.Repeat(" lorem ipsüm\n", 22_000) }

// long makes a plan whose items are longer than a line of an export: a task of
// many notes, of many former texts, of many reasons; an epic and a feature of
// many former texts; and the same in the trash.
func (r *rig) long() {
	r.t.Helper()
	f := r.plan()
	k := r.tasks(f, 3)
	for _, word := range []string{"one", "two", "three", "four", "five"} {
		r.note(k[0], large(word))
		r.note(k[1], large(word))
		r.note(plan.MustKey("E01"), large(word))
		r.note(f, large(word))
		ok[tracker.Changed](r.t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names(k[1:2]), Description: ptr(large(word))}))
		ok[tracker.SavedEpic](r.t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Description: ptr(large(word))}))
		ok[tracker.SavedFeature](r.t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: f.String(), Description: ptr(large(word))}))
	}
	for _, word := range []string{"first", "second", "third", "fourth", "zugzwang"} {
		if word != "first" {
			r.do("ann", plan.Unblock, k[2])
		}
		r.because(plan.Block, k[2], large(word))
	}
	gone := r.tasks(f, 2)
	ok[tracker.Changed](r.t)(r.depend(k[0], gone[0]))
	for _, word := range []string{"six", "seven", "eight", "nine", "ten"} {
		for _, g := range gone {
			r.note(g, large(word))
			ok[tracker.Changed](r.t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{g}), Description: ptr(large(word))}))
		}
	}
	for _, g := range gone {
		ok[tracker.Deleted](r.t)(r.delete(g, true))
	}
}

// An item can be longer than memory. Its export comes in lines that are not,
// and goes back in as it was, the trash included.
func TestItemsThatAreLongerThanALine(t *testing.T) {
	a := newRig(t, storetest.SQLite(t), store.Options{})
	a.long()
	want := a.export()
	more := map[string]int{}
	for line := range bytes.Lines(want) {
		if len(line) > 3<<20 {
			t.Errorf("a line has %d bytes: %.80s", len(line), line)
		}
		var l struct{ Type, Key string }
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		if l.Type == "more" {
			more[l.Key]++
		}
	}
	for _, k := range []string{"E01", "E01-F01", "T-E01-F01-001", "T-E01-F01-002", "T-E01-F01-003", "T-E01-F01-004", "T-E01-F01-005"} {
		if more[k] == 0 {
			t.Errorf("%s is on one line", k)
		}
	}
	for _, address := range []func(testing.TB) string{storetest.Postgres, storetest.SQLite} {
		b := newRig(t, address(t), store.Options{})
		dry := lines(want)
		dry.DryRun = true
		for _, in := range []tracker.ImportLines{dry, lines(want)} {
			if got := ok[tracker.Imported](t)(b.ImportLines(as("ann"), in)); got.Created != (tracker.Sum{Epics: 1, Features: 1, Tasks: 3}) {
				t.Errorf("%s: the import says %+v", b.DB().Engine(), got)
			}
		}
		if again := ok[tracker.Imported](t)(b.load(want)); again.Unchanged != (tracker.Sum{Epics: 1, Features: 1, Tasks: 3}) {
			t.Errorf("%s: a second import says %+v", b.DB().Engine(), again)
		}
		if out := b.export(); !bytes.Equal(out, want) {
			t.Errorf("%s gives %d bytes, want %d", b.DB().Engine(), len(out), len(want))
		}
		for word, key := range map[string]string{"zugzwang": "T-E01-F01-003", "three": "E01"} {
			found := ok[tracker.Page[tracker.Found]](t)(b.Search(as("ann"), tracker.Search{Text: word}))
			if len(found.Items) == 0 || found.Items[0].Key.String() != key {
				t.Errorf("%s: %q is found in %v", b.DB().Engine(), word, found.Items)
			}
		}
		for _, gone := range []string{"T-E01-F01-004", "T-E01-F01-005"} {
			ok[tracker.Restored](t)(b.Restore(as("ann"), tracker.Restore{Key: gone}))
			if task := b.show(plan.MustKey(gone)); task.Description != large("ten") {
				t.Errorf("%s: %s is restored with %.20q", b.DB().Engine(), gone, task.Description)
			}
		}
		b.sound("after the restore")
	}
}

// What is missing of an item on several lines, or was put between them, is
// noticed without the seal, too.
func TestLinesThatDoNotGoOn(t *testing.T) {
	a := newRig(t, storetest.SQLite(t), store.Options{})
	a.long()
	export := bytes.SplitAfter(a.export(), []byte("\n"))
	unsealed := export[1 : len(export)-2]
	at := slices.IndexFunc(unsealed, func(line []byte) bool { // the first of two lines
		return bytes.HasPrefix(line, []byte(`{"type":"task"`)) && bytes.Contains(line, []byte(`"key":"T-E01-F01-001"`))
	})
	without := func(n int) [][]byte { return append(append([][]byte{}, unsealed[:n]...), unsealed[n+1:]...) }
	each(t, func(t *testing.T, r *rig) {
		for what, file := range map[string][][]byte{
			"the first line is missing":        without(at),
			"the last line is missing":         unsealed[:at+1],
			"nothing else is there":            unsealed[at+1 : at+2],
			"another item is between them":     append(append(append([][]byte{}, unsealed[:at+1]...), unsealed[0]), unsealed[at+1:]...),
			"it goes on with what it has not":  append(append([][]byte{}, unsealed[:1]...), []byte(`{"type":"more","key":"E01","row":"x"}`)),
			"it goes on although it has ended": append(append([][]byte{}, unsealed[:at+2]...), []byte(`{"type":"more","key":"T-E01-F01-001"}`+"\n")),
		} {
			if _, err := r.load(bytes.Join(file, nil)); err == nil || plan.KindOf(err) != plan.Invalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := r.ShowEpic(as("ann"), tracker.ShowEpic{Key: "E01"}); code(err) != "not_found" {
			t.Errorf("the epic: %v", err)
		}
	})
}

// A line that is longer than any of an export is refused, by its number,
// before it is in memory.
func TestALineThatIsTooLong(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		_, err := r.load([]byte(headerLine + "\n" + `{"type":"epic","key":"E01","title":"` + strings.Repeat("x", 33<<20) + `"}` + "\n"))
		refused(t, err, "bad_line", "plan.jsonl:2: the line is longer than 32 MiB")
	})
}
