package proof

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// TestImportMemory imports plans in which each task depends on the one before
// it and on a later one: none of it can be stored before all has been read.
// Meanwhile little of it lies in memory.
func TestImportMemory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "there the same is in memory, without what SQLite adds")
		tasks, most := load(20_000, 1_000_000), int64(load(100, 256))
		for name, history := range map[string]bool{"with history": true, "without history": false} {
			file := filepath.Join(w.dir, name+".jsonl")
			writeChains(t, file, tasks, history)
			for _, args := range [][]string{{"import", file, "--dry-run"}, {"import", file}} {
				w := &world{engine: w.engine, address: filepath.Join(t.TempDir(), "pm.db"), dir: w.dir}
				if a := w.pm(t, "importer", "init"); a.code != 0 {
					t.Fatal(a)
				}
				cmd := w.command(t, "importer", args...)
				if !full() {
					cmd.Env = append(cmd.Env, "GOGC=100") // so little is held that garbage would hide it
				}
				var peak chan int64
				a := finish(t, cmd, func(p *os.Process) { peak = watchMemory(p.Pid) })
				mb := <-peak >> 20
				if t.Logf("%s %v: %d MB at its peak", name, args[2:], mb); a.code != 0 || mb > most {
					t.Errorf("%s %v has used %d MB at its peak: %s", name, args, mb, a)
				}
			}
			os.Remove(file)
		}
	})
}

// watchMemory gives, once the process has ended, the most that it has used.
func watchMemory(pid int) chan int64 {
	peak := make(chan int64, 1)
	go func() {
		most := int64(0)
		for now := peakMemory(pid); now > 0; now = peakMemory(pid) {
			most = max(most, now)
			time.Sleep(10 * time.Millisecond)
		}
		peak <- most
	}()
	return peak
}

// writeChains writes an export of so many tasks, 20 in a feature.
func writeChains(t *testing.T, file string, tasks int, history bool) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := interchange.NewLineWriter(f)
	write := func(line any) {
		if err := out.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	const each = 20
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	key := func(i int) plan.Key { return plan.Key{Epic: 1, Feature: 1 + i/each, Task: 1 + i%each} }
	write(interchange.Header{Type: "pm", Format: interchange.Format, LastEpic: 1})
	write(interchange.NewEpicRecord(plan.Epic{Key: key(0).EpicKey(), Title: "all", Status: plan.PlanActive, Priority: plan.Medium}, nil, nil))
	for i := range tasks {
		if i%each == 0 {
			write(interchange.NewFeatureRecord(plan.Feature{Key: key(i).FeatureKey(), EpicKey: key(i).EpicKey(), Title: "twenty", Status: plan.PlanActive}, nil, nil))
		}
		task := plan.Task{UID: plan.NewUID(at), Key: key(i), FeatureKey: key(i).FeatureKey(), EpicKey: key(i).EpicKey(), Title: "one of many tasks", Status: plan.Todo, Priority: 5, CreatedAt: at}
		if i%2 == 0 && i+1 < tasks {
			task.DependsOn = append(task.DependsOn, key(i+1))
		}
		if i > 1 {
			task.DependsOn = append(task.DependsOn, key(i-2))
		}
		var records []plan.History
		if history {
			h, _ := task.Append(plan.Task{}, plan.History{Agent: "ann", Surface: "cli", Timestamp: at, Operation: plan.NewUID(at),
				Change: plan.Change{"depends_on": {nil, plan.KeyWords(task.DependsOn)}}})
			records = append(records, h)
		}
		write(interchange.NewTaskRecord(task, nil, records))
	}
	if err := out.End(); err != nil {
		t.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}
