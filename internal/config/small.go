package config

import (
	"errors"
	"fmt"
	"io"
	"os"

	"pm/internal/utf"
)

// maxSmall is the largest file that readSmall reads. A configuration is far
// smaller.
const maxSmall = 1 << 20

// readSmall reads a small regular file, as UTF-8. A project comes from strangers: what
// it has in place of such a file may be a link to a device without an end.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSmall+1))
	if err == nil && len(b) > maxSmall {
		err = fmt.Errorf("larger than %d bytes", maxSmall)
	}
	return utf.Decode(b), err
}
