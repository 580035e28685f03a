package cli

import (
	"context"
	"net"
	"os"
	"time"

	"pm/internal/bench"
	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/tracker"
	"pm/internal/web"

	"github.com/spf13/cobra"
)

// benchWeb measures the page in Chromium, beside 64 writers.
func (a *app) benchWeb(cmd *cobra.Command, f benchFlags) error {
	meter := &benchMeter{a: a}
	defer meter.done()
	report, err := bench.RunWeb(cmd.Context(), bench.WebOptions{Tasks: f.tasks, Rounds: f.rounds, Writers: 64, Serve: serveBench, Progress: meter.set})
	meter.done()
	if err != nil {
		return err
	}
	return a.printReport(report)
}

// benchTerminal measures the board on a terminal, beside 16 writers and beside 64.
func (a *app) benchTerminal(cmd *cobra.Command, f benchFlags) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	meter := &benchMeter{a: a}
	defer meter.done()
	report, err := bench.RunTerminal(cmd.Context(), bench.TerminalOptions{Tasks: f.tasks, Rounds: f.rounds, Program: program, Writers: []int{16, 64},
		Window: min(time.Duration(f.rounds)*10*time.Millisecond, 2*time.Second), Progress: meter.set})
	meter.done()
	if err != nil {
		return err
	}
	return a.printReport(report)
}

// serveBench serves a plan as pm serve does.
func serveBench(t *tracker.Tracker) (string, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := httpapi.New(httpapi.Options{Tracker: t, Version: Version, Actor: plan.Actor{Name: "lead"}, Web: web.New(web.Options{Version: Version, Tracker: t, Project: "bench"}).Routes()})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.Serve(ctx, l); close(ended) }()
	return "http://" + l.Addr().String(), func() { cancel(); <-ended }, nil
}
