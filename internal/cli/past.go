package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pm/internal/cli/render"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// tellLacks warns if the answer as of a moment lacks what has been deleted for
// good since.
func (a *app) tellLacks() {
	if a.rehearsal == nil {
		a.warn(a.lacks)
	}
}

// improveDiff lets pm diff print Markdown.
func (a *app) improveDiff(c *cobra.Command) {
	a.formFlag(c, "markdown", "print Markdown", func(w io.Writer, answer any) error {
		return render.MarkdownDiff(w, answer.(tracker.Diff))
	})
}

// reportFile begins the names of the files that keep when an agent ran pm report
// last.
const reportFile = "report-"

// sinceLast is the word for that moment.
const sinceLast = "last"

// improveReport lets pm report print Markdown and HTML, and remember when it was
// run last.
func (a *app) improveReport(c *cobra.Command) {
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		path, err := a.usePath()
		if err != nil {
			return err
		}
		path = filepath.Join(filepath.Dir(path), reportFile+strings.TrimPrefix(filepath.Base(path), useFile))
		if since, is := cmd.Flags().Lookup("since").Value.(flagValue); is && since.Text() == sinceLast {
			last := ""
			if text, err := os.ReadFile(path); err == nil {
				last = strings.TrimSpace(string(text))
			}
			if err := since.Set(last); err != nil {
				return err
			}
		}
		now := plan.Stamp(a.now())
		if err := plain(cmd, args); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return writeError(err, path)
		}
		sweepReports(filepath.Dir(path), a.now().Add(-keepUse))
		if err := outfile.Write(cmd.Context(), path, []byte(now+"\n"), outfile.Options{Mode: 0o600}); err != nil {
			return writeError(err, path)
		}
		return nil
	}
	a.formFlag(c, "markdown", "print Markdown", func(w io.Writer, answer any) error {
		return render.MarkdownReport(w, answer.(tracker.Report))
	})
	a.formFlag(c, "html", "print a self-contained HTML page", func(w io.Writer, answer any) error {
		return render.HTMLReport(w, answer.(tracker.Report))
	})
}

// sweepReports removes the files of sessions that ended long ago.
func sweepReports(dir string, before time.Time) {
	old, _ := filepath.Glob(filepath.Join(dir, reportFile+"*"))
	for _, path := range old {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			os.Remove(path)
		}
	}
}
