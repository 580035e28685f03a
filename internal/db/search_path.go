package db

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

var errSearchPath = errors.New("search_path is not a list of names")

// firstSchema returns the first name of a search_path as the server reads it:
// in lower case unless it is in quotes. It is empty where the path leaves the
// schema to the server: an empty path, one that begins with "$user".
func firstSchema(path string) (string, error) {
	var names []string
	for rest := strings.TrimLeft(path, spaces); rest != "" || len(names) > 0; {
		name, after, err := schemaName(rest)
		if err != nil {
			return "", err
		}
		names = append(names, name)
		if after = strings.TrimLeft(after, spaces); after == "" {
			break
		}
		if after[0] != ',' {
			return "", errSearchPath
		}
		rest = strings.TrimLeft(after[1:], spaces)
	}
	if len(names) == 0 || names[0] == "$user" || names[0] == "pg_temp" {
		return "", nil
	}
	return names[0], nil
}

const spaces = " \t\r\n\v\f"

// schemaName reads a name (SplitIdentifierString in the server's varlena.c).
func schemaName(text string) (name, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, spaces+",")
		if end < 0 {
			end = len(text)
		}
		if end == 0 {
			return "", "", errSearchPath
		}
		return asciiLower(text[:end]), text[end:], nil
	}
	var b strings.Builder
	for rest = text[1:]; ; {
		end := strings.IndexByte(rest, '"')
		if end < 0 {
			return "", "", errSearchPath
		}
		b.WriteString(rest[:end])
		if rest = rest[end+1:]; !strings.HasPrefix(rest, `"`) {
			break
		}
		b.WriteByte('"')
		rest = rest[1:]
	}
	return b.String(), rest, nil
}

// asciiLower leaves letters beyond ASCII alone, as the server does.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// settingsOf returns the statement that makes the settings of an address until
// the end of a transaction; empty where there are none. The name of the
// program is no setting that could matter, and in what texts are written is for
// speak to say.
func settingsOf(params map[string]string) string {
	all := withOptions(params)
	maps.DeleteFunc(all, func(name, _ string) bool {
		return slices.Contains([]string{"application_name", "client_encoding", "standard_conforming_strings"}, strings.ToLower(name))
	})
	if len(all) == 0 {
		return ""
	}
	calls := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		calls = append(calls, "set_config("+literal(name)+", "+literal(all[name])+", true)")
	}
	return "select " + strings.Join(calls, ", ")
}

// withOptions returns the parameters with those that stand in options, which
// have the form of the server's command line: -c name=value, --name=value.
// Others take no settings, and are left out.
func withOptions(params map[string]string) map[string]string {
	all := map[string]string{}
	words := optionWords(params["options"])
	for i := 0; i < len(words); i++ {
		text, long := strings.CutPrefix(words[i], "--")
		switch {
		case long:
		case words[i] == "-c" && i+1 < len(words):
			i++
			text = words[i]
		default:
			text, _ = strings.CutPrefix(words[i], "-c")
		}
		if name, value, ok := strings.Cut(text, "="); ok && !strings.HasPrefix(name, "-") {
			all[strings.ReplaceAll(name, "-", "_")] = value
		}
	}
	for name, value := range params { // these go before them
		if name != "options" {
			all[name] = value
		}
	}
	return all
}

// optionWords splits options at spaces; a backslash takes the next character
// as it is.
func optionWords(options string) (words []string) {
	var b strings.Builder
	begun := false
	for i := 0; i < len(options); i++ {
		switch c := options[i]; {
		case c == '\\' && i+1 < len(options):
			i++
			b.WriteByte(options[i])
			begun = true
		case strings.IndexByte(spaces, c) >= 0:
			if begun {
				words = append(words, b.String())
			}
			b.Reset()
			begun = false
		default:
			b.WriteByte(c)
			begun = true
		}
	}
	if begun {
		words = append(words, b.String())
	}
	return words
}
