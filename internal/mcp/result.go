package mcp

import (
	"encoding/json"
	"time"
)

// listsLast is how long a client may keep a list of what never changes while
// a server runs: another version may have others.
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
	Capabilities    map[string]capability `json:"capabilities"`
	Instructions    string                `json:"instructions,omitempty"`
	ProtocolVersion string                `json:"protocolVersion"`
	ServerInfo      Implementation        `json:"serverInfo"`
}

// A discovery answers server/discover.
type discovery struct {
	envelope
	cache
	SupportedVersions []string              `json:"supportedVersions"`
	Capabilities      map[string]capability `json:"capabilities"`
	Instructions      string                `json:"instructions,omitempty"`
}

// A capability is what a server can do beyond answering.
type capability struct {
	ListChanged bool `json:"listChanged,omitempty"`
	Subscribe   bool `json:"subscribe,omitempty"`
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

// A completing answers completion/complete.
type completing struct {
	envelope
	Completion completions `json:"completion"`
}

type completions struct {
	HasMore bool     `json:"hasMore"`
	Total   int      `json:"total,omitempty"` // where all were looked at
	Values  []string `json:"values"`
}

// A progress is what notifications/progress says.
type progress struct {
	Token   json.RawMessage `json:"progressToken"`
	Done    float64         `json:"progress"`
	Total   float64         `json:"total,omitempty"`
	Message string          `json:"message,omitempty"`
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
