package ops_test

import (
	"strings"
	"testing"

	"pm/internal/ops"
)

// TestMembers passes an object through in pieces of every length.
func TestMembers(t *testing.T) {
	const object = `{"a":[{"b":"},{\"a\":1"}],"b":{"a":[1,2]},"c":"\\","more":3,"e":[],"f":null}` + "\n"
	for names, want := range map[string]string{
		"a":          `{"a":[{"b":"},{\"a\":1"}]}`,
		"b,more":     `{"b":{"a":[1,2]},"more":3}`,
		"c,f,e":      `{"c":"\\","e":[],"f":null}`,
		"x":          `{}`,
		"a,b,c,more": `{"a":[{"b":"},{\"a\":1"}],"b":{"a":[1,2]},"c":"\\","more":3}`,
	} {
		for size := 1; size <= len(object); size++ {
			var out strings.Builder
			m := ops.NewMembers(&out, strings.Split(names, ","))
			for rest := object; rest != ""; rest = rest[min(size, len(rest)):] {
				if n, err := m.Write([]byte(rest[:min(size, len(rest))])); err != nil || n != min(size, len(rest)) {
					t.Fatal(n, err)
				}
			}
			if out.String() != want+"\n" {
				t.Fatalf("%s, %d bytes at a time: %s, want %s", names, size, out.String(), want)
			}
		}
	}
}
