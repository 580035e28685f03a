package cli

import (
	"context"
	"fmt"
	"reflect"

	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// A trustAnswer says what pm trust did.
type trustAnswer struct {
	Database string `json:"database"` // without passwords; empty: the workspace needs no trust
	Changed  bool   `json:"changed"`
	File     string `json:"file,omitempty"`
}

// A trustList is what pm trust --list answers with.
type trustList struct {
	Items []trustAnswer `json:"items"`
}

func (a *app) trustCommand() *cobra.Command {
	yes, list, remove := false, false, false
	c := &cobra.Command{
		Use: "trust [DATABASE]", Short: "Trust the database that this workspace uses", GroupID: groupMove,
		Long: `Trust the database that this workspace uses. A workspace's .pm/config.toml may come
with somebody else's project; pm would send your password to a server it names, or
write to a file outside the workspace. So pm uses such a database only once you have
trusted exactly that address. Name DATABASE to trust one without a workspace. The
list of trusted databases is your own and not part of any project. pm trust does not
open the database.`,
		Example: "  pm trust --yes\n  pm trust 'postgres://pm@db.example.com/pm?search_path=shop'\n  pm trust --list",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !remove {
				return nil
			}
			return exactArgs(1, "DATABASE")(cmd, args)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFields(reflect.TypeFor[trustAnswer]()); err != nil {
				return err
			}
			switch {
			case list && (remove || yes || len(args) > 0):
				return usageError("--list cannot be combined with an argument or another flag").WithHint("to list its flags: %s --help", cmd.CommandPath())
			case list:
				return a.listTrusted()
			case remove:
				return a.distrust(cmd.Context(), args[0])
			case len(args) > 0:
				return a.trust(cmd.Context(), args[0])
			}
			return a.trustWorkspace(cmd.Context(), yes)
		},
	}
	c.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask for confirmation")
	c.Flags().BoolVar(&list, "list", false, "list the databases you trust")
	c.Flags().BoolVar(&remove, "remove", false, "stop trusting DATABASE")
	return c
}

// trustWorkspace trusts what the workspace names, once the user has seen it.
func (a *app) trustWorkspace(ctx context.Context, yes bool) error {
	w, err := config.Find(a.dir)
	if err != nil {
		return err
	}
	if err := db.CheckAddress(w.Named()); err != nil {
		return err
	}
	claim, err := w.Claim()
	if err != nil {
		return err
	}
	if claim == "" {
		return a.printTrust(trustAnswer{}, "nothing to trust: the database is in the workspace")
	}
	user := config.UserOf(a.getenv)
	if trusted, err := user.Trusts(claim); err != nil || trusted {
		if err != nil {
			return err
		}
		return a.trust(ctx, claim)
	}
	shown := term.Clean(plan.HideSecrets(claim))
	if !yes && !a.interactive() {
		return usageError("%s names the database %s", w.Path(config.File), shown).WithCode("not_confirmed").
			WithHint("if you know this database, run pm trust --yes")
	}
	if !yes {
		a.say("%s names the database %s", term.Clean(w.Path(config.File)), shown)
		agreed, err := a.agreed("trust it?")
		if err != nil {
			return err
		}
		if !agreed {
			a.say("nothing was changed")
			return nil
		}
	}
	return a.trust(ctx, claim)
}

func (a *app) trust(ctx context.Context, database string) error {
	if err := db.CheckAddress(database); err != nil {
		return err
	}
	user := config.UserOf(a.getenv)
	database = config.TrustText(a.dir, database)
	added, err := user.Trust(ctx, database)
	if err != nil {
		return err
	}
	answer := trustAnswer{plan.HideSecrets(database), added, user.TrustedFile()}
	if !added {
		return a.printTrust(answer, "already trusted: "+answer.Database)
	}
	return a.printTrust(answer, "trusted "+answer.Database)
}

func (a *app) distrust(ctx context.Context, database string) error {
	user := config.UserOf(a.getenv)
	removed, err := user.Distrust(ctx, config.TrustText(a.dir, database))
	if err == nil && !removed {
		err = plan.Errorf(plan.NotFound, "not trusted: %s", plan.HideSecrets(database)).WithHint("to see what you trust: pm trust --list")
	}
	if err != nil {
		return err
	}
	answer := trustAnswer{plan.HideSecrets(database), true, user.TrustedFile()}
	return a.printTrust(answer, "no longer trusted: "+answer.Database)
}

func (a *app) listTrusted() error {
	all, err := config.UserOf(a.getenv).Trusted()
	if err != nil {
		return err
	}
	items := make([]trustAnswer, len(all))
	for i, database := range all {
		items[i].Database = plan.HideSecrets(database)
	}
	if a.forProgram() {
		return a.print(trustList{items})
	}
	for _, item := range items {
		if _, err := fmt.Fprintln(a.stdout, term.Clean(item.Database)); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printTrust(answer trustAnswer, text string) error {
	if a.forProgram() {
		return a.print(answer)
	}
	if a.flags.quiet {
		return nil
	}
	_, err := fmt.Fprintln(a.stdout, term.Clean(text))
	return answerLost(err)
}
