package tracker_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// The good lines of a small export; hostile files are made from them.
const (
	headerLine  = `{"type":"pm","format":2,"last_epic":1}`
	epicLine    = `{"type":"epic","key":"E01","title":"t","status":"active","priority":"high","version":1,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","last_feature":1,"history_hash":"","history":[]}`
	featureLine = `{"type":"feature","key":"E01-F01","title":"t","status":"active","version":1,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","last_task":2,"history_hash":"","history":[]}`
)

// taskLine is the line of a task with some members more.
func taskLine(n int, more string) string {
	return fmt.Sprintf(`{"type":"task","key":"T-E01-F01-%03d","title":"t","status":"todo","priority":5,"version":1,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","history":[]%s}`, n, more)
}

func file(lines ...string) string {
	return sealed(append([]string{headerLine, epicLine, featureLine}, lines...)...)
}

// sealed returns the lines of an export with the one that ends it.
func sealed(lines ...string) string {
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	text := strings.Join(lines, "\n") + "\n"
	return text + fmt.Sprintf(`{"type":"end","lines":%d,"sha256":"%x"}`, strings.Count(text, "\n")+1, sha256.Sum256([]byte(text))) + "\n"
}

func TestHostileFilesAreRefusedWhole(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		for _, c := range hostileFiles() {
			t.Run(c.name, func(t *testing.T) { checkHostile(t, r, c.text, c.code, c.says) })
		}
	})
}

type hostileFile struct{ name, text, code, says string }

func hostileFiles() []hostileFile {
	good := taskLine(1, "")
	with := func(line, old, replacement string) string { return strings.Replace(line, old, replacement, 1) }
	return []hostileFile{
		{"an empty file", "", "invalid", "plan.jsonl is empty"},
		{"blank lines only", "\n \n", "invalid", "plan.jsonl is empty"},
		{"an unknown type", file(good, `{"type":"sprint"}`), "bad_line", "plan.jsonl:5"},
		{"no type", file(good, `{}`), "bad_line", "plan.jsonl:5"},
		{"no JSON", file(good, `hello`), "bad_line", "plan.jsonl:5"},
		{"an array", file(good, `[1]`), "bad_line", "plan.jsonl:5"},
		{"two values on one line", file(good + good), "bad_line", "plan.jsonl:4"},
		{"a truncated last line", strings.TrimRight(file(good), "}\n"), "bad_line", "plan.jsonl:5"},
		{"deep nesting", file(strings.Repeat(`{"type":`, 20_000)), "bad_line", "plan.jsonl:4"},
		{"a later format", with(file(good), `"format":2`, `"format":99`), "invalid", "line 1"},
		{"an earlier format", with(file(good), `"format":2`, `"format":1`), "invalid", "line 1"},
		{"an export cut short", headerLine + "\n" + epicLine + "\n", "bad_export", "truncated"},
		{"an export with a line less", with(file(good, taskLine(2, "")), good+"\n", ""), "bad_export", "truncated or was added to"},
		{"the end of an export alone", `{"type":"end","lines":9,"sha256":"00"}`, "bad_export", "truncated or was added to"},
		{"an export with another title", with(file(good), `"title":"t"`, `"title":"u"`), "bad_export", "altered"},
		{"an export with more behind its end", file(good) + taskLine(2, "") + "\n", "bad_export", "after the end of the export"},
		{"a counter without bounds", with(file(good), `"last_epic":1`, `"last_epic":9223372036854775807`), "invalid", "line 1"},
		{"a negative counter", with(file(good), `"last_feature":1`, `"last_feature":-1`), "invalid", "line 2"},
		{"no key", file(`{"type":"task","title":"t"}`), "bad_key", "line 4"},
		{"an epic's key on a task", file(with(good, "T-E01-F01-001", "E01")), "bad_key", "line 4"},
		{"a task's key on an epic", file(with(epicLine, `"E01"`, `"T-E01-F01-001"`)), "bad_key", "line 4"},
		{"a key that is none", file(with(good, "T-E01-F01-001", "T-E01-F01-../1")), "bad_line", "plan.jsonl:4"},
		{"a long title", file(with(good, `"title":"t"`, `"title":"`+strings.Repeat("x", 501)+`"`)), "bad_title", "line 4"},
		{"a title of two lines", file(with(good, `"title":"t"`, `"title":"a\nb"`)), "bad_title", "line 4"},
		{"an unknown status", file(with(good, `"todo"`, `"paused"`)), "bad_status", "line 4"},
		{"an unknown epic's status", with(file(good), `"active"`, `"todo"`), "bad_status", "line 2"},
		{"an unknown grade", with(file(good), `"priority":"high"`, `"priority":"soonish"`), "bad_priority", "line 2"},
		{"a priority out of range", file(with(good, `"priority":5`, `"priority":0`)), "bad_priority", "line 4"},
		{"an agent's name with an escape", file(taskLine(1, `,"assigned_agent":"\u001b[2J"`)), "bad_agent", "line 4"},
		{"an unknown status it was blocked from", file(taskLine(1, `,"blocked_from":"x"`)), "bad_status", "line 4"},
		{"a negative fence", file(taskLine(1, `,"fence":-1`)), "invalid", "line 4"},
		{"an open task that was completed", file(taskLine(1, `,"completed_at":"2026-01-05T10:00:00.000Z"`)), "bad_completed_at", "line 4"},
		{"an unknown kind of note", file(taskLine(1, `,"notes":[{"kind":"rant","agent":"a","body":"b"}]`)), "bad_note_kind", "line 4"},
		{"a note of zero bytes", file(taskLine(1, `,"notes":[{"kind":"comment","agent":"a","body":"\u0000"}]`)), "bad_note", "line 4"},
		{"history of another item", with(file(good), `"last_feature":1,"history_hash":"","history":[]`, `"last_feature":1,"history":[{"key":"E02","operation":"x"}]`), "invalid", "line 2"},
		{"history of no item", with(file(good), `"last_feature":1,"history_hash":"","history":[]`, `"last_feature":1,"history":[{"operation":"x"}]`), "invalid", "line 2"},
		{"a missing parent", sealed(headerLine, epicLine, good), "not_found", "line 3"},
		{"a dependency on a missing task", file(taskLine(1, `,"depends_on":["T-E01-F01-009"]`), taskLine(2, "")), "not_found", "line 4"},
		{"a dependency on its own epic", file(taskLine(1, `,"depends_on":["E01"]`)), "cycle", "T-E01-F01-001 -> E01 -> T-E01-F01-001"},
		{"a dependency on itself", file(taskLine(1, `,"depends_on":["T-E01-F01-001"]`)), "cycle", "T-E01-F01-001 -> T-E01-F01-001"},
		{"a cycle", file(taskLine(1, `,"depends_on":["T-E01-F01-002"]`), taskLine(2, `,"depends_on":["T-E01-F01-001"]`)), "cycle", "T-E01-F01-001 -> T-E01-F01-002 -> T-E01-F01-001"},
		{"a cycle has its line", file(taskLine(1, ""), taskLine(2, `,"depends_on":["T-E01-F01-002"]`)), "cycle", "line 5"},
		{"one key twice, differently", file(good, with(good, `"title":"t"`, `"title":"u"`)), "differs", "line 5"},
	}
}

func checkHostile(t *testing.T, r *rig, text, code, says string) {
	before := string(r.export())
	for _, dry := range []bool{true, false} {
		in := lines([]byte(text))
		in.DryRun = dry
		_, err := r.ImportLines(as("ann"), in)
		refused(t, err, code, says)
		if k := plan.KindOf(err); k != plan.Invalid && k != plan.NotFound && k != plan.Conflict && k != plan.Refused {
			t.Errorf("the kind is %s", k)
		}
	}
	if string(r.export()) != before {
		t.Error("something was stored")
	}
}

func TestGoodFilesAreNot(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		text := file(taskLine(1, `,"depends_on":["T-E01-F01-002","T-E01-F01-002"],"future_field":{"x":1}`), "", taskLine(2, `,"status":"completed"`))
		ok[tracker.Imported](t)(r.load([]byte(strings.TrimSpace(text)))) // no newline at the end
		if got := r.show(plan.MustKey("T-E01-F01-001")); got.OpenDependencies != 0 || len(got.DependsOn) != 1 {
			t.Errorf("it depends on %v, %d open", got.DependsOn, got.OpenDependencies)
		}
		ok[tracker.Imported](t)(r.load([]byte(sealed(headerLine, taskLine(3, `,"depends_on":["T-E01-F01-001","T-E01-F01-001"]`)))))
		if got := r.show(plan.MustKey("T-E01-F01-003")); got.OpenDependencies != 1 || len(got.DependsOn) != 1 {
			t.Errorf("it depends on %v, %d open", got.DependsOn, got.OpenDependencies)
		}
	})
}

func TestASourceThatFailsStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		opened := 0
		_, err := r.ImportLines(as("ann"), tracker.ImportLines{Source: tracker.Source{Name: "x", Open: func() (io.ReadCloser, error) {
			if opened++; opened == 1 {
				return io.NopCloser(strings.NewReader(file(taskLine(1, "")))), nil
			}
			return io.NopCloser(io.MultiReader(strings.NewReader(headerLine+"\n"+epicLine+"\n"), brokenReader{})), nil
		}}})
		if err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("got %v", err)
		}
		if _, err := r.ShowEpic(as("ann"), tracker.ShowEpic{Key: "E01"}); code(err) != "not_found" {
			t.Errorf("the epic: %v", err)
		}
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, fmt.Errorf("broken") }
