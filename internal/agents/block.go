package agents

import (
	"strings"

	"pm/internal/plan"
)

const (
	blockFile  = "AGENTS.md"
	blockBegin = "<!-- pm:begin -->"
	blockEnd   = "<!-- pm:end -->"
)

// blockText is what an agent must know: every session pays for it.
const blockText = blockBegin + `
## Tasks
This project's plan is kept with ` + "`pm`" + `. Run ` + "`pm prime`" + ` when a session begins: one page on how to work from it, and what you hold.
- Take work with ` + "`pm next --claim`" + `; leave alone what others hold.
- Write down what others should know: ` + "`pm note KEY \"text\"`" + `. Done: ` + "`pm submit KEY`" + `. Stuck: ` + "`pm block KEY --reason \"why\"`" + `.
- Stopping midway: ` + "`pm handoff KEY \"what is left\" --release`" + `.
` + blockEnd

// A marked text stands in a file between two lines that mark it as pm's.
type marked struct{ file, begin, end, text string }

func agentsBlock() marked { return marked{blockFile, blockBegin, blockEnd, blockText} }

func blockPart() part {
	m := agentsBlock()
	return part{path: m.file, what: Block, add: m.add, take: m.take, state: m.state}
}

// add puts the block at the end of a text, or in the place of the one
// that is there. What stands around it says how the text ended before, so that
// take can restore it: behind a text, or a file, that ended without a line
// end the block has none either.
func (m marked) add(text string, there bool) (string, error) {
	eol := lineEnd(text)
	block := strings.ReplaceAll(m.text, "\n", eol)
	begin, end, err := m.find(text)
	switch {
	case err != nil:
		return "", err
	case begin >= 0:
		return text[:begin] + block + text[end:], nil
	case !there:
		return block + eol, nil
	case text == "":
		return block, nil
	case strings.HasSuffix(text, "\n"):
		return text + eol + block + eol, nil
	}
	return text + eol + eol + block, nil
}

// take is the inverse of add. keep is false for a file that would
// not be there without the block.
func (m marked) take(text string) (out string, keep bool, err error) {
	begin, end, err := m.find(text)
	if err != nil || begin < 0 {
		return text, true, err
	}
	eol := lineEnd(text[begin:end])
	before, after := text[:begin], text[end:]
	switch {
	case before == "" && after == eol:
		return "", false, nil
	case after == "": // it was put behind what ended without a line end
		return strings.TrimSuffix(before, eol+eol), true, nil
	}
	if strings.HasSuffix(before, "\n"+eol) || before == "" {
		before, after = strings.TrimSuffix(before, eol), strings.TrimPrefix(after, eol)
	}
	return before + after, true, nil
}

func (m marked) state(text string) State {
	begin, end, err := m.find(text)
	switch {
	case err == nil && begin < 0:
		return Missing
	case err == nil && strings.ReplaceAll(text[begin:end], "\r\n", "\n") == m.text:
		return Current
	}
	return Outdated
}

// find returns where the block begins and ends; -1 if there is none.
func (m marked) find(text string) (begin, end int, err error) {
	begins, ends := strings.Count(text, m.begin), strings.Count(text, m.end)
	begin, end = strings.Index(text, m.begin), strings.Index(text, m.end)
	switch {
	case begins == 0 && ends == 0:
		return -1, -1, nil
	case begins != 1 || ends != 1 || end < begin:
		return -1, -1, plan.Errorf(plan.Refused, "cannot edit %s: it contains %s %d times and %s %d times", m.file, m.begin, begins, m.end, ends).
			WithCode("bad_block").WithHint("keep one of each, in this order, or neither")
	}
	return begin, end + len(m.end), nil
}

func lineEnd(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
