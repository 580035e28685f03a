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
