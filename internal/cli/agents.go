package cli

import (
	"cmp"
	"strings"

	"pm/internal/agents"
	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/ops"

	"github.com/spf13/cobra"
)

func (a *app) agentsCommand() *cobra.Command {
	c := a.groupCommand("agents", "Install pm for coding agents", groupMove)
	c.AddCommand(a.agentsInstall(), a.agentsRemove(), a.agentsStatus(), a.agentsHook())
	return c
}

// An agentsAnswer says what was done to which file.
type agentsAnswer struct {
	Root   string          `json:"root"`
	Files  []agents.Change `json:"files"`
	DryRun bool            `json:"dry_run,omitempty"`
}

func (a *app) agentsInstall() *cobra.Command {
	var hooks, servers []string
	dryRun := false
	c := &cobra.Command{
		Use: "install", Short: "Install instructions for coding agents", Args: cobra.ArbitraryArgs,
		Long: `Install instructions for the coding agents that work in this project: a short
block at the end of AGENTS.md, and a skill in .agents/skills/pm (and in
.claude/skills/pm if there is a .claude directory). With --hook, sessions of that
tool start with pm prime; where the tool has such events, their tasks are released when
they end, and listed for the summary when they are compacted. With --mcp, the tool starts
pm's MCP server. Both add entries to the tool's project settings and leave every other
byte as it is. A CLAUDE.md that does not import AGENTS.md gets a line that does. If one
file cannot be changed, the others still are. Run it again to get what a newer pm
adds; pm agents remove undoes it. It does not run git.`,
		Example: "  pm agents install --dry-run\n  pm agents install --hook claude\n  pm agents install --mcp claude,cursor",
		RunE: func(cmd *cobra.Command, more []string) error {
			switch { // --mcp claude cursor: the words after the flag are further tools
			case len(more) > 0 && len(servers) > 0 && len(hooks) == 0:
				servers = append(servers, more...)
			case len(more) > 0 && len(hooks) > 0 && len(servers) == 0:
				hooks = append(hooks, more...)
			case len(more) > 0:
				return unexpectedArgument(cmd, more[0])
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			changes, failed := p.Install(hooks, servers)
			if failed != nil && changes == nil {
				return failed
			}
			done := a.agentsDo(p, changes, dryRun)
			return cmp.Or(failed, done)
		},
	}
	c.Flags().StringSliceVar(&servers, "mcp", nil, "also add pm's MCP server for these tools: "+strings.Join(agents.MCPTools(), ", "))
	c.Flags().StringSliceVar(&hooks, "hook", nil, "also add hooks for these tools: "+strings.Join(agents.Tools(), ", "))
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be written, and write nothing")
	return c
}

func (a *app) agentsRemove() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use: "remove", Short: "Remove what pm agents install added", Args: exactArgs(0, ""),
		Long: `Remove what pm agents install added to the project: the block, the skills, the
hooks, the MCP servers, and the directories it created. Files that existed before
are restored byte for byte, and anything edited since is kept. It does not touch
the plan, and does not run git.`,
		Example: "  pm agents remove --dry-run\n  pm agents remove",
		RunE: func(*cobra.Command, []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			changes, failed := p.Remove()
			return cmp.Or(failed, a.agentsDo(p, changes, dryRun))
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be removed, and remove nothing")
	return c
}

func (a *app) agentsStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Show what is installed for agents, and whether it is up to date", Args: exactArgs(0, ""),
		Long: `Show the state of each file: installed, outdated (run pm agents install to update
it), missing, edited since pm wrote it, or foreign (not written by pm). It
changes nothing.`,
		Example: "  pm agents status\n  pm agents status --json",
		RunE: func(*cobra.Command, []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			files := p.Status()
			if a.forProgram() {
				return a.print(map[string]any{"items": files})
			}
			var rows [][3]string
			for _, f := range files {
				rows = addRow(rows, [3]string{string(f.State), f.What, f.Path}, statesTogether)
			}
			return a.agentsTable(rows)
		},
	}
}

// project returns the folder that the workspace lies in.
func (a *app) project() (agents.Project, error) {
	w, err := config.Find(a.dir)
	return agents.Project{Root: w.Root, Skill: ops.Primer}, err
}

func (a *app) agentsDo(p agents.Project, changes []agents.Change, dryRun bool) error {
	var failed error
	if !dryRun {
		failed = p.Apply(changes)
	}
	if a.forProgram() {
		return cmp.Or(a.print(agentsAnswer{p.Root, append([]agents.Change{}, changes...), dryRun}), failed)
	}
	var rows [][3]string
	for _, c := range changes {
		rows = addRow(rows, [3]string{a.agentsDid(c.Did, dryRun), c.What, c.Path}, didTogether)
	}
	if len(rows) == 0 {
		a.say("nothing to do")
	}
	return cmp.Or(a.agentsTable(rows), failed)
}

func (a *app) agentsDid(did string, dryRun bool) string {
	would := map[string]string{"wrote": "would write", "changed": "would change", "removed": "would remove"}
	switch {
	case did == "nothing":
		return "unchanged"
	case did == "kept":
		return "kept (edited)"
	case dryRun && would[did] != "":
		return would[did]
	}
	return did
}

// addRow adds a row of what was done to which part of which file. The hooks of a
// tool are one row, whose first word together makes of theirs.
func addRow(rows [][3]string, row [3]string, together func(a, b string) string) [][3]string {
	if last := len(rows) - 1; last >= 0 && rows[last][1] == row[1] && rows[last][2] == row[2] {
		rows[last][0] = together(rows[last][0], row[0])
		return rows
	}
	return append(rows, row)
}

// didTogether returns the word for the whole file: the one that says most.
func didTogether(a, b string) string {
	for _, word := range []string{"failed", "wrote", "would write", "removed", "would remove", "changed", "would change"} {
		if a == word || b == word {
			return word
		}
	}
	return a
}

// statesTogether returns outdated for a file in which only some hooks are.
func statesTogether(a, b string) string {
	if a == b {
		return a
	}
	return string(agents.Outdated)
}

// agentsTable writes rows of what, of which kind, where.
func (a *app) agentsTable(rows [][3]string) error {
	if a.flags.quiet {
		return nil
	}
	out, b := a.out(), new(strings.Builder)
	table := &term.Table{Columns: []term.Column{{}, {}, {Shrink: true}}}
	for _, r := range rows {
		if !out.Terminal {
			b.WriteString(r[0] + "\t" + r[1] + "\t" + term.Clean(r[2]) + "\n")
			continue
		}
		table.Cells(term.Cell{Text: r[0]}, term.Cell{Text: r[1], Style: term.Dim}, term.Cell{Text: r[2]})
	}
	if out.Terminal && len(rows) > 0 {
		table.Render(b, out)
	}
	_, err := a.stdout.Write([]byte(b.String()))
	return err
}
