package mcp

import (
	"net/http"
	"strconv"
	"strings"
)

// The headers of the protocol. The last two came with revision 2026-07-28.
const (
	headerVersion = "Mcp-Protocol-Version"
	headerSession = "Mcp-Session-Id"
	headerMethod  = "Mcp-Method"
	headerName    = "Mcp-Name"
)

// accepted reports whether a client takes JSON and whether it takes a stream
// of events. The protocol demands both, though here there are no streams.
func accepted(accept []string) (one, stream bool) {
	for kind := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, _, _ = strings.Cut(kind, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "application/json", "application/*":
			one = true
		case "text/event-stream", "text/*":
			stream = true
		case "*/*":
			return true, true
		}
	}
	return one, stream
}

// checkHeaders refuses a message whose headers say something else than its
// body: what stands before a server may have let it pass for its headers.
func checkHeaders(h http.Header, m message) error {
	var params object
	if m.object(&params) != nil {
		params = nil // which is refused later
	}
	version, named := h.Get(headerVersion), versionOf(params)
	if m.isRequest() && isLatest(version) || named != "" {
		switch {
		case version == "":
			return mismatch("the header " + headerVersion + " is missing, but the body has " + metaVersion)
		case named == "":
			return &Error{Code: invalidParams, Message: "the field " + metaVersion + " of _meta is missing or wrong"}
		case named != version:
			return differs(headerVersion, version, named)
		}
	}
	if !isLatest(version) {
		return nil
	}
	if err := checkHeader(h, headerMethod, m.method); err != nil {
		return err
	}
	var name string
	switch m.method {
	case "tools/call", "prompts/get":
		if err := params.read("name", &name); err != nil {
			return err
		}
	case "resources/read":
		if err := params.read("uri", &name); err != nil {
			return err
		}
	default:
		return nil
	}
	return checkHeader(h, headerName, name)
}

func checkHeader(h http.Header, name, want string) error {
	switch got := h.Get(name); {
	case got == "":
		return mismatch("the header " + name + " is missing")
	case got != want:
		return differs(name, got, want)
	}
	return nil
}

func differs(name, header, body string) error {
	return mismatch("the header " + name + " is " + strconv.Quote(header) + ", and the body has " + strconv.Quote(body))
}

func mismatch(message string) error { return &Error{Code: headerMismatch, Message: message} }
