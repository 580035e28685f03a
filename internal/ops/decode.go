package ops

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Arguments are the fields of a JSON object, still undecoded.
type Arguments map[string]json.RawMessage

// ParseArguments parses a JSON object. Empty input and null give no arguments.
func ParseArguments(text []byte) (Arguments, error) {
	var args Arguments
	if len(bytes.TrimSpace(text)) == 0 {
		return args, nil
	}
	if !utf8.Valid(text) {
		return nil, plan.Errorf(plan.Usage, "arguments are not valid UTF-8").WithCode("bad_json")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&args); err != nil {
		return nil, plan.Errorf(plan.Usage, "arguments must be a JSON object: %v", jsonProblem(err)).WithCode("bad_json").
			WithHint(`write them like {"key":"T-E04-F01-001"}`)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, plan.Errorf(plan.Usage, "unexpected data after the JSON object").WithCode("bad_json")
	}
	return args, nil
}

// jsonProblem removes the Go type from an error of encoding/json.
func jsonProblem(err error) string {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return "got " + t.Value
	}
	return err.Error()
}

// Decode fills the input that in points to. It is forgiving where the meaning
// is clear: "5" for 5, "true" for true, one value for a list of one, null for
// an absent value. An unknown argument is refused, and the error names the
// known ones.
func Decode(in any, args Arguments) (err error) {
	params := Params(in)
	apply, isPlan := in.(*tracker.Apply)
	if !isPlan {
		args = spread(in, OwnNames(args, names(params)))
	} else if args, err = unpacked(apply, args); err != nil {
		return err
	} else {
		defer func() { err = apply.AtLine(err) }()
	}
	for _, name := range sortedKeys(args) {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
		var err error
		if i < 0 {
			err = UnknownArgument(name, names(params))
		} else {
			err = params[i].Decode(args[name])
		}
		if isPlan && i < 0 {
			err = plan.AtPlace(asInvalid(err), name)
		}
		if err != nil {
			return err
		}
	}
	for _, p := range params {
		if p.Required && !given(args[p.Name]) {
			return MissingArgument(p.Name)
		}
	}
	return nil
}

// MissingArgument is the error for a missing required argument.
func MissingArgument(name string) error {
	return plan.Errorf(plan.Usage, "missing argument %s", name).WithCode("missing_argument").
		WithHint("pass %s; to see what each operation takes: pm schema", name)
}

func given(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

func names(params []Param) []string {
	out := make([]string, len(params))
	for i, p := range params {
		out[i] = p.Name
	}
	return out
}

func sortedKeys(args Arguments) []string {
	out := make([]string, 0, len(args))
	for name := range args {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Decode sets the field from a JSON value.
func (p Param) Decode(raw json.RawMessage) error {
	if !given(raw) {
		return nil
	}
	if p.Kind() == "pairs" {
		return p.decodePairs(raw)
	}
	if p.Repeated {
		return p.decodeList(raw)
	}
	return p.decodeOne(p.v, raw)
}

// decodePairs sets values by name from an object, or from texts as Set parses
// them.
func (p Param) decodePairs(raw json.RawMessage) error {
	var words []string
	if text, is := asText(raw); is {
		words = []string{text}
	} else if json.Unmarshal(raw, &words) != nil {
		if err := json.Unmarshal(raw, p.v.Addr().Interface()); err != nil {
			return p.badType(raw)
		}
	}
	for _, w := range words {
		if name, _, is := strings.Cut(w, "="); !is || strings.TrimSpace(name) == "" {
			return p.badType(raw).WithHint(`write {"severity":"high"} or ["severity=high"]`)
		}
		if err := p.setPair(w); err != nil {
			return err
		}
	}
	return nil
}

func (p Param) decodeList(raw json.RawMessage) error {
	var items []json.RawMessage
	text, isText := asText(raw)
	switch {
	case isText && p.Kind() != "object" && !strings.HasPrefix(strings.TrimSpace(text), "["):
		return p.Set(text)
	case isText && json.Valid([]byte(text)):
		raw = json.RawMessage(text)
	}
	if err := json.Unmarshal(raw, &items); err != nil {
		items = []json.RawMessage{raw} // one value for a list of one
	}
	for i, item := range items {
		e := reflect.New(p.v.Type().Elem()).Elem()
		if err := p.decodeOne(e, item); err != nil {
			if _, planned := e.Addr().Interface().(plannedItem); planned {
				err = plan.AtPlace(err, p.Name, i)
			}
			return err
		}
		p.v.Set(reflect.Append(p.v, e))
	}
	return nil
}

func (p Param) decodeOne(v reflect.Value, raw json.RawMessage) error {
	if planned, is := v.Addr().Interface().(plannedItem); is {
		return decodePlanned(planned, raw)
	}
	if v.Kind() == reflect.Struct {
		if text, is := asText(raw); is {
			raw = bare(v, text, raw)
		}
		args, err := ParseArguments(raw)
		if err != nil {
			params := Params(v.Addr().Interface())
			hint := "its fields are " + strings.Join(names(params), ", ")
			if required := onlyRequired(params); required != "" {
				hint += "; a string stands for " + required
			}
			return p.badType(raw).WithHint("%s", hint)
		}
		return Decode(v.Addr().Interface(), args)
	}
	if text, ok := asText(raw); ok {
		return p.set(v, text)
	}
	raw = bytes.TrimSpace(raw)
	var items []json.RawMessage
	if raw[0] == '[' && json.Unmarshal(raw, &items) == nil && len(items) == 1 {
		return p.decodeOne(v, items[0]) // a list of one for one value
	}
	switch raw[0] {
	case '{', '[', 'n':
		return p.badType(raw)
	}
	text := string(raw) // a number or a boolean reads as its text does
	if p.Kind() == "int" {
		text = strings.TrimSuffix(text, ".0")
	}
	return p.set(v, text)
}

// bare returns the object that a text stands for: its one required field.
func bare(v reflect.Value, text string, raw json.RawMessage) json.RawMessage {
	if name := onlyRequired(Params(v.Addr().Interface())); name != "" {
		raw, _ = plan.JSON(map[string]string{name: text})
	}
	return raw
}

// onlyRequired returns the name of the one required parameter; empty if there are
// none or several.
func onlyRequired(params []Param) string {
	required := slices.DeleteFunc(slices.Clone(params), func(p Param) bool { return !p.Required })
	if len(required) != 1 {
		return ""
	}
	return required[0].Name
}

// badType is the error for a value of another type than the argument takes.
func (p Param) badType(raw json.RawMessage) *plan.Error {
	return plan.Errorf(plan.Usage, "invalid %s %.40s: must be %s", p.Name, bytes.TrimSpace(raw), p.kindWords()).WithCode("bad_type")
}

// kindWords names the type of value for an error.
func (p Param) kindWords() string {
	one, many := "an object", "a list of objects"
	switch p.Kind() {
	case "int":
		one, many = "a number", "a list of numbers"
	case "bool":
		one = "true or false"
	case "string":
		one, many = "a string", "a list of strings"
	case "pairs":
		return "an object of strings, numbers and booleans"
	}
	if p.Repeated {
		return many
	}
	return one
}

// asText returns a JSON value as a string; false if it is another type.
func asText(raw json.RawMessage) (s string, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return s, json.Unmarshal(raw, &s) == nil
}
