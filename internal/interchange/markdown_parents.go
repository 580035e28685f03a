package interchange

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// A parent is an epic or a feature as the tree has it.
type parent struct {
	folders   []folder
	documents []file
}

// A folder of an epic or a feature, with the words of its name behind the key
// and the status folder around it.
type folder struct{ path, slug, above string }

// The names of the documents that describe an epic or a feature, the first
// that is there counts. An empty name stands for the item's key.
var (
	epicDocuments    = []string{"epic", "readme", ""}
	featureDocuments = []string{"feature", "prd", "01-feature-prd", "", "readme"}
)

func (s *scanning) parent(k plan.Key) *parent {
	if s.parents[k] == nil {
		s.parents[k] = &parent{}
	}
	return s.parents[k]
}

// imply makes sure that the parents of a task exist, whose folders may be
// missing.
func (s *scanning) imply(k plan.Key, path string, r *report) {
	for _, k := range []plan.Key{k.EpicKey(), k.FeatureKey()} {
		if s.parents[k] == nil {
			s.parent(k)
			r.add(path, 0, Info, "%s has no directory here: its key is used as the title if it is new", k)
		}
	}
}

// readParents reads the documents of all epics and features into out, and
// reports their other documents.
func (r *reading) readParents(ctx context.Context, parents map[plan.Key]*parent, below map[string]int, out *Documents) error {
	for k := range parents {
		if e := k.EpicKey(); parents[e] == nil {
			parents[e] = &parent{}
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(parents), byOrdinal) {
		p := parents[k]
		var doc *document
		if name := r.describing(k, p, below); name != "" {
			var err error
			if doc, err = r.open(ctx, name); err != nil {
				return err
			}
		}
		r.addParent(k, p, doc, below, out)
	}
	return nil
}

func byOrdinal(a, b plan.Key) int { return cmp.Compare(a.Ordinal(), b.Ordinal()) }

// rank returns the place of f among the documents that describe k; the lowest
// counts, and a negative one describes nothing.
func (f file) rank(k plan.Key) int {
	names := featureDocuments
	if k.Level() == plan.LevelEpic {
		names = epicDocuments
	}
	stem := strings.ToLower(f.stem())
	if stem == strings.ToLower(k.String()) {
		stem = ""
	}
	return slices.Index(names, stem)
}

// described returns the index of the document that describes k; -1 if none does.
func (p *parent) described(k plan.Key, below map[string]int) int {
	best := -1
	for i, f := range p.documents {
		if n := f.rank(k); n >= 0 && p.counts(k, f, below) && (best < 0 || n < p.documents[best].rank(k)) {
			best = i
		}
	}
	return best
}

// counts reports whether a document lies in the folder of k that counts, or
// in one that is of the same item.
func (p *parent) counts(k plan.Key, doc file, below map[string]int) bool {
	w := p.winner(k, below)
	return !slices.ContainsFunc(p.folders, func(f folder) bool { return f.path == path.Dir(doc.path) && !f.agrees(w) })
}

// describing returns the path of the document that describes k, and reports
// what else there is; empty when there is none.
func (r *reading) describing(k plan.Key, p *parent, below map[string]int) string {
	best := p.described(k, below)
	for i, f := range p.documents {
		switch {
		case i == best:
		case f.rank(k) >= 0 && !p.counts(k, f, below):
			r.report.add(f.path, 0, Failed, "not imported: another %s with the key %s, which is that of %s; give one of them a new key", k.Level(), k, p.winner(k, below).path)
		case best >= 0 && f.rank(k) >= 0 && path.Dir(f.path) != path.Dir(p.documents[best].path):
			r.report.add(f.path, 0, Failed, "a second document of %s: %s is used", k, p.documents[best].path)
		default:
			r.report.add(f.path, 0, Skipped, "other document of %s", k)
		}
	}
	if best < 0 {
		return ""
	}
	return p.documents[best].path
}

// folderTitle returns the title that k's folders give it, and reports the
// others.
func (r *reading) folderTitle(k plan.Key, p *parent, document string, below map[string]int) string {
	if len(p.folders) == 0 {
		return ""
	}
	first := p.winner(k, below)
	for _, f := range p.folders {
		switch {
		case f == first:
		case f.agrees(first):
			r.report.add(f.path, 0, Warning, "a second directory of %s: merged, the title comes from %s", k, first.path)
		default:
			r.report.add(f.path, 0, Warning, "%s is also the key of %s, which is used (%s here, %s there): the contents of this directory are merged into it", k, first.path, tasksIn(below[f.path]), tasksIn(below[first.path]))
		}
	}
	title := titleOfSlug(first.slug)
	switch {
	case document != "":
	case title == "":
		r.report.add(first.path, 0, Warning, "no document, and no words in the directory name: the title is %s", k)
	default:
		r.report.add(first.path, 0, Info, "no document: the title comes from the directory name")
	}
	return title
}

func tasksIn(n int) string {
	switch n {
	case 0:
		return "no tasks"
	case 1:
		return "1 task"
	}
	return strconv.Itoa(n) + " tasks"
}

// addParent understands doc, nil where there is none, as the epic or feature k
// and adds it to out.
func (r *reading) addParent(k plan.Key, p *parent, doc *document, below map[string]int, out *Documents) {
	var docPath string
	if doc != nil {
		docPath = doc.path
	} else {
		doc = &document{headAt: -1}
		if len(p.folders) > 0 {
			doc.path = p.winner(k, below).path
		}
	}
	title := cmp.Or(doc.title(k, r.folderTitle(k, p, docPath, below)), k.String())
	above := ""
	if len(p.folders) > 0 {
		above = p.winner(k, below).above
	}
	status := doc.decidePlan(above)
	r.waiting(doc, k)
	created := doc.date("created_at")
	doc.checkParent("epic", k.EpicKey())
	if k.Level() == plan.LevelEpic {
		e := EpicDoc{Key: k, Title: title, Status: status, Priority: plan.DefaultGrade, CreatedAt: created, Path: docPath}
		if g, ok := choose(doc, "priority", parseGrade, "medium is assumed"); ok {
			e.Priority = g
		}
		e.BusinessValue, _ = choose(doc, "business_value", parseGrade, "none is assumed")
		e.Description = doc.description()
		out.Epics = append(out.Epics, e)
	} else {
		doc.checkParent("feature", k)
		f := FeatureDoc{Key: k, Title: title, Status: status, CreatedAt: created, Path: docPath, Description: doc.description()}
		out.Features = append(out.Features, f)
	}
	r.leftOver(doc)
	r.report.findings = append(r.report.findings, doc.report.findings...)
}
