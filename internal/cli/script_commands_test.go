package cli_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pm/internal/db"

	"github.com/itchyny/gojq"
	"github.com/rogpeppe/go-internal/testscript"
)

// jsonCommand is json FILE EXPR EXPECTED…: what the jq expression makes of a
// file, or of stdout or stderr, one result a line, strings as they are. With
// ! it must be something else.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: json file expression expected…")
	}
	var results []string
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	query, err := gojq.Parse(args[1])
	ts.Check(err)
	for decoder.More() {
		var input any
		if err := decoder.Decode(&input); err != nil {
			ts.Fatalf("%s is no JSON: %v", args[0], err)
		}
		for made := query.Run(input); ; {
			v, more := made.Next()
			if !more {
				break
			}
			if err, failed := v.(error); failed {
				ts.Fatalf("jq: %v", err)
			}
			if s, isText := v.(string); isText {
				results = append(results, s)
				continue
			}
			b, err := gojq.Marshal(v)
			ts.Check(err)
			results = append(results, string(b))
		}
	}
	got, want := strings.Join(results, "\n"), strings.Join(args[2:], "\n")
	if (got == want) == neg {
		ts.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

// sqlCommand is sql ADDRESS STATEMENT: what another program does to a database.
func sqlCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql address statement")
	}
	driver, address := "pgx", args[0]
	if !db.IsPostgres(address) {
		driver, address = "sqlite", "file:"+ts.MkAbs(address)
	}
	db, err := sql.Open(driver, address)
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(args[1])
	ts.Check(err)
}

// encode FORM FROM TO writes a file in another form: as UTF-8 with a byte order
// mark, or as UTF-16.
func encode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: encode utf8-bom|utf16le|utf16be from to")
	}
	text := "\ufeff" + ts.ReadFile(args[1])
	out := []byte(text)
	if args[0] != "utf8-bom" {
		var order binary.AppendByteOrder = binary.LittleEndian
		if args[0] == "utf16be" {
			order = binary.BigEndian
		}
		out = nil
		for _, unit := range utf16.Encode([]rune(text)) {
			out = order.AppendUint16(out, unit)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out, 0o644))
}

// count N FILE demands a number of lines.
func count(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: count n file")
	}
	if n := strings.Count(ts.ReadFile(args[1]), "\n"); strconv.Itoa(n) != args[0] {
		ts.Fatalf("%d lines, want %s", n, args[0])
	}
}

// generate FILE N TEMPLATE writes N lines, %d being the number of the line;
// generate -text FILE N TEXT repeats a text N times on one line, its Go
// escapes being read.
func generate(ts *testscript.TestScript, neg bool, args []string) {
	text := len(args) > 0 && args[0] == "-text"
	if text {
		args = args[1:]
	}
	if neg || len(args) != 3 {
		ts.Fatalf("usage: generate [-text] file n template")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	for i := 1; i <= n && !text; i++ {
		b.WriteString(strings.ReplaceAll(args[2], "%d", strconv.Itoa(i)) + "\n")
	}
	if text {
		one, err := strconv.Unquote(`"` + args[2] + `"`)
		ts.Check(err)
		b.WriteString(strings.Repeat(one, n))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o666))
}

// shrink FILE PERCENT cuts a file short.
func shrink(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shrink file percent")
	}
	percent, err := strconv.Atoi(args[1])
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()*int64(percent)/100))
}

// unchanged PATH code N COMMAND… is code N COMMAND…, and demands that it leaves
// a file, or a folder with all that is in it, as it is: names, bytes, times.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || args[1] != "code" {
		ts.Fatalf("usage: unchanged path code n command…")
	}
	before := fingerprint(ts, args[0])
	code(ts, false, args[2:])
	if after := fingerprint(ts, args[0]); after != before {
		ts.Fatalf("%s changed: before\n%safter\n%s", args[0], before, after)
	}
}

func fingerprint(ts *testscript.TestScript, path string) string {
	text, err := describe(ts.MkAbs(path))
	ts.Check(err)
	return text
}

// describe lists what lies under a path: names, modes, times, contents.
func describe(root string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v %v", path, info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " %x", sha256.Sum256(content))
		}
		b.WriteByte('\n')
		return nil
	})
	return b.String(), err
}

// pages N COMMAND… runs a command of pm that lists, N items at a time, from
// cursor to cursor, and writes the keys to the file pages.
func pages(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: pages n command…")
	}
	command := append(args[1:], "--json", "--limit", args[0])
	var keys strings.Builder
	for next := ""; ; {
		one := command
		if next != "" {
			one = append(one, "--cursor", next)
		}
		ts.Check(ts.Exec("pm", one...))
		var page struct {
			Items []struct{ Key string }
			Next  string `json:"next_cursor"`
		}
		ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &page))
		for _, item := range page.Items {
			keys.WriteString(item.Key + "\n")
		}
		if next = page.Next; next == "" {
			break
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("pages"), []byte(keys.String()), 0o666))
}

// grepNot is grep-v FROM TO PATTERN: the lines that do not match.
func grepNot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: grep-v from to pattern")
	}
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	var b strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if !pattern.MatchString(line) {
			b.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o666))
}

// same FILE FILE compares two files of JSON by what they say.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same file file")
	}
	var a, b any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &a))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &b))
	if reflect.DeepEqual(a, b) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], neg)
	}
}

// clean demands of the last command that its outputs, text or JSON, hold no
// character that steers a terminal: of those only tabs and line ends are left.
func clean(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: clean")
	}
	steers := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}
	for _, name := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(name)
		if i := strings.IndexFunc(text, steers); i >= 0 || !utf8.ValidString(text) {
			ts.Fatalf("%s has a raw control character at byte %d: %q", name, i, text)
		}
	}
}

// secret TEXT… demands that the last command shows none of the texts.
func secret(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: secret text…")
	}
	for _, name := range []string{"stdout", "stderr"} {
		for _, text := range args {
			if strings.Contains(ts.ReadFile(name), text) {
				ts.Fatalf("%s shows %q: %s", name, text, ts.ReadFile(name))
			}
		}
	}
}

// variable NAME FILE sets a variable to the text of a file.
func variable(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: variable NAME file")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// field makes a command that sets a variable to a field of the answer.
func field(path string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: command NAME")
		}
		var answer map[string]any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &answer))
		value, _ := answer[strings.TrimPrefix(path, ".")].(string)
		if value == "" {
			ts.Fatalf("the answer has no %s", path)
		}
		ts.Setenv(args[0], value)
	}
}
