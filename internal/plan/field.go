package plan

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A CustomField is a field that a project has declared for its items.
type CustomField struct {
	Name    string    `json:"name"`
	Type    FieldType `json:"type"`
	Choices []string  `json:"choices,omitempty"` // for the type choice, in order
	On      []Level   `json:"on"`                // the levels of items that can have it
}

// A FieldType is the type of a custom field's values.
type FieldType string

const (
	TextField   FieldType = "text"
	NumberField FieldType = "number"
	DateField   FieldType = "date" // a day or a moment
	ChoiceField FieldType = "choice"
	BoolField   FieldType = "bool"
	URLField    FieldType = "url"
)

// FieldTypes lists the types of custom fields.
func FieldTypes() []FieldType {
	return []FieldType{TextField, NumberField, DateField, ChoiceField, BoolField, URLField}
}

// ParseFieldType reads a type in any case.
func ParseFieldType(s string) (FieldType, error) { return parseWord("field type", s, FieldTypes()) }

// The limits of custom fields.
const (
	MaxFields     = 30   // of a project
	MaxChoices    = 99   // of a field
	MaxFieldValue = 1000 // characters
)

// Fields are the values of an item's custom fields, by name.
type Fields map[string]FieldValue

// A FieldValue is the value of a custom field as JSON: a text, a number, true
// or false. Empty means none, and is null in JSON.
type FieldValue string

// TextValue returns the value that is a text.
func TextValue(s string) FieldValue {
	if s == "" {
		return ""
	}
	b, _ := JSON(s) // a string always encodes
	return FieldValue(b)
}

// MarshalJSON writes v.
func (v FieldValue) MarshalJSON() ([]byte, error) {
	if v == "" {
		return []byte("null"), nil
	}
	return []byte(v), nil
}

// UnmarshalJSON accepts a text, a number, a boolean or null.
func (v *FieldValue) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var any any
	if err := d.Decode(&any); err != nil {
		return err
	}
	switch x := any.(type) {
	case nil:
		*v = ""
	case string:
		*v = TextValue(x)
	case json.Number:
		*v = FieldValue(x)
	case bool:
		*v = FieldValue(strconv.FormatBool(x))
	default:
		return Errorf(Invalid, "the value of a field must be a string, a number, true or false").WithCode("bad_field")
	}
	return nil
}

// String formats v for people.
func (v FieldValue) String() string {
	var s string
	if json.Unmarshal([]byte(v), &s) == nil {
		return s
	}
	return string(v)
}

// recorded returns v as a record has it.
func (v FieldValue) recorded() any {
	switch {
	case v == "":
		return nil
	case v[0] == '"':
		return v.String()
	case v == Yes || v == No:
		return v == Yes
	}
	return json.Number(v)
}

// fieldColumn is the name of a custom field in a record.
func fieldColumn(name string) string { return fieldPrefix + name }

const fieldPrefix = "fields."

// OwnPrefix can be put before the name of a custom field, so that it is not taken for
// anything else.
const OwnPrefix = "field."

// sinceFields adds the fields that differ to c.
func (c Change) sinceFields(before, after Fields) Change {
	for name, v := range after {
		if before[name] != v {
			c[fieldColumn(name)] = [2]any{before[name].recorded(), v.recorded()}
		}
	}
	for name, v := range before {
		if _, stays := after[name]; !stays {
			c[fieldColumn(name)] = [2]any{v.recorded(), nil}
		}
	}
	return c
}

// fieldsOf compares an item's fields with its history.
func (r *Replay) fieldsOf(fields Fields) (out []string) {
	var columns []column
	for name, v := range fields {
		columns = append(columns, column{fieldColumn(name), v.recorded()})
	}
	Sort(columns, func(a, b column) int { return strings.Compare(a.name, b.name) })
	out = r.columnsOf(columns)
	for name := range r.columns {
		if of, is := strings.CutPrefix(name, fieldPrefix); is && fields[of] == "" {
			out = append(out, name+" is missing")
		}
	}
	return out
}

// isFieldName reports whether s consists of lower-case letters and digits,
// beginning with a letter, with single underscores in between.
func isFieldName(s string) bool {
	between := true // at the beginning, or after a _
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '_' && !between:
			between = true
			continue
		case c >= 'a' && c <= 'z', i > 0 && c >= '0' && c <= '9':
			between = false
			continue
		}
		return false
	}
	return !between && len(s) <= MaxName
}

// NewCustomField checks a declaration and returns it in its stored form. No
// levels means all levels.
func NewCustomField(name, fieldType string, choices []string, on []string) (f CustomField, err error) {
	f.Name = FoldWord(name)
	if !isFieldName(f.Name) {
		return f, limit("field", "invalid field name %q", clip(name)).WithHint("a name is one word of lower-case letters and digits, such as severity or customer_id")
	}
	if f.Type, err = ParseFieldType(fieldType); err != nil {
		return f, err
	}
	for _, l := range on {
		level, err := parseWord("level", l, []Level{LevelEpic, LevelFeature, LevelTask})
		if err != nil {
			return f, err
		}
		if !slices.Contains(f.On, level) {
			f.On = append(f.On, level)
		}
	}
	if len(f.On) == 0 {
		f.On = []Level{LevelEpic, LevelFeature, LevelTask}
	}
	return f, f.setChoices(choices)
}

// setChoices checks the choices of a field.
func (f *CustomField) setChoices(choices []string) error {
	if f.Choices = nil; f.Type != ChoiceField {
		if len(choices) > 0 {
			return limit("field", "a field of type %s cannot have choices", f.Type).WithHint("use --type choice")
		}
		return nil
	}
	for _, c := range choices {
		c = strings.TrimSpace(c)
		if err := checkLine("choice", c, MaxName); err != nil {
			return err
		}
		if c == "" || strings.Contains(c, ",") || f.choice(c) >= 0 {
			return limit("field", "invalid choice %q", clip(c)).WithHint("choices must be different words without commas")
		}
		f.Choices = append(f.Choices, c)
	}
	if n := len(f.Choices); n < 1 || n > MaxChoices {
		return limit("field", "a field of type choice needs 1 to %d choices, not %d", MaxChoices, n).WithHint("name them: --choices low,high")
	}
	return nil
}

// WithChoices returns f with the given choices.
func (f CustomField) WithChoices(choices []string) (CustomField, error) {
	err := f.setChoices(choices)
	return f, err
}

// choice returns the position of a choice, ignoring case; -1 if there is none.
func (f CustomField) choice(s string) int {
	return slices.IndexFunc(f.Choices, func(c string) bool { return strings.EqualFold(c, s) })
}

// Parse parses a value as typed or as JSON. The function date parses dates.
func (f CustomField) Parse(given FieldValue, date func(string) (Date, error)) (FieldValue, error) {
	s := strings.TrimSpace(given.String())
	if given == "" || s == "" {
		return "", nil
	}
	bad := func(hint string, args ...any) (FieldValue, error) {
		return "", limit("field", "invalid %s %q", f.Name, clip(s)).WithCode("bad_field").WithHint(hint, args...)
	}
	switch f.Type {
	case NumberField:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return bad("%s must be a number, such as 3 or 2.5", f.Name)
		}
		return FieldValue(strconv.FormatFloat(n, 'f', -1, 64)), nil
	case BoolField:
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1":
			return Yes, nil
		case "false", "no", "off", "0":
			return No, nil
		}
		return bad("%s must be true or false", f.Name)
	case ChoiceField:
		i := f.choice(s)
		if i < 0 {
			return bad("%s must be one of %s", f.Name, strings.Join(f.Choices, ", "))
		}
		return TextValue(f.Choices[i]), nil
	case DateField:
		d, err := date(s)
		return TextValue(string(d)), err
	case URLField:
		if !webAddress(s) {
			return bad("%s must be an http, https or mailto address, such as https://example.com/42", f.Name)
		}
	}
	return TextValue(s), checkLine(f.Name, s, MaxFieldValue)
}

// Check rejects a value that is not in the form that Parse returns.
func (f CustomField) Check(v FieldValue) error {
	same, err := f.Parse(v, func(s string) (Date, error) { return Date(s), CheckDate(f.Name, Date(s)) })
	if err == nil && same != v {
		err = limit("field", "invalid %s %s", f.Name, clip(string(v)))
	}
	return err
}

// Ordered reports whether the values have an order that ranges can be taken of.
func (f CustomField) Ordered() bool {
	return f.Type == NumberField || f.Type == DateField || f.Type == ChoiceField
}

// Sorted returns v as a text whose bytes sort like the values: choices in
// their order, numbers by size, texts case-insensitively.
func (f CustomField) Sorted(v FieldValue) string {
	s := v.String()
	switch f.Type {
	case NumberField:
		n, _ := strconv.ParseFloat(s, 64)
		return SortedNumber(n)
	case ChoiceField:
		return string([]byte{byte('0' + (f.choice(s)+1)/10), byte('0' + (f.choice(s)+1)%10)})
	case DateField:
		return s
	}
	return strings.ToLower(s)
}

// SortedNumber returns n as a text of fixed length that sorts as numbers do.
func SortedNumber(n float64) string {
	if n == 0 {
		n = 0 // not the negative zero
	}
	bits := math.Float64bits(n)
	if n < 0 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	s := strconv.FormatUint(bits, 16)
	return strings.Repeat("0", 16-len(s)) + s
}

// Has reports whether items of the level can have the field.
func (f CustomField) Has(l Level) bool { return slices.Contains(f.On, l) }

// Definition returns the declaration as a definition of the project.
func (f CustomField) Definition() Definition {
	b, _ := JSON(f) // its fields always encode
	return Definition{Kind: FieldDefinition, Name: f.Name, Body: string(b)}
}

// ReadCustomField returns the field that a definition declares.
func ReadCustomField(d Definition) (f CustomField, err error) {
	if err := json.Unmarshal([]byte(d.Body), &f); err != nil {
		return f, Errorf(Corrupt, "the definition of the field %s cannot be read", d.Name)
	}
	return f, nil
}
