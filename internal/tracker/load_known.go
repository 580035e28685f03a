package tracker

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

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
		{"priority", string(e.Priority)}, {"labels", strings.Join(e.Labels, ",")}, {"refs", strings.Join(e.Refs, ",")}, {"fields", fieldText(e.Fields)}, {"links", linkText(e.Links)}, {"business_value", string(e.BusinessValue)}, {"due", string(e.Due)}, {"defer", string(e.Defer)}}}
}

func featureLikeness(f plan.Feature) likeness {
	return likeness{f.Version, f.HistoryHash, [][2]string{{"title", f.Title}, {"description", f.Description}, {"status", string(f.Status)}, {"labels", strings.Join(f.Labels, ",")}, {"refs", strings.Join(f.Refs, ",")}, {"fields", fieldText(f.Fields)}, {"links", linkText(f.Links)}, {"due", string(f.Due)}, {"defer", string(f.Defer)}}}
}

func taskLikeness(t plan.Task) likeness {
	return likeness{t.Version, t.HistoryHash, [][2]string{{"title", t.Title}, {"description", t.Description}, {"status", string(t.Status)},
		{"priority", strconv.Itoa(t.Priority)}, {"agent_type", t.AgentType}, {"file_path", t.FilePath}, {"assigned_agent", t.AssignedAgent}, {"kind", t.Kind}, {"stage", t.Stage}, {"due", string(t.Due)}, {"resolution", string(t.ToldResolution())}, {"repeat", t.Repeat}, {"estimate", t.Estimate.String()}, {"checks", plan.StoredChecks(t.Checks, 0)}, {"assignee", t.Assignee}, {"position", t.Position}, {"defer", string(t.Defer)}, {"labels", strings.Join(t.Labels, ",")}, {"refs", strings.Join(t.Refs, ",")}, {"fields", fieldText(t.Fields)}, {"links", linkText(t.Links)}}}
}

// A digest stands for a likeness, as far as a file with two lines of one key
// wants telling them apart: there may be a million.
type digest [8]byte

func (l likeness) digest() digest {
	sum := sha256.Sum256(fmt.Append(nil, l))
	return digest(sum[:])
}

// known compares an item of the file with the one of its key that is there.
// Where the file has its history, this was held against the item before: so
// the same history means the same item. Else only the fields can be compared.
func (l *loader) known(k plan.Key, err error, there, given likeness, withHistory bool) (bool, error) {
	if kindOf(err) == plan.NotFound {
		return l.again(k, func() likeness { return given })
	}
	if err != nil {
		return false, err
	}
	differs := func(how string, args ...any) error {
		return plan.Errorf(plan.Conflict, "%s already exists and differs"+how, append([]any{k}, args...)...).
			WithCode("differs").WithHint("see it here: pm show %s; to compare, import into a new database", k)
	}
	if withHistory && (there.version != given.version || there.hash != given.hash) {
		return false, differs(": version %d here, %d in the file", there.version, given.version)
	}
	for i, field := range there.fields {
		if !withHistory && field != given.fields[i] {
			return false, differs(": its %s here is not the one in the file", field[0])
		}
	}
	l.report.Unchanged.add(k.Level())
	return true, nil
}

// again reports, in a dry run, whether the file had the item before: stored,
// it would be there now.
func (l *loader) again(k plan.Key, given func() likeness) (bool, error) {
	if err := l.notInTrash(k); err != nil || !l.dryRun {
		return false, err
	}
	before, twice := l.seen[k.Ordinal()]
	now := given().digest()
	l.seen[k.Ordinal()] = now
	switch {
	case !twice:
		return false, nil
	case before != now:
		return false, plan.Errorf(plan.Conflict, "%s appears twice in the file and differs", k).WithCode("differs").WithHint("remove one of the two lines")
	}
	l.report.Unchanged.add(k.Level())
	return true, nil
}

// knownTask is known for a task. Under a feature that was not there before no
// task can be, unless the file has it twice.
func (l *loader) knownTask(t plan.Task, withHistory bool) (bool, error) {
	if twice, _ := l.tasks.of(t.Key); !twice && l.stored[t.Key.FeatureKey()] {
		return l.again(t.Key, func() likeness { return taskLikeness(t) })
	}
	if err := l.bulk.Flush(); err != nil {
		return false, err
	}
	there, err := loadTask(l.tx, t.Key)
	return l.known(t.Key, err, taskLikeness(there), taskLikeness(t), withHistory)
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

// linkText writes the links that are an item's own.
func linkText(links []plan.Link) string { return fmt.Sprint(plan.OwnLinks(links)) }
