package form

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"pm/internal/plan"
)

// A span is where the contents of an item are kept.
type span struct {
	at   int64
	size int32
	kept bool
}

// Done tells the outline that the contents of an item are read: they are kept
// out of memory until they are asked for. What the item lies under and depends
// on may still change, and its status.
func (o *Outline) Done(i *Item) {
	if i.Contents == nil || o.err != nil {
		return
	}
	w := &contentWriter{b: o.packing[:0]}
	w.contents(i.Contents)
	o.packing = w.b
	if cap(o.packing) > 1<<20 {
		o.packing = nil
	}
	at, err := o.shelf.Put(w.b)
	if err != nil {
		o.err = err
		return
	}
	i.Contents, i.kept = nil, span{at, int32(len(w.b)), true}
}

// open brings the contents of an item back into memory, for as long as Done is
// not called again.
func (o *Outline) open(i *Item) {
	if i.Contents != nil {
		return
	}
	i.Contents = &Contents{}
	if !i.kept.kept {
		return
	}
	b, err := o.shelf.Get(i.kept.at, int(i.kept.size))
	if err != nil {
		o.err = err
		return
	}
	r := contentReader{b: b, o: o}
	r.contents(i.Contents)
}

// Change calls f with an item whose contents are in memory while it runs.
func (o *Outline) Change(i *Item, f func(*Item)) {
	kept := i.Contents == nil
	o.open(i)
	if f(i); kept {
		o.Done(i)
	}
}

// Whole returns an item with its contents, as it is in the outline: what is done
// with the copy leaves that alone.
func (o *Outline) Whole(i *Item) (*Item, error) {
	out := *i
	if i.Contents != nil {
		c := *i.Contents
		out.Contents = &c
	}
	o.open(&out)
	return &out, o.err
}

// Digest returns what tells the outline from that of another source, or of the same
// one after a change.
func (o *Outline) Digest() (string, error) {
	sum := sha256.New()
	w := contentWriter{}
	w.notes(o.Memories)
	fmt.Fprintf(sum, "%s %q %d %d\n", o.Form, o.Title, len(o.Items), len(w.b))
	sum.Write(w.b)
	for _, i := range o.Items {
		whole, err := o.Whole(i)
		if err != nil {
			return "", err
		}
		w.b = w.b[:0]
		w.contents(whole.Contents)
		fmt.Fprintf(sum, "%q %q %q %q %q %d\n", i.ID, i.Level, i.Status, i.DependsOn, i.File, len(w.b))
		if i.In != nil {
			fmt.Fprintln(sum, "in", i.In.N)
		}
		for _, on := range i.Needs {
			fmt.Fprintln(sum, on.N)
		}
		sum.Write(w.b)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Err returns why contents could not be kept or read again; nil: they could.
func (o *Outline) Err() error { return o.err }

// Close gives back what the outline keeps out of memory.
func (o *Outline) Close() error { return o.shelf.Close() }

// A contentWriter writes contents as bytes, which a contentReader reads.
type contentWriter struct{ b []byte }

func (w *contentWriter) number(n int) { w.b = binary.AppendVarint(w.b, int64(n)) }

func (w *contentWriter) text(s string) {
	w.number(len(s))
	w.b = append(w.b, s...)
}

func (w *contentWriter) texts(list []string) {
	w.number(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *contentWriter) flag(is bool) {
	if is {
		w.number(1)
	} else {
		w.number(0)
	}
}

func (w *contentWriter) moment(t *time.Time) {
	w.flag(t != nil)
	if t != nil {
		w.b = binary.AppendVarint(w.b, t.Unix())
		w.number(t.Nanosecond())
	}
}

func (w *contentWriter) contents(c *Contents) {
	for _, s := range []string{c.Title, c.Description, c.Reason, string(c.Resolution), c.Kind, c.Assignee, string(c.Due), string(c.Defer), c.AgentType, c.Stage, c.Repeat, c.FilePath, c.Holder, string(c.Value)} {
		w.text(s)
	}
	w.number(c.Priority)
	w.number(int(c.Estimate))
	w.texts(c.Labels)
	w.texts(c.Refs)
	for _, t := range []*time.Time{c.Created, c.Started, c.Completed, c.Blocked} {
		w.moment(t)
	}
	w.number(len(c.Links))
	for _, l := range c.Links {
		w.text(string(l.As))
		w.text(l.To)
		w.flag(l.ID)
	}
	w.number(len(c.Checks))
	for _, l := range c.Checks {
		w.number(l.N)
		w.text(l.Text)
		w.flag(l.Done)
		w.text(l.By)
		w.moment(l.At)
	}
	w.notes(c.Notes)
	w.number(len(c.Fields))
	for _, f := range c.Fields {
		w.text(f[0])
		w.text(f[1])
	}
}

func (w *contentWriter) notes(list []Note) {
	w.number(len(list))
	for _, n := range list {
		w.text(string(n.Kind))
		w.text(n.Agent)
		w.text(n.Body)
		w.moment(n.At)
	}
}

// A contentReader reads what a contentWriter wrote.
type contentReader struct {
	b []byte
	o *Outline
}

func (r *contentReader) number() int {
	n, size := binary.Varint(r.b)
	r.b = r.b[size:]
	return int(n)
}

func (r *contentReader) bytes() []byte {
	n := r.number()
	s := r.b[:n]
	r.b = r.b[n:]
	return s
}

func (r *contentReader) text() string { return string(r.bytes()) }

// word is text for what many items have in common.
func (r *contentReader) word() string { return r.o.words.of(r.bytes()) }

func (r *contentReader) flag() bool { return r.number() == 1 }

func (r *contentReader) moment() *time.Time {
	if !r.flag() {
		return nil
	}
	seconds, size := binary.Varint(r.b)
	r.b = r.b[size:]
	t := time.Unix(seconds, int64(r.number())).UTC()
	return &t
}

// listOf reads a list; nil if it is empty.
func listOf[T any](r *contentReader, one func() T) []T {
	n := r.number()
	if n == 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = one()
	}
	return out
}

func (r *contentReader) contents(c *Contents) {
	c.Title, c.Description, c.Reason = r.text(), r.text(), r.text()
	c.Resolution, c.Kind, c.Assignee = plan.Resolution(r.word()), r.word(), r.word()
	c.Due, c.Defer = plan.Date(r.text()), plan.Date(r.text())
	c.AgentType, c.Stage, c.Repeat, c.FilePath, c.Holder, c.Value = r.word(), r.word(), r.word(), r.text(), r.word(), plan.Grade(r.word())
	c.Priority, c.Estimate = r.number(), plan.Estimate(r.number())
	c.Labels, c.Refs = listOf(r, r.word), listOf(r, r.text)
	c.Created, c.Started, c.Completed, c.Blocked = r.moment(), r.moment(), r.moment(), r.moment()
	c.Links = listOf(r, func() Link { return Link{As: plan.LinkKind(r.word()), To: r.text(), ID: r.flag()} })
	c.Checks = listOf(r, func() plan.Check {
		return plan.Check{N: r.number(), Text: r.text(), Done: r.flag(), By: r.word(), At: r.moment()}
	})
	c.Notes = listOf(r, func() Note {
		return Note{Kind: plan.NoteKind(r.word()), Agent: r.word(), Body: r.text(), At: r.moment()}
	})
	c.Fields = listOf(r, func() [2]string { return [2]string{r.word(), r.text()} })
}

// A words gives equal short texts the same memory.
type words map[string]string

// The longest word, and how many there are at most.
const (
	longestWord = 32
	mostWords   = 4096
)

func (w *words) of(b []byte) string {
	if len(b) > longestWord {
		return string(b)
	}
	if s, known := (*w)[string(b)]; known {
		return s
	}
	s := string(b)
	if *w == nil {
		*w = words{}
	}
	if len(*w) < mostWords {
		(*w)[s] = s
	}
	return s
}
