package render

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
)

// fields writes an item for a pipe: a line for each field that its JSON has,
// under the same name and in the same order, but the description last. Those
// that are named are left out.
func (p *printer) fields(item any, without ...string) {
	var last string
	v := reflect.ValueOf(item)
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		f := v.Field(i)
		switch {
		case name == "-", slices.Contains(without, name), strings.Contains(options, "omitempty") && isEmpty(f):
		case name == "description":
			last = f.String()
		case name == "links":
			for _, l := range f.Interface().([]plan.Link) {
				p.row("link", string(l.As), l.To)
			}
		case name == "checks":
			p.checkRows(f.Interface().([]plan.Check))
		default:
			p.row(name, fieldText(f.Interface()))
		}
	}
	if last != "" {
		p.row("description", last)
	}
}

func isEmpty(f reflect.Value) bool {
	return f.IsZero() || (f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0
}

func fieldText(v any) string {
	switch v := v.(type) {
	case time.Time:
		return utc(v)
	case *time.Time:
		return utc(*v)
	case []plan.Key:
		return plan.JoinKeys(v, ",")
	case []string:
		return strings.Join(v, ",")
	case plan.Fields:
		words := make([]string, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			words = append(words, name+"="+v[name].String())
		}
		return strings.Join(words, ",")
	case plan.Percent:
		return number(v)
	}
	return fmt.Sprint(v)
}
