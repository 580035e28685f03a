package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pm/internal/outfile"
	"pm/internal/plan"
)

// manifest is the file of a directory that is written last, after each
// segment: it names the newest, so that it shows if that is missing.
const manifest = "manifest.json"

// What the segments of a directory hold, as its manifest says.
const (
	kindPages = "pages"
	kindLines = "lines"
)

// A head is what the manifest says.
type head struct {
	Kind   string `json:"kind"` // of the segments
	Of     string `json:"of"`   // the database
	Newest string `json:"newest"`
	Proof  *Proof `json:"proof,omitempty"` // the last
}

// A Proof says that a moment was restored into a temporary file and checked.
type Proof struct {
	At       time.Time `json:"at"`     // when it was done
	Moment   time.Time `json:"moment"` // of the backup that was restored
	Tasks    int64     `json:"tasks"`
	Problems int       `json:"problems"` // that pm doctor found in it
}

// readHead reads the manifest of a directory; nil: it has none.
func readHead(dir string) (*head, error) {
	path := filepath.Join(dir, manifest)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, seal, _ := bytes.Cut(b, []byte("\n"))
	h := &head{}
	if json.Unmarshal(text, h) != nil || string(seal) != sealOf(text)+"\n" {
		return nil, damaged(path, "it does not match its seal")
	}
	return h, nil
}

func (h *head) write(ctx context.Context, dir string) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return outfile.Write(ctx, filepath.Join(dir, manifest), []byte(string(text)+"\n"+sealOf(text)+"\n"), outfile.Options{Mode: 0o600})
}

func sealOf(text []byte) string {
	s := sha256.Sum256(text)
	return "sha256 " + hex.EncodeToString(s[:])
}

// openDir makes the directory of backups of a database if it is not there, and
// reads its manifest. One that holds something else is refused. A damaged
// manifest is left to Verify: it is written anew.
func openDir(dir, kind, of string) (*head, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	removeLeft(dir)
	h, err := readHead(dir)
	if h == nil && (err == nil || plan.KindOf(err) == plan.Corrupt) {
		return &head{Kind: kind, Of: of}, nil
	}
	if err != nil {
		return nil, err
	}
	what := map[string]string{kindPages: "backups", kindLines: "an export"}
	if h.Kind != kind {
		return nil, plan.Errorf(plan.Refused, "%s holds %s", dir, what[h.Kind]).WithCode("other_backup").WithHint("name another directory")
	}
	if h.Of != of {
		return nil, plan.Errorf(plan.Refused, "%s holds %s of another database, %s", dir, what[h.Kind], h.Of).WithCode("other_backup").
			WithHint("name another directory")
	}
	return h, nil
}

// leftAfter is how old a temporary file has to be to belong to nobody.
const leftAfter = time.Hour

// removeLeft removes the temporary files of backups that were killed.
func removeLeft(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, ".pm-*"))
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > leftAfter {
			os.Remove(path)
		}
	}
}

// momentForm is how the moment of a backup is written in its name.
const momentForm = "20060102T150405.000Z"

// momentOf reads the moment of a backup from its name.
func momentOf(name, ending string) (time.Time, bool) {
	text, ok := strings.CutSuffix(name, ending)
	at, err := time.Parse(momentForm, text)
	return at.UTC(), ok && err == nil
}

// remove removes a file that may be gone.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
