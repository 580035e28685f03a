package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"pm/internal/ops"
	"pm/internal/store"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Version is the version of this pm.
const Version = "0.1.0"

// A handmade command is no operation on a plan, or not just one.
type handmade struct {
	name string
	make func() *cobra.Command
}

func (a *app) handmade() []handmade {
	return []handmade{
		{"update", a.updateCommand}, {"add", a.addCommand}, {"use", a.useCommand}, {"edit", a.editCommand}, {"init", a.initCommand}, {"trust", a.trustCommand}, {"import", a.importCommand}, {"export", a.exportCommand},
		{"upgrade", a.upgradeCommand}, {"backup", a.backupCommand}, {"demo", a.demoCommand}, {"version", a.versionCommand},
		{"mcp", a.mcpCommand}, {"serve", a.serveCommand}, {"web", a.webCommand}, {"schema", a.schemaCommand},
		{"prime", a.primeCommand}, {"agents", a.agentsCommand}, {"board", a.boardCommand},
		{"commands", a.commandsCommand}, {"stats", a.statsCommand}, {"doctor", a.doctorCommand}, {"explain", a.explainCommand}, {"bench", a.benchCommand},
	}
}

// addHandmade adds the command that is made by hand under that word, all for
// the empty word.
func (a *app) addHandmade(root *cobra.Command, word string) {
	for _, c := range a.handmade() {
		if word == "" || word == c.name {
			root.AddCommand(c.make())
		}
	}
}

// improve gives commands of operations what people deserve better than the
// table has it.
func (a *app) improve(root *cobra.Command, nouns map[string]*cobra.Command) {
	for _, c := range root.Commands() {
		switch c.Name() {
		case "show":
			a.improveShow(c)
		case "apply":
			a.improveApply(c)
		case "list":
			a.improveList(c)
		case "status":
			a.improveStatus(c)
			a.markdownStatus(c)
		case "insights":
			a.improveInsights(c)
		case "graph":
			a.improveGraph(c)
		case "diff":
			a.improveDiff(c)
		case "report":
			a.improveReport(c)
		case "delete":
			a.improveDelete(c, "")
		case "redact":
			a.improveForGood(c, "remove the text for good?", "remove the text for good")
		}
	}
	for noun, c := range nouns {
		switch noun {
		case "trash":
			a.improveTrash(c)
		case "epic", "feature", "task":
			c.AddCommand(a.deleteOf(noun))
			improveUpdate(find(c, "update"))
		case "stage":
			a.improveStage(c)
		case "view":
			a.improveView(c)
		case "ops":
			a.improveOps(c)
		case "note":
			for _, verb := range []string{"add", "list", "edit", "remove"} {
				a.planFlag(find(c, verb))
			}
			a.improveShort(c, "add")
		case "check":
			a.improveShort(c, "tick")
		}
		if noun == "task" {
			a.improveList(find(c, "list"))
			a.improveCreateFeature(find(c, "create"))
			a.improveCreate(find(c, "create"))
		}
	}
}

func find(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.Name() == name {
			return c
		}
	}
	panic("cli: no command " + name)
}

func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return missingArgument(cmd, what)
		case len(args) > n:
			return unexpectedArgument(cmd, args[n])
		}
		return nil
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version of pm", GroupID: groupOther, Args: exactArgs(0, ""),
		Long:    "Show the version of pm. It does not open the database.",
		Example: "  pm version\n  pm version --json",
		RunE:    func(*cobra.Command, []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	v := struct {
		Version string `json:"version"`
		Schema  int    `json:"schema"`
		Commit  string `json:"commit,omitempty"`
		Go      string `json:"go"`
		System  string `json:"system"`
	}{Version, store.SchemaVersion, commit(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	if a.forProgram() {
		return a.print(v)
	}
	_, err := fmt.Fprintf(a.stdout, "pm %s (schema %d, %s, %s)\n", v.Version, v.Schema, v.Go, v.System)
	return err
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// A commandInfo describes a command for machines.
type commandInfo struct {
	Name    string     `json:"name"`
	Summary string     `json:"summary"`
	Usage   string     `json:"usage"`
	Flags   []flagInfo `json:"flags,omitempty"`
	Effect  ops.Effect `json:"effect,omitempty"`
}

type flagInfo struct {
	Name  string `json:"name"`
	Short string `json:"short,omitempty"`
	Type  string `json:"type"`
	Help  string `json:"help"`
}

func (a *app) commandsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "commands", Short: "List all commands with their flags, for programs", GroupID: groupOther, Args: exactArgs(0, ""),
		Long:    "List all commands with their flags, for programs. The output is always JSON.\nThe list for people is pm --help.",
		Example: "  pm commands --json\n  pm commands --jq '.[].name'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []commandInfo
			flags := a.flags // making the tree anew sets them to their defaults
			collect(a.root(nil), "", &all)
			a.flags = flags
			if a.flags.jq != "" || len(a.flags.fields) > 0 {
				return a.print(all)
			}
			return writeJSON(a.stdout, all)
		},
	}
}

func collect(parent *cobra.Command, prefix string, all *[]commandInfo) {
	for _, c := range parent.Commands() {
		if c.Hidden {
			continue
		}
		name := prefix + c.Name()
		if c.Runnable() && (!c.HasSubCommands() || c.Name() == "note" || c.Name() == "check") {
			info := commandInfo{Name: name, Summary: c.Short, Usage: c.UseLine(), Effect: effectOf(name)}
			c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				if f.Name != "help" {
					info.Flags = append(info.Flags, flagInfo{f.Name, f.Shorthand, f.Value.Type(), f.Usage})
				}
			})
			*all = append(*all, info)
		}
		collect(c, name+" ", all)
	}
}

func effectOf(command string) ops.Effect {
	for _, op := range ops.Table() {
		if op.Name == command || op.Daily == command {
			return op.Effect
		}
	}
	return ""
}
