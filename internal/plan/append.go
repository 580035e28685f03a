package plan

import (
	"maps"
	"time"
)

// Append completes h as the next record in t's history and updates t to match.
// before is t without the change; the zero value means that t has no record
// yet, and then its labels, references and links are recorded too. h says who
// made the change, when, and in which operation, and what changed outside the
// row. The record contains digests in place of long texts; former are the
// texts that are no longer in the row.
func (t *Task) Append(before Task, h History) (record History, former []string) {
	row := t.Since(before)
	row.recordChecks(before.Checks, t.Checks, h) // with who and when left to the record
	h, former = after(base{before.Version, before.HistoryHash, string(before.Status), t.UID, t.CreatedAt}, string(t.Status), row, h, t.Labels, t.Refs, t.Links)
	h.Key, t.Version, t.HistoryHash, t.UpdatedAt = t.Key, before.Version+1, h.Hash, h.Timestamp
	return h, former
}

// Append works like Task.Append.
func (f *Feature) Append(before Feature, h History) (record History, former []string) {
	h, former = after(base{before.Version, before.HistoryHash, string(before.Status), f.UID, f.CreatedAt}, string(f.Status), f.Since(before), h, f.Labels, f.Refs, f.Links)
	h.Key, f.Version, f.HistoryHash, f.UpdatedAt = f.Key, before.Version+1, h.Hash, h.Timestamp
	return h, former
}

// Append works like Task.Append.
func (e *Epic) Append(before Epic, h History) (record History, former []string) {
	h, former = after(base{before.Version, before.HistoryHash, string(before.Status), e.UID, e.CreatedAt}, string(e.Status), e.Since(before), h, e.Labels, e.Refs, e.Links)
	h.Key, e.Version, e.HistoryHash, e.UpdatedAt = e.Key, before.Version+1, h.Hash, h.Timestamp
	return h, former
}

// A base is what a record builds on.
type base struct {
	version     int64
	head        string
	status, uid string
	created     time.Time
}

func after(b base, status string, row Change, h History, labels, refs []string, links []Link) (History, []string) {
	maps.Copy(row, h.Change)
	h.OldStatus, h.NewStatus = b.status, status
	if b.version == 0 {
		h.OldStatus = ""
		if len(labels) > 0 {
			row["labels"] = [2]any{nil, labels}
		}
		if len(refs) > 0 {
			row["refs"] = [2]any{nil, refs}
		}
		if own := LinksOf(OwnLinks(links)); own != nil {
			row[linksField] = [2]any{nil, own}
		}
		if Stamp(b.created) != Stamp(h.Timestamp) {
			row["created_at"] = [2]any{nil, Stamp(b.created)}
		}
	}
	var former []string
	h.Change, former, _ = row.Compact()
	h.Hash = h.Chain(b.head, b.uid)
	return h, former
}
