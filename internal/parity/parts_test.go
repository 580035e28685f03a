package parity

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pm/internal/bench"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// longCalls are inputs of the operations whose answers come in parts, for a
// plan of more than a part.
var longCalls = map[string][]string{
	"epic list":    {`{}`, `{"limit":0}`, `{"limit":2}`},
	"feature list": {`{}`, `{"limit":0}`, `{"limit":0,"epic":"E02"}`},
	"task list": {`{}`, `{"limit":0}`, `{"limit":700}`, `{"limit":2000}`, `{"limit":20000}`, `{"limit":0,"sort":"-updated"}`, `{"limit":1200,"sort":"priority"}`,
		`{"limit":0,"status":["todo"],"sort":"-priority"}`, `{"limit":0,"epic":"E01"}`, `{"limit":0,"query":"payment"}`, `{"limit":0,"query":"status:todo status:blocked","epic":"E99"}`},
	"task search": {`{"text":"payment"}`, `{"text":"wiki","limit":0}`, `{"text":"wiki","limit":120}`, `{"text":"the","limit":1100}`, `{"text":"zugzwang","limit":0}`},
	"note list":   {`{"key":"T-E01-F01-001"}`, `{"key":"T-E01-F01-002"}`},
	"plan log":    {`{}`, `{"limit":0}`, `{"limit":700}`, `{"limit":0,"key":"E01"}`, `{"limit":0,"key":"T-E01-F01-001"}`, `{"limit":1300,"key":"E02"}`},
	"plan tree": {`{}`, `{"limit":0}`, `{"limit":0,"open":true}`, `{"limit":0,"depth":"feature"}`, `{"limit":0,"depth":"epic"}`, `{"limit":0,"key":"E01"}`,
		`{"limit":0,"key":"E01-F02"}`, `{"limit":900}`},
}

// The parts of a long answer are together what the operation answers as a
// whole, byte for byte, and none of them is large.
func TestPartsAreTheWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ada", Surface: "cli"})
		if err := bench.Fill(ctx, db, 2500, nil); err != nil {
			t.Fatal(err)
		}
		p := tracker.New(db)
		for range 600 {
			if _, err := p.AddNote(ctx, tracker.AddNote{Key: "T-E01-F01-002", Body: "noted"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, op := range ops.Table() {
			if op.Parts == nil {
				continue
			}
			if len(longCalls[op.Name]) == 0 {
				t.Errorf("%s comes in parts: add calls of it", op.Name)
			}
			for _, text := range longCalls[op.Name] {
				comparePartsWithWhole(t, ctx, p, op, text)
			}
		}
	})
}

func comparePartsWithWhole(t *testing.T, ctx context.Context, p *tracker.Tracker, op ops.Op, text string) {
	t.Helper()
	in := op.NewInput()
	if err := json.Unmarshal([]byte(text), in); err != nil {
		t.Fatal(err)
	}
	whole, wholeErr := op.Call(ctx, p, in)
	var joined bytes.Buffer
	j, parts := ops.NewJoiner(&joined), 0
	err := op.Parts(ctx, p, in, func(part ops.Part) error {
		parts++
		before := joined.Len()
		err := j.Add(part)
		if size := joined.Len() - before; size > 4*store.PartBytes {
			t.Errorf("%s %s: a part of %d bytes", op.Name, text, size)
		}
		return err
	})
	if wholeErr != nil || err != nil {
		if plan.KindOf(err) != plan.KindOf(wholeErr) || joined.Len() > 0 {
			t.Errorf("%s %s: whole %v, in parts %v", op.Name, text, wholeErr, err)
		}
		return
	}
	if err := j.End(); err != nil {
		t.Fatal(err)
	}
	want, err := ops.JSON(whole)
	if err != nil {
		t.Fatal(err)
	}
	if got := joined.String(); got != string(want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Errorf("%s %s: %d parts differ from the whole at byte %d: %.80q, want %.80q", op.Name, text, parts, at, got[at:], want[at:])
	}
	long := strings.Contains(text, `"limit":0`) || op.Name == "note list"
	if long != strings.HasSuffix(joined.String(), `"complete":true}`+"\n") && !strings.Contains(text, "00") {
		t.Errorf("%s %s ends with %.60q", op.Name, text, joined.String()[max(0, joined.Len()-60):])
	}
}

// A list of large texts comes in parts that are small, however it is limited.
func TestPartsOfLargeTexts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ada", Surface: "cli"})
		p := tracker.New(db)
		text := strings.Repeat("word ", plan.MaxText/5)
		if _, err := p.CreateEpic(ctx, tracker.CreateEpic{Title: "E", Description: text}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, err := p.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "F", Description: text}); err != nil {
				t.Fatal(err)
			}
		}
		for range 6 {
			if _, err := p.CreateTask(ctx, tracker.CreateTask{Feature: "E01-F01", Title: "T", Description: text}); err != nil {
				t.Fatal(err)
			}
			if _, err := p.AddNote(ctx, tracker.AddNote{Key: "T-E01-F01-001", Body: text}); err != nil {
				t.Fatal(err)
			}
		}
		for name, calls := range map[string][]string{
			"feature list": {`{}`, `{"limit":0}`},
			"task list":    {`{}`, `{"limit":0}`, `{"limit":4}`, `{"limit":0,"sort":"-updated"}`, `{"limit":5,"sort":"priority","query":"word"}`},
			"note list":    {`{"key":"T-E01-F01-001"}`},
			"plan log":     {`{}`, `{"limit":0}`},
			"plan tree":    {`{}`, `{"limit":0}`},
		} {
			op, _ := ops.Find(name)
			for _, call := range calls {
				comparePartsWithWhole(t, ctx, p, op, call)
			}
		}
	})
}
