package mcp

import (
	"context"
	"encoding/json"
	"strings"
)

// An Implementation is a program that speaks the protocol.
type Implementation struct {
	Name    string `json:"name"`
	Title   string `json:"title,omitempty"`
	Version string `json:"version"`
}

// A Tool is something that a model can call.
type Tool struct {
	Annotations *ToolAnnotations `json:"annotations,omitempty"`
	Description string           `json:"description,omitempty"`
	InputSchema any              `json:"inputSchema"` // a JSON Schema of type object
	Name        string           `json:"name"`
	Title       string           `json:"title,omitempty"`

	// Call answers a call. The arguments are as they came, nil if there are
	// none. What the model should see of an error is a result; an error is for
	// the client alone.
	Call func(ctx context.Context, from Caller, arguments json.RawMessage) (*ToolResult, error) `json:"-"`
}

// ToolAnnotations say what a tool does to the world.
type ToolAnnotations struct {
	DestructiveHint *bool `json:"destructiveHint,omitempty"` // true if it is nil
	IdempotentHint  bool  `json:"idempotentHint,omitempty"`  // false if it is left out, as is the next one
	ReadOnlyHint    bool  `json:"readOnlyHint,omitempty"`
}

// A ToolResult is the answer to a call of a tool.
type ToolResult struct {
	envelope
	Content []Text `json:"content"`
	IsError bool   `json:"isError,omitempty"`
}

// A Text is a piece of content that is text.
type Text string

// MarshalJSON writes the text as the protocol's TextContent.
func (t Text) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"text", string(t)})
}

// A Resource is a text with a name of its own.
type Resource struct {
	Description string `json:"description,omitempty"`
	MIMEType    string `json:"mimeType,omitempty"`
	Name        string `json:"name"`
	Title       string `json:"title,omitempty"`
	URI         string `json:"uri"`
	Read        Reader `json:"-"`
}

// A ResourceTemplate stands for all resources whose URIs match it.
type ResourceTemplate struct {
	Description string `json:"description,omitempty"`
	MIMEType    string `json:"mimeType,omitempty"`
	Name        string `json:"name"`
	URITemplate string `json:"uriTemplate"` // text, and one {expression} at its end (RFC 6570, level 1)
	Read        Reader `json:"-"`
}

// matches reports whether a URI is one of the template's. An expression of
// RFC 6570's level 1 becomes unreserved and escaped characters.
func (t ResourceTemplate) matches(uri string) bool {
	text, _, _ := strings.Cut(t.URITemplate, "{")
	name, found := strings.CutPrefix(uri, text)
	return found && !strings.ContainsFunc(name, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune("-._~%", r)
	})
}

// A Completion asks how the value of an argument may go on: of a prompt, or of
// the expression in the URI of a resource template.
type Completion struct {
	Prompt   string // the name of the prompt, empty for a template
	Template string // the URI of the template
	Argument string
	Value    string            // what is typed already
	Others   map[string]string // the arguments that have a value
}

// A Change is one of what the resources tell: Concerns reports whether it
// changes the resource with a URI, Lists whether it changes which there are.
type Change struct {
	Concerns func(uri string) bool
	Lists    bool
}

// A Reader returns the text of a resource, or NotFound.
type Reader func(ctx context.Context, from Caller, uri string) (string, error)

// NotFound is the error of a Reader that has no such resource.
func NotFound(uri string) error {
	return &Error{Code: invalidParams, Message: "resource not found", Data: map[string]string{"uri": uri}}
}

// A Prompt is a text that a person starts a conversation with.
type Prompt struct {
	Arguments   []PromptArgument `json:"arguments,omitempty"`
	Description string           `json:"description,omitempty"`
	Name        string           `json:"name"`

	Get func(ctx context.Context, from Caller, arguments map[string]string) (*PromptResult, error) `json:"-"`
}

// A PromptArgument is what a person can say with a prompt.
type PromptArgument struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// A PromptResult is a prompt, made with its arguments.
type PromptResult struct {
	envelope
	Description string          `json:"description,omitempty"`
	Messages    []PromptMessage `json:"messages"`
}

// A PromptMessage is one message of a prompt.
type PromptMessage struct {
	Content Text   `json:"content"`
	Role    string `json:"role"` // user or assistant
}
