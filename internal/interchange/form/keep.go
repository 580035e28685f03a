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
	w := &packer{b: o.packing[:0]}
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
	r := packer{b: b, words: &o.words}
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
	w := packer{}
	w.notes(&o.Memories)
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

// A packer writes contents as bytes, or reads what one wrote: each is listed once
// for both.
type packer struct {
	b     []byte
	words *words // of what it reads; nil: it writes
}

func (p *packer) reads() bool { return p.words != nil }

// number is for a number of any type: 32 bits would hold no time after 2038.
func number[T ~int | ~int64](p *packer, n *T) {
	if !p.reads() {
		p.b = binary.AppendVarint(p.b, int64(*n))
		return
	}
	v, size := binary.Varint(p.b)
	*n, p.b = T(v), p.b[size:]
}

// bytes returns the bytes of a text that is read, and writes that of s otherwise.
func (p *packer) bytes(s string) (b []byte) {
	n := len(s)
	if number(p, &n); !p.reads() {
		p.b = append(p.b, s...)
		return nil
	}
	b, p.b = p.b[:n], p.b[n:]
	return b
}

func (p *packer) texts(all ...*string) {
	for _, s := range all {
		if b := p.bytes(*s); p.reads() {
			*s = string(b)
		}
	}
}

// some is texts for what many items have in common.
func (p *packer) some(all ...*string) {
	for _, s := range all {
		if b := p.bytes(*s); p.reads() {
			*s = p.words.of(b)
		}
	}
}

func (p *packer) flag(is *bool) {
	n := 0
	if *is {
		n = 1
	}
	if number(p, &n); p.reads() {
		*is = n == 1
	}
}

func (p *packer) moments(all ...**time.Time) {
	for _, t := range all {
		is, seconds, rest := *t != nil, int64(0), 0
		if is {
			seconds, rest = (*t).Unix(), (*t).Nanosecond()
		}
		if p.flag(&is); !is {
			continue
		}
		number(p, &seconds)
		if number(p, &rest); p.reads() {
			at := time.Unix(seconds, int64(rest)).UTC()
			*t = &at
		}
	}
}

// packList packs a list; an empty one is read as nil.
func packList[T any](p *packer, list *[]T, one func(*T)) {
	n := len(*list)
	if number(p, &n); p.reads() && n > 0 {
		*list = make([]T, n)
	}
	for i := range *list {
		one(&(*list)[i])
	}
}

func (p *packer) contents(c *Contents) {
	p.texts(&c.Title, &c.Description, &c.Reason)
	p.some((*string)(&c.Resolution), &c.Kind, &c.Assignee)
	p.texts((*string)(&c.Due), (*string)(&c.Defer))
	p.some(&c.AgentType, &c.Stage, &c.Repeat)
	p.texts(&c.FilePath)
	p.some(&c.Holder, (*string)(&c.Value))
	number(p, &c.Priority)
	number(p, &c.Estimate)
	packList(p, &c.Labels, func(s *string) { p.some(s) })
	packList(p, &c.Refs, func(s *string) { p.texts(s) })
	p.moments(&c.Created, &c.Started, &c.Completed, &c.Blocked)
	packList(p, &c.Links, func(l *Link) {
		p.some((*string)(&l.As))
		p.texts(&l.To)
		p.flag(&l.ID)
	})
	packList(p, &c.Checks, func(l *plan.Check) {
		number(p, &l.N)
		p.texts(&l.Text)
		p.flag(&l.Done)
		p.some(&l.By)
		p.moments(&l.At)
	})
	p.notes(&c.Notes)
	packList(p, &c.Fields, func(f *[2]string) {
		p.some(&f[0])
		p.texts(&f[1])
	})
}

func (p *packer) notes(list *[]Note) {
	packList(p, list, func(n *Note) {
		p.some((*string)(&n.Kind), &n.Agent)
		p.texts(&n.Body)
		p.moments(&n.At)
	})
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
