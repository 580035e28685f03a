package backup

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pm/internal/plan"
)

// What a backup is.
const (
	KindFile     = "file"     // a whole database
	KindMoment   = "moment"   // of a continuous backup
	KindSegment  = "segment"  // of pm export --follow
	KindReplaced = "replaced" // a plan that a restore has replaced
)

// An Item is a backup in a directory.
type Item struct {
	Path    string    `json:"path"`
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	Bytes   int64     `json:"bytes"` // of the file; that of a moment holds what changed only
	Problem string    `json:"problem,omitempty"`
}

// A Listing is the backups of a directory, newest first.
type Listing struct {
	Dir   string `json:"dir"`
	Items []Item `json:"items"`
	Proof *Proof `json:"proof,omitempty"` // the last, of a continuous backup
}

// replacedPrefix begins the names of plans that a restore has replaced.
const replacedPrefix = "replaced-"

// List returns the backups in a directory.
func List(dir string) (l Listing, err error) {
	l = Listing{Dir: dir, Items: []Item{}}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return l, plan.Errorf(plan.NotFound, "no backups found in %s: the directory does not exist", dir).WithCode("no_file").WithHint("to make one: pm backup create")
	}
	if info, failed := os.Stat(dir); failed == nil && !info.IsDir() {
		return l, plan.Errorf(plan.Usage, "%s is a file, not a directory of backups", dir).WithHint("to check the file: pm backup verify FILE; to list backups, name their directory")
	}
	if err != nil {
		return l, err
	}
	for _, e := range entries {
		if item, is := fileItem(dir, e); is {
			l.Items = append(l.Items, item)
		}
	}
	c, err := loadChain(dir)
	if err != nil {
		return l, err
	}
	for _, s := range c.segments {
		item := Item{Path: s.path, Kind: KindMoment, At: s.At, Bytes: s.size}
		if _, err := c.back(s); err != nil {
			item.Problem = plan.Describe(err).Message
		}
		l.Items = append(l.Items, item)
	}
	for name, err := range c.broken {
		at, _ := momentOf(name, segmentEnding)
		l.Items = append(l.Items, Item{Path: filepath.Join(dir, name), Kind: KindMoment, At: at, Bytes: sizeOf(filepath.Join(dir, name)), Problem: plan.Describe(err).Message})
	}
	h, err := readHead(dir)
	if err == nil && h != nil {
		l.Proof = h.Proof
		if path := filepath.Join(dir, h.Newest); h.Kind == kindPages && h.Newest != "" && c.segments[h.Newest] == nil && c.broken[h.Newest] == nil {
			at, _ := momentOf(h.Newest, segmentEnding)
			l.Items = append(l.Items, Item{Path: path, Kind: KindMoment, At: at, Problem: "it is missing"})
		}
	}
	plan.Sort(l.Items, func(a, b Item) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Path, b.Path)) })
	return l, nil
}

// fileItem tells a backup that is a file by its name, or by its seal.
func fileItem(dir string, e fs.DirEntry) (item Item, is bool) {
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() {
		return item, false
	}
	item = Item{Path: filepath.Join(dir, e.Name()), Kind: KindFile, Bytes: info.Size()}
	name, replaced := strings.CutPrefix(e.Name(), replacedPrefix)
	if replaced {
		item.Kind = KindReplaced
	}
	if item.At, is = momentOf(name, ".db"); is {
		return item, true
	}
	if item.At, is = momentOf(e.Name(), journalEnding); is {
		item.Kind = KindSegment
		return item, true
	}
	_, err = os.Stat(item.Path + sealEnding)
	item.At = info.ModTime().UTC().Truncate(time.Millisecond)
	return item, err == nil
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// newest returns the newest backup of a directory that is not after at, which
// may be zero, and those after it that cannot be restored. What a restore has
// replaced is put back by its name only.
func newest(dir string, at time.Time) (found Item, skipped []Item, err error) {
	l, err := List(dir)
	if err != nil {
		return found, nil, err
	}
	var oldest *Item
	for i, item := range l.Items {
		switch {
		case item.Kind == KindReplaced, item.Kind == KindSegment:
		case !at.IsZero() && item.At.After(at):
			oldest = &l.Items[i]
		case item.Problem != "":
			skipped = append(skipped, item)
		default:
			return item, skipped, nil
		}
	}
	switch {
	case len(skipped) > 0:
		return found, skipped, plan.Errorf(plan.Corrupt, "no backup in %s can be restored: %s", dir, skipped[0].Problem).WithCode("bad_backup").
			WithHint("to see what is wrong: pm backup verify %s", dir)
	case oldest != nil:
		return found, nil, plan.Errorf(plan.NotFound, "%s has no backup from before %s", dir, at.UTC().Format(time.RFC3339)).WithCode("no_backup").
			WithHint("the oldest is from %s", oldest.At.Format(time.RFC3339Nano))
	}
	return found, nil, noBackups(dir)
}

// noBackups is the error that a directory has no backup.
func noBackups(dir string) error {
	return plan.Errorf(plan.NotFound, "no backups found in %s", dir).WithCode("no_backup").WithHint("to make one: pm backup create")
}
