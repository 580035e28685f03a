package cli

import (
	"crypto/rand"
	"fmt"
	"os/exec"
	"runtime"

	"pm/internal/httpapi"

	"github.com/spf13/cobra"
)

func (a *app) webCommand() *cobra.Command {
	o := serving{once: true}
	stay := false
	c := &cobra.Command{
		Use: "web", Short: "Open the plan in the browser", GroupID: groupLook, Args: exactArgs(0, ""),
		Long: `Serve the plan on this machine and open it in the browser. The address it opens
signs in one browser, once, so that other users of this machine cannot look. It runs
until interrupted. To give access to programs and other people, use pm serve.`,
		Example: "  pm web\n  pm web --no-open",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.anyPort = !cmd.Flags().Changed("listen")
			o.open = !stay
			return a.serve(cmd.Context(), o)
		},
	}
	c.Flags().StringVar(&o.listen, "listen", httpapi.DefaultListen, "address to listen on; by default the usual port, or a free one if it is in use")
	c.Flags().BoolVar(&stay, "no-open", false, "print the address instead of opening a browser")
	return c
}

// letIn prints the address that signs a browser in, and opens it.
func (a *app) letIn(s *httpapi.Server, address string, open bool) {
	url := "http://" + address + "/sign-in?once=" + s.LetIn()
	fmt.Fprintln(a.stdout, url)
	if !open {
		return
	}
	if err := openBrowser(url); err != nil {
		fmt.Fprintf(a.stderr, "cannot open a browser: %v; open the address above\n", err)
	}
}

// openBrowser has the desktop open an address.
func openBrowser(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	c := exec.Command(name, args...)
	if err := c.Start(); err != nil {
		return err
	}
	go c.Wait()
	return nil
}

// onlyHere is the token of a server that nobody was given a token for.
func onlyHere(name string) httpapi.Tokens { return httpapi.OneToken(name, rand.Text()+rand.Text()) }
