package plan

import (
	"encoding/json"
	"maps"
	"testing"
)

// Fields are read as encoding/json reads them, whichever way is taken.
func FuzzReadFields(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, `{"a":1,"b":"x y","c":true}`, `{"a":"\\u0041"}`, `{"a": 1}`, `{"a":""}`, `{"a":null}`, `{"a":[1]}`,
		`{"a":1,}`, `{,"a":1}`, `{"a":1,"a":2}`, `{"a":-1.5e3}`, `{"a":01}`, `{"a":"é\u2028"}`, `{"a":"x"y}`, `{"a":1}}`, `{"a":"\x7f"}`, `null`, ``} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ReadFields(s)
		var want Fields
		wantErr := json.Unmarshal([]byte(s), &want)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, want %v", s, err, wantErr)
		}
		if err == nil && !maps.Equal(got, want) {
			t.Fatalf("%q is read as %v, want %v", s, got, want)
		}
	})
}

// They are written as a map of texts is.
func TestFieldsAsJSON(t *testing.T) {
	for _, f := range []Fields{nil, {}, {"b": "1", "a": TextValue("x <y>"), "c": ""}, {`odd "name"`: "true"}} {
		got, err := JSON(f)
		want, wantErr := JSON(map[string]FieldValue(f))
		if string(got) != string(want) || err != nil || wantErr != nil {
			t.Errorf("%v is written %s, want %s (%v)", f, got, want, err)
		}
	}
}
