package cli

import (
	"context"
	"io"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/utf"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Texts on the command line: whatever text a command takes, - stands for
// stdin; and --file reads the text that the command is about from a file. They
// are read before the database is opened, so that nothing waits for a reader.

// fileFlag is the flag of the command's text.
const fileFlag = "file"

// addTexts gives a command --file, and says in its help where texts are read.
func addTexts(cmd *cobra.Command, params []ops.Param) {
	var names []string
	for _, p := range params {
		if p.IsText() || p.Lines() != nil {
			names = append(names, textName(p))
		}
		if p.Kind() == "pairs" {
			names = append(names, "a value of "+textName(p))
		}
	}
	if len(names) == 0 {
		return
	}
	read := " to read it from stdin."
	if slices.ContainsFunc(params, func(p ops.Param) bool { return p.Lines() != nil }) {
		read = " to read it from stdin, where each line is a check."
		if len(names) > 1 {
			read = " to read it from stdin; each line of checks is one."
		}
	}
	cmd.Long += "\nUse - as " + strings.Join(names, " or ") + read
	if main, ok := ops.MainText(params); ok {
		addFileFlag(cmd.Flags(), textName(main))
	} else if lines, ok := mainLines(params); ok {
		addFileFlag(cmd.Flags(), textName(lines))
	}
}

// mainLines returns the lines that a command without any other text is about.
func mainLines(params []ops.Param) (ops.Param, bool) {
	i := slices.IndexFunc(params, func(p ops.Param) bool { return p.Arg && p.Lines() != nil })
	if i < 0 {
		return ops.Param{}, false
	}
	return params[i], true
}

func addFileFlag(f *pflag.FlagSet, text string) {
	f.StringP(fileFlag, "F", "", "read "+text+" from `file`; - for stdin")
}

// textName is what the usage or the flags call a text.
func textName(p ops.Param) string {
	if p.Arg {
		return p.Word
	}
	return "--" + p.Flag
}

// readTexts reads the texts that the command line only points to.
func (a *app) readTexts(cmd *cobra.Command, params []ops.Param) error {
	r := textReader{app: a, ctx: cmd.Context()}
	for _, p := range params {
		if p.IsText() && p.Text() == "-" {
			if err := r.read(p, "-"); err != nil {
				return err
			}
		}
	}
	for _, p := range params {
		if lines := p.Lines(); lines != nil && slices.Contains(*lines, "-") {
			if err := r.lines(textName(p), lines, "-"); err != nil {
				return err
			}
		}
	}
	for _, p := range params {
		for _, name := range p.NamesOf("-") {
			text, err := r.text(textName(p)+" "+name, "-", "put it on the command line")
			if err == nil {
				err = p.Set(name + "=" + text)
			}
			if err != nil {
				return err
			}
		}
	}
	for _, p := range params {
		if p.Name == "title" && p.Required {
			if err := a.notJSON(p.Text()); err != nil {
				return err
			}
		}
	}
	path, given := textFile(cmd)
	if !given {
		return nil
	}
	main, ok := ops.MainText(params)
	if list, is := mainLines(params); is && !ok {
		*list.Lines() = append(*list.Lines(), "-")
		return r.lines(textName(list), list.Lines(), path)
	}
	if !ok {
		return usageError("--file: this command takes no text").WithHint("to see what can be set: %s --help", cmd.CommandPath())
	}
	if main.Text() != "" || cmd.Flags().Changed(main.Flag) {
		return usageError("%s specified twice: on the command line and with --file", textName(main))
	}
	return r.read(main, path)
}

// A textReader reads the texts of one command, one of which may come from stdin.
type textReader struct {
	*app
	ctx   context.Context
	taken string // the text that stdin was read for
}

// text is readText, and refuses to read stdin for a second text.
func (r *textReader) text(name, path, instead string) (string, error) {
	if path == "-" {
		if r.taken != "" {
			return "", usageError("cannot read both %s and %s from stdin", r.taken, name).WithHint("put one of them on the command line")
		}
		r.taken = name
	}
	return r.readText(r.ctx, name, path, instead)
}

// read sets a parameter to the text of a file, or of stdin.
func (r *textReader) read(p ops.Param, path string) error {
	instead := "use --file to name a file"
	if !isMain(p) {
		instead = "put it on the command line"
	}
	text, err := r.text(textName(p), path, instead)
	if err != nil {
		return err
	}
	return p.Set(text)
}

// lines puts the lines of a file, or of stdin, that are not empty in the place of -.
func (r *textReader) lines(name string, lines *[]string, path string) error {
	text, err := r.text(name, path, "put it on the command line")
	if err != nil {
		return err
	}
	var read []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			read = append(read, line)
		}
	}
	at := slices.Index(*lines, "-")
	*lines = slices.Concat((*lines)[:at], read, (*lines)[at+1:])
	if slices.Contains(*lines, "-") {
		return usageError("%s: stdin can be read only once", name).WithHint("use - once; each of its lines counts")
	}
	return nil
}

// textFile returns the value of --file.
func textFile(cmd *cobra.Command) (path string, given bool) {
	if f := cmd.Flags().Lookup(fileFlag); f != nil {
		return f.Value.String(), f.Changed
	}
	return "", false
}

// readText reads a text without the end of its last line. One that is too long
// is cut where its operation notices. instead says how to give it otherwise.
func (a *app) readText(ctx context.Context, name, path, instead string) (string, error) {
	var r io.Reader
	if path == "-" {
		if err := a.refuseTerminal(name, instead); err != nil {
			return "", err
		}
		r = a.stdin
	} else {
		f, err := a.openInput(ctx, path)
		if err != nil {
			return "", openError(err, path)
		}
		defer f.Close()
		r = utf.NewReader(interruptible{ctx, f})
	}
	b, err := io.ReadAll(io.LimitReader(r, plan.MaxText+2))
	if err != nil && path != "-" && ctx.Err() == nil {
		err = plan.Errorf(plan.Storage, "cannot read %s: %w", path, systemError(err))
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), err
}

// refuseTerminal refuses to read what from a terminal, where a person would
// not know what pm waits for.
func (a *app) refuseTerminal(what, instead string) error {
	if in, ok := a.stdin.(stdin); ok && isTerminal(in.file) {
		return usageError("cannot read %s from stdin: it is a terminal", what).WithHint("pipe it in, or %s", instead)
	}
	return nil
}

// isMain reports whether --file can take the place of the parameter.
func isMain(p ops.Param) bool {
	_, main := ops.MainText([]ops.Param{p})
	return main
}
