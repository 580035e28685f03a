package tracker

import (
	"fmt"

	"pm/internal/plan"
)

// A Warning says of something that was done what it leads to, where that may
// not be what was meant, and how to change it.
type Warning struct {
	Code    string `json:"code" jsonschema:"not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty" jsonschema:"what to do about it"`
}

func warning(code, format string, args ...any) Warning {
	return Warning{Code: code, Message: fmt.Sprintf(format, args...)}
}

func (w Warning) hint(format string, args ...any) Warning {
	w.Hint = fmt.Sprintf(format, args...)
	return w
}

// Warnings returns those of an answer; none for an answer that carries none.
func Warnings(answer any) []Warning {
	switch a := answer.(type) {
	case Changed:
		return a.Warnings
	case Tasks:
		return a.Warnings
	case SavedEpic:
		return a.Warnings
	case SavedFeature:
		return a.Warnings
	case Restored:
		return a.Warnings
	case Items:
		return a.Warnings
	case Undone:
		return a.Warnings
	case Applied:
		return a.Warnings
	case NextTask:
		return a.Warnings
	case Diff:
		return a.Warnings
	case Report:
		return a.Warnings
	}
	return nil
}

// SavedEpic is the answer of Tracker.UpdateEpic: in JSON the epic, with the
// warnings beside its fields.
type SavedEpic struct {
	plan.Epic
	Warnings []Warning `json:"warnings,omitempty"`
}

// SavedFeature is SavedEpic for a feature, new or updated.
type SavedFeature struct {
	plan.Feature
	Warnings []Warning `json:"warnings,omitempty"`
}
