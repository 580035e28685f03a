package db

import "testing"

// A write waits for readers of a long WAL, and the longer the WAL is the
// longer; but others wait for the write. After an import of 2 GB it was 200 s.
func TestReadersAreNotWaitedForLong(t *testing.T) {
	for _, c := range []struct {
		before, now int64
		want        string
	}{
		{0, walPatience - 1, "0s"},
		{walPatience, walPatience + 1, "0s"}, // in the same step
		{0, walPatience, "100ms"},
		{0, walPatience + 3*walStep, "400ms"},
		{0, 1 << 19, "1s"},
	} {
		if got := readersWait(c.before, c.now).String(); got != c.want {
			t.Errorf("from %d to %d pages: %s, want %s", c.before, c.now, got, c.want)
		}
	}
}
