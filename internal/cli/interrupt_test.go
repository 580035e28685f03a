package cli

import (
	"runtime"
	"testing"
	"time"
)

// A command that takes long gets the processors that package startup has
// withheld: as many as the user asked for.
func TestALongCommandUsesAllProcessors(t *testing.T) {
	defer runtime.SetDefaultGOMAXPROCS()
	t.Setenv("GOMAXPROCS", "3")
	runtime.GOMAXPROCS(1)
	_, stop := untilInterrupt(t.Context())
	defer stop()
	for deadline := time.Now().Add(10 * time.Second); runtime.GOMAXPROCS(0) != 3; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it still has %d", runtime.GOMAXPROCS(0))
		}
	}

	t.Setenv("GOMAXPROCS", "")
	runtime.SetDefaultGOMAXPROCS()
	all := runtime.GOMAXPROCS(1)
	if useAllProcessors(); runtime.GOMAXPROCS(0) != all {
		t.Errorf("%d of %d", runtime.GOMAXPROCS(0), all)
	}
}
