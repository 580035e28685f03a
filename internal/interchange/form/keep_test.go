package form

import (
	"reflect"
	"testing"
	"time"

	"pm/internal/plan"
)

// TestContentsAreKept keeps every field of the contents of an item, and a time that
// no 32 bits hold.
func TestContentsAreKept(t *testing.T) {
	at := time.Date(2150, 2, 3, 4, 5, 6, 7, time.UTC)
	want := Contents{Title: "a", Description: "b", Reason: "c", Resolution: plan.WontDo, Kind: "d", AgentType: "e", Stage: "f", Repeat: "g", FilePath: "h", Holder: "i", Value: plan.High,
		Priority: 3, Labels: []string{"j"}, Assignee: "k", Due: "2150-01-01", Defer: "2150-01-02", Estimate: 1 << 40, Created: &at, Started: &at, Completed: &at, Blocked: &at,
		Links: []Link{{As: plan.Relates, To: "l", ID: true}}, Checks: []plan.Check{{N: 4, Text: "m", Done: true, By: "n", At: &at}}, Notes: []Note{{plan.Comment, "o", "p", &at}},
		Refs: []string{"q"}, Fields: [][2]string{{"r", "s"}}}
	for v, i := reflect.ValueOf(want), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("%s is not tested", v.Type().Field(i).Name)
		}
	}
	for _, c := range []Contents{want, {}} {
		o, i := &Outline{}, &Item{Contents: &c}
		o.Done(i)
		got, err := o.Whole(i)
		if err != nil || i.Contents != nil || !reflect.DeepEqual(*got.Contents, c) {
			t.Errorf("%v: kept as %+v", err, got.Contents)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}
