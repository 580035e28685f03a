package interchange

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"pm/internal/plan"
)

// taskWords are the phrases that stand for a status of a task, as the words
// they consist of. The longest that a value begins with decides.
var taskWords = map[string]plan.TaskStatus{
	"todo": plan.Todo, "to do": plan.Todo, "created": plan.Todo, "new": plan.Todo, "open": plan.Todo,
	"pending": plan.Todo, "ready": plan.Todo, "planned": plan.Todo, "draft": plan.Todo, "backlog": plan.Todo,
	"not started": plan.Todo, "not yet started": plan.Todo, "refinement": plan.Todo, "in refinement": plan.Todo,
	"in progress": plan.InProgress, "inprogress": plan.InProgress, "wip": plan.InProgress,
	"work in progress": plan.InProgress, "doing": plan.InProgress, "active": plan.InProgress,
	"started": plan.InProgress, "dispatched": plan.InProgress, "in development": plan.InProgress,
	"blocked": plan.Blocked, "on hold": plan.Blocked,
	"review": plan.ReadyForReview, "in review": plan.ReadyForReview, "under review": plan.ReadyForReview,
	"code review": plan.ReadyForReview, "in code review": plan.ReadyForReview, "needs review": plan.ReadyForReview,
	"ready for review": plan.ReadyForReview, "ready for code review": plan.ReadyForReview,
	"ready for qa": plan.ReadyForReview, "ready for approval": plan.ReadyForReview,
	"done": plan.Completed, "complete": plan.Completed, "completed": plan.Completed, "closed": plan.Completed,
	"finished": plan.Completed, "implemented": plan.Completed, "resolved": plan.Completed, "approved": plan.Completed,
	"archived": plan.Archived, "cancelled": plan.Archived, "canceled": plan.Archived, "dropped": plan.Archived,
	"wontfix": plan.Archived, "wont fix": plan.Archived, "won t fix": plan.Archived, "will not complete": plan.Archived,
	"superseded": plan.Archived, "obsolete": plan.Archived, "abandoned": plan.Archived, "rejected": plan.Archived,
}

// draftWords are the phrases for an epic or a feature that offers no work yet.
// Of all others, those of a task that is not finished mean active.
var draftWords = map[string]bool{
	"draft": true, "proposed": true, "planning": true, "idea": true, "backlog": true, "deferred": true, "on hold": true,
	"in refinement": true, "refinement": true,
}

// longestPhrase is the number of words in the longest phrase of taskWords.
const longestPhrase = 4

// parseTaskStatus understands a status by the words it begins with, whatever
// case they are in and whatever signs or remarks stand around them.
func parseTaskStatus(s string) (plan.TaskStatus, bool) {
	words := wordsOf(s)
	for n := min(longestPhrase, len(words)); n > 0; n-- {
		if status, ok := taskWords[strings.Join(words[:n], " ")]; ok {
			return status, true
		}
	}
	return "", false
}

// parsePlanStatus is parseTaskStatus for an epic or a feature.
func parsePlanStatus(s string) (plan.PlanStatus, bool) {
	words := wordsOf(s)
	for n := min(longestPhrase, len(words)); n > 0; n-- {
		if draftWords[strings.Join(words[:n], " ")] {
			return plan.PlanDraft, true
		}
	}
	status, ok := parseTaskStatus(s)
	switch status {
	case plan.Completed:
		return plan.PlanCompleted, ok
	case plan.Archived:
		return plan.PlanArchived, ok
	case plan.Blocked:
		return "", false
	}
	return plan.PlanActive, ok
}

// blockedReason returns the remark behind the word blocked.
func blockedReason(status string) string {
	rest := strings.TrimLeftFunc(status, func(r rune) bool { return !unicode.IsLetter(r) })
	words := wordsOf(rest)
	for range min(len(words), 2) {
		word := words[0]
		rest = strings.TrimLeftFunc(rest[min(len(word), len(rest)):], isSeparator)
		if words = words[1:]; word == "blocked" || word == "hold" {
			break
		}
	}
	rest = strings.TrimLeftFunc(rest, isSeparator)
	return strings.TrimRight(strings.TrimSpace(rest), ")*")
}

func isSeparator(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-–—_:(*,.", r) }

// wordsOf returns the first words of s in lower case. Signs are no words.
func wordsOf(s string) []string {
	if len(s) > 200 {
		s = s[:200]
	}
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// parsePriority understands a number from 1 to 10 as it is, P0 to P4 as 1, 3,
// 5, 7 and 9, and critical, high, medium and low as 1, 3, 5 and 8. What
// follows the first word is a remark.
func parsePriority(s string) (int, bool) {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	word = strings.ToLower(strings.Trim(word, ",;:()*"))
	if n, err := strconv.Atoi(word); err == nil {
		return n, plan.CheckPriority(n) == nil
	}
	switch word {
	case "p0", "critical", "urgent", "highest":
		return 1, true
	case "p1", "high":
		return 3, true
	case "p2", "medium", "normal":
		return 5, true
	case "p3":
		return 7, true
	case "low":
		return 8, true
	case "p4", "lowest":
		return 9, true
	}
	return 0, false
}

// parseGrade understands what parsePriority does: 1 to 3 is high, 4 to 6 medium.
func parseGrade(s string) (plan.Grade, bool) {
	n, ok := parsePriority(s)
	switch {
	case !ok:
		return "", false
	case n <= 3:
		return plan.High, true
	case n <= 6:
		return plan.Medium, true
	}
	return plan.Low, true
}

// parseDate understands a day or a moment; without a zone it is UTC.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02 15:04", time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func parseName(s string) (string, bool) { return s, plan.CheckName("agent", s) == nil }
