package dump

import (
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// A contents is what belongs to an item, or as much of it as is on one line.
type contents struct {
	History []plan.History
	Texts   []string
	Notes   []plan.Note
	More    bool // on the next line
}

// lineBytes is how many bytes of text there are on a line: what is read of them takes
// several times as much.
const lineBytes = store.PartBytes / 4

// A parcel writes an item with what belongs to it, in as many lines as that
// takes: records first, then texts, then notes.
type parcel struct {
	w     *Writer
	key   plan.Key
	first func(contents) any // the item's own line; nil: it was written
	now   contents
	bytes int
}

// parcel begins an item, with so many bytes of text in its row.
func (w *Writer) parcel(k plan.Key, bytes int, first func(contents) any) *parcel {
	return &parcel{w: w, key: k, bytes: bytes, first: first}
}

func (p *parcel) record(h plan.History) error {
	err := p.room(store.RecordSize(&h))
	p.now.History = append(p.now.History, h)
	return err
}

func (p *parcel) text(s string) error {
	err := p.room(len(s))
	p.now.Texts = append(p.now.Texts, s)
	return err
}

func (p *parcel) note(n plan.Note) error {
	p.w.wrote.Notes++
	err := p.room(len(n.Body))
	p.now.Notes = append(p.now.Notes, n)
	return err
}

// room writes what there is if so many bytes more are too many for a line.
func (p *parcel) room(bytes int) (err error) {
	if !p.w.rowsOnly && p.bytes > 0 && p.bytes+bytes > lineBytes {
		p.now.More = true
		err = p.write()
	}
	p.bytes += bytes
	return err
}

// end writes the last line.
func (p *parcel) end() error { return p.write() }

func (p *parcel) write() error {
	c := p.now
	p.now, p.bytes = contents{}, 0
	if p.first != nil {
		line := p.first(c)
		p.first = nil
		return p.w.out.Write(line)
	}
	return p.w.out.Write(interchange.MoreRecord{Type: "more", Key: p.key, History: c.History, Texts: c.Texts, Notes: c.Notes, More: c.More})
}
