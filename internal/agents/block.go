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

func blockPart() part {
	return part{path: blockFile, what: Block, add: addBlock, take: takeBlock, state: blockState}
}

// addBlock puts the block at the end of a text, or in the place of the one
// that is there. What stands around it says how the text ended before, so that
// takeBlock can restore it: behind a text, or a file, that ended without a line
// end the block has none either.
func addBlock(text string, there bool) (string, error) {
	eol := lineEnd(text)
	block := strings.ReplaceAll(blockText, "\n", eol)
	begin, end, err := findBlock(text)
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

// takeBlock is the inverse of addBlock. keep is false for a file that would
// not be there without the block.
func takeBlock(text string) (out string, keep bool, err error) {
	begin, end, err := findBlock(text)
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

func blockState(text string) State {
	begin, end, err := findBlock(text)
	switch {
	case err == nil && begin < 0:
		return Missing
	case err == nil && strings.ReplaceAll(text[begin:end], "\r\n", "\n") == blockText:
		return Current
	}
	return Outdated
}

// findBlock returns where the block begins and ends; -1 if there is none.
func findBlock(text string) (begin, end int, err error) {
	begins, ends := strings.Count(text, blockBegin), strings.Count(text, blockEnd)
	begin, end = strings.Index(text, blockBegin), strings.Index(text, blockEnd)
	switch {
	case begins == 0 && ends == 0:
		return -1, -1, nil
	case begins != 1 || ends != 1 || end < begin:
		return -1, -1, plan.Errorf(plan.Refused, "cannot edit %s: it contains %s %d times and %s %d times", blockFile, blockBegin, begins, blockEnd, ends).
			WithCode("bad_block").WithHint("keep one of each, in this order, or neither")
	}
	return begin, end + len(blockEnd), nil
}

func lineEnd(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
