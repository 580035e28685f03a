package agents

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Claude Code reads CLAUDE.md and not AGENTS.md: a CLAUDE.md that stands alone
// gets a line that imports AGENTS.md, with the block that is there.
const importFile = "CLAUDE.md"

const importLine = "@AGENTS.md"

func importBlock() marked {
	return marked{importFile, blockBegin, blockEnd, blockBegin + "\n" + importLine + "\n" + blockEnd}
}

func importPart() part {
	m := importBlock()
	return part{path: m.file, what: Block, add: m.add, take: m.take, state: m.state}
}

// needsImport reports whether CLAUDE.md is there and neither is AGENTS.md by
// another name nor imports it by a line of its own.
func (p Project) needsImport() bool {
	info, err := os.Stat(filepath.Join(p.Root, importFile))
	if err != nil {
		return false
	}
	if other, err := os.Stat(filepath.Join(p.Root, blockFile)); err == nil && os.SameFile(info, other) {
		return false
	}
	text, _, err := p.read(importFile)
	if err != nil || importBlock().state(text) != Missing {
		return true // it is to be told why, or brought up to date
	}
	return !slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool {
		return slices.Contains(strings.Fields(line), importLine)
	})
}
