package mcp

import "time"

// listsLast is how long a client may keep a list: the lists never change
// while a server runs, and another version may have others.
const listsLast = time.Hour

// An envelope is what revision 2026-07-28 adds to every result.
type envelope struct {
	ResultType string         `json:"resultType,omitempty"`
	Meta       map[string]any `json:"_meta,omitempty"`
}

// complete says that a result is all there is, and whose it is.
func (e *envelope) complete(server Implementation) {
	e.ResultType = "complete"
	e.Meta = map[string]any{metaServerInfo: server}
}

// A cache says what a client may keep, and for whom.
type cache struct {
	TTL   int64  `json:"ttlMs"`
	Scope string `json:"cacheScope"`
}

func forAll() cache { return cache{listsLast.Milliseconds(), "public"} }

// forNobody is the cache of what may change at once.
func forNobody() cache { return cache{0, "private"} }

// A greeting answers initialize.
type greeting struct {
	Capabilities    map[string]struct{} `json:"capabilities"`
	Instructions    string              `json:"instructions,omitempty"`
	ProtocolVersion string              `json:"protocolVersion"`
	ServerInfo      Implementation      `json:"serverInfo"`
}

// A discovery answers server/discover.
type discovery struct {
	envelope
	cache
	SupportedVersions []string            `json:"supportedVersions"`
	Capabilities      map[string]struct{} `json:"capabilities"`
	Instructions      string              `json:"instructions,omitempty"`
}

// A listing answers the requests for lists; it has one of them.
type listing struct {
	envelope
	cache
	Tools     []Tool             `json:"tools,omitzero"`
	Resources []Resource         `json:"resources,omitzero"`
	Templates []ResourceTemplate `json:"resourceTemplates,omitzero"`
	Prompts   []Prompt           `json:"prompts,omitzero"`
}

// A reading answers resources/read.
type reading struct {
	envelope
	cache
	Contents []contents `json:"contents"`
}

type contents struct {
	URI      string `json:"uri"`
	MIMEType string `json:"mimeType,omitempty"`
	Text     string `json:"text"`
}
