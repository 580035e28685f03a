package spill_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/spill"
)

// Each record is found again, in whatever order, while more are put; nothing is
// left of the file.
func TestShelf(t *testing.T) {
	s := &spill.Shelf{Dir: t.TempDir()}
	at := map[int]int64{}
	record := func(n int) []byte {
		return []byte(fmt.Sprintf("%d:", n) + strings.Repeat("x", n*7919%3000))
	}
	check := func(n int) {
		t.Helper()
		if got, err := s.Get(at[n], len(record(n))); err != nil || !bytes.Equal(got, record(n)) {
			t.Fatalf("record %d is %.20q: %v", n, got, err)
		}
	}
	for n := range 6000 {
		var err error
		if at[n], err = s.Put(record(n)); err != nil {
			t.Fatal(err)
		}
		check(n / 2)
		check(n)
	}
	long := bytes.Repeat([]byte("y"), 9<<20)
	begin, err := s.Put(long)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(begin, len(long)); err != nil || !bytes.Equal(got, long) {
		t.Errorf("%d bytes are %d: %v", len(long), len(got), err)
	}
	for n := 5999; n >= 0; n-- {
		check(n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(s.Dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	none := &spill.Shelf{Dir: s.Dir + "/none"}
	if _, err := none.Put(long); plan.KindOf(err) != plan.Storage {
		t.Errorf("the error is %v", err)
	}
}
