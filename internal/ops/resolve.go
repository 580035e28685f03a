package ops

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// keyFields are the fields of inputs that contain keys. Wherever a key is
// accepted, a reference to the item is accepted as well, and so is a key that
// it was moved from.
var keyFields = []string{"key", "keys", "epic", "feature", "task", "depends_on", "discovered_from", "duplicate_of", "not", "to", "before", "after"}

// A Move is the key under which an item was requested, and its present key.
type Move struct{ From, To plan.Key }

type movesKey struct{}

// WithMoves returns a context in which calls append to moves each item that
// was requested under a key that it was moved from.
func WithMoves(ctx context.Context, moves *[]Move) context.Context {
	return context.WithValue(ctx, movesKey{}, moves)
}

// resolved runs an operation with references instead of keys: references in in
// are replaced before, and keys that no longer exist after the operation has
// reported one. It returns which keys have led to another item, and tells the
// context.
func resolved(ctx context.Context, t *tracker.Tracker, in any, run func() error) (moved []Move, err error) {
	if _, itself := in.(interface{ ResolvesKeys() }); itself {
		return nil, run()
	}
	var refs []string
	eachKey(reflect.ValueOf(in), func(s string) string {
		if _, err := plan.ParseKey(s); err != nil && likeRef(s) {
			refs = append(refs, s)
		}
		return s
	})
	if len(refs) > 0 {
		if err := replace(ctx, t, in, refs); err != nil {
			return nil, err
		}
	}
	for tries := 0; ; tries++ {
		if err = run(); err == nil || !mayHaveMoved(err) || tries == maxMoves {
			break
		}
		again, lookErr := followMoves(ctx, t, in)
		if lookErr != nil || len(again) == 0 {
			return nil, sayWhere(ctx, t, in, err)
		}
		moved = append(moved, again...)
	}
	if told, is := ctx.Value(movesKey{}).(*[]Move); is {
		*told = append(*told, moved...)
	}
	return moved, err
}

// mayHaveMoved reports whether a call can have failed because of a key that an
// item was moved from. Under an idempotency key, the call that succeeded had
// the present key instead.
func mayHaveMoved(err error) bool {
	if plan.KindOf(err) == plan.NotFound {
		return true
	}
	e, is := errors.AsType[*plan.Error](err)
	return is && e.Code == "idempotency_key_reused"
}

// maxMoves bounds how often a call is repeated because its items are moved
// meanwhile.
const maxMoves = 4

// likeRef reports whether a text that is not a key may be a reference.
func likeRef(s string) bool {
	_, err := plan.ParseRef(s)
	return err == nil
}

// replace replaces references by keys. A reference with a source that names
// nothing is an error; other texts are left for those who expect a key.
func replace(ctx context.Context, t *tracker.Tracker, in any, refs []string) error {
	keys, err := t.Resolve(ctx, refs)
	if err != nil && ctx.Err() != nil {
		return nil // the caller is gone; what is no key is still said to be none
	}
	if err != nil {
		return err
	}
	eachKey(reflect.ValueOf(in), func(s string) string {
		if k, found := keys[s]; found {
			return k.String()
		}
		if ref, parseErr := plan.ParseRef(s); err == nil && parseErr == nil && slices.Contains(refs, s) && strings.Contains(ref, ":") {
			err = plan.Errorf(plan.NotFound, "no item has the reference %s", ref).WithHint("to add it: pm ref add KEY %s; to list the items that have one: pm list has:ref", ref)
		}
		return s
	})
	return err
}

// followMoves replaces the keys that items were moved from by their present
// keys.
func followMoves(ctx context.Context, t *tracker.Tracker, in any) (moved []Move, err error) {
	var keys []string
	eachKey(reflect.ValueOf(in), func(s string) string {
		if _, err := plan.ParseKey(s); err == nil {
			keys = append(keys, s)
		}
		return s
	})
	now, err := t.Resolve(ctx, keys)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	eachKey(reflect.ValueOf(in), func(s string) string {
		k, found := now[s]
		if !found {
			return s
		}
		from, _ := plan.ParseKey(s)
		moved = append(moved, Move{from, k})
		return k.String()
	})
	return moved, nil
}

// sayWhere has the hint of an error for an item that does not exist say where to
// look for it: in the trash if it is there, else in its epic if there is that one.
// What did not exist in the past is left as it is.
func sayWhere(ctx context.Context, t *tracker.Tracker, in any, err error) error {
	e, is := errors.AsType[*plan.Error](err)
	if asOf, has := fieldNamed(in, "AsOf"); !is || e.Missing.IsZero() || has && asOf != "" {
		return err
	}
	entry, found, lookErr := t.TrashedWith(ctx, e.Missing)
	epic, there := e.Missing.EpicKey(), false
	if lookErr == nil && !found && e.Missing != epic {
		there, lookErr = t.HasEpic(ctx, epic)
	}
	switch {
	case lookErr != nil:
		return lookErr
	case found && entry.Key != e.Missing:
		e.WithHint("it is in the trash with %s; to restore it: pm restore %[1]s; to see what that is: pm trash show %[1]s", entry.Key)
	case found:
		e.WithHint("it is in the trash; to restore it: pm restore %s; to see what that is: pm trash show %[1]s", entry.Key)
	case there:
		e.WithHint("to see what is there: pm tree %s", epic)
	}
	return err
}

// fieldNamed returns a text field of an input.
func fieldNamed(in any, name string) (value string, found bool) {
	f := reflect.Indirect(reflect.ValueOf(in)).FieldByName(name)
	if !f.IsValid() || f.Kind() != reflect.String {
		return "", false
	}
	return f.String(), true
}

// eachKey replaces the texts of the key fields in an input, and in the inputs
// that it contains.
func eachKey(v reflect.Value, f func(string) string) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		field, name := v.Field(i), jsonName(v.Type().Field(i))
		if v.Type().Field(i).Tag.Get("ref") == "-" { // a name, not a key
			continue
		}
		switch {
		case !field.CanSet():
		case field.Kind() == reflect.String && slices.Contains(keyFields, name):
			if s := field.String(); s != "" {
				field.SetString(f(s))
			}
		case field.Type() == reflect.TypeFor[[]string]() && slices.Contains(keyFields, name):
			words := make([]string, field.Len())
			for j := range words {
				words[j] = f(field.Index(j).String())
			}
			if field.Len() > 0 {
				field.Set(reflect.ValueOf(words))
			}
		case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct:
			for j := range field.Len() {
				eachKey(field.Index(j), f)
			}
		}
	}
}

// mark sets MovedFrom of the items in an answer whose keys are those of moves.
func mark(v reflect.Value, moved []Move) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && v.Kind() == reflect.Pointer {
			mark(v.Elem(), moved)
		}
	case reflect.Slice:
		for i := range min(v.Len(), maxMarked) {
			mark(v.Index(i), moved)
		}
	case reflect.Struct:
		from, key := v.FieldByName("MovedFrom"), v.FieldByName("Key")
		if from.IsValid() && from.CanSet() && key.IsValid() {
			for _, m := range moved {
				if key.Interface() == m.To {
					from.SetString(m.From.String())
				}
			}
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				mark(v.Field(i), moved)
			}
		}
	}
}

// maxMarked is how many items of an answer are checked.
const maxMarked = 1000
