package trash

import (
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// Each calls f with the rows of an entry, each an interchange.EpicRecord,
// FeatureRecord or TaskRecord, while the next part of them is decoded.
func Each(tx *store.Tx, entry plan.Trashed, f func(line any) error) error {
	use := func(p part) error {
		for _, line := range p.lines {
			if err := f(line); err != nil {
				return err
			}
		}
		return p.err
	}
	var decoded chan part // the part before
	err := tx.EachTrashPart(entry.ID, func(lines string) error {
		before, next := decoded, make(chan part, 1)
		go func() { next <- decode(lines) }()
		if decoded = next; before == nil {
			return nil
		}
		return use(<-before)
	})
	if err == nil && decoded != nil {
		err = use(<-decoded)
	}
	return err
}

// A part is what a part of an entry says, up to an error.
type part struct {
	lines []any
	err   error
}

func decode(lines string) (p part) {
	p.err = interchange.NewRowReader(lines).Each(func(line any) error {
		p.lines = append(p.lines, line)
		return nil
	})
	return p
}
