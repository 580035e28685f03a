package tracker

import (
	"pm/internal/interchange"
	"pm/internal/plan"
)

// keyOf returns the key of the item of a line.
func keyOf(line any) plan.Key {
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

// uidOf returns the uid of the item of a line.
func uidOf(line any) string {
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

// textsOf returns the texts that the row of a line has.
func textsOf(line any) (out []string) {
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

// inTrash says how a row in the trash differs from its history.
func inTrash(entry plan.Trashed, line any, f plan.Replay) []string {
	if keyOf(line) == entry.Key {
		if !f.Deleted || f.Head != entry.HistoryHash {
			return []string{"its history does not end as the trash says"}
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

func goneOf(t plan.Trashed) Gone {
	return Gone{Epics: t.Epics, Features: t.Features, Tasks: t.Tasks, Notes: t.Notes}
}
