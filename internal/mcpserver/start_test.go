package mcpserver_test

import (
	"context"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

func noPlan(context.Context) (*tracker.Tracker, error) {
	return nil, plan.Errorf(plan.NotFound, "no workspace here").WithCode("no_workspace").WithHint("pm init makes one")
}

func primePage(ctx context.Context, _ *tracker.Tracker) (string, error) {
	return plan.ActorOf(ctx).Name + " begins", nil
}

// A server can start before there is a plan, and finds it once it is there.
func TestPlanComesLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		o := options(db)
		there := false
		o.Open = func(context.Context) (*tracker.Tracker, error) {
			if !there {
				return noPlan(t.Context())
			}
			return tracker.New(db), nil
		}
		s := connect(t, o)
		if text, isError := call(t, s, "project_status", nil); !isError || text != "not_found no_workspace: no workspace here\nhint: ask the person who runs pm here" {
			t.Errorf("without a plan: %q", text)
		}
		there = true
		if text, isError := call(t, s, "project_status", nil); isError || !strings.Contains(text, "0 of 2 tasks completed") {
			t.Errorf("with a plan: %q", text)
		}
		if text, isError := call(t, s, "show", nil); !isError || text != "usage missing_argument: missing argument key\nhint: pass key" {
			t.Errorf("without a key: %q", text)
		}
	})
}

// What is asked before the client closes its end is answered.
func TestLastAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		lines := hello
		for _, id := range []string{"1", "2", "3", "4"} {
			lines += `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"tree","arguments":{}}}` + "\n"
		}
		answers := converse(t, options(db), strings.TrimSuffix(lines, "\n"))
		for _, id := range []string{"1", "2", "3", "4"} {
			if len(answers[id]) != 1 {
				t.Errorf("call %s has %d answers", id, len(answers[id]))
			}
		}
	})
}

// Nothing but the protocol is written: converse reads every line of it.
func TestNothingToSay(t *testing.T) {
	if answers := converse(t, mcpserver.Options{Open: noPlan}, "\n\n  \n"); len(answers) != 0 {
		t.Errorf("blank lines are answered with %q", answers)
	}
}
