package proof

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/cli/term/termtest"
	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// screens are what people look at.
type screens struct {
	w           *world
	board, list *webtest.Tab
	terminal    *termtest.Terminal
}

// TestScreens has two browsers, a board on a terminal, an agent on MCP and 16
// processes of the command line work one plan at once. At the end every screen
// is equal to pm list: the same tasks in the same columns, in the same order.
func TestScreens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		epics, under := load(6, 20), load(100, 500)
		var keys []string
		for range epics {
			keys = append(keys, w.tasks(t, under)...)
		}
		url, _ := w.serve(t, "127.0.0.1:0")
		s := &screens{w: w, board: webtest.OpenApart(t, url+"/board", 1600, 4000), list: webtest.OpenApart(t, url+"/list", 1600, 4000)}
		cmd := w.command(t, "tess", "board")
		cmd.Env = append(cmd.Env, "TERM=xterm-256color", "LANG=C.UTF-8")
		s.terminal = termtest.Start(t, cmd, terminalWidth, 400)
		s.board.Wait(`!!document.querySelector('[data-column="todo"] [data-key]')`)
		s.list.Wait(`!!document.querySelector('[data-view="list"] [data-key]')`)
		s.terminal.Await(keys[0])

		f := newFigures()
		agent := make(chan error, 1)
		go func() { agent <- w.workOnMCP(t, f, load(8, 150)) }()
		writers := make(chan struct{})
		go func() {
			defer close(writers)
			lanes(16, func(lane int) {
				w.writeByCommands(t, f, random(t, lane), fmt.Sprint("cli-", lane), keys, epics, load(4, 40))
			})
		}()
		for range load(4, 40) {
			s.act()
		}
		<-writers
		if err := <-agent; err != nil {
			t.Error(err)
		}
		s.equalToList(t, f)
		f.log(t)
		w.clean(t)
	})
}

// workOnMCP is an agent that claims and completes tasks over pm mcp.
func (w *world) workOnMCP(t *testing.T, f *figures, n int) error {
	client := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1"}, nil)
	s, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: w.command(t, "agent", "mcp")}, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	call := func(tool string, args map[string]any) (answer, error) {
		r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			return answer{}, err
		}
		a := answer{stdout: r.Content[0].(*mcp.TextContent).Text}
		if r.IsError {
			a.code, a.stderr = 1, a.stdout
		}
		return a, nil
	}
	for range n {
		a, err := call("next", map[string]any{"claim": true})
		if err != nil || a.code != 0 {
			return errors.Join(err, errors.New(a.String()))
		}
		var next struct{ Task struct{ Key string } }
		if a.into(t, &next); next.Task.Key == "" {
			return errors.New("nothing was offered: " + a.String())
		}
		// Somebody may have archived it meanwhile, or moved it.
		if a, err = call("task_status", map[string]any{"verb": "complete", "keys": []string{next.Task.Key}}); err != nil {
			return err
		} else if a.code == 0 {
			f.count("completed over MCP")
		}
	}
	return nil
}

// writeByCommands changes the plan by n processes of pm, one after the other.
// What is refused, since somebody else was there before, is counted.
func (w *world) writeByCommands(t *testing.T, f *figures, random *rand.Rand, name string, keys []string, epics, n int) {
	for i := range n {
		key, other := keys[random.IntN(len(keys))], keys[random.IntN(len(keys))]
		feature := fmt.Sprintf("E%02d-F01", 1+random.IntN(epics))
		args := [][]string{
			{"task", "create", feature, fmt.Sprintf("Of %s, %d", name, i), "--priority", strconv.Itoa(1 + random.IntN(10))},
			{"update", key, "--priority", strconv.Itoa(1 + random.IntN(10))},
			{"claim", key}, {"complete", key}, {"block", key, "--reason", "no access"}, {"archive", key},
			{"delete", key, "--yes"}, {"move", key, "--to", feature}, {"order", key, "--after", other}, {"dep", "add", key, other},
		}[random.IntN(10)]
		a := w.pm(t, name, append(args, "--json")...)
		f.add(a.took)
		switch a.code {
		case 0:
			f.count(args[0])
		case 3, 4, 5: // gone, held, or against a rule by now
			f.count("refused")
		default:
			f.fail(t, "pm %s: %s", strings.Join(args, " "), a)
		}
	}
}

// act does on each screen what a person does there with a few keys: a task is
// moved on the board, another gets a priority in the list, one is claimed on
// the terminal.
func (s *screens) act() {
	s.board.Press(kb.Escape, "j")
	s.board.Do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
	s.list.Press(kb.Escape, "j", "j", "p")
	s.list.Wait(`!!document.querySelector("dialog[open]")`)
	s.list.Press("2", "\r")
	s.terminal.Press("jc")
	time.Sleep(20 * time.Millisecond) // a person is slower: the pause has the others come in between
}

// equalToList fails the test unless every screen comes to be equal to pm list.
func (s *screens) equalToList(t *testing.T, f *figures) {
	byPriority, byPosition := s.w.listed(t, "priority"), s.w.listed(t, "position")
	total := 0
	for _, c := range byPriority {
		total += c.Count
	}
	f.set("tasks", total)
	settle(t, "the board in the browser", byPriority, func() map[string]shown { return readBoard(s.board) })
	settle(t, "the list in the browser", byPriority, func() map[string]shown { return readList(s.list) })
	settle(t, "the board on the terminal", byPosition, s.readTerminal)
}
