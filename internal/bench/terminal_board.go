package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/pty"
)

// A board is pm board on a pseudo-terminal.
type board struct {
	cmd     *exec.Cmd
	master  *os.File
	frames  chan time.Time // when each was whole
	ended   chan struct{}
	started time.Duration // until the first frame with a card in it
}

// endOfFrame is what the board writes behind each frame.
const endOfFrame = "\x1b[?2026l"

// slowestFrame is how long a frame may take: what has not come by then does not
// come.
const slowestFrame = 30 * time.Second

// open starts a board, and waits for its first card.
func (b *terminalBench) open(ctx context.Context) (*board, error) {
	master, tty, err := pty.Open(120, 40)
	if err != nil {
		return nil, plan.Errorf(plan.Refused, "cannot measure the board: %v", err).WithCode("no_terminal")
	}
	defer tty.Close()
	t := &board{master: master, frames: make(chan time.Time, 1024), ended: make(chan struct{}), cmd: exec.CommandContext(ctx, b.o.Program, "board")}
	t.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=", "PM_AGENT=bench", "PM_DB="+b.w.address, "PM_SESSION=", "PM_SLOW_QUERY=0")
	t.cmd.Dir = os.TempDir()
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = tty, tty, tty
	began := time.Now()
	if err := t.cmd.Start(); err != nil {
		master.Close()
		return nil, fmt.Errorf("start the board: %w", err)
	}
	go t.look()
	at, err := t.frame(ctx)
	t.started = at.Sub(began)
	if err != nil {
		t.close()
	}
	return t, err
}

// look tells of each frame from the first one on that has a card in it.
func (t *board) look() {
	defer close(t.ended)
	part, left, cards := make([]byte, 1<<16), []byte(nil), false
	for {
		n, err := t.master.Read(part)
		if err != nil {
			return
		}
		now := time.Now()
		left = append(left, part[:n]...)
		cards = cards || bytes.Contains(left, []byte("T-E"))
		for cards {
			_, rest, is := bytes.Cut(left, []byte(endOfFrame))
			if !is {
				break
			}
			left = rest
			select {
			case t.frames <- now:
			default:
			}
		}
		left = left[max(len(left)-len(endOfFrame), 0):]
	}
}

// frame waits for the next frame, and returns when it was whole.
func (t *board) frame(ctx context.Context) (time.Time, error) {
	late := time.NewTimer(slowestFrame)
	defer late.Stop()
	select {
	case at := <-t.frames:
		return at, nil
	case <-t.ended:
		return time.Time{}, errors.New("the board exited")
	case <-late.C:
		return time.Time{}, fmt.Errorf("the board drew nothing in %v", slowestFrame)
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// stillAfter is how long after its last frame a board has nothing more to draw.
const stillAfter = 50 * time.Millisecond

// rest waits until the board draws no more: of two keys that it reads at once,
// the second may take back what the first changed, and there is no frame.
func (t *board) rest() {
	for {
		select {
		case <-t.frames:
		case <-time.After(stillAfter):
			return
		}
	}
}

// press types a key, and returns how long its frame took.
func (t *board) press(ctx context.Context, key string) (time.Duration, error) {
	t.rest()
	began := time.Now()
	if _, err := t.master.WriteString(key); err != nil {
		return 0, err
	}
	at, err := t.frame(ctx)
	return at.Sub(began), err
}

// memory is the most that the process has used so far, in megabytes.
func (t *board) memory() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	words := strings.Fields(rest)
	if len(words) == 0 {
		return 0, errors.New("the kernel does not report how much memory a process used")
	}
	kb, err := strconv.Atoi(words[0])
	return float64(kb) / 1024, err
}

func (t *board) close() {
	t.master.Close()
	t.cmd.Process.Kill()
	t.cmd.Wait()
	<-t.ended
}
