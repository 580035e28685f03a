package store

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pm/internal/plan"
)

// FuzzChange: what is read without a decoder is what a decoder reads.
func FuzzChange(f *testing.F) {
	for _, text := range []string{`{"status":["todo","in_progress"],"fence":[0,12]}`, `{}`, `}{"":[0,0]}`, `{"a":[null,true],"a":[false,"x"]}`, `{"a":["\\n",1.5]}`, `{"a":[01,1]}`, `{"a":[1,2]}x`,
		`{"labels":[["a"],null]}`, `{"a":[-1,0]}`, `{"a":[1e3,10]}`, `{ "a":[1,2]}`, `{"a":["\u00e9","é"]}`, `{"":["",""]}`, "{\"a\":[\"\x01\",1]}", "{\"a\":[\"\xff\",1]}", `{"a":[1,2],}`, `{"a":[1,2,3]}`, `{"a":[1]}`, `null`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, plain := readPlain(text)
		if !plain {
			return
		}
		var want plan.Change
		d := json.NewDecoder(bytes.NewReader([]byte(text)))
		d.UseNumber()
		if err := d.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q was read as %v, not as %v (%v)", text, got, want, err)
		}
	})
}
