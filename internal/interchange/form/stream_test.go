package form

import (
	"slices"
	"testing"
)

// A member of a list that is no JSON is left out, wherever in it that shows: those
// behind it are taken all the same.
func TestStreamsGoOnBehindBadMembers(t *testing.T) {
	var taken []string
	to := &stream{list: "tasks", f: func(names []string, v *Value) { taken = append(taken, names[0]+v.Str("id")) }}
	text := []byte(`{"m":{"tasks":[{"id":1},{"id":2,"title":oops},{"id":3},{"id":4,"in":{"on":[{"x":oops}]}},{"id":5}]}}`)
	if v, _, err := parseJSON(text, 1, &words{}, to); err == nil {
		t.Fatalf("read: %v", v)
	}
	v, bad := mend(text, &words{}, to)
	if v == nil || len(bad) != 2 || !slices.Contains(taken, "m3") || !slices.Contains(taken, "m5") || len(v.Get("m").Get("tasks").Items()) != 0 {
		t.Errorf("%v are taken, %d are bad", taken, len(bad))
	}
}
