package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"unicode/utf8"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
	"pm/internal/utf"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// maxBatchLine bounds one line of a batch: a description of the largest size,
// every byte of it escaped, and the other fields.
const maxBatchLine = 8 * plan.MaxText

// improveCreate adds --from, which creates many tasks at once.
func (a *app) improveCreate(c *cobra.Command) {
	from := ""
	c.Flags().StringVar(&from, "from", "", "read tasks from this file, - for stdin: JSON lines with feature, title, description, priority, agent_type, depends_on")
	c.Example += "\n  pm task create --from tasks.jsonl"
	one, check := c.RunE, c.Args
	c.Args = func(cmd *cobra.Command, args []string) error {
		if from == "" {
			return check(cmd, args)
		}
		if len(args) > 0 {
			return usageError("cannot combine --from with arguments: each line names its feature and title")
		}
		var other error
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Changed && f.Name != "from" && f.Name != "idempotency-key" {
				other = usageError("cannot combine --from with --%s", f.Name).WithHint("put it in each line")
			}
		})
		return other
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if from == "" {
			return one(cmd, args)
		}
		a.changes = true
		if err := a.checkFields(reflect.TypeFor[tracker.Tasks]()); err != nil {
			return err
		}
		batch, err := a.readBatch(cmd.Context(), from)
		if err != nil {
			return err
		}
		ctx, t, err := a.actLazily(cmd.Context())
		if err != nil {
			return err
		}
		op, _ := ops.Find("task create-many")
		answer, err := op.Call(ctx, t, &batch)
		if err != nil {
			return err
		}
		return a.printChange(answer)
	}
}

// readBatch reads the tasks of a file of JSON lines; blank lines are passed over.
func (a *app) readBatch(ctx context.Context, from string) (batch tracker.CreateTasks, err error) {
	r := a.stdin
	if from == "-" {
		if err := a.refuseTerminal("tasks", "use --from to name a file"); err != nil {
			return batch, err
		}
	} else {
		f, err := a.openInput(ctx, from)
		if err != nil {
			return batch, openError(err, from)
		}
		defer f.Close()
		r = utf.NewReader(interruptible{ctx, f})
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), maxBatchLine)
	n := 0
	for lines.Scan() {
		n++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var task tracker.CreateTask
		if err := decodeStrict(lines.Bytes(), &task); err != nil {
			return batch, plan.Errorf(plan.Invalid, "line %d: %v", n, err).WithCode("bad_line").
				WithHint(`write lines like {"feature":"E01-F01","title":"…"}; nothing was created`)
		}
		batch.Tasks, batch.Lines = append(batch.Tasks, task), append(batch.Lines, n)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return batch, plan.Errorf(plan.Invalid, "line %d is longer than %d bytes", n+1, maxBatchLine).WithCode("bad_line")
	}
	return batch, lines.Err()
}

// decodeStrict decodes one JSON value, and refuses fields that do not exist
// and bytes that are not UTF-8, which package json would replace.
func decodeStrict(b []byte, v any) error {
	if !utf8.Valid(b) {
		return errors.New("not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value on the line")
	}
	return nil
}
