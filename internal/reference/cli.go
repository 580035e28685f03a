package reference

import (
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// cliPage describes every command of the tree under root.
func cliPage(root *cobra.Command) []byte {
	p := new(page)
	p.line("# Commands\n")
	p.line("What does each command do, and which flags does it take? This is what `pm COMMAND --help` prints. The README lists the exit codes, [query.md](query.md) explains queries,")
	p.line("and [agents.md](agents.md) how an agent works. This page is generated from the program (see CONTRIBUTING).\n")
	p.line("Every command has these flags:")
	p.code(root.PersistentFlags().FlagUsages())
	for _, g := range root.Groups() {
		p.line("\n## %s", strings.TrimSuffix(g.Title, ":"))
		for _, c := range root.Commands() {
			if c.GroupID == g.ID {
				p.command(c)
			}
		}
	}
	p.synonyms()
	return p.Bytes()
}

// synonyms lists the words that are understood for pm's own.
func (p *page) synonyms() {
	p.line("\n## Other words\n")
	p.line("pm accepts other words where only one meaning is possible: those on the right work like the one on the left.")
	p.line("The key may come before the verb (`pm T-E01-F01-001 claim`), the verb before the noun (`pm create epic \"Payments\"`), and each argument")
	p.line("can be given as a flag with its name. An ambiguous word is an error, with the whole command line in the hint.\n")
	p.row("kind", "word", "other words")
	p.row("---", "---", "---")
	for _, s := range plan.Synonyms() {
		if s.Kind != plan.ForGuess {
			p.row(string(s.Kind), "`"+s.Means+"`", strings.Join(s.Words, ", "))
		}
	}
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
		p.code(c.UseLine())
		if len(c.Aliases) > 0 {
			p.line("Other words for it: %s.\n", strings.Join(c.Aliases, ", "))
		}
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
