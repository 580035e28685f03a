package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"pm/internal/cli/render"
	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/itchyny/gojq"
)

// print writes an answer in the form that was asked for. What it warns of is
// part of it in JSON; otherwise it goes to standard error.
func (a *app) print(answer any) error {
	if err := a.write(answer); err != nil {
		return err
	}
	if a.rehearsal == nil && !a.flags.json {
		a.warn(tracker.Warnings(answer))
		a.tellAnswers(answer)
		a.tellReady(answer)
	}
	return nil
}

// warn tells what a change leads to that may not be meant, each with a hint.
func (a *app) warn(all []tracker.Warning) {
	to := a.err()
	for _, w := range all {
		a.say("%s", to.Paint(term.Yellow, "warning: "+term.Clean(w.Message)))
		if w.Hint != "" {
			a.say("%s", to.Paint(term.Dim, "hint: "+term.Clean(w.Hint)))
		}
	}
}

// tellAnswers tells the answers to the user's questions that came with an answer.
func (a *app) tellAnswers(answer any) {
	var all []tracker.Question
	switch answer := answer.(type) {
	case tracker.Changed:
		all = answer.Answers
	case tracker.NextTask:
		all = answer.Answers
	}
	for _, q := range all {
		a.say("%s", term.Clean(fmt.Sprintf("answered by %s: question %d on %s: %s", q.AnsweredBy, q.N, q.Key, q.Answer)))
	}
}

// tellReady tells which tasks became ready by what was done.
func (a *app) tellReady(answer any) {
	if changed, is := answer.(tracker.Changed); is && !a.forProgram() && !a.flags.quiet {
		if line := changed.ReadyLine(); line != "" {
			a.say("%s", line)
		}
	}
}

func (a *app) write(answer any) error {
	switch {
	case a.rehearsal != nil:
		return nil // pm explain answers about the command, not for it
	case a.form != nil:
		if err := a.form(a.stdout, answer); err != nil {
			return err
		}
		return render.Footer(a.stderr, a.rendering(), answer)
	case a.flags.jq != "":
		return a.printJQ(answer)
	case len(a.flags.fields) > 0:
		if err := a.checkFields(ops.FieldsOf(answer)); err != nil {
			return err
		}
		return a.printFields(answer)
	case a.flags.json:
		return writeChange(a.stdout, a.spared(answer), a.operation)
	case a.flags.quiet:
		return render.Keys(a.stdout, answer)
	}
	o := a.rendering()
	if err := render.Text(a.stdout, o, answer); err != nil {
		return err
	}
	if o.Out.Terminal {
		a.suggest(answer)
		return render.Footer(a.stdout, o, answer)
	}
	return render.Footer(a.stderr, o, answer)
}

// printChange is print for the answer of a command that may have changed
// something: an error then concerns the answer alone, and says so, lest the
// command be repeated.
func (a *app) printChange(answer any) error { return answerLost(a.print(answer)) }

// answerLost turns an error of writing the answer of a command that may have
// changed something into one that says so.
func answerLost(err error) error {
	if err == nil || isClosedPipe(err) {
		return err
	}
	kind := plan.KindOf(err)
	if kind == plan.Internal {
		kind = plan.Storage
	}
	return plan.Errorf(kind, "the command succeeded, but its output cannot be printed: %v", systemError(err)).WithCode("answer_lost").
		WithHint("check what was stored before you repeat it: pm log")
}

// suggest tells people, on a terminal, what comes next. In a pipe only JSON
// carries that.
func (a *app) suggest(answer any) {
	to := a.err()
	if !to.Terminal {
		return
	}
	for _, line := range tracker.NextCommands(answer) {
		a.say("%s", to.Paint(term.Dim, "next: "+line))
	}
}

func writeJSON(w io.Writer, v any) error { return writeChange(w, v, "") }

// writeChange is writeJSON for the answer of the operation, empty if there is
// none.
func writeChange(w io.Writer, v any, operation string) error {
	b, err := ops.ChangeJSON(v, operation)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// asJSON turns an answer into what JSON makes of it, for filters.
func (a *app) asJSON(answer any) (v any, err error) {
	var b bytes.Buffer
	if err = writeChange(&b, answer, a.operation); err == nil {
		d := json.NewDecoder(&b)
		d.UseNumber()
		err = d.Decode(&v)
	}
	return v, err
}

// printFields writes the named fields of each item, or of the answer itself
// when it is one item: as JSON objects with --json, else between tabs.
func (a *app) printFields(answer any) error { return a.writeFields(a.stdout, answer) }

func (a *app) writeFields(w io.Writer, answer any) error {
	v, err := a.asJSON(answer)
	if err != nil {
		return err
	}
	objects, ok := ops.ObjectsOf(v)
	if err := a.checkKeys(objects, reflect.TypeOf(answer)); err != nil {
		return err
	}
	if !ok {
		return errNoFields()
	}
	if a.flags.json {
		return writeJSON(w, ops.Picked(v, objects, a.flags.fields))
	}
	var b bytes.Buffer
	for _, object := range objects {
		if _, own := object["operation"]; a.operation != "" && !own {
			object["operation"] = a.operation // which a list has beside its items
		}
		cells := make([]string, len(a.flags.fields))
		for i, name := range a.flags.fields {
			value, _ := ops.Field(object, name)
			cells[i] = term.Clean(plainValue(value))
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	_, err = w.Write(b.Bytes())
	return err
}

func errNoFields() error {
	return usageError("--fields cannot be used here: the output has no fields").WithHint("run it without --fields")
}

// checkFields refuses what --fields names and answers of the type lack. It
// is asked before anything is done, and again with the answer in hand.
func (a *app) checkFields(answer reflect.Type) error {
	if a.flags.jq != "" || a.rehearsal != nil {
		return nil
	}
	var also []string
	if a.changes {
		also = []string{"operation"}
	}
	return ops.CheckFieldsIn(answer, a.flags.fields, a.declared, also...)
}

// checkKeys is checkFields for items whose fields only they know.
func (a *app) checkKeys(objects []map[string]any, answer reflect.Type) error {
	exist := map[string]any{}
	for _, object := range objects {
		maps.Copy(exist, object)
	}
	for _, name := range a.flags.fields {
		if _, there := exist[name]; !there && len(exist) > 0 && answer.Kind() == reflect.Map {
			return ops.UnknownField(name, slices.Sorted(maps.Keys(exist)))
		}
	}
	return nil
}

func plainValue(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// compileJQ reads the expression of --jq, before anything is done: what is
// wrong with it must not show when the plan is changed already.
func (a *app) compileJQ() error {
	if a.flags.jq == "" {
		return nil
	}
	query, err := gojq.Parse(a.flags.jq)
	if err == nil {
		a.filter, err = gojq.Compile(query)
	}
	if err != nil {
		return usageError("invalid jq expression: %v", err).WithHint("try --jq .key or --jq '.items[].key'")
	}
	return nil
}

// printJQ writes what the expression makes of the answer: strings as they
// are, everything else as JSON, one a line.
func (a *app) printJQ(answer any) error { return a.filterJQ(a.stdout, answer) }

func (a *app) filterJQ(w io.Writer, answer any) error {
	if a.filter == nil { // the flags are another's: pm explain
		if err := a.compileJQ(); err != nil {
			return err
		}
	}
	v, err := a.asJSON(answer)
	if err != nil {
		return err
	}
	results := a.filter.Run(numbers(v))
	for {
		result, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := result.(error); failed {
			return plan.Errorf(plan.Invalid, "jq: %v", err).WithHint("run it with --jq . to see what the expression is applied to")
		}
		if s, isText := result.(string); isText {
			if a.out().Terminal {
				s = term.CleanText(s)
			}
			fmt.Fprintln(w, s)
			continue
		}
		if err := writeJSON(w, result); err != nil {
			return err
		}
	}
}

// numbers turns json.Number into what gojq reckons with.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}
