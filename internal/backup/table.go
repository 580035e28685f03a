package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// A sum is the SHA-256 of a page, of all pages, or of a file.
type sum = [sha256.Size]byte

// leafPages is how many pages share one hash below that of all of them: after
// a small change few of these have to be made anew.
const leafPages = 512

// A table holds the hash of every page of a database.
type table struct {
	sums   []sum // of page n at n-1
	leaves []sum
	stale  map[int]bool // leaves whose pages have changed
}

// resize makes it a table of so many pages. Those that are new have no hash.
func (t *table) resize(pages int) {
	if t.stale == nil {
		t.stale = map[int]bool{}
	}
	before := len(t.sums)
	if pages < before {
		t.sums = t.sums[:pages]
	} else {
		t.sums = append(t.sums, make([]sum, pages-before)...)
	}
	t.leaves = append(t.leaves[:min(len(t.leaves), leafOf(pages)+1)], make([]sum, max(0, leafOf(pages)+1-len(t.leaves)))...)
	for leaf := leafOf(max(1, min(pages, before))); leaf < len(t.leaves); leaf++ {
		t.stale[leaf] = true
	}
}

func leafOf(n int) int { return max(0, n-1) / leafPages }

func (t *table) set(n int, s sum) {
	t.sums[n-1] = s
	t.stale[leafOf(n)] = true
}

// after returns the table of a moment with so many pages, of which index are the
// new ones. That of the moment before stays as it is; nil: there is none.
func (t *table) after(pages int, index []stored) *table {
	next := &table{}
	if t != nil {
		next.resize(len(t.sums))
		copy(next.sums, t.sums)
	}
	next.resize(pages)
	for _, p := range index {
		if p.n <= pages {
			next.set(p.n, p.sum)
		}
	}
	return next
}

// state returns the hash of all pages, as a footer has it.
func (t *table) state() string {
	for leaf := range t.stale {
		if leaf >= len(t.leaves) {
			continue
		}
		h := sha256.New()
		for _, s := range t.sums[leaf*leafPages : min((leaf+1)*leafPages, len(t.sums))] {
			h.Write(s[:])
		}
		h.Sum(t.leaves[leaf][:0])
	}
	clear(t.stale)
	h := sha256.New()
	binary.Write(h, binary.BigEndian, uint64(len(t.sums)))
	for _, s := range t.leaves {
		h.Write(s[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
