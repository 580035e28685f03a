package vet_test

import (
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/interchange/vet"
)

// An error names the line of the file, if there is one.
func TestErrorsNameTheLine(t *testing.T) {
	var c vet.Checker
	for n, want := range map[int]bool{7: true, 0: false} {
		err := c.Line(interchange.EdgeRecord{}, n)
		if err == nil || strings.HasPrefix(err.Error(), "line ") != want {
			t.Errorf("line %d: %v", n, err)
		}
	}
}
