package form

import "testing"

// TestDigest: an idempotency key of an import is that of one source, whose digest
// changes with each thing that an import stores of it.
func TestDigest(t *testing.T) {
	seen := map[string]string{}
	for _, c := range []struct {
		name   string
		change func(*Outline)
	}{
		{"as it is", func(*Outline) {}},
		{"another title", func(o *Outline) { o.Items[1].Title = "other" }},
		{"under another", func(o *Outline) { o.Items[1].In = o.Items[2] }},
		{"a memory", func(o *Outline) { o.Memories = []Note{{Body: "a"}} }},
		{"another memory", func(o *Outline) { o.Memories = []Note{{Body: "b"}} }},
	} {
		o := &Outline{Form: "csv", Title: "plan"}
		for n, id := range []string{"1", "2", "3"} {
			o.Add(&Item{ID: id, N: n, Contents: &Contents{Title: id}})
		}
		o.Items[1].In = o.Items[0]
		c.change(o)
		digest, err := o.Digest()
		if other, twice := seen[digest]; err != nil || twice {
			t.Errorf("%s: %v, the digest is that of %q", c.name, err, other)
		}
		seen[digest] = c.name
	}
}
