package query

import (
	"slices"
	"strings"
)

// The words that already have a meaning, in one place, so that nothing that a
// project names, and nothing new in pm, uses one of them by accident. A test
// compares these lists with the commands, the flags, the query fields and the
// JSON names of items.
const (
	takenCommands = `
	add agents answer apply approve archive ask backup bench block board check claim commands complete completion
	delete demo dep diff doctor edit epic explain export feature field forecast graph handoff help import init insights
	label link list log mcp mine move next note ops order prime project question questions redact redo ref reject
	release renew reopen repeat report restore schema search serve show stage start stats status submit task trash tree
	trust unblock uncheck undo unlink update upgrade use version view web`
	takenFlags = `
	after agent agent-type agents all as as-of assignee at backup backup-every before business-value by chart
	check choices claim columns context count csv cursor days deadline defer depends-on depth description
	discovered-from dot dry-run due duplicate-of engine epic estimate every feature fence file file-path fix
	follow force format from full group growth hold hook hook-json host html idempotency-key if-version in-use keep keep-unknown
	kind label lease levels limit list listen map markdown mcp mermaid name nested no-descriptions no-open none not
	older on once open output phases-block plan priority ready reason release remove repeat resolution rounds set
	since sizes skip-bad skip-conflicts sort stage status strict surface svg table-only take-over tasks terminal title to
	token-file tokens type until update wait web without yes`
	takenFields = `
	agent agent-type assigned assignee blocked completed created defer depends-on due epic estimate feature file
	has held-by is key kind label needed-by own-label priority ref resolution sort stage started status type updated`
	takenNames = `
	agent_type assigned_agent assignee blocked_at blocked_reason business_value checks completed_at created_at
	defer depends_on description due epic_key estimate estimate_done estimate_total feature_key fence fields
	file_path key kind labels lease_until links moved_from not_before open_dependencies position priority
	progress_pct refs repeat resolution session stage started_at status tasks_completed tasks_total title updated_at
	version`
)

// A Meaning says what a word already means.
type Meaning string

// The kinds of words.
const (
	ACommand Meaning = "a command"
	AFlag    Meaning = "a flag"
	AField   Meaning = "a field of queries"
	AName    Meaning = "a name in JSON"
)

// Taken returns the words that have a meaning, by kind. Each list is in
// alphabetical order.
func Taken() map[Meaning][]string {
	return map[Meaning][]string{ACommand: strings.Fields(takenCommands), AFlag: strings.Fields(takenFlags),
		AField: strings.Fields(takenFields), AName: strings.Fields(takenNames)}
}

// MeaningOf returns what a word already means, in any case and with - for _,
// leaving out commands, which stand alone; empty if it means nothing.
func MeaningOf(word string) Meaning {
	word = plainWord(word)
	taken := Taken()
	for _, m := range []Meaning{AField, AName, AFlag} {
		if slices.ContainsFunc(taken[m], func(w string) bool { return plainWord(w) == word }) {
			return m
		}
	}
	return ""
}
