package plan

import (
	"net/url"
	"strings"
)

// isAddress reports whether s is meant as the address of a page or a mailbox,
// and not as a path or a key.
func isAddress(s string) bool {
	return strings.Contains(s, "://") || len(s) > 7 && strings.EqualFold(s[:7], "mailto:")
}

// IsAddress reports whether a link leads to a page of the web or a mailbox.
func (l Link) IsAddress() bool { return isAddress(l.To) }

// webAddress reports whether s is an address that can be opened without doing
// harm: http, https or mailto.
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
