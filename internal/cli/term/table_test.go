package term

import (
	"errors"
	"strings"
	"testing"
)

func tasks() *Table {
	t := &Table{Columns: []Column{
		{Header: "KEY"}, {Header: "STATUS"}, {Header: "N", Align: Right}, {Header: "TITLE", Shrink: true}, {Header: "AGENT"},
	}}
	t.Cells(Cell{Text: "T-1"}, Cell{Text: "todo", Style: Yellow}, Cell{Text: "7"}, Cell{Text: "Write the importer"})
	t.Cells(Cell{Text: "T-10"}, Cell{Text: "done", Style: Green}, Cell{Text: "128"},
		Cell{Text: "漢字 in a title"}, Cell{Text: "now", Plain: "2026-01-02T03:04:05Z"})
	return t
}

func render(t *testing.T, tbl *Table, out Output) string {
	t.Helper()
	var b strings.Builder
	if err := tbl.Render(&b, out); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableOnTerminal(t *testing.T) {
	tests := []struct {
		width int
		want  string
	}{
		{0, `
KEY   STATUS    N  TITLE               AGENT
T-1   todo      7  Write the importer
T-10  done    128  漢字 in a title     now
`},
		{36, `
KEY   STATUS    N  TITLE       AGENT
T-1   todo      7  Write the…
T-10  done    128  漢字 in a…  now
`},
		{29, `
KEY   ST…    N  TITLE     AG…
T-1   to…    7  Write t…
T-10  do…  128  漢字 in…  now
`},
		{27, `
KEY   STATUS    N  TITLE
T-1   todo      7  Write t…
T-10  done    128  漢字 in…
`},
		{20, `
KEY   STA…  TITLE
T-1   todo  Write t…
T-10  done  漢字 in…
`},
		{15, `
KEY   TITLE
T-1   Write th…
T-10  漢字 in…
`},
		{8, `
KEY
T-1
T-10
`},
		{3, `
KEY
T-1
T-…
`},
		{1, `
…
…
…
`},
	}
	for _, tt := range tests {
		got := "\n" + render(t, tasks(), Output{Terminal: true, Unicode: true, Width: tt.width})
		if got != tt.want {
			t.Errorf("width %d: got %s\nwant %s", tt.width, got, tt.want)
		}
	}
}

func TestTableColor(t *testing.T) {
	tbl := &Table{Columns: []Column{{Header: "KEY"}, {Header: "S"}}}
	tbl.Cells(Cell{Text: "T-1", Style: Cyan}, Cell{Text: "todo", Style: Yellow})
	want := "\x1b[1mKEY\x1b[0m  \x1b[1mS\x1b[0m\n\x1b[36mT-1\x1b[0m  \x1b[33mtodo\x1b[0m\n"
	if got := render(t, tbl, Output{Terminal: true, Color: true}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTableInPipe(t *testing.T) {
	want := "T-1\ttodo\t7\tWrite the importer\t\nT-10\tdone\t128\t漢字 in a title\t2026-01-02T03:04:05Z\n"
	for _, out := range []Output{{}, {Width: 10, Color: true, Unicode: true}} {
		if got := render(t, tasks(), out); got != want {
			t.Errorf("%+v: got %q, want %q", out, got, want)
		}
	}
}

func TestTableShapes(t *testing.T) {
	tty := Output{Terminal: true}
	empty := &Table{Columns: []Column{{Header: "KEY"}}}
	if got := render(t, empty, tty); got != "" {
		t.Errorf("without rows: %q, want silence", got)
	}
	var bare Table
	bare.Row("a", "b")
	bare.Row("ccc")
	bare.Row("")
	if got, want := render(t, &bare, tty), "a    b\nccc\n\n"; got != want {
		t.Errorf("without columns: %q, want %q", got, want)
	}
	if got, want := render(t, &bare, Output{}), "a\tb\nccc\t\n\t\n"; got != want {
		t.Errorf("without columns in a pipe: %q, want %q", got, want)
	}
	long := &Table{Columns: []Column{{Header: "TITLE", Shrink: true}, {Header: "STATUS"}}}
	long.Row(strings.Repeat("x", 200), "todo")
	if got := render(t, long, Output{Terminal: true, Width: 20}); !strings.Contains(got, "xxxxxxxxx...  todo") {
		t.Errorf("a title first: %q", got)
	}
}

// A file name that is not meant to shrink does not drive the rest away.
func TestTableLongFirstColumn(t *testing.T) {
	tbl := &Table{Columns: []Column{{Header: "FILE"}, {Header: "REASON"}}}
	tbl.Row(strings.Repeat("x", 200), "bad date")
	got := render(t, tbl, Output{Terminal: true, Unicode: true, Width: 40})
	if want := strings.Repeat("x", 34) + "…  ba…\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end %q", got, want)
	}
}

func TestTableLeavesOutFromTheRight(t *testing.T) {
	tbl := &Table{Columns: []Column{{Header: "KEY"}, {Header: "TITLE", Shrink: true}, {Header: "NOTE", Shrink: true}}}
	tbl.Row("T-1", "write the importer", "waits for the schema")
	want := "KEY  TITLE\nT-1  write th…\n"
	if got := render(t, tbl, Output{Terminal: true, Unicode: true, Width: 14}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTableHostile(t *testing.T) {
	const columns = 4
	all := hostile(5000)
	for i := 0; i < len(all); i += columns {
		tbl := &Table{Columns: []Column{{Header: "KEY"}, {Header: all[i], Align: Right}, {Header: "T", Shrink: true}}}
		var row []Cell
		for j, s := range all[i : i+columns] {
			row = append(row, Cell{Text: s, Style: Style(i + j)})
		}
		tbl.Cells(row...)
		tbl.Row("T-1", all[i+1])
		checkPipe(t, render(t, tbl, Output{Color: true}), columns)
		for _, width := range []int{1, 2, 5, 20, 33, 80, 200} {
			out := Output{Terminal: true, Color: true, Unicode: i%8 == 0, Width: width}
			checkTerminal(t, render(t, tbl, out), width)
		}
	}
}

func checkPipe(t *testing.T, got string, columns int) {
	t.Helper()
	checkSafe(t, "pipe", got, "\n\t")
	lines := strings.Split(got, "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines of two rows: %q", len(lines)-1, got)
	}
	for _, line := range lines[:2] {
		if n := strings.Count(line, "\t"); n != columns-1 {
			t.Fatalf("%d tabs in %q", n, line)
		}
	}
}

func checkTerminal(t *testing.T, got string, width int) {
	t.Helper()
	bare := unpaint(got)
	checkSafe(t, "terminal", bare, "\n")
	lines := strings.Split(bare, "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines of a header and two rows: %q", len(lines)-1, got)
	}
	for _, line := range lines {
		if Width(line) > width {
			t.Fatalf("%q takes %d cells of %d", line, Width(line), width)
		}
		if strings.HasSuffix(line, " ") {
			t.Fatalf("%q ends with a space", line)
		}
	}
}

// unpaint takes away what Paint may add, and nothing else.
func unpaint(s string) string {
	for _, code := range []string{"0", "1", "2", "31", "32", "33", "34", "35", "36"} {
		s = strings.ReplaceAll(s, "\x1b["+code+"m", "")
	}
	return s
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestTableReportsWriteError(t *testing.T) {
	for _, out := range []Output{{}, {Terminal: true}} {
		if err := tasks().Render(full{}, out); err == nil || err.Error() != "disk full" {
			t.Errorf("%+v: error %v, want disk full", out, err)
		}
	}
}

func BenchmarkTable(b *testing.B) {
	tbl := &Table{Columns: tasks().Columns}
	for range 1000 {
		tbl.Row("T-E01-F02-003", "in_progress", "12", "Add the retry loop to the importer and test it on both engines", "a1")
	}
	for b.Loop() {
		var s strings.Builder
		tbl.Render(&s, Output{Terminal: true, Unicode: true, Color: true})
	}
}

// Columns that may be left out go before a title is squeezed, one by one, and
// come back where there is room.
func TestTableLeavesOutBeforeItSqueezesTitles(t *testing.T) {
	tbl := &Table{Columns: []Column{{Header: "KEY"}, {Header: "PRI", Drop: 1}, {Header: "TYPE", Drop: 2}, {Header: "TITLE", Shrink: true}}}
	tbl.Row("T-1", "7", "backend", "write the importer for plans in markdown")
	for width, want := range map[int]string{
		80: "T-1  7    backend  write the importer for plans in markdown\n",
		44: "T-1  7    backend  write the importer for p…\n",
		42: "T-1  7    write the importer for plans in…\n",
		33: "T-1  write the importer for plan…\n",
		20: "T-1  write the impo…\n",
	} {
		if got := render(t, tbl, Output{Terminal: true, Unicode: true, Width: width}); !strings.HasSuffix(got, "\n"+want) {
			t.Errorf("at %d cells: %q, want %q", width, got, want)
		}
	}
}
