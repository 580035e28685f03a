package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pm/internal/jsonschema"
	"pm/internal/mcp"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A tool is one or more operations under one name.
type tool struct {
	name  string
	title string   // for people, in a word or two
	about string   // in one breath
	ops   []string // the operations behind it
	shows []string // the arguments that the listing has; the others work, too
	need  []string // of these the ones that it cannot do without
	more  []string // arguments that only the description names
	bare  []string // listed arguments that their name or another tool explains

	// project are the operations on the project as a whole that the argument
	// of that name chooses, in place of keys: those have arguments of their own.
	project []string

	idempotent bool

	// own are arguments that say which operation is meant, and help that says
	// more, or less, than the operation's own.
	own map[string]*jsonschema.Schema

	// choose returns the operation that a call means, and its arguments. It
	// may be nil if there is only one operation.
	choose func(ops.Arguments) (string, ops.Arguments, error)
}

// declare returns the tool as it is listed and called.
func (s *server) declare(t tool) mcp.Tool {
	reads, deletes := t.effect()
	a := &mcp.ToolAnnotations{ReadOnlyHint: reads}
	if !reads { // the other hints are about what changes
		a.DestructiveHint, a.IdempotentHint = &deletes, t.idempotent
	}
	return mcp.Tool{Name: t.name, Title: t.title, Description: t.about, InputSchema: t.schema(), Annotations: a, Call: s.handler(t)}
}

// effect reports whether a tool only reads, and whether it can delete.
func (t tool) effect() (reads, deletes bool) {
	reads = true
	for _, name := range t.behind() {
		op, _ := ops.Find(name)
		reads = reads && op.Effect == ops.Reads
		deletes = deletes || op.Effect == ops.Deletes
	}
	return reads, deletes
}

// schema returns the schema of the arguments, with no more than a model needs
// to call the tool.
func (t tool) schema() *jsonschema.Schema {
	in := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, PropertyOrder: t.shows, Required: t.need}
	for _, name := range t.ops {
		op, _ := ops.Find(name)
		for arg, s := range ops.InputSchema(op).Properties {
			if slices.Contains(t.shows, arg) && in.Properties[arg] == nil {
				in.Properties[arg] = s
			}
		}
	}
	for arg, s := range t.own {
		in.Properties[arg] = s
	}
	for _, arg := range t.bare {
		in.Properties[arg].Description, in.Properties[arg].Additional = "", nil
	}
	return in
}

// handler answers calls of a tool. What goes wrong is a result, too.
func (s *server) handler(t tool) func(context.Context, mcp.Caller, json.RawMessage) (*mcp.ToolResult, error) {
	return func(ctx context.Context, from mcp.Caller, arguments json.RawMessage) (*mcp.ToolResult, error) {
		text, err := s.call(s.act(ctx, from), from, t, arguments)
		if err != nil {
			text = errorText(err)
		}
		return &mcp.ToolResult{Content: []mcp.Text{mcp.Text(text)}, IsError: err != nil}, nil
	}
}

func (s *server) call(ctx context.Context, from mcp.Caller, t tool, raw json.RawMessage) (string, error) {
	args, err := ops.ParseArguments(raw)
	if err != nil {
		return "", err
	}
	if ctx, args, err = withToken(ctx, args); err != nil {
		return "", err
	}
	if _, keyed := keyOf(from, args); keyed {
		from.Ask = nil // the same call again would not be what was run: the answer is not among its arguments
	}
	if ctx, args, err = withKey(ctx, from, args); err != nil {
		return "", err
	}
	p, err := s.plan.get(ctx)
	if err != nil {
		return "", err
	}
	if slices.Contains(t.ops, "epic update") {
		if args, err = withKeys(ctx, p, args); err != nil {
			return "", err
		}
	}
	op, in, err := t.asked(args)
	if err != nil {
		return "", err
	}
	var lacks []tracker.Warning
	ctx = tracker.WithWarnings(ctx, &lacks)
	if op.Parts != nil {
		text, err := longText(ctx, p, op, in)
		return lacking(text, lacks), err
	}
	ctx, done := whileHere(ctx, from, in)
	defer done()
	operation := ""
	ctx = tracker.WithOperation(ctx, &operation)
	answer, err := op.Call(ctx, p, in)
	if given := s.askFor(ctx, from, err, in); given {
		answer, err = op.Call(ctx, p, in)
	}
	if op.Effect != ops.Reads {
		s.keep.watch(ctx, p, from.Alive)
	}
	if err != nil && ctx.Err() != nil {
		err = stopped(from.Gone.Err(), err)
	}
	if err != nil {
		return "", err
	}
	if i, is := answer.(tracker.Item); is && op.Effect != ops.Reads {
		answer = tracker.Items{Items: []tracker.Item{i}} // one that is shown has more than a line
	}
	said, err := text(answer, operation)
	return lacking(said, lacks), err
}

// asked returns the operation that a call of the tool means, with its input.
func (t tool) asked(args ops.Arguments) (op ops.Op, in any, err error) {
	if t, args, err = t.ofProject(args); err != nil {
		return op, nil, err
	}
	names := t.names()
	if status, given := args["status"]; given && args["verb"] == nil && slices.Contains(names, "verb") {
		args = without(args, "status")
		args["verb"] = status // the one that is wanted
	}
	args = ops.OwnNames(args, names)
	for name := range args {
		if !slices.Contains(names, name) {
			return op, nil, ops.UnknownArgument(name, names)
		}
	}
	name := t.ops[0]
	if t.choose != nil {
		if name, args, err = t.choose(args); err != nil {
			return op, nil, err
		}
	}
	op, _ = ops.Find(name)
	in = op.NewInput()
	return op, in, ops.Decode(in, args)
}

// whileHere returns a context for a call that may wait for a task. It ends
// when the client goes away: what it waited for must not be claimed for it.
func whileHere(ctx context.Context, from mcp.Caller, in any) (context.Context, func()) {
	wait, what := tracker.WaitOf(in)
	if wait == "" {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	if from.Gone.Err() != nil {
		cancel()
	}
	stop := context.AfterFunc(from.Gone, cancel)
	told := tellProgress(ctx, from, wait, what)
	return ctx, func() { stop(); cancel(); told() }
}

// stopped says why a call ended before its time.
func stopped(gone, err error) error {
	switch {
	case errors.Is(gone, context.Canceled):
		return plan.Errorf(plan.Unavailable, "stopped waiting: the client disconnected").WithCode("client_gone")
	case errors.Is(gone, context.DeadlineExceeded):
		return plan.Errorf(plan.Unavailable, "the request took too long").WithCode("timeout").WithHint("check before you repeat it; a wait can be repeated")
	}
	return err
}

// tokenArgument is taken by every tool: the session of an earlier claim.
const tokenArgument = "claim_token"

// withToken takes the claim token out of the arguments, and returns a context
// in which the actor acts in its session.
func withToken(ctx context.Context, args ops.Arguments) (context.Context, ops.Arguments, error) {
	raw, given := args[tokenArgument]
	if !given {
		return ctx, args, nil
	}
	var token string
	if json.Unmarshal(raw, &token) != nil || token != "" && !plan.IsSecret(token) {
		return ctx, args, plan.Errorf(plan.Invalid, "invalid %s", tokenArgument).WithCode("bad_claim_token").
			WithHint("pass the claim_token that was returned when the task was claimed")
	}
	if token != "" {
		a := plan.ActorOf(ctx)
		a.Session, a.Tokens = plan.SessionOf(token), false
		ctx = plan.WithActor(ctx, a)
	}
	return ctx, without(args, tokenArgument), nil
}

// keyArgument is taken by every tool: an idempotency key. It may be in the _meta
// of the call as well, where a client puts it that repeats calls by itself.
const keyArgument = "idempotency_key"

func keyOf(from mcp.Caller, args ops.Arguments) (raw json.RawMessage, given bool) {
	if raw, given = args[keyArgument]; !given {
		raw, given = from.Meta[keyArgument]
	}
	return raw, given
}

// withKey takes the idempotency key out of the arguments, or of the call's
// _meta, and returns a context in which the call is run once.
func withKey(ctx context.Context, from mcp.Caller, args ops.Arguments) (context.Context, ops.Arguments, error) {
	raw, given := keyOf(from, args)
	if !given {
		return ctx, args, nil
	}
	var key string
	if json.Unmarshal(raw, &key) != nil {
		return ctx, args, plan.Errorf(plan.Usage, "invalid %s %.40s: must be text", keyArgument, raw).WithCode("bad_type")
	}
	return tracker.WithIdempotencyKey(ctx, key), without(args, keyArgument), nil
}

// names returns all arguments that the tool knows, those of its listing first.
func (t tool) names() []string {
	names := slices.Concat(t.shows, t.more)
	for _, name := range t.ops {
		op, _ := ops.Find(name)
		for _, p := range ops.Params(op.NewInput()) {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// errorText is what an agent sees of an error: kind and code on the first
// line, then the hint, then the task in question.
func errorText(err error) string {
	e := plan.Describe(err)
	b := new(strings.Builder)
	b.WriteString(string(e.Kind))
	if e.Code != string(e.Kind) {
		b.WriteString(" " + e.Code)
	}
	b.WriteString(": " + ops.SpeakArguments(e.Message))
	if e.Hint != "" {
		b.WriteString("\nhint: " + hintText(e.Hint))
	}
	if e.Task != nil {
		b.WriteString("\n" + taskLine(*e.Task))
	}
	for _, c := range e.Conflicts {
		fmt.Fprintf(b, "\n%s %s was changed by %s in %s", c.Key.Name(), c.Field, word(c.Agent), c.Operation)
	}
	return b.String()
}
