package tracker

import (
	"bytes"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// goneHistory stores the history of an item that the file has in the trash.
// What is there with the same history, or went on from it, is left as it is.
func (l *loader) goneHistory(r interchange.HistoryRecord) error {
	if len(r.History) == 0 {
		return nil
	}
	if r.UID != "" { // else it is not in the trash either, and nothing can be told of it
		f, err := fold(r.Key, r.UID, r.History)
		if err != nil {
			return err
		}
		l.gone[r.Key] = f
	}
	known, same, err := l.tx.HasRecord(r.Key, r.History[len(r.History)-1].Hash)
	if err != nil || same {
		return err
	}
	if known {
		return plan.Errorf(plan.Conflict, "%s exists here with another history: it was deleted in the file", r.Key).WithCode("differs").
			WithHint("see what it is here: pm log %s", r.Key)
	}
	if l.dryRun {
		return nil
	}
	return firstError(l.history(r.Key, r.History), l.tx.PutTexts(r.Key, r.Texts))
}

// trashEntry stores an entry of the file's trash that is not in the trash here,
// and was not restored here since.
func (l *loader) trashEntry(r interchange.TrashRecord) error {
	entry := r.Entry()
	if err := l.checkTrashed(r, entry); err != nil {
		return err
	}
	there, found, err := l.tx.TrashOf(entry.Key)
	if err != nil || found && there.HistoryHash == entry.HistoryHash {
		return err
	}
	if gone, err := l.wentOn(entry); err != nil || gone {
		return err
	}
	if found {
		return plan.Errorf(plan.Conflict, "%s is in the trash here, with another history", entry.Key).WithCode("differs").
			WithHint("see it: pm trash show %s", entry.Key)
	}
	if _, err := loadItem(l.tx, entry.Key); err == nil {
		return plan.Errorf(plan.Conflict, "%s exists here: it was deleted in the file", entry.Key).WithCode("differs").
			WithHint("see what it is here: pm show %s", entry.Key)
	} else if kindOf(err) != plan.NotFound {
		return err
	}
	if l.dryRun {
		return nil
	}
	if err := l.tx.PutTrash(&entry); err != nil {
		return err
	}
	var part strings.Builder
	n := 0
	put := func() error {
		n++
		err := l.tx.PutTrashPart(entry.ID, n-1, part.String())
		part.Reset()
		return err
	}
	for _, row := range r.Rows {
		part.Write(row)
		part.WriteByte('\n')
		if part.Len() >= trashPart {
			if err := put(); err != nil {
				return err
			}
		}
	}
	if part.Len() == 0 {
		return nil
	}
	return put()
}

// checkTrashed holds the rows of an entry against their histories, which come
// before it in the file.
func (l *loader) checkTrashed(r interchange.TrashRecord, entry plan.Trashed) error {
	for _, row := range r.Rows {
		err := interchange.NewLineReader(bytes.NewReader(row), "the trash").Each(func(line any) error {
			k := keyOf(line)
			if k.IsZero() {
				return nil
			}
			f, known := l.gone[k]
			if !known {
				return altered(k, "it is in the trash, and its history is missing")
			}
			delete(l.gone, k)
			if out := inTrash(entry, line, f); len(out) > 0 {
				return altered(k, out[0])
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// wentOn reports whether an item of the file's trash was restored here: then
// it is there, or in the trash again, with a history that went on.
func (l *loader) wentOn(entry plan.Trashed) (bool, error) {
	if _, err := loadItem(l.tx, entry.Key); kindOf(err) == plan.NotFound {
		if _, found, err := l.tx.TrashOf(entry.Key); err != nil || !found {
			return false, err
		}
	} else if err != nil {
		return false, err
	}
	_, has, err := l.tx.HasRecord(entry.Key, entry.HistoryHash)
	return has, err
}
