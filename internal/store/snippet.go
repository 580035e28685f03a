package store

import "strings"

// snippetWidth is about how many bytes of a text a snippet shows.
const snippetWidth = 80

// Snippet returns the part of a text around the first word that the search
// looks for, on one line, with … where it was cut; found is false if there is
// none. The words are marked by start and end.
func Snippet(text string, words []Word, start, end string) (s string, found bool) {
	var marks []word
	eachWord(text, func(w word) bool {
		for _, wanted := range words {
			if !wanted.found(w.text) {
				continue
			}
			if w.first > 0 && strings.HasPrefix(foldLetter(text[w.start:w.first]), wanted.Text) {
				w.end = w.first // one letter was asked for
			}
			if n := len(marks); n > 0 && w.start <= marks[n-1].end && w.first+marks[n-1].first > 0 {
				marks[n-1].end = max(marks[n-1].end, w.end)
			} else {
				marks = append(marks, w)
			}
			break
		}
		return len(marks) == 0 || w.end-marks[0].start < snippetWidth
	})
	if len(marks) == 0 {
		return "", false
	}
	from := backTo(text, marks[0].start-snippetWidth/3)
	to := aheadTo(text, from+snippetWidth)
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	at := from
	for _, m := range marks {
		if m.start < at || m.end > to {
			continue
		}
		b.WriteString(text[at:m.start] + start + text[m.start:m.end] + end)
		at = m.end
	}
	b.WriteString(text[at:to])
	if to < len(text) {
		b.WriteString("…")
	}
	return strings.Join(strings.Fields(b.String()), " "), true
}

// backTo and aheadTo move a place in a text to the nearest gap between words,
// so that no word and no character is cut.
func backTo(text string, i int) int {
	if i <= 0 {
		return 0
	}
	if n := strings.LastIndexAny(text[:i], " \n\t"); n >= 0 && i-n < snippetWidth {
		return n + 1
	}
	for i > 0 && text[i]&0xc0 == 0x80 {
		i--
	}
	return i
}

func aheadTo(text string, i int) int {
	if i >= len(text) {
		return len(text)
	}
	if n := strings.IndexAny(text[i:], " \n\t"); n >= 0 && n < snippetWidth {
		return i + n
	}
	for i < len(text) && text[i]&0xc0 == 0x80 {
		i++
	}
	return i
}
