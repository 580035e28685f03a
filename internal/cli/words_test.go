package cli_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/query"
)

// TestTakenWords holds the table of words that have a meaning against what has
// one, and lets no word of queries stand for two things. A new command, flag, field
// or name in JSON is added to the table, where it is seen what else it stands for.
func TestTakenWords(t *testing.T) {
	w := newWorkspace(t)
	var commands []struct {
		Name  string
		Flags []struct{ Name string }
	}
	decode(t, w.pm("commands"), &commands)
	there := map[query.Meaning][]string{}
	for _, c := range commands {
		there[query.ACommand] = append(there[query.ACommand], strings.Fields(c.Name)[0])
		for _, f := range c.Flags {
			there[query.AFlag] = append(there[query.AFlag], f.Name)
		}
	}
	fields := map[string]string{}
	for _, f := range query.Fields() {
		for _, word := range append(slices.Clone(f.Also), f.Name) {
			if other := fields[word]; other != "" {
				t.Errorf("%s: stands for %s and %s", word, other, f.Name)
			}
			fields[word] = f.Name
			there[query.AField] = append(there[query.AField], word)
		}
	}
	for _, item := range []any{plan.Epic{}, plan.Feature{}, plan.Task{}} {
		for i := range reflect.TypeOf(item).NumField() {
			if name, _, _ := strings.Cut(reflect.TypeOf(item).Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
				there[query.AName] = append(there[query.AName], name)
			}
		}
	}
	for meaning, table := range query.Taken() {
		slices.Sort(there[meaning])
		is := slices.Compact(there[meaning])
		for _, word := range is {
			if !slices.Contains(table, word) {
				t.Errorf("%s is %s, and not in the table in query/taken.go: does it shadow something?", word, meaning)
			}
		}
		for _, word := range table {
			if !slices.Contains(is, word) {
				t.Errorf("the table in query/taken.go says that %s is %s, which it is not", word, meaning)
			}
		}
		if !slices.IsSorted(table) {
			t.Errorf("the words of %s are in no order", meaning)
		}
	}
}

// TestNoFieldTakesAWord declares fields under words of each kind.
func TestNoFieldTakesAWord(t *testing.T) {
	w := newWorkspace(t)
	w.pm("init")
	for _, word := range []string{"status", "held-by", "if-version", "depends_on", "Dry-Run"} {
		if code, _, stderr := w.run("field", "create", word, "--type", "text"); code == 0 || !strings.Contains(stderr, "has a meaning already") {
			t.Errorf("field create %s: exit code %d: %s", word, code, stderr)
		}
	}
}
