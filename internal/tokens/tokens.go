// Package tokens counts what it costs a language model to work with pm: it
// plays typical sessions on a surface, and adds up what the model writes and
// what it reads.
//
// What belongs to the task itself, its title and its description, is left out:
// it is read whatever the tool is.
package tokens

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"pm/internal/ops"
)

// A Counter counts the tokens of a text.
type Counter struct {
	Rule  string // says how
	Count func(text string) int
}

// Estimate returns a counter that knows no vocabulary: four bytes are a token,
// rounded up. For what pm prints that is 15 % too few.
func Estimate() Counter {
	return Counter{
		Rule:  "estimated: 4 bytes are a token; without the task's own title and description",
		Count: func(text string) int { return ops.Tokens(len(text)) },
	}
}

// A Surface is a way to call pm.
type Surface interface {
	Name() string
	// Listing returns what a conversation pays for before its first call.
	Listing(ctx context.Context) (string, error)
	// Call does one step. Sent is what the model writes, got what it reads.
	Call(ctx context.Context, s Step) (sent, got string, err error)
}

// A Step is one call of a session: an operation of the table, or "prime". A
// KEY among the arguments stands for the key of the task that was taken.
type Step struct {
	Operation string
	Arguments map[string]any
}

// A Call is what one step cost.
type Call struct {
	Operation string `json:"operation"`
	Sent      int    `json:"sent_bytes"`
	Got       int    `json:"got_bytes"`
	Own       int    `json:"own_bytes,omitempty"` // of these the task's own text
	Tokens    int    `json:"tokens"`              // without the task's own text
}

// A Session is a series of calls on one surface.
type Session struct {
	Surface string `json:"surface"`
	Name    string `json:"name"`
	Calls   []Call `json:"calls"`
	Bytes   int    `json:"bytes"`
	Tokens  int    `json:"tokens"`
}

// A Listing is what a surface costs before the first call.
type Listing struct {
	Surface string `json:"surface"`
	Bytes   int    `json:"bytes"`
	Tokens  int    `json:"tokens"`
}

// A Report is what all sessions cost on all surfaces.
type Report struct {
	Rule     string    `json:"rule"`
	Listings []Listing `json:"listings"`
	Sessions []Session `json:"sessions"`
}

// Measure plays every session on every surface. Each session needs the plan
// of Seed, and fresh finds it: it is called before each session.
func (c Counter) Measure(ctx context.Context, fresh func(context.Context) ([]Surface, error)) (Report, error) {
	r := Report{Rule: c.Rule, Listings: []Listing{}, Sessions: []Session{}}
	for i, script := range Scripts() {
		surfaces, err := fresh(ctx)
		if err != nil {
			return r, err
		}
		for _, s := range surfaces {
			if i == 0 {
				text, err := s.Listing(ctx)
				if err != nil {
					return r, err
				}
				r.Listings = append(r.Listings, Listing{s.Name(), len(text), c.Count(text)})
			}
			one, err := c.play(ctx, script, s)
			if err != nil {
				return r, fmt.Errorf("%s on %s: %w", script.Name, s.Name(), err)
			}
			r.Sessions = append(r.Sessions, one)
		}
	}
	return r, nil
}

var taskKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`T-E\d+-F\d+-\d+`) })

func (c Counter) play(ctx context.Context, script Script, s Surface) (Session, error) {
	out := Session{Surface: s.Name(), Name: script.Name}
	key := ""
	for _, step := range script.Steps {
		step.Arguments = withKey(step.Arguments, key)
		sent, got, err := s.Call(ctx, step)
		if err != nil {
			return out, fmt.Errorf("%s: %w", step.Operation, err)
		}
		if step.Operation == "task next" {
			key = taskKey().FindString(got)
		}
		rest := withoutOwn(got)
		call := Call{Operation: step.Operation, Sent: len(sent), Got: len(got), Own: len(got) - len(rest)}
		call.Tokens = c.Count(sent) + c.Count(rest)
		out.Calls = append(out.Calls, call)
		out.Bytes += call.Sent + call.Got
		out.Tokens += call.Tokens
	}
	return out, nil
}

// withoutOwn returns a text without the task's title and description.
func withoutOwn(text string) string {
	return strings.NewReplacer(taskTitle, "", taskDescription, "").Replace(text)
}

// withKey puts the key in the place of KEY.
func withKey(args map[string]any, key string) map[string]any {
	b, err := json.Marshal(args)
	if err != nil {
		panic(err) // scripts are plain values
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(b), `"KEY"`, `"`+key+`"`)), &out); err != nil {
		panic(err)
	}
	return out
}
