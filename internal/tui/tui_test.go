package tui

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/charmbracelet/x/vt"
)

var update = flag.Bool("update", false, "write the screens under testdata anew")

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// A screen is a model that is driven by hand: keys go in, commands run at once.
type screen struct {
	*testing.T
	*model
	ran [][]string // commands of pm
}

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, width, height int, out term.Output) *screen {
	t.Helper()
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	tr := tracker.New(db)
	ctx := plan.WithActor(t.Context(), plan.Actor{Name: "lead", Surface: "cli"})
	s := &screen{T: t}
	s.model = newModel(ctx, Options{Tracker: tr, Title: "Online shop", Out: out, Now: func() time.Time { return now },
		Run: func(_ context.Context, args []string, _ term.Output) Ran {
			s.ran = append(s.ran, args)
			return Ran{Stdout: "pm " + strings.Join(args, " ") + "\n"}
		}})
	fill(t, ctx, tr)
	s.do(s.Init())
	s.send(size{width, height})
	return s
}

// fill makes a plan with something of everything.
func fill(t *testing.T, ctx context.Context, tr *tracker.Tracker) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := tr.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"})
	check(err)
	_, err = tr.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "Checkout"})
	check(err)
	one, two := 1, 2
	for _, in := range []tracker.CreateTask{
		{Title: "Refuse expired cards with a reason that people understand at once", Priority: &one, Labels: []string{"checkout"}, Checks: []string{"a", "b"}},
		{Title: "Check digit, network and country", Priority: &two, DependsOn: []string{"T-E01-F01-001"}, Due: "2026-11-20"},
		{Title: "支付网关的错误处理需要更清楚的说明"},
		{Title: "مراجعة رسائل البريد"},
		{Title: "Print 👩‍💻 labels \u202e of all"},
		{Title: "Mail the receipt"},
	} {
		in.Feature = "E01-F01"
		_, err = tr.CreateTask(ctx, in)
		check(err)
	}
	_, err = tr.Block(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-003"}, Reason: "no access to the bank"})
	check(err)
	_, err = tr.Complete(ctx, tracker.Complete{Keys: []string{"T-E01-F01-006"}})
	check(err)
}

// do runs what a key led to, and what that led to.
func (s *screen) do(cmd work) {
	for cmd != nil {
		e := cmd()
		if all, several := e.(inTurn); several {
			for _, one := range all {
				s.do(one)
			}
			return
		}
		cmd = s.update(e)
	}
}

func (s *screen) send(e event) { s.do(s.update(e)) }

// keys presses keys: names of one, or a text between quotation marks.
func (s *screen) keys(names ...string) *screen {
	special := map[string]string{"enter": "\r", "esc": "\x1b", "down": "\x1b[B", "shift+right": "\x1b[1;2C", "shift+down": "\x1b[1;2B"}
	for _, n := range names {
		var d decoder
		if code, is := special[n]; is {
			n = code
		}
		for _, e := range append(d.take([]byte(n)), d.late()...) {
			s.send(e)
		}
	}
	return s
}

// seen is what a terminal shows of the screen.
func (s *screen) seen() string {
	s.Helper()
	e := vt.NewEmulator(s.width, s.height)
	go io.Copy(io.Discard, e)
	defer e.Close()
	e.WriteString("\x1b[20h") // a line feed begins a line
	e.WriteString(s.model.screen())
	lines := strings.Split(e.String(), "\n")
	for i, l := range lines {
		if w := term.Width(l); w > s.width {
			s.Errorf("line %d is %d wide, of %d: %q", i, w, s.width, l)
		}
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// expect compares the screen with the one in testdata.
func (s *screen) expect(name string) {
	s.Helper()
	path := filepath.Join("testdata", name+".txt")
	got := s.seen()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			s.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.Fatal(err)
	}
	if want := strings.ReplaceAll(string(want), "\r\n", "\n"); got != want {
		s.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

var colour = term.Output{Terminal: true, Unicode: true, Color: true}

func TestScreens(t *testing.T) {
	for name, size := range map[string][2]int{"80x24": {80, 24}, "40x15": {40, 15}, "40x10": {40, 10}, "300x100": {300, 100}} {
		t.Run(name, func(t *testing.T) {
			s := open(t, size[0], size[1], colour)
			s.expect("board-" + name)
			s.keys(" ").expect("peek-" + name)
			s.keys("gl").expect("list-" + name)
			s.keys("gt").expect("tree-" + name)
			s.keys("gi").expect("inbox-" + name)
			s.keys("ga").expect("agents-" + name)
			s.keys("?").expect("help-" + name)
		})
	}
	t.Run("without colour and in ASCII", func(t *testing.T) {
		s := open(t, 80, 24, term.Output{Terminal: true})
		if c := s.model.screen(); strings.Contains(c, "\x1b") {
			t.Errorf("it is painted: %q", c)
		}
		s.expect("board-ascii")
	})
}

// TestSixteenColours: a screen has no colours but the sixteen that every terminal
// has, and each colour has its sign beside it.
func TestSixteenColours(t *testing.T) {
	s := open(t, 110, 30, colour)
	painted := regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	for _, view := range []string{"gb", "gl", "gt", "gi", "ga", "gs", "gh", "?"} {
		s.keys(view)
		for _, one := range painted.FindAllStringSubmatch(s.model.screen(), -1) {
			for _, code := range strings.Split(one[1], ";") {
				if n, _ := strconv.Atoi(code); n > 37 && n < 90 || n > 97 {
					t.Errorf("%s: colour %q", view, one[0])
				}
			}
		}
	}
}

// TestLongPasteInAPrompt: a prompt that takes very much shows its end, at once.
func TestLongPasteInAPrompt(t *testing.T) {
	s := open(t, 80, 24, colour)
	s.send(pasted("nowhere to go"))
	if !s.failed || !strings.Contains(s.seen(), "nothing to paste into") {
		t.Errorf("pasted onto the board:\n%s", s.seen())
	}
	s.keys("/")
	s.send(pasted(strings.Repeat("e\u0301漢👩‍💻 ", 40_000) + "the end"))
	for range 50 { // frames
		s.model.screen()
	}
	if !strings.Contains(s.seen(), "the end") {
		t.Errorf("the end is not seen:\n%s", s.seen())
	}
}

// TestResizing draws every size up to that of a large terminal.
func TestResizing(t *testing.T) {
	s := open(t, 80, 24, colour)
	for _, view := range [][]string{{"gb"}, {"gb", " "}, {"gl"}, {"gl", " "}, {"gt"}, {"gi"}, {"?"}} {
		s.keys(view...)
		for w := 1; w < 130; w += 3 {
			for _, h := range []int{1, 5, 8, 13, 40} {
				s.send(size{w, h})
				s.seen()
				if n := strings.Count(s.model.screen(), "\n") + 1; n > h {
					t.Fatalf("%s at %dx%d has %d lines", view, w, h, n)
				}
			}
		}
	}
}

// TestKeysAreCommands presses keys and looks at the commands that they are.
func TestKeysAreCommands(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		want string
	}{
		"claim":       {[]string{"c"}, "claim T-E01-F01-001"},
		"status":      {[]string{"s", "d"}, "complete T-E01-F01-001"},
		"a reason":    {[]string{"s", "b", "no key", "enter"}, "block T-E01-F01-001 --reason=no key"},
		"priority":    {[]string{"p", "3", "enter"}, "update T-E01-F01-001 --priority=3"},
		"assign":      {[]string{"a", "bob", "enter"}, "update T-E01-F01-001 --assignee=bob"},
		"label":       {[]string{"+", "x", "enter"}, "label add T-E01-F01-001 --label=x"},
		"note":        {[]string{"n", "-d is a flag", "enter"}, "note T-E01-F01-001 -- -d is a flag"},
		"new":         {[]string{"N", "Fix it +a", "enter"}, "add -- Fix it +a"},
		"move":        {[]string{"m", "E01-F02", "enter"}, "move T-E01-F01-001 --to=E01-F02"},
		"delete":      {[]string{"D", "y"}, "delete T-E01-F01-001 --yes"},
		"to progress": {[]string{"shift+right"}, "claim T-E01-F01-001"},
		"order":       {[]string{"shift+down"}, "order T-E01-F01-001 --after T-E01-F01-002"},
		"undo":        {[]string{"z"}, "undo"},
		"a command":   {[]string{":", "pm list 'a b'", "enter"}, "list a b"},
		"escaped":     {[]string{"p", "3", "esc", "c"}, "claim T-E01-F01-001"},
		"many":        {[]string{"x", "x", "p", "1", "enter"}, "update T-E01-F01-001 T-E01-F01-002 --priority=1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, 110, 30, colour).keys(c.keys...)
			var got []string
			for _, args := range s.ran {
				got = append(got, strings.Join(args, " "))
			}
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("it ran %q, want %q", got, c.want)
			}
		})
	}
}

// TestTheCursorStaysOnItsCard moves a card to another column, by another hand.
func TestTheCursorStaysOnItsCard(t *testing.T) {
	s := open(t, 110, 30, colour)
	ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann", Surface: "mcp"})
	if _, err := s.o.Tracker.Claim(ctx, tracker.Claim{Keys: []string{"T-E01-F01-001"}}); err != nil {
		t.Fatal(err)
	}
	s.send(changedMsg{})
	if c := s.board.columns[s.board.col]; c.status != plan.InProgress || s.current().String() != "T-E01-F01-001" {
		t.Errorf("the cursor is on %v in %s", s.current(), c.status)
	}
}

// TestStages: where there are stages they are the columns.
func TestStages(t *testing.T) {
	s := open(t, 110, 24, colour)
	for _, in := range []tracker.CreateStage{{Name: "design"}, {Name: "test", AgentType: "tester", Limit: 3}} {
		if _, err := s.o.Tracker.CreateStage(s.ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.o.Tracker.UpdateTask(s.ctx, tracker.UpdateTask{Keys: []string{"T-E01-F01-002", "T-E01-F01-003"}, Stage: new("test")}); err != nil {
		t.Fatal(err)
	}
	s.send(changedMsg{})
	s.expect("stages")
	s.keys("shift+right")
	if got := strings.Join(s.ran[len(s.ran)-1], " "); got != "update T-E01-F01-001 --stage=design" {
		t.Errorf("it ran %q", got)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	s := open(t, 110, 30, colour).keys("/", "nosuch:field", "enter")
	if got := s.seen(); !strings.Contains(got, "nosuch") || !s.failed {
		t.Errorf("a wrong query:\n%s", got)
	}
	s.keys("esc", "ü")
	if !strings.Contains(s.seen(), "? shows all keys") {
		t.Errorf("a key that does nothing:\n%s", s.seen())
	}
}

// TestBindings: no key means two things, and no two-key begins with a key.
func TestBindings(t *testing.T) {
	seen := map[string]string{}
	for _, b := range bindings() {
		for _, k := range b.keys {
			if seen[k] != "" {
				t.Errorf("%q is %q and %q", k, seen[k], b.what)
			}
			seen[k] = b.what
		}
	}
	if seen["g"] != "" {
		t.Errorf("g is %q", seen["g"])
	}
}

// TestDocsHaveEveryKey compares the table of keys in the documentation with
// that of the board; -update writes it.
func TestDocsHaveEveryKey(t *testing.T) {
	const path = "../../docs/terminal.md"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(b), "| --- | --- | --- |\n")
	_, after, _ := strings.Cut(rest, "\nA red card")
	var table strings.Builder
	for _, one := range bindings() {
		command := ""
		if one.command != "" {
			command = "`pm " + one.command + "`"
		}
		table.WriteString("| `" + strings.Join(one.keys, "`, `") + "` | " + one.what + " | " + command + " |\n")
	}
	want := before + "| --- | --- | --- |\n" + table.String() + "\nA red card" + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(b) != want {
		t.Error("docs/terminal.md has other keys; -update writes them")
	}
}
