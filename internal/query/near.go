package query

import (
	"slices"
	"strings"
)

func fieldNames() (names []string) {
	for _, f := range Fields() {
		names = append(names, f.Name)
	}
	return names
}

// nearest returns a hint with the valid words, the likeliest first.
func nearest(typed string, words []string) string {
	typed = plainWord(typed)
	distance := func(w string) int {
		w = plainWord(w)
		if len(typed) > 1 && strings.HasPrefix(w, typed) {
			return 0
		}
		return edits([]rune(typed), []rune(w))
	}
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b string) int { return distance(a) - distance(b) })
	if d := distance(sorted[0]); d <= 1 || d <= len(sorted[0])/3 {
		return "did you mean " + sorted[0] + "? use one of " + strings.Join(sorted, ", ")
	}
	return "use one of " + strings.Join(words, ", ")
}

// edits counts the letters to add, remove, change or swap with a neighbour to
// turn a into b (optimal string alignment).
func edits(a, b []rune) int {
	a = a[:min(len(a), 32)]
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0:
				rows[i][j] = j
			case j == 0:
				rows[i][j] = i
			default:
				change := 1
				if a[i-1] == b[j-1] {
					change = 0
				}
				rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
				}
			}
		}
	}
	return rows[len(a)][len(b)]
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
