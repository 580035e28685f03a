//go:build !unix

package tui

import (
	"context"
	"os"
	"time"
)

// sizes tells when the terminal may have another size: no signal says so here.
func sizes(ctx context.Context) (<-chan os.Signal, func()) {
	ctx, stop := context.WithCancel(ctx)
	c := make(chan os.Signal)
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			select {
			case c <- os.Interrupt:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c, stop
}

// pauses: nobody stops a program here.
type pauses struct{ stopped, on chan os.Signal }

func watchPauses() pauses { return pauses{} }

func (pauses) end() {}

func (pauses) stop() {}
