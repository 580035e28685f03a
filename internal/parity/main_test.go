package parity

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pm/internal/cli"
	"pm/internal/httpapi"
	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// full reports whether the tests may take their time.
var full = os.Getenv("PM_TEST_LOAD") == "full"

// asPM makes this binary pm itself.
const asPM = "PM_PARITY_IS_PM"

func TestMain(m *testing.M) {
	if os.Getenv(asPM) != "" {
		os.Exit(cli.Main())
	}
	os.Exit(storetest.Main(m))
}

// each runs f on every engine; fresh makes a database with nothing in it.
func each(t *testing.T, f func(t *testing.T, fresh func() string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, func() string { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { f(t, func() string { return storetest.Postgres(t) }) })
}

// pm returns a command that runs pm on a database, as an agent.
func pm(ctx context.Context, address, agent string, args ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.CommandContext(ctx, exe, args...)
	c.Env = append(os.Environ(), asPM+"=1", "PM_DB="+address, "PM_AGENT="+agent, "PM_SESSION="+agent)
	return c
}

// An outcome is what a surface answers: JSON, or the kind and code of an error.
type outcome struct {
	text       string
	kind, code string
}

// run runs pm once.
func run(t *testing.T, address, agent, stdin string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	c := pm(t.Context(), address, agent, args...)
	var out, talk bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &talk
	err := c.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return out.String(), talk.String(), c.ProcessState.ExitCode()
}

// open opens a database for a server, until the test ends.
func open(t *testing.T, address string) *tracker.Tracker {
	t.Helper()
	db, err := store.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return tracker.New(db)
}

// serveHTTP serves a database, and returns the address.
func serveHTTP(t *testing.T, address string) string {
	t.Helper()
	p := open(t, address)
	m := mcpserver.New(mcpserver.Options{Open: func(context.Context) (*tracker.Tracker, error) { return p, nil }})
	s := httptest.NewServer(httpapi.New(httpapi.Options{Tracker: p, MCP: m}))
	t.Cleanup(s.Close)
	return s.URL
}

// request sends a request as an agent.
func request(t *testing.T, agent, method, url, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-PM-Agent", agent)
	r.Header.Set("X-PM-Session", agent)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// connect returns an MCP client of a server in this process, as an agent.
func connect(t *testing.T, address, agent string) *mcp.ClientSession {
	t.Helper()
	p := open(t, address)
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	go func() {
		mcpserver.New(mcpserver.Options{Actor: plan.Actor{Name: agent},
			Open: func(context.Context) (*tracker.Tracker, error) { return p, nil }}).ServeLines(context.Background(), toServer, fromServer)
		fromServer.Close()
	}()
	s, err := mcp.NewClient(&mcp.Implementation{Name: "parity"}, nil).Connect(t.Context(), &mcp.IOTransport{Reader: toClient, Writer: fromClient}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
