package cli

import (
	"encoding/json"
	"strings"

	"pm/internal/ops"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// improveList lets pm list count what it would list: as another operation, with
// the same query and flags.
func (a *app) improveList(c *cobra.Command) {
	a.markdownFlag(c)
	count, group := false, ""
	c.Flags().BoolVar(&count, "count", false, "print only the number of tasks")
	c.Flags().StringVar(&group, "group", "", "print the number of tasks for each value of this field: "+strings.Join(tracker.Groupings(), ", ")+" or a custom field")
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !count && !cmd.Flags().Changed("group") {
			if err := a.showColumns(cmd, args); err != nil {
				return err
			}
			return plain(cmd, args)
		}
		for _, form := range []string{"csv", "markdown"} {
			if f := cmd.Flags().Lookup(form); f.Changed && f.Value.String() == "true" {
				return usageError("--%s cannot be combined with --count or --group", form).WithHint("use one of them")
			}
		}
		op, _ := ops.Find("task count")
		in := &tracker.CountTasks{}
		params := ops.Params(in)
		err := fill(params, args)
		for _, p := range params {
			f := cmd.Flags().Lookup(p.Flag)
			if f == nil || !f.Changed || err != nil {
				continue
			}
			switch v := f.Value.(type) {
			case flagValue:
				err = p.Decode(v.JSON())
			default:
				err = p.Set(v.String())
			}
		}
		if err != nil {
			return err
		}
		if group == "" && cmd.Flags().Changed("group") {
			return usageError("missing field for --group").WithHint("to list its flags: %s --help", cmd.CommandPath())
		}
		a.flags.quiet = false // the numbers are the answer
		return a.answer(cmd, op, in)
	}
}

// JSON is the value of the flag.
func (f flagValue) JSON() json.RawMessage {
	text := f.Text()
	if f.Repeated {
		return json.RawMessage(text)
	}
	b, _ := json.Marshal(text)
	return b
}
