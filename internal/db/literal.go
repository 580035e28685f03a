package db

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Literal returns the text of the statement with its values written in, for the
// sqlite3 shell.
func (s Statement) Literal() string {
	turn := 0
	return regexp.MustCompile(`\$\d+|\?`).ReplaceAllStringFunc(s.Text, func(mark string) string {
		n, _ := strconv.Atoi(mark[1:])
		if mark == "?" {
			turn++
			n = turn
		}
		if n < 1 || n > len(s.Args) {
			return mark
		}
		return literal(s.Args[n-1])
	})
}

func literal(v any) string {
	if valuer, is := v.(driver.Valuer); is {
		v, _ = valuer.Value()
	}
	if v == nil {
		return "null"
	}
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return "null"
		}
		r = r.Elem()
	}
	if r.Kind() == reflect.String {
		return "'" + strings.ReplaceAll(r.String(), "'", "''") + "'"
	}
	return fmt.Sprint(r.Interface())
}
