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
		if code, _, stderr := w.run("field", "create", word, "--type", "text"); code == 0 || !strings.Contains(stderr, "is taken: it is") {
			t.Errorf("field create %s: exit code %d: %s", word, code, stderr)
		}
	}
}

// TestSynonyms holds the table of synonyms: none is the name of a command, each
// means one that there is, and none is listed twice under one meaning.
func TestSynonyms(t *testing.T) {
	commands := append(query.Taken()[query.ACommand], "dep", "help", "task")
	for _, s := range plan.Synonyms() {
		if sorted := slices.Compact(slices.Sorted(slices.Values(s.Words))); len(sorted) != len(s.Words) {
			t.Errorf("%s %s: a word is listed twice", s.Kind, s.Means)
		}
		if s.Kind != plan.ForCommand && s.Kind != plan.ForGuess && s.Kind != plan.ForNoun {
			continue
		}
		first, _, _ := strings.Cut(s.Means, " ")
		if !slices.Contains(commands, first) && first[0] != '-' {
			t.Errorf("%s %s: there is no such command", s.Kind, s.Means)
		}
		for _, word := range s.Words {
			if slices.Contains(commands, word) {
				t.Errorf("%s: stands for %s, but is a command of its own", word, s.Means)
			}
			if means := plan.MeaningsOf(s.Kind, word); len(means) == 0 || means[0] != s.Means {
				t.Errorf("%s: stands for %q, not only for %s", word, means, s.Means)
			}
		}
	}
}
