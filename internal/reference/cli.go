package reference

import (
	"strings"

	"github.com/spf13/cobra"
)

// cliPage describes every command of the tree under root.
func cliPage(root *cobra.Command) []byte {
	p := new(page)
	p.line("# Commands\n")
	p.line("Every command, as `pm COMMAND --help` shows it. The README has the exit codes, [query.md](query.md) the language of lists,")
	p.line("[agents.md](agents.md) how an agent works. This page is made from the program (see CONTRIBUTING).\n")
	p.line("These flags are of every command:")
	p.code(root.PersistentFlags().FlagUsages())
	for _, g := range root.Groups() {
		p.line("\n## %s", strings.TrimSuffix(g.Title, ":"))
		for _, c := range root.Commands() {
			if c.GroupID == g.ID {
				p.command(c)
			}
		}
	}
	return p.Bytes()
}

// command describes a command and those under it.
func (p *page) command(c *cobra.Command) {
	if c.Hidden {
		return
	}
	if twin := daily(c); twin != nil {
		p.line("\n### %s\n\nThe same as [%s](#%s).", c.CommandPath(), twin.CommandPath(), strings.ReplaceAll(twin.CommandPath(), " ", "-"))
	} else if c.Runnable() && (!c.HasSubCommands() || c.HasExample()) {
		p.line("\n### %s\n", c.CommandPath())
		p.line("%s\n", paragraphs(c))
		usage := c.UseLine()
		for _, alias := range c.Aliases {
			usage += "\n" + c.Parent().CommandPath() + " " + alias + strings.TrimPrefix(c.UseLine(), c.CommandPath())
		}
		p.code(usage)
		if c.HasExample() {
			p.line("Examples:")
			p.code(outdent(c.Example))
		}
		if flags := c.LocalNonPersistentFlags(); flags.HasAvailableFlags() {
			p.code(flags.FlagUsages())
		}
	} else {
		p.line("\n### %s\n\n%s.", c.CommandPath(), c.Short)
	}
	for _, sub := range c.Commands() {
		p.command(sub)
	}
}

// daily returns the command at the root that does what a noun's command does.
func daily(c *cobra.Command) *cobra.Command {
	for _, other := range c.Root().Commands() {
		if other != c && c.Long != "" && other.Long == c.Long {
			return other
		}
	}
	return nil
}

// paragraphs is what the help says of a command.
func paragraphs(c *cobra.Command) string {
	if c.Long == "" {
		return c.Short + "."
	}
	return strings.TrimSpace(c.Long)
}

// outdent takes the indentation of the help from examples.
func outdent(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "  ")
	}
	return strings.Join(lines, "\n")
}
