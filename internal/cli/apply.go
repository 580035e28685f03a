package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
	"pm/internal/utf"

	"github.com/spf13/cobra"
)

// mostPlan bounds, in bytes, the plan that pm apply reads. As people write them, one of
// this size is about 100,000 tasks, and takes about a hundred times as much memory; with
// a few letters for each task it takes more.
const mostPlan = 16 << 20

// improveApply gives pm apply its file: YAML, JSON or an outline in markdown.
func (a *app) improveApply(c *cobra.Command) {
	c.Use = "apply FILE|-"
	c.Long += "\nFILE is YAML, JSON, or an outline in Markdown: # epics, ## features, - tasks with\nthe marks of pm add. Use - to read it from stdin. Flags override the file."
	c.Args = exactArgs(1, "FILE")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, noFiles
		}
		return []string{"yaml", "yml", "json", "md"}, cobra.ShellCompDirectiveFilterFileExt
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		op, _ := ops.Find("plan apply")
		a.changes = true
		if err := a.checkFields(op.Output); err != nil {
			return err
		}
		doc, err := a.readPlan(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		in := &tracker.Apply{Line: doc.Line}
		if err := fillPlan(cmd, doc, in); err != nil {
			return err
		}
		ctx, t, err := a.actLazily(cmd.Context())
		if err != nil {
			return err
		}
		out, err := op.Call(ctx, t, in)
		if err != nil {
			return err
		}
		if in.DryRun {
			return a.print(out)
		}
		return a.printChange(out)
	}
}

// fillPlan fills the input from the document, and then from the flags.
func fillPlan(cmd *cobra.Command, doc interchange.Nested, in any) error {
	if err := ops.Decode(in, doc.Fields()); err != nil {
		return err
	}
	for _, p := range ops.Params(in) {
		f := cmd.Flags().Lookup(p.Flag)
		if f == nil || !f.Changed {
			continue
		}
		if err := p.Set(f.Value.(flagValue).Text()); err != nil {
			return err
		}
	}
	return nil
}

// readPlan reads the document that is to be applied.
func (a *app) readPlan(ctx context.Context, path string) (doc interchange.Nested, err error) {
	r, name := a.stdin, path
	if strings.HasPrefix(strings.TrimSpace(path), "{") {
		r, name = strings.NewReader(path), "the plan" // itself, which no file is named after
	} else if path == "-" {
		name = "stdin"
		if err := a.refuseTerminal("a plan", "name a file"); err != nil {
			return doc, err
		}
	} else {
		f, err := a.openInput(ctx, path)
		if err != nil {
			return doc, openError(err, path)
		}
		defer f.Close()
		r = utf.NewReader(interruptible{ctx, f})
	}
	text, err := io.ReadAll(io.LimitReader(r, mostPlan+1))
	switch {
	case err != nil && path != "-" && ctx.Err() == nil:
		return doc, plan.Errorf(plan.Storage, "cannot read %s: %w", path, systemError(err))
	case err != nil:
		return doc, err
	case len(text) > mostPlan:
		return doc, plan.Errorf(plan.Invalid, "%s is longer than %s", name, term.Bytes(mostPlan)).WithCode("bad_plan").WithHint("split it into plans of one epic each")
	}
	ext := strings.ToLower(filepath.Ext(path))
	doc, err = ops.ReadPlan(string(text), ext == ".md" || ext == ".markdown")
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return doc, err
}
