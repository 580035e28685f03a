package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/ops"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// The feature in use is where pm add and pm task create put a task that says no
// other: PM_FEATURE, else what pm use keeps, for each agent and each session of
// it, in a file of the workspace or else in the user's state folder.

// useFile begins the names of these files, and keepUse is how long one lasts:
// sessions come and go.
const (
	useFile = "use-"
	keepUse = 30 * 24 * time.Hour
)

// An InUse is the answer of pm use.
type InUse struct {
	Feature string `json:"feature,omitempty"`
	Title   string `json:"title,omitempty"`
	From    string `json:"from,omitempty"` // PM_FEATURE or pm use
}

func (a *app) useCommand() *cobra.Command {
	none := false
	c := &cobra.Command{
		Use: "use [FEATURE]", Short: "Choose the feature that new tasks are added to", GroupID: groupPlan, Args: mostArgs(1),
		Long: `Choose the feature that pm add and pm task create add a task to when no feature is
given. Without FEATURE, show the current choice. It is remembered for your agent name
and session, and changes nothing in the plan. The environment variable PM_FEATURE
overrides it.`,
		Example: "  pm use E01-F01\n  pm use\n  pm use --none",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, noFiles
			}
			return a.offer(cmd, args, typed, wanted{levels: []plan.Level{plan.LevelFeature}})
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case none && len(args) > 0:
				return usageError("cannot combine --none with a feature").WithHint("run pm use %s, or pm use --none", args[0])
			case none, len(args) == 1 && slices.Contains([]string{"", "none", "-"}, strings.TrimSpace(args[0])):
				return a.forgetUse()
			case len(args) == 0:
				return a.showUse(cmd.Context())
			}
			return a.use(cmd.Context(), args[0])
		},
	}
	c.Flags().BoolVar(&none, "none", false, "clear the choice")
	return c
}

// mostArgs is exactArgs for arguments that may be left out.
func mostArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return unexpectedArgument(cmd, args[n])
		}
		return nil
	}
}

func (a *app) use(ctx context.Context, word string) error {
	f, err := a.featureAt(ctx, word)
	if err != nil {
		return err
	}
	path, err := a.usePath()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		sweepUse(filepath.Dir(path), a.now().Add(-keepUse))
		err = outfile.Write(ctx, path, []byte(f.Key.String()+"\n"), outfile.Options{Mode: 0o600})
	}
	if err != nil {
		return writeError(err, path)
	}
	if a.getenv("PM_FEATURE") != "" {
		a.say("warning: PM_FEATURE is set and overrides it: %s", term.Clean(a.getenv("PM_FEATURE")))
	}
	return a.printUse(InUse{f.Key.String(), f.Title, "pm use"})
}

func (a *app) showUse(ctx context.Context) error {
	word, from, err := a.inUse()
	if err != nil {
		return err
	}
	if word == "" {
		if !a.forProgram() {
			a.say("no feature chosen")
			a.say("hint: choose one with pm use FEATURE; to see them: pm feature list")
			return nil
		}
		return a.print(InUse{})
	}
	f, err := a.featureAt(ctx, word)
	if err != nil {
		return errorIn(from, err)
	}
	return a.printUse(InUse{f.Key.String(), f.Title, from})
}

// errorIn says where a feature's key came from that is wrong.
func errorIn(from string, err error) error {
	e := plan.Describe(err)
	e.Hint = "choose another one: pm use FEATURE, or pm use --none"
	if from == "PM_FEATURE" {
		e.Hint = "set PM_FEATURE to the key of a feature, or unset it"
	}
	e.Message, e.Err = from+": "+e.Message, nil
	return &e
}

func (a *app) printUse(u InUse) error {
	switch {
	case a.forProgram():
		return a.print(u)
	case a.flags.quiet:
		_, err := a.stdout.Write([]byte(u.Feature + "\n"))
		return err
	}
	_, err := a.stdout.Write([]byte(u.Feature + "\t" + term.Clean(u.Title) + "\n"))
	return err
}

func (a *app) forgetUse() error {
	path, err := a.usePath()
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeError(err, path)
	}
	if a.forProgram() {
		return a.print(InUse{})
	}
	return nil
}

// featureAt returns the feature that a key or a reference names.
func (a *app) featureAt(ctx context.Context, word string) (f plan.Feature, err error) {
	ctx, t, err := a.actLazily(ctx)
	if err != nil {
		return f, err
	}
	op, _ := ops.Find("feature show")
	out, err := op.Call(ctx, t, &tracker.ShowFeature{Key: word})
	if err == nil {
		f, _ = out.(plan.Feature)
	}
	return f, err
}

// inUse returns the feature that tasks go to which name none, and where that
// is said; empty if nowhere.
func (a *app) inUse() (word, from string, err error) {
	if word := strings.TrimSpace(a.getenv("PM_FEATURE")); word != "" {
		return word, "PM_FEATURE", nil
	}
	path, err := a.usePath()
	if err != nil {
		return "", "", err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", openError(err, path)
	}
	return strings.TrimSpace(string(text)), "pm use", nil
}

// usePath returns the file that keeps the feature in use: of the workspace, or
// for a database that was named otherwise in the user's state folder.
func (a *app) usePath() (string, error) {
	actor, err := a.actor()
	if err != nil {
		return "", err
	}
	w, err := config.Find(a.dir)
	if err == nil && a.named() == "" {
		return w.Path(useFile + useName("", actor)), nil
	}
	p, err := a.find()
	return filepath.Join(stateFolder(a.getenv), useFile+useName(p.address, actor)), err
}

func useName(address string, actor plan.Actor) string {
	sum := sha256.Sum256([]byte(address + "\x00" + actor.Name + "\x00" + actor.Session))
	return hex.EncodeToString(sum[:8])
}

// sweepUse removes the files of sessions that ended long ago.
func sweepUse(dir string, before time.Time) {
	old, _ := filepath.Glob(filepath.Join(dir, useFile+"*"))
	for _, path := range old {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			os.Remove(path)
		}
	}
}

// orInUse returns the feature that a new task goes to: the one that is named,
// else the one in use; empty if there is none.
func (a *app) orInUse(named string) (feature, from string, err error) {
	if named != "" {
		return named, "", nil
	}
	return a.inUse()
}
