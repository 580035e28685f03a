package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"
)

// This test's program imports what pm imports. Package startup must be
// initialised before the packages whose initialisation costs most.
func TestStartsOnOneProcessor(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var order []string
	for _, line := range regexp.MustCompile(`(?m)^init (\S+) @`).FindAllSubmatch(out, -1) {
		order = append(order, string(line[1]))
	}
	startup := slices.Index(order, "pm/internal/startup")
	if startup < 0 {
		t.Fatalf("startup is not initialised: %s", out)
	}
	for _, costly := range []string{"github.com/itchyny/gojq", "modernc.org/libc", "modernc.org/sqlite/lib", "net/http", "go.yaml.in/yaml/v3", "golang.org/x/text/cases"} {
		if at := slices.Index(order, costly); at < startup {
			t.Errorf("%s is number %d to be initialised, startup number %d", costly, at, startup)
		}
	}
}
