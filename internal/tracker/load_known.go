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

func likenessOf(i Item) likeness {
	var description string
	var due, until plan.Date
	var own [][2]string // what only items of its level have
	switch {
	case i.Epic != nil:
		e := i.Epic
		description, due, until = e.Description, e.Due, e.Defer
		own = [][2]string{{"priority", string(e.Priority)}, {"business_value", string(e.BusinessValue)}}
	case i.Feature != nil:
		description, due, until = i.Feature.Description, i.Feature.Due, i.Feature.Defer
	default:
		t := i.Task
		description, due, until = t.Description, t.Due, t.Defer
		own = [][2]string{{"priority", strconv.Itoa(t.Priority)}, {"agent_type", t.AgentType}, {"file_path", t.FilePath}, {"assigned_agent", t.AssignedAgent}, {"kind", t.Kind},
			{"stage", t.Stage}, {"resolution", string(t.ToldResolution())}, {"repeat", t.Repeat}, {"estimate", t.Estimate.String()}, {"checks", plan.StoredChecks(t.Checks, 0)},
			{"assignee", t.Assignee}, {"position", t.Position}}
	}
	_, status, head, _ := i.record()
	return likeness{i.Version(), head, append([][2]string{{"title", i.Title()}, {"description", description}, {"status", status}, {"due", string(due)}, {"defer", string(until)},
		{"labels", strings.Join(i.labels(), ",")}, {"refs", strings.Join(*i.refPlace(), ",")}, {"fields", fieldText(*i.fieldPlace())}, {"links", linkText(*i.linkPlace())}}, own...)}
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
		return l.again(t.Key, func() likeness { return likenessOf(Item{Task: &t}) })
	}
	if err := l.bulk.Flush(); err != nil {
		return false, err
	}
	there, err := loadTask(l.tx, t.Key)
	return l.known(t.Key, err, likenessOf(Item{Task: &there}), likenessOf(Item{Task: &t}), withHistory)
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
