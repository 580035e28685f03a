package query

import (
	"reflect"
	"testing"
)

// Two terms of one field joined by or are one with the values of both, whatever
// kind of values there is.
func TestEveryKindOfValueIsJoined(t *testing.T) {
	full := Term{Field: Due}
	for v, i := reflect.ValueOf(&full).Elem(), 0; i < v.NumField(); i++ {
		if v.Field(i).Kind() == reflect.Slice {
			v.Field(i).Set(reflect.MakeSlice(v.Field(i).Type(), 1, 1))
		}
	}
	both := reflect.ValueOf(full.or(full))
	kinds := 0
	for i := range both.NumField() {
		if both.Field(i).Kind() == reflect.Slice {
			if kinds++; both.Field(i).Len() != 2 {
				t.Errorf("or loses a value of %s", both.Type().Field(i).Name)
			}
		}
	}
	if full.values() != kinds {
		t.Errorf("a term with %d kinds of values counts %d", kinds, full.values())
	}
}
