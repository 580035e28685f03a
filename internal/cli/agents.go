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
	c := &cobra.Command{
		Use: "agents", Short: "Install pm for coding agents", GroupID: groupMove, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	c.AddCommand(a.agentsInstall(), a.agentsRemove(), a.agentsStatus())
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
		Use: "install", Short: "Install instructions for coding agents", Args: exactArgs(0, ""),
		Long: `Install instructions for the coding agents that work in this project: a short
block at the end of AGENTS.md, and a skill in .agents/skills/pm (and in
.claude/skills/pm if there is a .claude directory). With --hook, sessions of that
tool start with pm prime; with --mcp, the tool starts pm's MCP server. Each adds one
entry to the tool's project settings and leaves every other byte as it is. If one
file cannot be changed, the others still are. Running it again changes nothing;
pm agents remove undoes it. It does not run git.`,
		Example: "  pm agents install --dry-run\n  pm agents install --hook claude\n  pm agents install --mcp claude,cursor",
		RunE: func(*cobra.Command, []string) error {
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
	c.Flags().StringSliceVar(&hooks, "hook", nil, "also add a session-start hook for these tools: "+strings.Join(agents.Tools(), ", "))
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be written, and write nothing")
	return c
}

func (a *app) agentsRemove() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use: "remove", Short: "Remove what pm agents install added", Args: exactArgs(0, ""),
		Long: `Remove what pm agents install added to the project: the block, the skills, the
hooks, the MCP servers, and the directories it created. Files that existed before
are restored byte for byte, and whatever somebody edited is kept. It does not touch
the plan, and does not run git.`,
		Example: "  pm agents remove --dry-run\n  pm agents remove",
		RunE: func(*cobra.Command, []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			changes, err := p.Remove()
			if err != nil {
				return err
			}
			return a.agentsDo(p, changes, dryRun)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be removed, and remove nothing")
	return c
}

func (a *app) agentsStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Show what is installed for agents, and whether it is up to date", Args: exactArgs(0, ""),
		Long: `Show the state of each file: installed, outdated (run pm agents install to update
it), missing, edited since pm wrote it, or foreign, which pm did not write. It
changes nothing.`,
		Example: "  pm agents status\n  pm agents status --json",
		RunE: func(*cobra.Command, []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			files, err := p.Status()
			if err != nil {
				return err
			}
			if a.forProgram() {
				return a.print(map[string]any{"items": files})
			}
			rows := make([][3]string, len(files))
			for i, f := range files {
				rows[i] = [3]string{string(f.State), f.What, f.Path}
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
	rows := make([][3]string, len(changes))
	for i, c := range changes {
		rows[i] = [3]string{a.agentsDid(c.Did, dryRun), c.What, c.Path}
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
	case dryRun:
		return would[did]
	}
	return did
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
