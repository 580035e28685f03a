package cli

import (
	"io"

	"pm/internal/chart"
	"pm/internal/depgraph"
	"pm/internal/insight"
	"pm/internal/outfile"
	"pm/internal/picture"

	"github.com/spf13/cobra"
)

// improveInsights lets pm insights draw its charts into a file.
func (a *app) improveInsights(c *cobra.Command) {
	a.svgFlag(c, "write the charts (or the one given with --chart) to this file as SVG; - for stdout", func(answer any) string {
		return chart.SVG(chart.Page{}, picture.Charts(answer.(insight.Insights))...)
	})
}

// improveGraph lets pm graph draw into a file, and write what other tools draw.
func (a *app) improveGraph(c *cobra.Command) {
	a.svgFlag(c, "write the graph as SVG to this file; - for stdout", func(answer any) string {
		return picture.Graph(answer.(depgraph.Graph)).SVG(false)
	})
	a.formFlag(c, "dot", "print the graph as Graphviz DOT", func(w io.Writer, answer any) error {
		_, err := io.WriteString(w, picture.Graph(answer.(depgraph.Graph)).DOT())
		return err
	})
	a.formFlag(c, "mermaid", "print the graph as Mermaid, which many sites render in Markdown", func(w io.Writer, answer any) error {
		_, err := io.WriteString(w, picture.Graph(answer.(depgraph.Graph)).Mermaid())
		return err
	})
}

// svgFlag gives a command a flag that writes what draw makes of its answer to a
// file.
func (a *app) svgFlag(c *cobra.Command, help string, draw func(any) string) {
	path := ""
	c.Flags().StringVar(&path, "svg", "", help)
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("svg") {
			return plain(cmd, args)
		}
		if path == "" {
			return usageError("missing file for --svg").WithHint("such as --svg %s.svg, or - for stdout", cmd.Name())
		}
		return a.inForm(cmd, args, "svg", plain, func(_ io.Writer, answer any) error {
			return a.writeOutput(cmd.Context(), path, outfile.Options{Mode: 0o666}, func(w io.Writer) error {
				_, err := io.WriteString(w, draw(answer))
				return err
			})
		})
	}
}

// formFlag gives a command a flag that prints its answer in another form.
func (a *app) formFlag(c *cobra.Command, name, help string, form func(io.Writer, any) error) {
	on := false
	c.Flags().BoolVar(&on, name, false, help)
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !on {
			return plain(cmd, args)
		}
		return a.inForm(cmd, args, name, plain, form)
	}
}

// inForm runs a command whose answer is written in the form of a flag: of one
// only, and instead of JSON.
func (a *app) inForm(cmd *cobra.Command, args []string, flag string, run func(*cobra.Command, []string) error, form func(io.Writer, any) error) error {
	other := ""
	switch {
	case a.flags.json:
		other = "json"
	case a.flags.quiet:
		other = "quiet"
	case a.flags.jq != "":
		other = "jq"
	case len(a.flags.fields) > 0 && flag != "csv":
		other = "fields"
	}
	for _, name := range []string{"svg", "dot", "mermaid", "csv", "markdown", "html"} {
		if f := cmd.Flags().Lookup(name); name != flag && f != nil && f.Changed && f.Value.String() != "false" {
			other = name
		}
	}
	if other != "" {
		return usageError("--%s cannot be combined with --%s", flag, other).WithHint("use one of them")
	}
	a.form = form
	return run(cmd, args)
}
