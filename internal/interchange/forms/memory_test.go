package forms

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pm/internal/interchange/form"
)

// What records say is not in memory: an outline takes less than 600 bytes for
// each, whatever its texts are.
func TestAnOutlineIsSmall(t *testing.T) {
	const records = 20_000
	about := strings.Repeat("what is to be done ", 60)
	for _, of := range []struct{ name, before, record, between, behind string }{
		{"issues.jsonl", "", `{"id":"bd-%05d","title":"task %[1]d","description":"` + about + `","status":"open","issue_type":"task","priority":2}`, "\n", "\n"},
		{"tasks.json", "[", `{"uuid":"00000000-0000-0000-0000-0000000%05d","description":"task %[1]d","status":"pending","entry":"20250102T120000Z","annotations":[{"entry":"20250103T120000Z","description":"` + about + `"}]}`, ",\n", "]"},
		{"gh.json", "[", `{"number":%d,"title":"task %[1]d","state":"OPEN","body":"` + about + `"}`, ",", "]"},
		{"tasks.json", `{"master":{"tasks":[`, `{"id":%d,"title":"task %[1]d","status":"pending","dependencies":[],"details":"` + about + `"}`, ",\n", `],"metadata":{"description":"` + about + `"}}}`},
		{"jira.csv", "Issue key,Summary,Status,Description\n", `ABC-%d,task %[1]d,To Do,"` + about + `"`, "\n", "\n"},
	} {
		t.Run(of.name+of.before, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), of.name)
			var b strings.Builder
			b.WriteString(of.before)
			for n := range records {
				if n > 0 {
					b.WriteString(of.between)
				}
				fmt.Fprintf(&b, of.record, n+1)
			}
			b.WriteString(of.behind)
			must(t, os.WriteFile(root, []byte(b.String()), 0o600))
			b = strings.Builder{}
			s, err := form.Open(root)
			must(t, err)
			defer s.Close()
			s.Zone, s.Now = time.UTC, time.Now()
			before := held()
			found, err := Detect(t.Context(), s, "")
			must(t, err)
			o, err := Read(s, found, "plan", form.Fit{})
			must(t, err)
			defer o.Close()
			if each := (held() - before) / records; each > 600 {
				t.Errorf("an item takes %d bytes", each)
			}
			if len(o.Items) < records {
				t.Errorf("%d items of %d", len(o.Items), records)
			}
			last, err := o.Whole(o.Items[len(o.Items)-1])
			must(t, err)
			if text := last.Description + fmt.Sprint(last.Notes); !strings.Contains(text, "to be done") {
				t.Errorf("the last item says %.60q", text)
			}
		})
	}
}

// held returns the bytes in use, once garbage is collected.
func held() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
