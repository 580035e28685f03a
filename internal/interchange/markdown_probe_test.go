package interchange

import (
	"context"
	"fmt"
	"os"
	"testing"
)

func TestProbe(t *testing.T) {
	dir := os.Getenv("PROBE")
	d, err := ReadMarkdown(context.Background(), os.DirFS(dir), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Report {
		fmt.Printf("%s:%d: %s: %s\n", f.Path, f.Line, f.Severity, f.Message)
	}
	st := map[string]int{}
	for _, x := range d.Tasks {
		st[x.Key.EpicKey().String()+" "+string(x.Status)]++
		fmt.Printf("TASK %s [%s] p%d at=%q ag=%q named=%s deps=%v unk=%v %q c=%v desc=%.60q\n", x.Key, x.Status, x.Priority, x.AgentType, x.AssignedAgent, x.Named, x.DependsOn, x.UnknownDependsOn, x.Title, x.CreatedAt, x.Description)
	}
	for _, x := range d.Epics {
		fmt.Printf("EPIC %s [%s] %s %s %q %v %s desc=%.60q\n", x.Key, x.Status, x.Priority, x.BusinessValue, x.Title, x.CreatedAt, x.Path, x.Description)
	}
	for _, x := range d.Features {
		fmt.Printf("FEAT %s [%s] %q %v %s desc=%.60q\n", x.Key, x.Status, x.Title, x.CreatedAt, x.Path, x.Description)
	}
	fmt.Println(st, len(d.Tasks), d.Files, Cycle(d.Tasks))
}
