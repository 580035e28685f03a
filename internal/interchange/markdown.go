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
// long before anybody took the task up. Either becomes AgentType. Only once
// work has begun does assigned_agent become AssignedAgent as well.
type TaskDoc struct {
	Key              plan.Key
	Named            plan.Key // what the file's name says, where another file owns that key and Key is new; else zero
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
	CompletedAt      *time.Time
	BlockedReason    string // only of a blocked task, and empty where the document gives none
	Path             string // below the imported folder, with slashes
}

// ReadMarkdown reads the epics, features and tasks of a folder tree, which
// may be a whole plan, a folder that has one somewhere inside, or the folder
// of one epic, one feature or its tasks. Root is the folder's own path: where
// fsys itself is an epic or a feature, the last elements of root say which,
// so it should be absolute.
//
// A folder named by a key is that epic or feature; a file in its tasks folder
// named by a key is that task. Progress, unless nil, is called after each
// document. A file that cannot be read is a finding; an error means that the
// folder cannot be read (not_found, permission) or that ctx has ended.
// A folder without any plan gives empty Documents.
func ReadMarkdown(ctx context.Context, fsys fs.FS, root string, progress func(done, total int)) (*Documents, error) {
	s, err := scan(ctx, fsys, root)
	if err != nil {
		return nil, err
	}
	r := reading{fsys: fsys, progress: progress, total: s.documents(), report: s.report}
	drafts, err := r.readTasks(ctx, s.tasks)
	if err != nil {
		return nil, err
	}
	drafts = r.assignKeys(drafts)
	r.resolveDependencies(drafts)
	out := &Documents{Files: s.files}
	for _, d := range drafts {
		s.imply(d.task.Key, d.doc.path, &r.report)
		out.Tasks = append(out.Tasks, d.finish(&r.report))
	}
	if err := r.readParents(ctx, s.parents, out); err != nil {
		return nil, err
	}
	slices.SortFunc(out.Tasks, func(a, b TaskDoc) int { return byOrdinal(a.Key, b.Key) })
	out.Report = r.report.sorted()
	return out, nil
}
