// Package interchange reads plans that were written elsewhere.
//
// Policy: nothing here touches a database, and nothing is dropped in silence.
// Every file below the folder becomes an epic, a feature or a task, or a
// finding says why not; what a document says is kept, and where two values
// disagree a finding says which one counts.
package interchange

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"pm/internal/plan"
)

// Documents is what a folder of markdown says, each slice in the order of its
// keys. The same files always give the same Documents, whatever was imported
// before, so that importing them again changes nothing.
type Documents struct {
	Epics    []EpicDoc
	Features []FeatureDoc
	Tasks    []TaskDoc
	Report   []Finding // in the order of path and line
	Files    int       // all files looked at, hidden ones excepted
}

// An EpicDoc is an epic as its document describes it. Every feature of
// Documents has its epic there.
type EpicDoc struct {
	Key           plan.Key
	Title         string
	Description   string
	Status        plan.PlanStatus // active where the document says nothing
	Priority      plan.Grade      // medium where it says nothing
	BusinessValue plan.Grade      // empty where it says nothing
	CreatedAt     *time.Time
	Path          string // of its document; empty when it has none: the title is then a guess that should replace no better one
}

// A FeatureDoc is a feature as its document describes it. Every task of
// Documents has its feature there.
type FeatureDoc struct {
	Key         plan.Key
	Title       string
	Description string
	Status      plan.PlanStatus // active where the document says nothing
	CreatedAt   *time.Time
	Path        string // as for an epic
}

// A TaskDoc is a task as its document describes it.
//
// The plans name the trade a task asks for as agent, or as assigned_agent
// long before anybody took the task up. Either becomes AgentType if it is a
// trade, and no person's name. Only once work has begun does assigned_agent,
// or an assignee, become AssignedAgent.
type TaskDoc struct {
	Key              plan.Key
	Named            plan.Key // what the file's name says, where another file owns that key; Key is then a free number of the feature, which an import may replace. Else zero
	Owner            string   // the path of that other file
	Title            string
	Description      string
	Status           plan.TaskStatus // todo where the document says nothing
	AgentType        string
	AssignedAgent    string
	Priority         int        // 5 where it says nothing
	DependsOn        []plan.Key // each a task of Documents
	UnknownDependsOn []plan.Key // no task of Documents; perhaps one of the database
	CreatedAt        *time.Time
	StartedAt        *time.Time
	CompletedAt      *time.Time // of a completed task, the last day that its document has; nil where it has none
	BlockedReason    string     // only of a blocked task, and empty where the document gives none
	Path             string     // below the imported folder, with slashes
}

// MarkdownOptions say how a folder of markdown is read.
type MarkdownOptions struct {
	Root     string                // the folder's own path: where it is an epic or a feature itself, its last elements say which, so it should be absolute
	Zone     *time.Location        // of days and of times without one; nil means time.Local
	Now      time.Time             // what is deferred to a later moment is not ready; zero means that everything deferred is
	Progress func(done, total int) // called after each document; may be nil
}

// ReadMarkdown reads the epics, features and tasks of a folder tree, which
// may be a whole plan, a folder that has one somewhere inside, or the folder
// of one epic, one feature or its tasks.
//
// A folder named by a key is that epic or feature; a file in its tasks folder
// named by a key is that task. A task is todo only if nothing says otherwise:
// no word in its document, no status folder around it, no dependency that is
// not understood. A file that cannot be read is a finding; an error means that
// the folder cannot be read (not_found, permission) or that ctx has ended.
// A folder without any plan gives empty Documents.
func ReadMarkdown(ctx context.Context, fsys fs.FS, o MarkdownOptions) (*Documents, error) {
	s, err := scan(ctx, fsys, o.Root)
	if err != nil {
		return nil, err
	}
	r := reading{fsys: fsys, options: o, total: s.documents(), report: s.report}
	drafts, err := r.readTasks(ctx, s.tasks)
	if err != nil {
		return nil, err
	}
	below := s.tasksBelow()
	drafts = r.assignKeys(drafts, below)
	for _, d := range drafts {
		s.imply(d.task.Key, d.doc.path, &r.report)
	}
	out := &Documents{Files: s.files}
	if err := r.readParents(ctx, s.parents, below, out); err != nil {
		return nil, err
	}
	r.settle(drafts, out.active())
	r.resolveDependencies(drafts, out)
	slices.SortStableFunc(drafts, func(a, b *draft) int { return byOrdinal(a.task.Key, b.task.Key) })
	for _, d := range drafts {
		out.Tasks = append(out.Tasks, d.finish(&r))
	}
	r.reportLeftOver()
	out.Report = r.report.sorted()
	return out, nil
}

// active returns the epics and features whose tasks are offered as work.
func (d *Documents) active() map[plan.Key]bool {
	active := map[plan.Key]bool{}
	for _, e := range d.Epics {
		active[e.Key] = e.Status == plan.PlanActive
	}
	for _, f := range d.Features {
		active[f.Key] = f.Status == plan.PlanActive
	}
	return active
}
