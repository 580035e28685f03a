package ops_test

import (
	"testing"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// TestArgumentsAreForgiven gives operations arguments as a model may name them.
func TestArgumentsAreForgiven(t *testing.T) {
	var note tracker.AddNote
	decodeInto(t, &note, `{"id":"T-E01-F01-001","text":"hello"}`)
	if note.Key != "T-E01-F01-001" || note.Body != "hello" {
		t.Errorf("the note is %+v", note)
	}
	var claim tracker.ChangeStatus
	decodeInto(t, &claim, `{"key":"T-E01-F01-001"}`)
	if len(claim.Keys) != 1 || claim.Keys[0] != "T-E01-F01-001" {
		t.Errorf("the keys are %v", claim.Keys)
	}
	var show tracker.ShowTask
	decodeInto(t, &show, `{"keys":["T-E01-F01-001"]}`)
	if show.Key != "T-E01-F01-001" {
		t.Errorf("the key is %q", show.Key)
	}
	var batch tracker.CreateTasks
	decodeInto(t, &batch, `{"feature":"E01-F01","tasks":[{"title":"one","priority":"high"},{"name":"two","feature":"E01-F02"}]}`)
	if len(batch.Tasks) != 2 || batch.Tasks[0].Feature != "E01-F01" || batch.Tasks[1].Feature != "E01-F02" || batch.Tasks[1].Title != "two" || *batch.Tasks[0].Priority != 3 {
		t.Errorf("the tasks are %+v", batch.Tasks)
	}
	args, err := ops.ParseArguments([]byte(`{"key":"T-E01-F01-001","bogus":1}`))
	if err == nil {
		err = ops.Decode(&tracker.ShowTask{}, args)
	}
	if plan.Describe(err).Code != "unknown_argument" {
		t.Errorf("bogus is refused with %v", err)
	}
	for _, in := range []any{&tracker.UpdateTask{}, &tracker.UpdateFeature{}, &tracker.UpdateEpic{}} {
		args, err := ops.ParseArguments([]byte(`{"key":"E01","notes":"x"}`))
		if err == nil {
			err = ops.Decode(in, args)
		}
		if plan.Describe(err).Code != "unknown_argument" {
			t.Errorf("%T: notes are taken for the description: %v", in, err)
		}
	}
	var created tracker.CreateTask
	decodeInto(t, &created, `{"feature":"E01-F01","title":"x","notes":"y"}`)
	if created.Description != "y" {
		t.Errorf("the new task is %+v", created)
	}
}

func decodeInto(t *testing.T, in any, text string) {
	t.Helper()
	args, err := ops.ParseArguments([]byte(text))
	if err == nil {
		err = ops.Decode(in, args)
	}
	if err != nil {
		t.Errorf("%s: %v: %s", text, err, plan.Describe(err).Hint)
	}
}
