package interchange

import (
	"context"
	"io/fs"

	"pm/internal/plan"
)

// A reading is the state of one import while documents are read.
type reading struct {
	fsys        fs.FS
	options     MarkdownOptions
	done, total int
	report      report
	left        map[string]*leftOver
	order       []string               // the keys of left
	waits       map[plan.Key][]ref     // what epics and features depend on
	documents   map[plan.Key]*document // of those
}

// open reads a document and counts it; nil if it cannot be read, which is reported.
func (r *reading) open(ctx context.Context, name string) (*document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var d *document
	err := plan.CheckPath(name)
	if err == nil {
		d, err = readDocument(r.fsys, name, r.options)
	}
	if err != nil {
		r.report.add(name, 0, Failed, "cannot be read: %s", reason(err))
	}
	r.done++
	if r.options.Progress != nil {
		r.options.Progress(r.done, r.total)
	}
	return d, nil
}

// readTasks reads the files that may be tasks and reports those that are none
// whatever the others are.
func (r *reading) readTasks(ctx context.Context, files []file) ([]*draft, error) {
	var drafts []*draft
	for _, f := range files {
		doc, err := r.open(ctx, f.path)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			continue
		}
		d, ok := newDraft(f, doc)
		switch {
		case !ok && doc.has("key", "task_key", "status"):
			r.report.add(f.path, 0, Failed, "neither the file's name nor its front matter gives a task's key")
		case !ok:
			r.report.add(f.path, 0, Skipped, "its name is not a task's key")
		case f.place.role < featureFolder && !doc.isTask():
			r.report.add(f.path, 0, Skipped, "named like a task, but outside its feature's directory and without a task's fields")
		default:
			d.read()
			drafts = append(drafts, d)
		}
	}
	return drafts, nil
}
