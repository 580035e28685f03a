package mcpserver_test

import (
	"strings"
	"testing"

	"pm/internal/store"
	"pm/internal/store/storetest"
)

// Completing a task names what can be claimed now because of it.
func TestCompleteNamesWhatBecameReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, stranger(db))
		if text := must(t, s, "task_status", verb("complete", "T-E01-F01-001")); !strings.HasSuffix(text, "\nnow ready: T-E01-F01-002") {
			t.Errorf("got %q", text)
		}
		if text := must(t, s, "task_status", verb("complete", "T-E01-F01-002")); strings.Contains(text, "ready") {
			t.Errorf("got %q", text)
		}
	})
}

// Where update takes a key, it takes a reference, whatever it is to change.
func TestUpdateTakesReferences(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		for _, args := range []map[string]any{
			{"keys": []string{"T-E01-F01-001"}, "refs": []string{"gh#12"}},
			{"keys": []string{"gh#12"}, "priority": 2},
			{"keys": []string{"T-E01-F01-002"}, "before": "gh#12"},
			{"keys": []string{"gh#12"}, "after": "T-E01-F01-002"},
		} {
			if text, isError := call(t, s, "update", args); isError {
				t.Errorf("%v: %s", args, text)
			}
		}
		if text, isError := call(t, s, "update", map[string]any{"keys": []string{"gh#13"}, "priority": 2}); !isError || !strings.Contains(text, "no item has the reference github:13") {
			t.Errorf("an unknown reference: %s", text)
		}
	})
}
