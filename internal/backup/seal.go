package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pm/internal/plan"
)

// sealEnding is that of the file beside a backup that has its SHA-256, as
// sha256sum writes it.
const sealEnding = ".sha256"

// A sealing is what is known of a backup by its seal.
type sealing int

const (
	unsealed sealing = iota // there is no seal
	altered                 // the seal is another file's
	sound                   // the bytes are those that pm doctor has passed
)

func sealText(path string, hash []byte) string {
	return hex.EncodeToString(hash) + "  " + filepath.Base(path) + "\n"
}

// hashOf reads a file, and writes what it reads to to as well.
func hashOf(ctx context.Context, path string, to io.Writer) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	w := io.MultiWriter(h, to)
	b := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := f.Read(b)
		if _, writeErr := w.Write(b[:n]); writeErr != nil {
			return nil, writeErr
		}
		if errors.Is(err, io.EOF) {
			return h.Sum(nil), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// checkSeal holds a backup against its seal, and copies it to to meanwhile. It
// reads nothing where there is no seal.
func checkSeal(ctx context.Context, path string, to io.Writer) (sealing, error) {
	text, err := os.ReadFile(path + sealEnding)
	if errors.Is(err, fs.ErrNotExist) {
		return unsealed, nil
	}
	if err != nil {
		return unsealed, err
	}
	hash, err := hashOf(ctx, path, to)
	if err != nil {
		return unsealed, err
	}
	if string(text) != sealText(path, hash) {
		return altered, nil
	}
	return sound, nil
}

func errAltered(path string) error {
	return plan.Errorf(plan.Corrupt, "%s was altered: it does not match %s", path, filepath.Base(path)+sealEnding).WithCode("bad_backup").
		WithHint("restore another backup; to restore this one with only the checks of pm doctor, remove %s", path+sealEnding)
}
