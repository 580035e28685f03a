package mcp

import (
	"cmp"
	"context"
	"slices"
	"strconv"
)

// maxCompletions is how many values the protocol lets an answer have.
const maxCompletions = 100

// completeArgument answers with values that an argument may have (Completion).
func completeArgument(ctx context.Context, c *call) (any, error) {
	if c.server.o.Complete == nil {
		return nil, notSpoken("completion/complete")
	}
	of, err := c.completion()
	if err != nil {
		return nil, err
	}
	values, err := c.server.o.Complete(ctx, c.from, of)
	if err != nil {
		return nil, err
	}
	all := completions{HasMore: len(values) > maxCompletions, Values: []string{}}
	if !all.HasMore {
		all.Total = len(values)
	}
	all.Values = append(all.Values, values[:min(len(values), maxCompletions)]...)
	return &completing{Completion: all}, nil
}

// completion reads what is to be completed.
func (c *call) completion() (of Completion, err error) {
	var ref, argument, beside object
	if err := cmp.Or(c.params.read("ref", &ref), c.params.read("argument", &argument), c.params.read("context", &beside)); err != nil {
		return of, err
	}
	var kind string
	if err := cmp.Or(ref.read("type", &kind), ref.read("name", &of.Prompt), ref.read("uri", &of.Template), argument.read("name", &of.Argument),
		argument.read("value", &of.Value), beside.read("arguments", &of.Others)); err != nil {
		return of, err
	}
	o := c.server.o
	switch {
	case of.Argument == "":
		return of, &Error{Code: invalidParams, Message: "invalid params: the argument has no name"}
	case kind == "ref/prompt" && of.Template == "" && slices.ContainsFunc(o.Prompts, func(p Prompt) bool { return p.Name == of.Prompt }):
		return of, nil
	case kind == "ref/resource" && of.Prompt == "" && slices.ContainsFunc(o.Templates, func(t ResourceTemplate) bool { return t.URITemplate == of.Template }):
		return of, nil
	case kind != "ref/prompt" && kind != "ref/resource":
		return of, &Error{Code: invalidParams, Message: "invalid params: unknown type of ref " + strconv.Quote(kind)}
	}
	return of, &Error{Code: invalidParams, Message: "nothing to complete: unknown " + strconv.Quote(of.Prompt+of.Template)}
}
