package interchange

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

// FuzzDocument holds that any bytes become a task that the domain takes, the
// same every time, with every line of the text kept.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		"# Task: T\n\n**Status**: done\n\ntext\n",
		"---\ntask_key: T-E04-F01-001\nstatus: blocked (why)\ndependencies: [T01, x.md]\npriority: P0\n---\n# T\n",
		"---\na: &a [*a]\n---\n", "---\ntitle: \"\\0\\x1b\\ud800\"\nblocked_reason: \"\\0\"\nstatus: blocked\n---\n",
		"\ufeff\r\n---\r\nx", "---\n? [a]\n: b\n---\n", "---\n{status: done, title: x}\n---\n", "---\n- a\n---\n", "\xff\x00",
	} {
		f.Add([]byte(s))
	}
	at := file{path: tasks + "T-E04-F01-001-x.md", place: place{role: tasksFolder, key: plan.MustKey("E04-F01")}}
	read := func(raw []byte) (TaskDoc, *document) {
		d, ok := newDraft(at, parseDocument(at.path, raw, MarkdownOptions{Zone: time.UTC, Now: now}))
		if !ok {
			panic("a good name gives no draft")
		}
		d.read()
		r := new(reading)
		r.resolveDependencies([]*draft{d}, new(Documents))
		return d.finish(r), d.doc
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		task, doc := read(raw)
		for _, err := range []error{
			plan.CheckTitle(task.Title), plan.CheckText("description", task.Description), plan.CheckPriority(task.Priority),
			plan.CheckText("reason", task.BlockedReason), plan.CheckName("agent", task.AssignedAgent), plan.CheckName("agent type", task.AgentType),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if _, err := plan.ParseTaskStatus(string(task.Status)); err != nil {
			t.Error(err)
		}
		if again, _ := read(raw); !reflect.DeepEqual(task, again) {
			t.Errorf("two readings differ:\n%+v\n%+v", task, again)
		}
		for i, line := range doc.body {
			if i != doc.headAt && len(task.Description) < plan.MaxText-4 && !strings.Contains(task.Description, strings.TrimSpace(line)) {
				t.Errorf("line %d of the text is lost: %q in %q", i, line, task.Description)
			}
		}
	})
}
