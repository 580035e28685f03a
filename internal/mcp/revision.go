package mcp

import "slices"

// latest is the revision of the protocol whose requests are complete in
// themselves: each says in _meta which revision it follows and who sends it.
// Those before begin with a handshake, initialize.
const latest = "2026-07-28"

// The first revision without batches, and with elicitation, is that of
// 2025-06-18; over HTTP a client that names none has that of 2025-03-26.
const (
	firstWithoutBatches  = "2025-06-18"
	firstWithElicitation = "2025-06-18"
	unnamed              = "2025-03-26"
)

// revisions returns all revisions that are spoken, the latest first.
func revisions() []string {
	return []string{latest, "2025-11-25", firstWithoutBatches, unnamed, "2024-11-05"}
}

// isLatest reports whether a revision has no handshake. One that is not known
// is later than those that are.
func isLatest(revision string) bool { return revision >= latest }

// hasBatches reports whether a revision has batches; none has none.
func hasBatches(revision string) bool { return revision != "" && revision < firstWithoutBatches }

func errNoBatches() error {
	return &Error{Code: invalidRequest, Message: "batches are not supported"}
}

// negotiate returns the revision that a handshake agrees on: the one that the
// client asks for, or the latest that has a handshake.
func negotiate(asked string) string {
	if slices.Contains(revisions(), asked) && !isLatest(asked) {
		return asked
	}
	return revisions()[1]
}

// The fields of _meta in revision 2026-07-28.
const (
	metaVersion      = "io.modelcontextprotocol/protocolVersion"
	metaCapabilities = "io.modelcontextprotocol/clientCapabilities"
	metaClientInfo   = "io.modelcontextprotocol/clientInfo"
	metaServerInfo   = "io.modelcontextprotocol/serverInfo"
	metaSubscription = "io.modelcontextprotocol/subscriptionId"
)

// versionOf returns the revision that a request names in its _meta, if any.
func versionOf(params object) (version string) {
	var meta object
	if params.read("_meta", &meta) != nil || meta.read(metaVersion, &version) != nil {
		return ""
	}
	return version
}

// clientOf returns the client that a request of the latest revision names,
// nil if it names none. The capabilities must be there, and are not used: in
// that revision nothing is asked of a client.
func clientOf(params object) (client *Implementation, err error) {
	var meta object
	if err := params.read("_meta", &meta); err != nil {
		return nil, err
	}
	if !meta.has(metaCapabilities) || meta.read(metaCapabilities, new(object)) != nil {
		return nil, &Error{Code: invalidParams, Message: "the field " + metaCapabilities + " of _meta is missing or wrong"}
	}
	if meta[metaClientInfo] != nil && !meta.has(metaClientInfo) || meta.read(metaClientInfo, &client) != nil {
		return nil, &Error{Code: invalidParams, Message: "the field " + metaClientInfo + " of _meta is wrong"}
	}
	return client, nil
}

// checkVersion refuses a revision that is not spoken.
func checkVersion(revision string) error {
	if slices.Contains(revisions(), revision) {
		return nil
	}
	return &Error{Code: unsupportedVersion, Message: "unknown protocol revision", Data: struct {
		Supported []string `json:"supported"`
		Requested string   `json:"requested"`
	}{revisions(), revision}}
}
