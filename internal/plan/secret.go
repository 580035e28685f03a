package plan

import "strings"

// hidden replaces a password in output.
const hidden = "***"

// HideSecrets returns text with its passwords replaced by ***: those in
// database addresses (postgres://user:password@host) and others, and those
// after a name (password=…, sslpassword=…). If an unescaped password makes a
// database address ambiguous, it hides too much rather than too little.
func HideSecrets(text string) string {
	return hideNamed(hideInOthers(hideInAddresses(text)))
}

// hideInOthers hides the passwords in addresses of other schemes, such as a
// mistyped one: they stand before the host.
func hideInOthers(text string) string {
	const sign = "://"
	before, rest, found := strings.Cut(text, sign)
	if !found {
		return text
	}
	host := rest
	if end := strings.IndexAny(rest, "/?# \t\r\n\"'"); end >= 0 {
		host = rest[:end]
	}
	if colon, at := strings.IndexByte(host, ':'), strings.LastIndexByte(host, '@'); 0 <= colon && colon+1 < at {
		return before + sign + host[:colon+1] + hidden + hideInOthers(rest[at:])
	}
	return before + sign + hideInOthers(rest)
}

// hideInAddresses hides what is between the user name and the host of an
// address.
func hideInAddresses(text string) string {
	var b strings.Builder
	for {
		i := indexFold(text, "postgres")
		if i < 0 {
			break
		}
		i += len("postgres")
		if strings.EqualFold(text[i:min(len(text), i+2)], "ql") {
			i += len("ql")
		}
		if !strings.HasPrefix(text[i:], ":/") {
			b.WriteString(text[:i])
			text = text[i:]
			continue
		}
		i += len(":/")
		for i < len(text) && text[i] == '/' {
			i++
		}
		b.WriteString(text[:i])
		text = text[i:]
		from, to := password(text)
		if from < to {
			b.WriteString(text[:from] + hidden)
		} else {
			b.WriteString(text[:to])
		}
		text = text[to:]
	}
	b.WriteString(text)
	return b.String()
}

// password returns where the password is in text that begins with the user
// name or the host of an address. A password can contain the characters that
// end an address, so it ends at the last @ before the next address, which stands apart.
func password(text string) (from, to int) {
	colon := strings.IndexAny(text, ":/?# \t\r\n\"'")
	if colon < 0 || text[colon] != ':' || text[0] == '[' { // the host is an IPv6 address
		return 0, 0
	}
	from = colon + 1
	most := len(text)
	if next := strings.Index(text[from:], "://"); next >= 0 && strings.ContainsAny(text[from:from+next], ", \t\r\n\"'") {
		most = from + next
	}
	if at := strings.LastIndexByte(text[from:most], '@'); at >= 0 {
		return from, from + at
	}
	to = from
	for to < most && !strings.ContainsRune("/?#, \t\r\n\"'", rune(text[to])) {
		to++
	}
	if strings.Trim(text[from:to], "0123456789") == "" {
		return from, from // a port
	}
	return from, to
}

// hideNamed hides the values of password= and sslpassword=, quoted or not.
func hideNamed(text string) string {
	const name = "password"
	var b strings.Builder
	for {
		i := indexFold(text, name)
		if i < 0 {
			break
		}
		i += len(name)
		value := strings.TrimLeft(text[i:], " ")
		if !strings.HasPrefix(value, "=") {
			b.WriteString(text[:i])
			text = text[i:]
			continue
		}
		value = strings.TrimLeft(value[1:], " ")
		b.WriteString(text[:len(text)-len(value)])
		before := strings.LastIndexAny(text[:i], "?& \t\r\n")
		end := valueEnd(value, before >= 0 && strings.IndexByte("?&", text[before]) >= 0)
		if end > 0 {
			b.WriteString(hidden)
		}
		text = value[end:]
	}
	b.WriteString(text)
	return b.String()
}

// indexFold is strings.Index, ignoring the case of ASCII letters.
func indexFold(text, word string) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// valueEnd returns the length of a value of a query, where a character that
// should be escaped does not end it, or of a keyword/value string (libpq, 32.1.1).
func valueEnd(value string, inQuery bool) int {
	ends, quoted := " \t\r\n", strings.HasPrefix(value, "'")
	if inQuery {
		ends, quoted = "&\r\n", false
	}
	for i := 0; i < len(value); i++ {
		switch {
		case quoted && i > 0 && value[i] == '\'':
			return i + 1
		case value[i] == '\\' && !inQuery:
			i++
		case !quoted && strings.IndexByte(ends, value[i]) >= 0:
			return i
		}
	}
	return len(value)
}
