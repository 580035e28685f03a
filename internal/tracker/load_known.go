package tracker

import (
	"strconv"

	"pm/internal/plan"
)

// A likeness is what an item of the file and the one of its key that is there
// are compared by: the version and the chain of the history, and what somebody
// may have edited in the file.
type likeness struct {
	version int64
	hash    string
	fields  [][2]string // name and value
}

func epicLikeness(e plan.Epic) likeness {
	return likeness{e.Version, e.HistoryHash, [][2]string{{"title", e.Title}, {"description", e.Description}, {"status", string(e.Status)},
		{"priority", string(e.Priority)}, {"business_value", string(e.BusinessValue)}}}
}

func featureLikeness(f plan.Feature) likeness {
	return likeness{f.Version, f.HistoryHash, [][2]string{{"title", f.Title}, {"description", f.Description}, {"status", string(f.Status)}}}
}

func taskLikeness(t plan.Task) likeness {
	return likeness{t.Version, t.HistoryHash, [][2]string{{"title", t.Title}, {"description", t.Description}, {"status", string(t.Status)},
		{"priority", strconv.Itoa(t.Priority)}, {"agent_type", t.AgentType}, {"file_path", t.FilePath}, {"assigned_agent", t.AssignedAgent}}}
}

// known compares an item of the file with the one of its key that is there.
func (l *loader) known(k plan.Key, err error, there, given likeness) (bool, error) {
	if kindOf(err) == plan.NotFound {
		return false, l.notInTrash(k)
	}
	if err != nil {
		return false, err
	}
	differs := func(how string, args ...any) error {
		return plan.Errorf(plan.Conflict, "%s is there already and differs"+how, append([]any{k}, args...)...).
			WithCode("differs").WithHint("pm show %s shows it as it is here; import into a new database to compare", k)
	}
	if there.version != given.version || there.hash != given.hash {
		return false, differs(": version %d here, %d in the file", there.version, given.version)
	}
	for i, field := range there.fields {
		if field != given.fields[i] {
			return false, differs(": its %s was edited in the file, where an import does not look for changes", field[0])
		}
	}
	l.report.Unchanged.add(k.Level())
	return true, nil
}

// knownTask is known for a task. Under a feature that was not there before no
// task can be, unless the file has it twice.
func (l *loader) knownTask(t plan.Task) (bool, error) {
	if _, twice := l.done[t.Key]; !twice && l.stored[t.Key.FeatureKey()] {
		return false, l.notInTrash(t.Key)
	}
	if err := l.bulk.Flush(); err != nil {
		return false, err
	}
	there, err := l.tx.Task(t.Key)
	return l.known(t.Key, err, taskLikeness(there), taskLikeness(t))
}

// notInTrash refuses an item that was deleted here: its history is here still.
func (l *loader) notInTrash(k plan.Key) error {
	for _, t := range l.trash {
		if t.Key.Contains(k) {
			return plan.Errorf(plan.Conflict, "%s is in the trash", k).WithCode("in_trash").
				WithHint("restore it: pm restore %s, or delete it for good: pm trash empty", t.Key)
		}
	}
	return nil
}
