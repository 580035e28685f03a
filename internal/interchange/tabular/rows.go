package tabular

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
)

// reader returns a reader of rows, which are divided by what the first line has
// most of: commas, semicolons or tabs.
func reader(r io.Reader, head []byte) *csv.Reader {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	comma, most := ',', bytes.Count(line, []byte(","))
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			comma, most = c, n
		}
	}
	rows := csv.NewReader(r)
	rows.Comma, rows.LazyQuotes, rows.FieldsPerRecord, rows.ReuseRecord = comma, true, -1, false
	return rows
}

// errLong ends the reading of a row.
var errLong = fmt.Errorf("the row is longer than %d MiB: it and the rows after it are not read", form.MaxLine>>20)

// A cleaner passes on a text without zero bytes, with line feeds for the
// carriage returns that alone end lines, and a row's bytes up to a limit.
type cleaner struct {
	r       *bufio.Reader
	zeros   int
	invalid bool
	row     int // bytes of it so far
}

func (c *cleaner) Read(p []byte) (int, error) {
	if c.row > form.MaxLine {
		return 0, errLong
	}
	n, err := c.r.Read(p)
	b := p[:n]
	if zeros := bytes.Count(b, []byte{0}); zeros > 0 {
		c.zeros += zeros
		b = slices.DeleteFunc(b, func(x byte) bool { return x == 0 })
	}
	form.LineFeeds(b, c.r)
	c.row += len(b)
	return len(b), err
}

// makeValid replaces what is not UTF-8 in a row.
func (c *cleaner) makeValid(row []string) {
	for i, v := range row {
		if !utf8.ValidString(v) {
			c.invalid, row[i] = true, strings.ToValidUTF8(v, "\ufffd")
		}
	}
}

// each calls f with the fields of each row, its line and its number, of which the
// header has 0, and reports whether the file could be read. What is not as it
// should be is a finding, unless the reading is a trial.
func (t *table) each(trial bool, f func(row []string, line, n int) error) (whole bool) {
	find := func(line int, s interchange.Severity, format string, args ...any) {
		if !trial {
			t.o.Find(t.file, line, s, format, args...)
		}
	}
	file, err := t.s.Stream(t.file)
	if err != nil {
		t.o.Find(t.file, 0, interchange.Failed, "cannot be read: %s", form.Reason(err))
		return false
	}
	defer file.Close()
	text := &cleaner{r: bufio.NewReaderSize(file, 1<<16)}
	head, _ := text.r.Peek(1 << 16)
	r := reader(text, head)
	defer func() {
		if text.invalid {
			find(0, interchange.Warning, "not valid UTF-8: unreadable characters became U+FFFD")
		}
		if text.zeros > 0 {
			find(0, interchange.Warning, "%d zero bytes removed", text.zeros)
		}
	}()
	last, begins, long := 0, int64(0), false
	for n := 0; ; n++ {
		begin := r.InputOffset()
		text.row = 0
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				find(1, interchange.Failed, "empty file: a header is missing")
			}
			if !trial && long && t.unclosed(begins, begin) {
				find(last, interchange.Warning, "a quote is not closed: the rest of the file is one row")
			}
			return true
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			if !trial {
				t.o.Records++
			}
			find(line, interchange.Failed, "not a row: %v", err)
			var bad *csv.ParseError
			if n == 0 || !errors.As(err, &bad) {
				return true
			}
			continue
		}
		if !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue
		}
		text.makeValid(row)
		last, begins = line, begin
		long = slices.ContainsFunc(row, func(s string) bool { return strings.Contains(s, "\n") })
		if f(row, line, n) != nil {
			return true
		}
	}
}

// unclosed reports whether a row, which has several lines, is the last of its
// table and has a quote that does not end.
func (t *table) unclosed(begin, end int64) bool {
	file, err := t.s.Stream(t.file)
	if err != nil {
		return false
	}
	defer file.Close()
	r := bufio.NewReader(&cleaner{r: bufio.NewReader(file), row: -1 << 60})
	if _, err := io.CopyN(io.Discard, r, begin); err != nil {
		return false
	}
	row, err := io.ReadAll(io.LimitReader(r, end-begin+1))
	return err == nil && int64(len(row)) <= end-begin && bytes.Count(row, []byte(`"`))%2 == 1
}
