package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// A chromium is a browser that is spoken to through two pipes, in the Chrome
// DevTools Protocol: JSON, each message ended by a zero byte. What a bench asks
// of it are a few commands, so no library is linked into pm for them.
type chromium struct {
	cmd *exec.Cmd
	dir string
	in  io.WriteCloser

	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	ended   chan struct{}
}

type message struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct{ Message string }
}

// findChromium returns the path of a Chromium or a Chrome.
func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium found: install it, for example with apt-get install chromium")
}

// startChromium starts a browser without a window.
func startChromium(path string) (*chromium, error) {
	dir, err := os.MkdirTemp("", "pm-chromium-")
	if err != nil {
		return nil, err
	}
	toRead, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, toWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c := &chromium{dir: dir, in: in, waiting: map[int]chan message{}, ended: make(chan struct{})}
	c.cmd = exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--user-data-dir="+dir,
		"--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "about:blank")
	c.cmd.ExtraFiles = []*os.File{toRead, toWrite} // its descriptors 3 and 4
	err = c.cmd.Start()
	toRead.Close()
	toWrite.Close()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	go c.listen(bufio.NewReaderSize(out, 1<<20))
	return c, nil
}

// listen hands answers to who waits for them, until the browser ends.
func (c *chromium) listen(r *bufio.Reader) {
	defer close(c.ended)
	for {
		b, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(b[:len(b)-1], &m) != nil || m.ID == 0 {
			continue
		}
		c.mu.Lock()
		answer := c.waiting[m.ID]
		delete(c.waiting, m.ID)
		c.mu.Unlock()
		if answer != nil {
			answer <- m
		}
	}
}

func (c *chromium) close() error {
	c.in.Close()
	c.cmd.Process.Kill()
	c.cmd.Wait()
	return os.RemoveAll(c.dir)
}

// call runs a command in a tab, or of the browser itself.
func (c *chromium) call(ctx context.Context, tab, method string, params, into any) error {
	c.mu.Lock()
	c.last++
	id, answer := c.last, make(chan message, 1)
	c.waiting[id] = answer
	ask := map[string]any{"id": id, "method": method, "params": params}
	if tab != "" {
		ask["sessionId"] = tab
	}
	b, err := json.Marshal(ask)
	if err == nil {
		_, err = c.in.Write(append(b, 0))
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(m.Result, into)
	case <-c.ended:
		return errors.New("the browser exited")
	case <-ctx.Done():
		return ctx.Err()
	}
}

type object = map[string]any

// slowestEval is how long an expression may take: what has not happened by then
// does not happen.
const slowestEval = 30 * time.Second

// tab opens a tab, of 1440 by 900.
func (c *chromium) tab(ctx context.Context) (string, error) {
	var made struct{ TargetID string }
	var in struct{ SessionID string }
	err := c.call(ctx, "", "Target.createTarget", object{"url": "about:blank"}, &made)
	if err == nil {
		err = c.call(ctx, "", "Target.attachToTarget", object{"targetId": made.TargetID, "flatten": true}, &in)
	}
	if err == nil {
		err = c.call(ctx, in.SessionID, "Emulation.setDeviceMetricsOverride", object{"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	}
	if err == nil {
		err = c.call(ctx, in.SessionID, "Page.enable", object{}, nil)
	}
	return in.SessionID, err
}

// eval returns the value that an expression or its promise comes to.
func (c *chromium) eval(ctx context.Context, tab, expression string) (v float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, slowestEval)
	defer cancel()
	var out struct {
		Result struct{ Value any }
		Failed *struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	err = c.call(ctx, tab, "Runtime.evaluate", object{"expression": expression, "awaitPromise": true, "returnByValue": true}, &out)
	if err == nil && out.Failed != nil {
		err = fmt.Errorf("in the page: %s %s", out.Failed.Text, out.Failed.Exception.Description)
	}
	v, _ = out.Result.Value.(float64)
	return v, err
}
