package cli

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"pm/internal/chart"
	"pm/internal/cli/term"
	"pm/internal/interchange/export"
	"pm/internal/outfile"
	"pm/internal/picture"
	"pm/internal/tracker"
)

// checkFormat refuses formats that there are not, and the name of one where a
// file is named.
func checkFormat(format, output, follow string) error {
	switch formats := export.Formats(); {
	case !slices.Contains(formats, format):
		return usageError("unknown format %q", format).WithHint("use one of %s", strings.Join(formats, ", "))
	case format != export.Lines && follow != "":
		return usageError("--format and --follow cannot be combined").WithHint("--follow writes JSON lines")
	case slices.Contains(append(formats, "json", "md", "yaml", "table", "text"), output):
		return usageError("-o names a file, and %s is a format", output).
			WithHint("use --format to choose a format; to write to a file called %s: -o ./%s", output, output)
	}
	return nil
}

// exportAs exports the plan for people and other programs. The export in JSON
// lines passes through a pipe, item by item.
func (a *app) exportAs(ctx context.Context, format, output, asOf string) error {
	return a.writeOutput(ctx, output, outfile.Options{Mode: 0o600}, func(w io.Writer) error {
		ctx, t, err := a.act(ctx)
		if err != nil {
			return err
		}
		page := export.Page{Title: filepath.Base(a.dir), Now: a.now()}
		if format == export.HTML && asOf == "" {
			if page.Charts, err = charts(ctx, t); err != nil {
				return err
			}
		}
		bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "exporting"})
		defer bar.Done()
		ctx, stop := context.WithCancel(ctx)
		r, lines := io.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			lines.CloseWithError(t.ExportAsOf(ctx, lines, asOf, progress(bar)))
		}()
		text := &term.Lines{W: w}
		if err = export.Write(text, format, r, page); err == nil {
			err = text.Flush()
		}
		stop()
		r.CloseWithError(err)
		<-done
		if err != nil {
			return err
		}
		bar.Done()
		a.tellLacks()
		return nil
	})
}

// charts draws the charts of the plan.
func charts(ctx context.Context, t *tracker.Tracker) ([]string, error) {
	in, err := t.Insights(ctx, tracker.ShowInsights{})
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(picture.Charts(in), func(c chart.Chart) bool { return len(c.Series)+len(c.Dots)+len(c.Rows) == 0 })
	if len(all) == 0 {
		return nil, nil
	}
	return []string{chart.SVG(chart.Page{}, all...)}, nil
}
