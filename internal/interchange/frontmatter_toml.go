package interchange

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// parseTOML is parseYAML for TOML: the values of the table at the top, as
// text, in the order of their lines. What is nested deeper stays source.
func parseTOML(lines []string, first int) ([]*field, *syntaxProblem) {
	var table map[string]any
	if err := toml.Unmarshal([]byte(strings.Join(lines, "\n")), &table); err != nil {
		return nil, tomlProblem(err)
	}
	var fields []*field
	at := linesOfKeys(lines)
	for _, key := range slices.Sorted(maps.Keys(table)) {
		f := newField(key)
		f.values, f.opaque = tomlValues(table[key])
		f.line = first + at[key]
		fields = append(fields, f)
	}
	slices.SortStableFunc(fields, func(a, b *field) int { return a.line - b.line })
	for i, f := range fields {
		next := len(lines) + 1
		if i+1 < len(fields) {
			next = fields[i+1].line - first + 1
		}
		if f.raw = source(lines, f.line-first+1, next); f.raw == "" {
			f.raw, f.opaque = f.label+" = "+f.text(), false
		}
	}
	return fields, nil
}

var tomlKey = pattern(`^[ \t]*(?:\[\[?[ \t]*)?["']?([A-Za-z0-9_ -]+?)["']?[ \t]*[=.\]]`)

// linesOfKeys returns the indexes of the lines on which keys are first named.
func linesOfKeys(lines []string) map[string]int {
	first := map[string]int{}
	for i, l := range lines {
		if m := tomlKey().FindStringSubmatch(l); m != nil {
			if _, known := first[m[1]]; !known {
				first[m[1]] = i
			}
		}
	}
	return first
}

// tomlValues returns the text of a scalar or of a list of scalars; opaque
// means that it is neither.
func tomlValues(value any) (values []string, opaque bool) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			text, opaque := tomlValues(one)
			if _, isList := one.([]any); opaque || isList {
				return nil, true
			}
			values = append(values, text...)
		}
		return values, false
	case map[string]any:
		return nil, true
	case time.Time:
		return []string{v.Format(time.RFC3339Nano)}, false
	}
	return []string{Storable(fmt.Sprint(value))}, false
}

func tomlProblem(err error) *syntaxProblem {
	if e := (*toml.DecodeError)(nil); errors.As(err, &e) {
		line, _ := e.Position()
		return &syntaxProblem{max(line, 1), strings.TrimPrefix(e.Error(), "toml: ")}
	}
	return &syntaxProblem{1, err.Error()}
}
