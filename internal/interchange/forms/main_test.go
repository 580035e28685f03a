package forms

import (
	"os"
	"testing"

	"pm/internal/interchange/form"
	"pm/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// readWhole is Read with the contents of all items in memory.
func readWhole(t *testing.T, s *form.Source, found Found) (*form.Outline, error) {
	t.Helper()
	o, err := Read(s, found, "plan", form.Fit{})
	if err != nil {
		return nil, err
	}
	for _, i := range o.Items {
		whole, err := o.Whole(i)
		must(t, err)
		i.Contents = whole.Contents
	}
	must(t, o.Close())
	return o, nil
}
