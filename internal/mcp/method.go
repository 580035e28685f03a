package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// A method is what a client can ask for.
type method struct {
	only        revisionsOf
	needsParams bool
	run         func(context.Context, *call) (any, error)
}

// revisionsOf says which revisions have a method.
type revisionsOf int

const (
	anyRevision revisionsOf = iota
	withHandshake
	withoutHandshake
)

// methodNamed returns a method. Whatever else the protocol has is optional,
// and not offered: the capabilities say so.
func methodNamed(name string) (method, bool) {
	switch name {
	case "initialize":
		return method{withHandshake, true, greet}, true
	case "ping":
		return method{withHandshake, false, nothing}, true
	case "logging/setLevel":
		return method{withHandshake, true, setLevel}, true
	case "server/discover":
		return method{withoutHandshake, false, discover}, true
	case "tools/list":
		return method{run: list(func(l *listing, o Options) { l.Tools = o.Tools })}, true
	case "resources/list":
		return method{run: listResources}, true
	case "resources/templates/list":
		return method{run: list(func(l *listing, o Options) { l.Templates = o.Templates })}, true
	case "prompts/list":
		return method{run: list(func(l *listing, o Options) { l.Prompts = o.Prompts })}, true
	case "tools/call":
		return method{anyRevision, true, callTool}, true
	case "resources/read":
		return method{anyRevision, true, readResource}, true
	case "prompts/get":
		return method{anyRevision, true, getPrompt}, true
	case "completion/complete":
		return method{anyRevision, true, completeArgument}, true
	case "resources/subscribe":
		return method{withHandshake, true, subscribe}, true
	case "resources/unsubscribe":
		return method{withHandshake, true, unsubscribe}, true
	case "subscriptions/listen":
		return method{withoutHandshake, true, listen}, true
	}
	return method{}, false
}

func greet(_ context.Context, c *call) (any, error) {
	o := c.server.o
	return greeting{o.capabilities(c.stream != nil), o.Instructions, c.revision, o.Info}, nil
}

func discover(_ context.Context, c *call) (any, error) {
	o := c.server.o
	return &discovery{cache: forAll(), SupportedVersions: revisions(), Capabilities: o.capabilities(c.stream != nil), Instructions: o.Instructions}, nil
}

// capabilities says what the server can do, on a stream or without one.
func (o Options) capabilities(stream bool) map[string]capability {
	all := map[string]capability{}
	for name, n := range map[string]int{"tools": len(o.Tools), "resources": len(o.Resources) + len(o.Templates), "prompts": len(o.Prompts)} {
		if n > 0 {
			all[name] = capability{}
		}
	}
	if _, has := all["resources"]; has && stream && o.Watch != nil {
		all["resources"] = capability{ListChanged: o.More != nil, Subscribe: true}
	}
	if o.Complete != nil {
		all["completions"] = capability{}
	}
	return all
}

func nothing(context.Context, *call) (any, error) { return struct{}{}, nil }

// setLevel says yes to every level: there are no messages of a log at any.
// Some clients ask without looking at the capabilities.
func setLevel(_ context.Context, c *call) (any, error) {
	return struct{}{}, c.params.read("level", new(string))
}

// list returns the method that answers with a list. It has one page, so that
// no cursor is valid.
func list(fill func(*listing, Options)) func(context.Context, *call) (any, error) {
	return func(_ context.Context, c *call) (any, error) {
		if err := c.onePage(); err != nil {
			return nil, err
		}
		l := &listing{cache: forAll()}
		fill(l, c.server.o)
		return l, nil
	}
}

func (c *call) onePage() error {
	var cursor string
	if err := c.params.read("cursor", &cursor); err != nil {
		return err
	}
	if cursor != "" {
		return &Error{Code: invalidParams, Message: "invalid params: unknown cursor"}
	}
	return nil
}

// listResources lists the resources that are declared, and those that there
// are now.
func listResources(ctx context.Context, c *call) (any, error) {
	if err := c.onePage(); err != nil {
		return nil, err
	}
	o := c.server.o
	l := &listing{cache: forAll(), Resources: o.Resources}
	if o.More != nil {
		c.watch() // what cannot be watched can be listed
		more, err := o.More(ctx, c.from)
		if err != nil {
			return nil, err
		}
		l.cache, l.Resources = forNobody(), append(slices.Clip(l.Resources), more...)
	}
	return l, nil
}

func toolNames(tools []Tool) (names []string) {
	for _, t := range tools {
		names = append(names, t.Name)
	}
	return names
}

func callTool(ctx context.Context, c *call) (any, error) {
	var name string
	var arguments json.RawMessage
	if err := cmp.Or(c.params.read("name", &name), c.params.read("arguments", &arguments)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.server.o.Tools, func(t Tool) bool { return t.Name == name })
	if i < 0 {
		return nil, &Error{Code: invalidParams, Message: "unknown tool " + strconv.Quote(name) + "; the tools are " + strings.Join(toolNames(c.server.o.Tools), ", ")}
	}
	return c.server.o.Tools[i].Call(ctx, c.from, arguments)
}

func readResource(ctx context.Context, c *call) (any, error) {
	var uri string
	if err := c.params.read("uri", &uri); err != nil {
		return nil, err
	}
	read, mime := c.server.o.reader(uri)
	if read == nil {
		return nil, NotFound(uri)
	}
	text, err := read(ctx, c.from, uri)
	if err != nil {
		return nil, err
	}
	return &reading{cache: forNobody(), Contents: []contents{{uri, mime, text}}}, nil
}

// reader returns what reads a resource, and its type; nil if there is none.
func (o Options) reader(uri string) (Reader, string) {
	for _, r := range o.Resources {
		if r.URI == uri {
			return r.Read, r.MIMEType
		}
	}
	for _, t := range o.Templates {
		if t.matches(uri) {
			return t.Read, t.MIMEType
		}
	}
	return nil, ""
}

func getPrompt(ctx context.Context, c *call) (any, error) {
	var name string
	var arguments map[string]string
	if err := cmp.Or(c.params.read("name", &name), c.params.read("arguments", &arguments)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.server.o.Prompts, func(p Prompt) bool { return p.Name == name })
	if i < 0 {
		return nil, &Error{Code: invalidParams, Message: "unknown prompt " + strconv.Quote(name)}
	}
	return c.server.o.Prompts[i].Get(ctx, c.from, arguments)
}
