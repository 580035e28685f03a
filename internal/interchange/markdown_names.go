package interchange

import (
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
)

// child returns the place of the folder base inside p, and the words of its
// name behind the key. A folder named by a key is that epic or feature at any
// depth; in an epic F01 alone will do.
func (p place) child(base string) (place, string) {
	key, slug, ok := folderKey(base, p.key)
	state := folderState(base)
	switch {
	case ok:
		in := place{role: featureFolder, key: key, above: p.above}
		if key.Level() == plan.LevelEpic {
			in.role = epicFolder
		}
		if p.state != "" && folderState(p.state).idle() {
			in.above = p.state
		}
		return in, slug
	case p.role == featureFolder && strings.EqualFold(base, "tasks"):
		p.role = tasksFolder
	case (p.role == featureFolder || p.role == tasksFolder) && state.status != "":
		p.role, p.state = tasksFolder, base
	case p.role == outside && state.status != "":
		p.state = base
	case p.role == epicFolder && state.idle():
		p.role, p.state = aside, base
	case p.role != outside:
		p.role = aside
	}
	return p, ""
}

// rootPlace returns the place that the last elements of the root's path give
// the root itself, and the words behind its key.
func rootPlace(root string) (p place, slug string) {
	elements := strings.Split(path.Clean(filepath.ToSlash(root)), "/")
	for _, base := range elements[max(0, len(elements)-4):] {
		p, slug = p.child(base)
		if p.role == aside || p.role == outside && p.state != base {
			p = place{}
		}
	}
	return p, slug
}

func folderKey(base string, around plan.Key) (key plan.Key, slug string, ok bool) {
	if word := dashed(base); around.Level() == plan.LevelEpic && !around.IsZero() && shortFeature().MatchString(word) {
		base = around.EpicKey().String() + "-" + word
	}
	key, slug, ok = keyAndSlug(base)
	return key, slug, ok && key.Level() != plan.LevelTask
}

// A taskName is the name of a task's file.
type taskName struct {
	key  plan.Key
	slug string
	full bool // it names epic and feature as well, as T-E04-F01-001 does and T001 does not
}

var (
	shortFeature = pattern(`(?i)^F\d{2,}(-|$)`)
	shortTask    = pattern(`(?i)^T\d{2,}(-|$)`)
	keyPrefix    = pattern(`(?i)^(T-)?E\d+(-F\d+(-T?\d+)?)?`)
	separators   = pattern(`[\s_.-]+`)
)

// parseTaskName reads the name of a task's file, without its extension, as it
// is written in the given feature's folder.
func parseTaskName(stem string, feature plan.Key) (n taskName, ok bool) {
	word := dashed(stem)
	n.full = true
	if feature.Feature > 0 && shortTask().MatchString(word) {
		n.full = false
		word = feature.FeatureKey().String() + "-" + word
	}
	n.key, n.slug, ok = keyAndSlug(word)
	return n, ok && n.key.Level() == plan.LevelTask
}

func keyAndSlug(s string) (key plan.Key, slug string, ok bool) {
	s = dashed(s)
	key, err := plan.ParseKeyInText(s)
	if err != nil {
		return plan.Key{}, "", false
	}
	prefix := keyPrefix().FindString(s)
	if k, err := plan.ParseKeyInText(prefix); err != nil || k != key {
		prefix = "" // a slug that looks like a part of the key
	}
	return key, strings.Trim(s[len(prefix):], "-"), true
}

func dashed(s string) string {
	if strings.ContainsAny(s, `/\`) {
		return s
	}
	return separators().ReplaceAllString(strings.TrimSpace(s), "-")
}

// maybeTask reports whether the file's name and place allow it to be a task:
// anything in a tasks folder, a task's full name beside the feature's own
// documents, and elsewhere a task's bare key, as in older plans.
func (f file) maybeTask() bool {
	if f.place.role == tasksFolder {
		return true
	}
	n, ok := parseTaskName(f.stem(), plan.Key{})
	switch f.place.role {
	case featureFolder:
		return ok
	case epicFolder, outside:
		return ok && n.slug == ""
	}
	return false
}

// isReport reports whether the words behind a key in a file's name say that
// the file is about the task: QA-REPORT, code-review, or any words in capitals.
func (n taskName) isReport() bool {
	if n.slug == "" {
		return false
	}
	words := strings.Split(strings.ToLower(n.slug), "-")
	switch words[len(words)-1] {
	case "report", "summary", "review", "notes", "checklist", "index", "dispatch", "results", "handoff", "log":
		return true
	}
	return n.slug == strings.ToUpper(n.slug) && strings.IndexFunc(n.slug, unicode.IsLetter) >= 0
}

// titleOfSlug makes a title of the words of a folder's or a file's name;
// empty when they only repeat a key.
func titleOfSlug(slug string) string {
	if _, err := plan.ParseKeyInText(slug); slug == "" || err == nil {
		return ""
	}
	words := strings.ReplaceAll(slug, "-", " ")
	r, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(r)) + words[size:]
}
