package proof

import (
	"fmt"
	"os"
	"testing"

	"pm/internal/cli"
	"pm/internal/store/storetest"
	"pm/internal/web/webtest"
)

// The environment of a process that a test starts from its own binary.
const (
	modeEnv    = "PM_PROOF_MODE"    // what the process is
	addressEnv = "PM_PROOF_ADDRESS" // the database it works on
	nameEnv    = "PM_PROOF_NAME"    // who it is
	tasksEnv   = "PM_PROOF_TASKS"   // the keys of the tasks it works on, between commas
)

// TestMain makes this binary pm itself, or one of the helpers, when a test
// has started it again.
func TestMain(m *testing.M) {
	switch mode := os.Getenv(modeEnv); mode {
	case "":
		os.Exit(runTests(m))
	case "pm":
		os.Exit(cli.Main())
	case "reader":
		os.Exit(readAllTheWhile())
	case "writer":
		os.Exit(writeUntilKilled())
	case "holder":
		os.Exit(holdUntilKilled())
	case "client":
		os.Exit(serveCalls())
	default:
		fmt.Fprintf(os.Stderr, "unknown %s %q\n", modeEnv, mode)
		os.Exit(2)
	}
}

func runTests(m *testing.M) int {
	defer removeBuilt()
	defer webtest.Stop()
	return storetest.Main(m)
}
