package tracker

import (
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/trash"
)

// goneHistory stores the history of an item that the file has in the trash.
// What is there with the same history, or went on from it, is left as it is.
// Its former texts come on a line of their own, behind the histories.
func (l *loader) goneHistory(r interchange.HistoryRecord) error {
	if len(r.History) == 0 {
		return l.goneTexts(r)
	}
	known, _, err := l.tx.HasRecord(r.Key, r.History[0].Hash)
	if err != nil {
		return err
	}
	l.added[r.Key] = !known
	f, put := plan.Replay{UID: r.UID}, l.moreOf(r.Key)
	l.more = func(m interchange.MoreRecord) error {
		if r.UID != "" { // else it is not in the trash either, and nothing can be told of it
			if err := vet.Fold(&f, r.Key, m.History); err != nil {
				return err
			}
			l.gone[r.Key] = f
		}
		switch {
		case !known && !l.dryRun:
			return put(m)
		case !known || m.More || len(m.History) == 0:
			return nil
		}
		_, same, err := l.tx.HasRecord(r.Key, m.History[len(m.History)-1].Hash)
		if err == nil && !same {
			err = plan.Errorf(plan.Conflict, "%s exists here with a different history: it was deleted in the file", r.Key).WithCode("differs").
				WithHint("see it here: pm log %s", r.Key)
		}
		return err
	}
	return l.more(interchange.MoreRecord{History: r.History, More: r.More})
}

// goneTexts stores former texts of an item whose history was added.
func (l *loader) goneTexts(r interchange.HistoryRecord) error {
	if !l.added[r.Key] || l.dryRun {
		return nil
	}
	l.more = l.moreOf(r.Key)
	return l.tx.PutTexts(r.Key, r.Texts)
}

// trashEntry stores an entry of the file's trash that is not in the trash here,
// and was not restored here since.
func (l *loader) trashEntry(r interchange.TrashRecord) error {
	entry := r.Entry()
	put, err := l.putTrash(entry)
	if err != nil {
		return err
	}
	check := vet.TrashRows(l.checkTrashed(entry))
	l.more = func(m interchange.MoreRecord) error {
		err := check(m)
		if err == nil && put != nil {
			err = put(m)
		}
		return err
	}
	return l.more(interchange.MoreRecord{Rows: r.Rows, More: r.More})
}

// putTrash adds an entry, and returns what stores its rows; nil if it is not to
// be added.
func (l *loader) putTrash(entry plan.Trashed) (rows func(interchange.MoreRecord) error, err error) {
	there, found, err := l.tx.TrashOf(entry.Key)
	if err != nil || found && there.HistoryHash == entry.HistoryHash {
		return nil, err
	}
	if gone, err := l.wentOn(entry); err != nil || gone {
		return nil, err
	}
	if found {
		return nil, plan.Errorf(plan.Conflict, "%s is in the trash here, with a different history", entry.Key).WithCode("differs").
			WithHint("see it: pm trash show %s", entry.Key)
	}
	if _, err := loadItem(l.tx, entry.Key); err == nil {
		return nil, plan.Errorf(plan.Conflict, "%s exists here: it was deleted in the file", entry.Key).WithCode("differs").
			WithHint("see it here: pm show %s", entry.Key)
	} else if kindOf(err) != plan.NotFound {
		return nil, err
	}
	if l.dryRun {
		return nil, nil
	}
	if err := l.tx.PutTrash(&entry); err != nil {
		return nil, err
	}
	var part strings.Builder
	n := 0
	return func(m interchange.MoreRecord) error {
		put := func(least int) error {
			if part.Len() < least {
				return nil
			}
			err := l.tx.PutTrashPart(entry.ID, n, part.String())
			n++
			part.Reset()
			return err
		}
		for _, row := range m.Rows {
			part.Write(row)
			part.WriteByte('\n')
			if err := put(trashPart); err != nil {
				return err
			}
		}
		part.WriteString(m.Row)
		switch {
		case !m.More:
			return put(1)
		case strings.HasSuffix(m.Row, "\n"):
			return put(trashPart)
		}
		return nil
	}, nil
}

// checkTrashed returns what holds the rows of an entry against their histories,
// which come before it in the file.
func (l *loader) checkTrashed(entry plan.Trashed) func(line any) error {
	return func(line any) error {
		k := trash.KeyOf(line)
		if k.IsZero() {
			return nil
		}
		f, known := l.gone[k]
		if !known {
			return vet.Altered(k, "it is in the trash, and its history is missing")
		}
		delete(l.gone, k)
		if out := trash.Differences(entry, line, f); len(out) > 0 {
			return vet.Altered(k, out[0])
		}
		return nil
	}
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
