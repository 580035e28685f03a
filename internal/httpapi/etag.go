package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// etag is the entity tag of a version (RFC 9110, 8.8.3), which If-Match guards.
func etag(version int64) string { return fmt.Sprintf(`"%d"`, version) }

// etagOf is the entity tag of an answer to a GET: the version, which If-Match
// guards, and what tells this answer from others of that version. A lease that
// is renewed changes no version, and no task of an epic that is completed changes
// that of the epic.
func etagOf(version int64, body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf(`"%d-%s"`, version, hex.EncodeToString(sum[:6]))
}

// versionIn reads the version of an entity tag.
func versionIn(tag string) (version int64, ok bool) {
	text, ok := strings.CutPrefix(tag, `"`)
	if !ok || !strings.HasSuffix(text, `"`) {
		return 0, false
	}
	text, _, _ = strings.Cut(strings.TrimSuffix(text, `"`), "-")
	version, err := strconv.ParseInt(text, 10, 64)
	return version, err == nil && text == strconv.FormatInt(version, 10)
}

// isKnown reports whether a client has the answer to a GET already, as it says
// in If-None-Match (RFC 9110, 13.1.2).
func isKnown(r *http.Request, tag string) bool {
	if tag == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	known := func(one string) bool {
		one = strings.TrimSpace(one)
		return one == "*" || strings.TrimPrefix(one, "W/") == tag
	}
	return slices.ContainsFunc(r.Header.Values("If-None-Match"), func(tags string) bool {
		return slices.ContainsFunc(strings.Split(tags, ","), known)
	})
}
