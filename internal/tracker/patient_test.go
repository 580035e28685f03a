package tracker_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A source that stalls in the middle of an import, as a file on a network may,
// is given up: others wait for their turn meanwhile. Nothing is stored of it.
func TestASourceThatStallsIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		end := make(chan struct{})
		defer close(end)
		opened, whole := 0, file(taskLine(1, ""))
		source := tracker.Source{Name: "plan.jsonl", Patience: time.Millisecond, Open: func() (io.ReadCloser, error) {
			if opened++; opened == 1 {
				return io.NopCloser(strings.NewReader(whole)), nil
			}
			half := bytes.NewReader([]byte(whole[:len(whole)/2]))
			return io.NopCloser(io.MultiReader(half, trigger{func() { <-end }})), nil
		}}
		_, err := r.ImportLines(as("ann"), tracker.ImportLines{Source: source})
		if d := plan.Describe(err); d.Kind != plan.Unavailable || d.Code != "slow_source" || !strings.Contains(err.Error(), "no data from plan.jsonl for 1ms") {
			t.Errorf("the error is %v", err)
		}
		if _, err := r.CreateEpic(as("bob"), tracker.CreateEpic{Title: "E"}); err != nil { // another writer goes on
			t.Error(err)
		}
		if _, err := r.ShowFeature(as("ann"), tracker.ShowFeature{Key: "E01-F01"}); code(err) != "not_found" {
			t.Errorf("the feature: %v", err)
		}
	})
}

// What a slow but steady source gives comes out as it is.
func TestASteadySource(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		text := file(taskLine(1, ""), taskLine(2, ""))
		in := tracker.ImportLines{Source: tracker.Source{Name: "plan.jsonl", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(&dripping{text: text}), nil
		}}}
		if got := ok[tracker.Imported](t)(r.ImportLines(as("ann"), in)); got.Created.Tasks != 2 {
			t.Errorf("%d tasks are imported", got.Created.Tasks)
		}
	})
}

// A dripping reader gives a byte at a time, the last one with the end.
type dripping struct{ text string }

func (d *dripping) Read(p []byte) (int, error) {
	if d.text == "" {
		return 0, io.EOF
	}
	p[0], d.text = d.text[0], d.text[1:]
	if d.text == "" {
		return 1, io.EOF
	}
	return 1, nil
}
