package plan

import (
	"net/url"
	"strings"
)

// isAddress reports whether s is meant as a web or mail address, not as a path
// or a key.
func isAddress(s string) bool {
	return strings.Contains(s, "://") || len(s) > 7 && strings.EqualFold(s[:7], "mailto:")
}

// IsAddress reports whether a link points to a web page or a mailbox.
func (l Link) IsAddress() bool { return isAddress(l.To) }

// webAddress reports whether s is an address that is safe to open: http, https
// or mailto.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}
