package mcp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// The codes of errors: those of JSON-RPC 2.0, section 5.1, and those that
// revision 2026-07-28 of the protocol adds.
const (
	parseError         = -32700
	invalidRequest     = -32600
	methodNotFound     = -32601
	invalidParams      = -32602
	internalError      = -32603
	headerMismatch     = -32020
	unsupportedVersion = -32022
)

// An Error answers a request that has no result.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// An id is that of a request, as JSON: a string or a number. It is empty
// where there is none.
type id string

// newID reads an id. Strings that mean the same are the same id, however they
// are escaped.
func newID(raw json.RawMessage) (id, bool) {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return "", false
	}
	switch v := v.(type) {
	case string:
		b, err := marshal(v)
		return id(b), err == nil
	case json.Number:
		return id(v), true
	}
	return "", false
}

// A message is a request, a notification, or an answer to a request of the
// server's.
type message struct {
	id       id     // of a request
	method   string // of a request or a notification
	params   json.RawMessage
	isAnswer bool
	result   json.RawMessage // of an answer; nil if it is an error
}

// cancellation is the notification that a request need not be answered.
const cancellation = "notifications/cancelled"

// cancelled returns the id of the request that a cancellation names.
func (m message) cancelled() (id, bool) {
	var params object
	if m.object(&params) != nil || !params.has("requestId") {
		return "", false
	}
	return newID(params["requestId"])
}

func (m message) isRequest() bool { return m.id != "" && !m.isAnswer }

// decode reads a message (JSON-RPC 2.0, section 4). Its errors have no id to
// be answered to, as section 5 demands. An id of null is none: a request with
// it is refused, as the protocol has it, a notification is not.
func decode(data []byte) (message, error) {
	if !json.Valid(data) || !utf8.Valid(data) {
		return message{}, &Error{Code: parseError, Message: "invalid JSON"}
	}
	var m message
	var o object
	no := &Error{Code: invalidRequest, Message: "not a JSON-RPC 2.0 message"}
	var version string
	if json.Unmarshal(data, &o) != nil || cmp.Or(o.read("jsonrpc", &version), o.read("method", &m.method)) != nil || version != "2.0" {
		return message{}, no
	}
	if o.has("id") {
		var ok bool
		if m.id, ok = newID(o["id"]); !ok {
			return message{}, no
		}
	}
	switch {
	case o.has("method"):
		if o["id"] != nil && m.id == "" && !strings.HasPrefix(m.method, "notifications/") {
			return message{}, &Error{Code: invalidRequest, Message: "the id of a request is null"}
		}
		m.params = o["params"]
	case m.id != "" && (o["result"] != nil || o["error"] != nil):
		m.isAnswer, m.result = true, o["result"]
	default:
		return message{}, no
	}
	return m, nil
}

// split returns the messages of a batch (JSON-RPC 2.0, section 6).
func split(data []byte) ([]json.RawMessage, error) {
	var all []json.RawMessage
	if !json.Valid(data) {
		return nil, &Error{Code: parseError, Message: "invalid JSON"}
	}
	if json.Unmarshal(data, &all) != nil || len(all) == 0 {
		return nil, &Error{Code: invalidRequest, Message: "the batch is empty"}
	}
	return all, nil
}

// isBatch reports whether a message, without space around it, is a batch.
func isBatch(data []byte) bool { return len(data) > 0 && data[0] == '[' }

// An object is a JSON object whose fields have exactly the names that are
// asked for. A struct would take "Method" for "method", too, and whoever
// guards a server may read a message otherwise than the server does.
type object map[string]json.RawMessage

// has reports whether a field is there. One that is null is not.
func (o object) has(name string) bool { return o[name] != nil && string(o[name]) != "null" }

// read reads a field into v if it is there.
func (o object) read(name string, v any) error {
	if o.has(name) && json.Unmarshal(o[name], v) != nil {
		return &Error{Code: invalidParams, Message: "invalid params: " + name + " has the wrong type"}
	}
	return nil
}

// encode returns the answer to a request. Without an id it is null.
func encode(to id, result any, err error) json.RawMessage {
	answer := struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result,omitempty"`
		Error   *Error          `json:"error,omitempty"`
	}{"2.0", json.RawMessage(to), result, nil}
	if to == "" {
		answer.ID = json.RawMessage("null")
	}
	if err != nil {
		answer.Error = asError(err)
	}
	b, err := marshal(answer)
	if err != nil {
		return encode(to, nil, &Error{Code: internalError, Message: "the answer is not valid JSON"})
	}
	return b
}

// asError returns the Error in err; another's message is that of an internal one.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: internalError, Message: err.Error()}
}

// marshal writes JSON on one line, without the escapes for web pages.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
