// Package trash reads the rows that entries of the trash hold.
package trash

import (
	"pm/internal/interchange"
	"pm/internal/plan"
)

// KeyOf returns the key of the item of a line.
func KeyOf(line any) plan.Key {
	switch r := line.(type) {
	case interchange.EpicRecord:
		return r.Key
	case interchange.FeatureRecord:
		return r.Key
	case interchange.TaskRecord:
		return r.Key
	}
	return plan.Key{}
}

// UIDOf returns the uid of the item of a line.
func UIDOf(line any) string {
	switch r := line.(type) {
	case interchange.EpicRecord:
		return r.UID
	case interchange.FeatureRecord:
		return r.UID
	case interchange.TaskRecord:
		return r.UID
	}
	return ""
}

// TextsOf returns the texts that the row of a line has.
func TextsOf(line any) (out []string) {
	var notes []plan.Note
	switch r := line.(type) {
	case interchange.EpicRecord:
		out, notes = append(plan.LinkTargets(r.Links), r.Title, r.Description), r.Notes
	case interchange.FeatureRecord:
		out, notes = append(plan.LinkTargets(r.Links), r.Title, r.Description), r.Notes
	case interchange.TaskRecord:
		out, notes = append(append(plan.CheckTexts(r.Checks), plan.LinkTargets(r.Links)...), r.Title, r.Description, r.FilePath, r.BlockedReason), r.Notes
	}
	for _, n := range notes {
		out = append(out, n.Body)
	}
	return out
}

// Differences says how the row of a line differs from its history. The item that
// the entry is of has the record of its deletion at its end.
func Differences(entry plan.Trashed, line any, f plan.Replay) []string {
	if KeyOf(line) == entry.Key {
		if !f.Deleted || f.Head != entry.HistoryHash {
			return []string{"its history does not match its entry in the trash"}
		}
		f = f.BeforeDeletion()
	}
	switch r := line.(type) {
	case interchange.EpicRecord:
		return f.Epic(r.Item(), r.Notes)
	case interchange.FeatureRecord:
		return f.Feature(r.Item(), r.Notes)
	case interchange.TaskRecord:
		return f.Task(r.Item(), r.Notes)
	}
	return nil
}
