package proof

// backupBugs lists the seeded bugs of backups: of continuous ones, followed
// exports, and what verifies, prunes and restores them.
func backupBugs() []seededBug {
	const (
		follow  = "internal/backup/follow.go"
		prune   = "internal/backup/prune.go"
		journal = "internal/backup/journal.go"
	)
	return []seededBug{
		{"a backup round skips changed pages", []change{{follow, `f.table.sums[n-1] == s {`, `(f.table.sums[n-1] == s || n%3 == 2) {`}}, "TestFollow", "sqlite", ""},
		{"a backup is dated by when it ended", []change{{follow, `	about.State = next.state()
`, `	about.State, about.At = next.state(), time.Now().UTC()
`}}, "TestFollow", "sqlite", ""},
		{"a restore picks a backup that is newer than requested", []change{{"internal/backup/list.go", `item.At.After(at):`, `item.At.After(at.AddDate(1, 0, 0)):`}}, "TestFollow", "sqlite", ""},
		{"prune removes pages that later backups need", []change{{prune, `	for _, s := range group {
`, `	for _, s := range group[:1] {
`}}, "TestFollow", "sqlite", ""},
		{"prune keeps the older of two versions of a page", []change{{prune, `	for _, s := range group {
`, `	for _, s := range slices.Backward(group) {
`}}, "TestFollow", "sqlite", ""},
		{"the last changes before a server ends are not backed up", []change{{"internal/backup/watch.go", `			return w.round(last, f)`, `			return last.Err()`}}, "TestFollowEnds", "sqlite", ""},
		{"the last changes before a server ends are not exported", []change{{"internal/backup/watch.go", `			return w.round(last, f)`, `			return last.Err()`}}, "TestFollowEnds", "postgres", ""},
		{"verify does not notice that the newest backup is missing", []change{{"internal/backup/verify.go", `		lacks(h.Newest)
`, ``}}, "TestBackupDamage", "sqlite", ""},
		{"a backup is not checked against its seal", []change{{"internal/backup/seal.go", `if string(text) != sealText(path, hash) {`, `if len(text)+len(hash) == 0 {`}}, "TestBackupDamage", "sqlite", ""},
		{"the manifest is not checked against its seal", []change{{"internal/backup/head.go", `string(seal) != sealOf(text)+"\n"`, `len(seal) == 0`}}, "TestBackupDamage", "sqlite", ""},
		{"altered pages are restored", []change{{"internal/backup/segment.go", `if sha256.Sum256(page) != p.sum {`, `if len(page) == 0 {`}}, "TestBackupDamage", "sqlite", ""},
		{"a followed export is not checked against its seal", []change{{journal, ` || end.SHA256 != end.seal(h) {`, ` {`}}, "TestBackupDamage", "postgres", ""},
		{"a followed export keeps deleted lines", []change{{journal, `	err := w.own(journalStep{"drop", at - w.at})`, `	err := error(nil)`}}, "TestFollowExport", "sqlite", ""},
	}
}

// everyBug lists all seeded bugs.
func everyBug() []seededBug { return append(append(seededBugs(), backupBugs()...), undoBugs()...) }
