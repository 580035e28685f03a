package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// nearest returns the commands that a mistyped word may mean, the most
// similar first.
func nearest(cmd *cobra.Command, word string) []string {
	cmd.SuggestionsMinimumDistance = 2
	names := cmd.SuggestionsFor(word)
	names = slices.DeleteFunc(names, func(name string) bool {
		most := max(1, len(word)/3)
		if name == "delete" || name == "reject" || name == "archive" || name == "bench" {
			most = 1 // nobody is sent there by a likeness
		}
		return !strings.HasPrefix(name, word) && distance(word, name) > most
	})
	slices.SortStableFunc(names, func(a, b string) int { return distance(word, a) - distance(word, b) })
	return names
}

// nearestLine is the caller's line with the command that a mistyped word may mean,
// or with a synonym of one: the most similar first, and one that takes what else
// is in the line before any other. It is empty where nothing is similar.
func (a *app) nearestLine(cmd *cobra.Command, word string) string {
	commands := nearest(cmd, word)
	names := slices.Clone(commands)
	if !cmd.HasParent() {
		low := strings.ToLower(word)
		for _, s := range plan.Synonyms() {
			if s.Kind != plan.ForCommand && s.Kind != plan.ForNoun {
				continue
			}
			for _, w := range s.Words {
				if len(w) > 3 && distance(low, w) <= max(1, len(low)/3) && !strings.HasPrefix(s.Means, "delete") {
					names = append(names, w)
				}
			}
		}
		slices.SortStableFunc(names, func(a, b string) int { return distance(low, a) - distance(low, b) })
	}
	for _, name := range names {
		own := spliced(a.args, word, []string{name})
		if !slices.Contains(commands, name) {
			own = a.understand(replaced(a.args, word, name))
		}
		if a.fitsOne(own) {
			return line(own)
		}
	}
	if len(commands) == 0 || slices.ContainsFunc(a.args, isAnyKey) {
		return ""
	}
	return a.instead(word, commands[0])
}

// distance counts the bytes to insert, delete, replace or swap with the next
// one to get from a to b (optimal string alignment).
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			d[i][j] = min(replace, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
