package main

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

var comment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s:/\*.*?\*/)|(?m)(^|\s)//.*$`)
})

var literal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\"(?:[^\"\\\\\\n]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`")
})

var between = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`>([^<>{}\n]*[A-Za-z][^<>{}\n]*)[<{]`)
})

var notShown = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^["\x60]?(@|\./|/|#|\.|M |https?:)|::|=>|\b(px|class|svg|var\()|^"(use strict|import)`)
})

// pageTexts returns what a file of the browser's page shows: literals and what
// stands between tags.
func pageTexts(path string) ([]text, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	source := comment().ReplaceAllStringFunc(string(data), func(s string) string {
		return strings.Repeat("\n", strings.Count(s, "\n"))
	})
	var found []text
	add := func(at int, words string) {
		if reads(words) && !notShown().MatchString(words) {
			found = append(found, text{Line: 1 + strings.Count(source[:at], "\n"), Kind: page, Words: words})
		}
	}
	for _, at := range literal().FindAllStringIndex(source, -1) {
		add(at[0], source[at[0]+1:at[1]-1])
	}
	for _, at := range between().FindAllStringSubmatchIndex(source, -1) {
		add(at[2], source[at[2]:at[3]])
	}
	return found, nil
}
