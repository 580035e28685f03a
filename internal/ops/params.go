package ops

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// A Param is one field of an operation's input. It sets the field from text,
// in the same way on every surface that uses text: flags, paths, query
// strings.
type Param struct {
	Name     string // in JSON: "agent_type"
	Flag     string // on the command line: "agent-type"
	Help     string
	Short    string // one letter, or empty
	Arg      bool   // positional on the command line
	Word     string // what the usage calls a positional one: "KEY"
	Required bool
	Repeated bool // a list
	Rest     bool // positional, and takes all words that are left, as one text
	whole    bool // a list whose values may have commas

	v reflect.Value
}

// Params returns the parameters of the input that in points to, in the order
// of its fields.
func Params(in any) []Param {
	v := reflect.ValueOf(in).Elem()
	params := make([]Param, 0, v.NumField())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		arg := f.Tag.Get("arg")
		p := Param{
			Name: name, Flag: strings.ReplaceAll(name, "_", "-"), Help: f.Tag.Get("jsonschema"), Short: f.Tag.Get("short"),
			Arg: arg != "", Word: strings.ToUpper(strings.TrimSuffix(arg, "?")), Required: !strings.Contains(options, "omit"), Repeated: f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map, Rest: strings.HasSuffix(arg, "..."), whole: f.Tag.Get("list") == "whole", v: v.Field(i),
		}
		if flag := f.Tag.Get("flag"); flag != "" {
			p.Flag = flag
		}
		params = append(params, p)
	}
	return params
}

// Kind returns the kind of value it takes: string, int, bool, pairs for values
// by name, or object for values that only JSON can express.
func (p Param) Kind() string {
	t := p.v.Type()
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int64:
		return "int"
	case reflect.Map:
		return "pairs"
	}
	return "object"
}

// Set sets the field from text. A list takes one more value with each call,
// and several in one call if they are separated by commas, unless its values
// can contain commas.
func (p Param) Set(s string) error {
	if p.whole {
		return p.Add(s)
	}
	if p.Kind() == "pairs" {
		return p.setPair(s)
	}
	if p.Repeated {
		for _, one := range strings.Split(s, ",") {
			e := reflect.New(p.v.Type().Elem()).Elem()
			if err := p.set(e, strings.TrimSpace(one)); err != nil {
				return err
			}
			p.v.Set(reflect.Append(p.v, e))
		}
		return nil
	}
	return p.set(p.v, s)
}

// Add adds one value to a list unchanged, including commas.
func (p Param) Add(s string) error {
	if p.Kind() == "pairs" {
		return p.setPair(s)
	}
	e := reflect.New(p.v.Type().Elem()).Elem()
	err := p.set(e, s)
	p.v.Set(reflect.Append(p.v, e))
	return err
}

// setPair sets one of the values by name, from name=value.
func (p Param) setPair(s string) error {
	name, value, is := strings.Cut(s, "=")
	if name = strings.TrimSpace(name); !is || name == "" {
		return plan.Errorf(plan.Usage, "invalid %s %q: must be name=value", p.Flag, s).WithCode("bad_field").WithHint("such as --%s severity=high", p.Flag)
	}
	if p.v.IsNil() {
		p.v.Set(reflect.MakeMap(p.v.Type()))
	}
	p.v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(plan.TextValue(strings.TrimSpace(value))))
	return nil
}

func (p Param) set(v reflect.Value, s string) error {
	switch v.Kind() {
	case reflect.Pointer:
		e := reflect.New(v.Type().Elem())
		err := p.set(e.Elem(), s)
		v.Set(e)
		return err
	case reflect.String:
		v.SetString(s)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(p.numeral(s), 10, 64)
		if strings.HasPrefix(s, "+") { // to raise it by so much is not what it would do
			err = strconv.ErrSyntax
		}
		if err != nil && p.isPriority() {
			return plan.Errorf(plan.Usage, "invalid priority %q: must be %d (most urgent) to %d, or critical, high, medium, low", s, plan.MinPriority, plan.MaxPriority)
		}
		if err != nil {
			return plan.Errorf(plan.Usage, "invalid %s %q: must be a number", p.Name, s)
		}
		v.SetInt(n)
	case reflect.Bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return plan.Errorf(plan.Usage, "invalid %s %q: must be true or false", p.Name, s)
		}
		v.SetBool(b)
	default:
		return json.Unmarshal([]byte(s), v.Addr().Interface())
	}
	return nil
}

// numeral returns the number that a word means: high and P3 for a priority,
// all for a limit.
func (p Param) numeral(s string) string {
	word := strings.ToLower(strings.TrimSpace(s))
	switch {
	case p.isPriority():
		if means := plan.MeaningsOf(plan.ForPriority, word); len(means) > 0 {
			return means[0]
		}
		return strings.TrimPrefix(word, "p")
	case p.Name == "limit" && (word == "all" || word == "none" || word == "unlimited"):
		return "0"
	}
	return s
}

func (p Param) isPriority() bool { return p.Name == "priority" || p.Name == "max_priority" }

// Text returns the value in the form that Set parses; empty if it is not set.
func (p Param) Text() string {
	v := p.v
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	if v.IsZero() {
		return ""
	}
	if v.Kind() == reflect.String {
		return v.String()
	}
	b, _ := json.Marshal(v.Interface())
	return string(b)
}
