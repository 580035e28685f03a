package interchange

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"pm/internal/plan"
)

// A phraseList is phrases that stand for one status.
type phraseList struct {
	status  plan.TaskStatus
	dropped bool // archived without ever having been done
	words   string
}

// phrases lists what plans write for a status, as words between commas. The
// longest phrase that a value begins with decides. What is in none of them is
// unknown, and becomes no work.
var phrases = []phraseList{
	{status: plan.Todo, words: "todo, to do, to be done, created, new, open, opened, reopened, pending, ready, planned, queued, backlog, " +
		"accepted for development, approved, unassigned, unblocked, available, selected for development, up next, next, next up, " +
		"not started, not yet started, unstarted, not begun, ready to start, ready to begin, ready to implement, ready to develop, ready to code, " +
		"ready to work, ready to go, ready to be worked on, ready for implementation, ready for development, ready for dev, ready for work, " +
		"ready for coding, ready for execution, ready for agent, ready for agents, ready for pickup, ready for pick up, ready to pick up"},
	{status: plan.InProgress, words: "in progress, inprogress, wip, work in progress, doing, active, started, dispatched, ongoing, underway, " +
		"under way, current, in flight, in work, in development, in dev, development, developing, implementing, in implementation, working on it"},
	{status: plan.Blocked, words: "blocked, is blocked, on hold, hold, held, deferred, deferred until, defer, postponed, paused, suspended, waiting, awaiting, parked, " +
		"parking lot, later, someday, maybe, someday maybe, icebox, ice box, snoozed, delayed, stalled, stuck, frozen, impeded, not ready, " +
		"not yet ready, needs info, needs information, need info, more info needed, needs clarification, needs design, needs decision, " +
		"needs triage, triage, in triage, draft, drafted, drafting, proposed, proposal, idea, planning, in planning, refinement, " +
		"in refinement, needs refinement, pending approval, pending decision"},
	{status: plan.ReadyForReview, words: "review, in review, under review, reviewing, code review, in code review, needs review, needs code review, awaiting review, " +
		"waiting for review, pending review, ready for review, ready for code review, ready for qa, ready for approval, ready for test, " +
		"ready for testing, ready to test, ready for verification, ready for uat, ready for merge, ready to merge, submitted, qa, in qa, " +
		"uat, in uat, testing, in testing, in test, needs testing, needs qa, verification, verifying, in verification, to verify, " +
		"validation, in validation, validating"},
	{status: plan.Completed, words: "done, complete, completed, closed, finished, implemented, resolved, shipped, released, deployed, delivered, merged, fixed, verified, " +
		"pass, passed, passes, passing, already done, already complete, already completed, already implemented, all done, fully done, fully complete, " +
		"fully implemented, implementation complete"},
	{status: plan.Archived, words: "archived, archive"},
	{status: plan.Archived, dropped: true, words: "cancelled, canceled, dropped, wontfix, wont fix, won t fix, wontdo, wont do, won t do, will not do, will not fix, " +
		"will not complete, won t complete, will not implement, won t implement, not doing, not planned, not going to happen, superseded, obsolete, abandoned, rejected, " +
		"declined, duplicate, duplicated, withdrawn, discarded, deprecated, skipped, retired, removed, deleted, descoped, de scoped, " +
		"out of scope, no longer needed, no longer required, no longer relevant, not needed, not required, never implemented, never, killed, void, " +
		"invalid, not a bug, works as designed, by design, cannot reproduce, can t reproduce, tombstone"},
}

// A meaning is what a phrase stands for.
type meaning struct {
	status  plan.TaskStatus
	dropped bool
}

// A vocabulary is what phrases becomes when the first document is read: other
// commands should not pay for it.
type vocabulary struct {
	meanings map[string]meaning // by the phrase's words
	longest  int                // the number of words in the longest phrase
	alarms   map[string]bool    // words in a remark behind a todo that say that it cannot begin
}

var words = sync.OnceValue(func() vocabulary {
	v := vocabulary{meanings: map[string]meaning{}, alarms: wordSet("after until wait waits needs need requires require depends dependent dependency " +
		"depending pending not unless if when once blocker blockers partially partly missing unclear tbd")}
	for _, p := range slices.Concat(foreignPhrases, phrases) { // English counts before the others
		for _, phrase := range strings.Split(p.words, ", ") {
			v.meanings[phrase] = meaning{p.status, p.dropped}
			v.longest = max(v.longest, strings.Count(phrase, " ")+1)
		}
	}
	return v
})

// Tables of words are made when the first document is read, as patterns are:
// onceSet makes one of words, oncePhrases one of phrases between commas.
func onceSet(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool { return wordSet(words) })
}

func oncePhrases(phrases string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := map[string]bool{}
		for _, p := range strings.Split(phrases, ", ") {
			set[p] = true
		}
		return set
	})
}

// onceMap makes a table of lines such as "name: word word" or, for phrases,
// "name: some words, other words". Each maps what stands behind the colon to
// what stands before it.
func onceMap(lines string) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		table := map[string]string{}
		for line := range strings.Lines(strings.TrimSpace(lines)) {
			name, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
			sep := " "
			if strings.Contains(words, ", ") {
				sep = ", "
			}
			for _, w := range strings.Split(words, sep) {
				table[w] = name
			}
		}
		return table
	})
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// A token is a word of a text, in lower case, and where it stands there.
type token struct {
	word       string
	start, end int
}

// tokensOf returns the first words of s. Signs are no words.
func tokensOf(s string) (out []token) {
	const enough = 200
	start := -1
	for i, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && start >= 0
		switch {
		case word && start < 0:
			if i > enough {
				return out
			}
			start = i
		case !word && start >= 0:
			out = append(out, token{strings.ToLower(s[start:i]), start, i})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, token{strings.ToLower(s[start:]), start, len(s)})
	}
	return out
}

// wordsOf returns the words of tokensOf.
func wordsOf(s string) []string {
	var out []string
	for _, t := range tokensOf(s) {
		out = append(out, t.word)
	}
	return out
}

// phraseAt returns the longest phrase that the tokens begin with, and of how
// many of them it consists; 0 if there is none.
func phraseAt(tokens []token) (meaning, int) {
	v := words()
	for n := min(v.longest, len(tokens)); n > 0; n-- {
		phrase := make([]string, n)
		for i := range phrase {
			phrase[i] = tokens[i].word
		}
		if m, ok := v.meanings[strings.Join(phrase, " ")]; ok {
			return m, n
		}
	}
	return meaning{}, 0
}
