package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/httpapi"
	"pm/internal/mcpserver"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
	"pm/internal/utf"
	"pm/internal/web"

	"github.com/spf13/cobra"
)

// A serving is what pm serve was told.
type serving struct {
	listen    string
	tokenFile string
	hosts     []string
	backup    string
	every     duration
	once      bool // pm web: lets in one browser, and nobody else
	open      bool // in which it opens the page
	anyPort   bool // another will do if the port is in use
}

func (a *app) serveCommand() *cobra.Command {
	o := serving{every: duration(defaultEvery)}
	c := &cobra.Command{
		Use: "serve", Short: "Serve the plan over HTTP: board, API and MCP", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Serve the plan over HTTP: the board at /, the API under /v1, a stream of changes at
/v1/events, MCP at /mcp, Prometheus metrics at /metrics, and a description of it all
at /openapi.json. By default it listens on this machine only; other addresses, and
other names given with --host, need tokens. It runs in the foreground until
interrupted, then finishes the requests in progress. It does not do TLS: put a proxy
in front of it. With --backup it also backs up changes to a directory, like pm backup
watch.`,
		Example: "  pm serve\n  pm serve --listen 0.0.0.0:7780 --host pm.example.com --token-file tokens",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.backup == "" && cmd.Flags().Changed("backup-every") {
				return usageError("--backup-every needs --backup").WithHint("name the directory: --backup DIR")
			}
			return a.serve(cmd.Context(), o)
		},
	}
	c.Flags().StringVar(&o.listen, "listen", httpapi.DefaultListen, "address to listen on; port 0 picks a free port")
	c.Flags().StringVar(&o.tokenFile, "token-file", "", "file of access tokens, one per line: NAME TOKEN ROLE, where NAME is the agent's name and ROLE is read, work or lead; both can be omitted")
	c.Flags().StringVar(&o.backup, "backup", "", "back up changes to this directory continuously (SQLite only)")
	c.Flags().Var(&o.every, "backup-every", "with --backup: how often to back up")
	c.Flags().StringSliceVar(&o.hosts, "host", nil, "name by which clients reach this server, if not localhost")
	return c
}

// serve serves until it is interrupted or told to end.
func (a *app) serve(ctx context.Context, o serving) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	a.watch.log = true
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	tokens, err := a.tokens(o)
	if err != nil {
		return err
	}
	actor, err := a.actor()
	if err != nil {
		return err
	}
	if o.once {
		tokens = onlyHere(actor.Name)
	}
	metrics := httpapi.NewMetrics()
	t, err := a.openObserved(ctx, metrics)
	if err != nil {
		return err
	}
	backups, err := a.backUpBeside(ctx, t, o, log)
	if err != nil {
		return errors.Join(err, t.DB().Close())
	}
	l, err := listen(ctx, o.listen)
	if o.anyPort && err != nil && plan.Describe(err).Code == "address_in_use" {
		l, err = listen(ctx, "127.0.0.1:0")
	}
	if err != nil {
		return errors.Join(err, backups(), t.DB().Close())
	}
	client := actor
	if !a.isNamed() {
		client.Name = "" // a client of MCP tells its name
	}
	m := mcpserver.New(mcpserver.Options{Version: Version, Actor: client, Log: log, Prime: ops.Prime,
		Open: func(context.Context) (*tracker.Tracker, error) { return t, nil }})
	s := httpapi.New(httpapi.Options{Tracker: t, Version: Version, Actor: actor, Metrics: metrics, Tokens: tokens,
		Hosts: append(ownName(o.listen), o.hosts...), MCP: m, Log: log,
		Web: web.New(web.Options{Version: Version, Tracker: t, Project: a.projectName()}).Routes()})
	if t.DB().Bare() {
		log.Warn(bareCopy(t.DB().Path()))
	}
	log.Info("listening", "url", "http://"+l.Addr().String(), "database", t.DB().Path())
	if o.once {
		a.letIn(s, l.Addr().String(), o.open)
	}
	trash := expireDaily(ctx, t, log)
	err = s.Serve(ctx, l)
	stop()
	<-trash
	m.Close()
	err = errors.Join(err, backups(), t.DB().Close())
	log.Info("ended")
	return err
}

// expireDaily has old items leave the trash, each day and an hour after the start:
// by then the clock of a machine that has just started is right.
func expireDaily(ctx context.Context, t *tracker.Tracker, log *slog.Logger) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		for next := time.Hour; ; next = 24 * time.Hour {
			select {
			case <-ctx.Done():
				return
			case <-time.After(next):
			}
			if err := t.ExpireTrash(ctx); err != nil {
				log.Error("cannot empty the trash", "error", plan.Describe(err).Message)
			}
		}
	}()
	return done
}

// projectName is what the page calls the plan: the name of its folder.
func (a *app) projectName() string {
	if w, err := config.Find(a.dir); err == nil {
		return filepath.Base(w.Root)
	}
	return filepath.Base(a.dir)
}

// openObserved opens the database of this run, whose statements are measured.
func (a *app) openObserved(ctx context.Context, m *httpapi.Metrics) (*tracker.Tracker, error) {
	p, err := a.find()
	if err != nil {
		return nil, err
	}
	p.options.Observe = func(s db.Statement) { m.Statement(s.Name, s.Took, s.Err) }
	db, err := store.Open(ctx, p.address, p.options)
	if err != nil {
		return nil, err
	}
	t := tracker.New(db)
	t.Remember(func() *tracker.Backup {
		last := a.lastBackup(p.address)
		if last != nil {
			last.Path = "" // where it lies is not its clients' business
		}
		return last
	})
	return t, nil
}

// tokens reads the tokens. Without any, only this machine is served.
func (a *app) tokens(o serving) (httpapi.Tokens, error) {
	if o.tokenFile != "" {
		text, err := os.ReadFile(a.path(o.tokenFile))
		if err != nil {
			return nil, openError(err, o.tokenFile)
		}
		return httpapi.ParseTokens(string(utf.Decode(text)))
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return nil, usageError("invalid listen address %q", o.listen).WithHint("use one such as 127.0.0.1:7780")
	}
	if len(o.hosts) > 0 {
		return nil, plan.Errorf(plan.Refused, "cannot serve %s without tokens: others reach it through a proxy", o.hosts[0]).WithCode("no_token").
			WithHint("openssl rand -hex 32 > tokens; pm serve --host %s --token-file tokens", o.hosts[0])
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil, nil
	}
	return nil, plan.Errorf(plan.Refused, "cannot listen on %s without tokens: other machines can reach it", o.listen).WithCode("no_token").
		WithHint("openssl rand -hex 32 > tokens; pm serve --listen %s --token-file tokens", o.listen)
}

// ownName returns the host of the address that is listened on, if it names one.
func ownName(listen string) []string {
	host, _, err := net.SplitHostPort(listen)
	if ip, ipErr := netip.ParseAddr(host); err != nil || host == "" || ipErr == nil && ip.IsUnspecified() {
		return nil
	}
	return []string{host}
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, plan.Errorf(plan.Unavailable, "%s is already in use", address).WithCode("address_in_use").
			WithHint("choose another with --listen; port 0 picks a free one")
	case errors.Is(err, os.ErrPermission):
		return nil, plan.Errorf(plan.Permission, "cannot listen on %s: permission denied", address).WithHint("use a port above 1024")
	case err != nil:
		return nil, plan.Errorf(plan.Invalid, "cannot listen on %s: %v", address, err).WithCode("bad_address")
	}
	return l, nil
}
