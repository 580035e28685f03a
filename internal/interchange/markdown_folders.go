package interchange

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"

	"pm/internal/plan"
)

// folderState returns the status that a folder's name stands for, as in older
// plans that sort their files by it; empty if it stands for none.
func folderState(base string) said {
	tokens := slices.DeleteFunc(tokensOf(base), func(t token) bool { return strings.IndexFunc(t.word, unicode.IsLetter) < 0 })
	if len(tokens) == 1 {
		switch tokens[0].word {
		case "archives":
			tokens[0].word = "archive"
		case "drafts":
			tokens[0].word = "draft"
		}
	}
	m, n := phraseAt(tokens)
	switch {
	case n == 0, n < len(tokens):
		return said{}
	case m.status == plan.ReadyForReview && n == 1, m.status == plan.InProgress && strings.HasPrefix(tokens[0].word, "dev"):
		return said{} // review and development are also about what lies beside the tasks
	case m.status == plan.ReadyForReview && tokens[0].word == "code":
		return said{}
	}
	s := said{status: m.status, dropped: m.dropped}
	if s.status == plan.Blocked {
		s.reason = "in the directory " + base
	}
	return s
}

// idle reports whether there is nothing to do in a folder of that state.
func (s said) idle() bool {
	return s.status == plan.Completed || s.status == plan.Archived || s.status == plan.Blocked
}

// folderClaims returns what a status folder says about what lies in it.
func folderClaims(base string) []claim {
	if base == "" {
		return nil
	}
	return []claim{{said: folderState(base), label: "folder", text: base}}
}

// settle looks at tasks that call themselves todo and lie below a folder such
// as archive, whose epic and feature are active since other files of theirs
// lie elsewhere: what the folder says counts then.
func (r *reading) settle(drafts []*draft, active map[plan.Key]bool) {
	for _, d := range drafts {
		t := &d.task
		if t.Status != plan.Todo || d.file.place.above == "" || !active[t.Key.FeatureKey()] || !active[t.Key.EpicKey()] {
			continue
		}
		s := folderState(d.file.place.above)
		t.Status, t.BlockedReason = s.status, s.reason
		d.doc.note(0, Warning, "is in the directory %s, and its epic and feature are active: imported as %s", d.file.place.above, s.status)
	}
}

// winner returns the folder of k that counts where there are several with
// different names: the one with the most tasks; of those, the one with the
// better document. A name that is only the key agrees with all others.
func (p *parent) winner(k plan.Key, tasks map[string]int) folder {
	named := map[string]int{}
	for _, f := range p.folders {
		named[f.name()] += tasks[f.path]
	}
	return slices.MinFunc(p.folders, func(a, b folder) int {
		return cmp.Or(
			compareBool(b.name() != "", a.name() != ""),
			cmp.Compare(named[b.name()], named[a.name()]),
			cmp.Compare(p.documentRank(k, a), p.documentRank(k, b)),
			cmp.Compare(tasks[b.path], tasks[a.path]),
			cmp.Compare(a.path, b.path))
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// name returns the words of a folder's name in lower case; empty if there is
// only a key.
func (f folder) name() string { return strings.ToLower(titleOfSlug(f.slug)) }

// agrees reports whether two folders can be of one item.
func (f folder) agrees(other folder) bool {
	return f.name() == "" || other.name() == "" || f.name() == other.name()
}

// documentRank returns the rank of the best document in a folder of k.
func (p *parent) documentRank(k plan.Key, f folder) int {
	best := len(featureDocuments)
	for _, doc := range p.documents {
		if n := doc.rank(k); n >= 0 && path.Dir(doc.path) == f.path {
			best = min(best, n)
		}
	}
	return best
}
