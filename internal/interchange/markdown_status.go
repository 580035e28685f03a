package interchange

import (
	"strings"
	"unicode"

	"pm/internal/plan"
)

// A said is what a text says about a status.
type said struct {
	status  plan.TaskStatus // empty if the text is not understood
	dropped bool            // archived without ever having been done
	reason  string          // why it is blocked
	remark  bool            // there are words behind the status
}

// readStatus understands a status by the words that it begins with, whatever
// case they are in and whatever signs stand around them. Behind a todo the
// rest must be a remark, set off by a sign, with nothing in it that keeps the
// work from beginning: "Todo (blocked by legal)" is blocked, "pending legal
// approval" is not understood.
func readStatus(text string) said {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "x", "[x]", "100%", "100 %":
		return said{status: plan.Completed}
	}
	tokens := tokensOf(text)
	if len(tokens) == 0 {
		return said{status: statusOfSign(text)}
	}
	m, n := phraseAt(tokens)
	rest := tokens[n:]
	out := said{status: m.status, dropped: m.dropped, remark: len(rest) > 0}
	switch {
	case n == 0:
		return said{remark: true}
	case m.status == plan.Todo && len(rest) > 0:
		switch {
		case alarming(rest):
			out.status, out.reason = plan.Blocked, oneLineOf(text)
		case !setOff(text, tokens[n-1], rest):
			out.status = ""
		}
	case m.status == plan.Completed && droppedIn(rest):
		out.status, out.dropped = plan.Archived, true
	case m.status == plan.Blocked:
		out.reason = reasonIn(text, tokens, n)
	}
	return out
}

// statusOfSign understands the signs that stand for a status without a word.
func statusOfSign(text string) plan.TaskStatus {
	for _, s := range []struct {
		signs  string
		status plan.TaskStatus
	}{{"✅☑✔", plan.Completed}, {"🚧", plan.InProgress}, {"⏸⏳⌛⛔🚫", plan.Blocked}} {
		if strings.ContainsAny(text, s.signs) {
			return s.status
		}
	}
	return ""
}

// alarming reports whether a remark behind a todo says that it is none.
func alarming(rest []token) bool {
	alarms := words().alarms
	for i := 0; i < len(rest); {
		m, n := phraseAt(rest[i:])
		if n > 0 && m.status != plan.Todo || n == 0 && alarms[rest[i].word] {
			return true
		}
		i += max(n, 1)
	}
	return false
}

// setOff reports whether a sign stands between a phrase and what follows it,
// or what follows is only numbers.
func setOff(text string, last token, rest []token) bool {
	numbers := true
	for _, t := range rest {
		numbers = numbers && strings.IndexFunc(t.word, unicode.IsLetter) < 0
	}
	between := text[last.end:rest[0].start]
	return numbers || strings.ContainsAny(between, "(),.;:/[]|–—*") || strings.Contains(between, " -") || strings.Contains(between, "- ")
}

// droppedIn reports whether what stands behind a "closed" says that the work
// was never done: "closed as not planned", "resolved (wontfix)".
func droppedIn(rest []token) bool {
	for i := range rest {
		if m, n := phraseAt(rest[i:]); n > 0 && m.dropped {
			return true
		}
	}
	return false
}

// reasonIn returns why something is blocked: the remark behind blocked or on
// hold, and the whole text where another word says it.
func reasonIn(text string, tokens []token, n int) string {
	switch tokens[n-1].word {
	case "blocked":
		return remarkBehind(text, tokens[n-1])
	case "hold", "held":
		if remark := remarkBehind(text, tokens[n-1]); remark != "" {
			return remark
		}
	}
	return oneLineOf(text)
}

// remarkBehind returns what stands behind a word, without the signs around it.
func remarkBehind(text string, word token) string {
	rest := strings.TrimLeftFunc(text[word.end:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-–—_:(*,.", r) })
	return strings.TrimRight(strings.TrimSpace(rest), ")*")
}

// oneLineOf returns a text without emphasis and line breaks.
func oneLineOf(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", "`", "").Replace(text)), " ")
}
