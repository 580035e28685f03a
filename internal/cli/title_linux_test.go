package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A password in the address of a database is not to be seen in the title of the
// process.
func TestTheTitleHasNoPassword(t *testing.T) {
	for _, address := range []string{"postgres://ann:s3cret@127.0.0.1:1/pm", "host=127.0.0.1 password=s3cret"} {
		cmd := exec.Command("pm", "--db", address, "mcp")
		cmd.Dir = t.TempDir()
		in, says := speak(t, cmd)
		fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
		if _, err := says.ReadString('\n'); err != nil {
			t.Error(err)
		}
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", cmd.Process.Pid))
		if s := string(title); err != nil || strings.Contains(s, "s3cret") || !strings.Contains(s, "***") || !strings.Contains(s, "mcp") {
			t.Errorf("the title is %q, %v", title, err)
		}
	}
}
