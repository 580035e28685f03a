package proof

// faultBugs lists the seeded bugs that show when something below pm fails: a
// system call, a connection, the power.
func faultBugs() []seededBug {
	const (
		lite   = "internal/db/sqlite.go"
		post   = "internal/db/postgres.go"
		settle = "internal/db/settle.go"
	)
	return append(fileBugs(), []seededBug{
		{"acknowledged changes are not synced", []change{{"internal/db/options.go", `return "full"`, `return "normal"`}}, "TestPowerCut", "sqlite", ""},
		{"an output file is not synced", []change{{"internal/outfile/outfile.go", `errors.Join(f.Sync(), f.Close())`, `f.Close()`},
			{"internal/outfile/outfile.go", `return SyncDir(filepath.Dir(f.target))`, `return nil`}}, "TestPowerCut", "sqlite", ""},
		{"the directory of an output file is not synced", []change{{"internal/outfile/outfile.go", `return SyncDir(filepath.Dir(f.target))`, `return nil`}}, "TestPowerCut", "sqlite", ""},
		{"a new plan is not synced", []change{{"internal/db/create_file.go", `if err := syncFile(beside); err != nil {`, `if err := error(nil); err != nil {`},
			{"internal/db/create_file.go", `if err := outfile.SyncDir(filepath.Dir(path)); err != nil {`, `if err := error(nil); err != nil {`},
		}, "TestPowerCut", "sqlite", ""},
		{"a failed sync is reported as \"nothing was changed\"", []change{{settle, `if err == nil || !tried || db.disposable || db.d.classify(err).undone {
		return err
	}
	return undecided{err}`, `_ = tried
	return err`}}, "TestSyscall", "sqlite", ""},
		{"a failed commit can still be recovered from the WAL", []change{{lite, `	overwrite: rewriteVersion,
`, `	overwrite: func(session) error { return nil },
`}, {"internal/store/operation.go", `return wasRecorded(later, id) })`, `return (&Tx{Tx: later}).HasOperation(id) })`}}, "TestSyscall", "sqlite", ""},
		{"nothing can be read on a full disk", []change{{lite, `case f.code == diskFull:`, `case f.code == "":`}}, "TestDiskFull", "sqlite", ""},
		{"a full disk is not reported as \"nothing was changed\"", []change{{lite, `code: diskFull, undone: true}`, `code: diskFull}`}}, "TestDiskFull", "sqlite", ""},
		{"a partial file is left behind", []change{{"internal/outfile/outfile.go", `	if f.Close(); !f.Straight() {`, `	if f.Close(); f.Straight() {`}},
			"TestDiskFull", "sqlite", ""},
		{"doctor does not check the trash", []change{{"internal/store/flaw_seals.go", `if p.digest != plan.Seal(p.lines) {`, `if p.digest == "" {`},
			{"internal/tracker/doctor_trash.go", `	entries, err := tx.Trash()
	if err != nil {`, `	if entries, err := tx.Trash(); err != nil || len(entries) > 0 {
		return nil, err
	}
	entries, err := tx.Trash()
	if err != nil {`}}, "TestDoctorNamesEachEdit", "sqlite", "internal/tracker"},
		{"stored answers are not checked against their seals", []change{{"internal/store/flaw_seals.go", `if !forgotten && a.digest`, `if !forgotten && a.key == "" && a.digest`}}, "TestDoctorNamesEachEdit", "sqlite", "internal/tracker"},
		{"doctor does not fold histories", []change{{"internal/store/flaw_history.go", `	r, err := plan.Fold(uid, records)
	if err != nil {
		return append(out, "the history was altered: "+err.Error())
	}
	return append(out, differs(&r)...)`, `	return out`}}, "TestCorrupt", "sqlite", ""},
		{"init does not clean up after a killed init", []change{{"internal/db/create_file.go", `range append(own, path+"-journal", path+"-shm")`, `range own[:0]`}},
			"TestInit", "sqlite", ""},
		{"a lost answer to a commit is reported as \"nothing was changed\"", []change{{post, `pgconn.SafeToRetry(err) {
		return fault{kind: plan.Unavailable, code: "unreachable"}`, `pgconn.SafeToRetry(err) {
		return fault{kind: plan.Unavailable, code: "unreachable", undone: pgconn.SafeToRetry(err)}`}}, "TestCommit", "postgres", ""},
		{"a cancelled commit is reported as \"nothing was changed\"", []change{{settle, `!tried || db.d`, `!tried || errors.Is(err, context.Canceled) || db.d`},
			{settle, `	"context"
`, `	"context"
	"errors"
`}}, "TestCommit", "postgres", ""},
		{"a commit that is still in flight is taken for not stored", []change{{"internal/store/operation.go", `return wasRecorded(later, id)`, `n, err := later.Count(operationThere, id)
		return n > 0, err`}}, "TestCommit", "postgres", ""},
	}...)
}

// fileBugs lists the seeded bugs that show when files are swapped, linked,
// copied or altered.
func fileBugs() []seededBug {
	const (
		place = "internal/db/place.go"
		lines = "internal/interchange/lines.go"
		check = "internal/outfile/check.go"
	)
	return []seededBug{
		{"pm writes to a file that was swapped under it", []change{{place, `	if err != nil || !os.SameFile(now, p.file) || hardLinks(now) > 1 && !p.readOnly {
		return false`, `	if err != nil && hardLinks(now) > 1 {
		return false`}}, "TestBackup", "sqlite", ""},
		{"symbolic links are not followed", []change{{place, `err != nil || info.Mode()&fs.ModeSymlink == 0 {`, `err != nil || info != nil {`}}, "TestLinks", "sqlite", ""},
		{"a database with two hard links is accepted", []change{{place, `if n := hardLinks(file); n > 1 &&`, `if n := hardLinks(file); n > 9 &&`},
			{place, `hardLinks(now) > 1 && !p.readOnly`, `hardLinks(now) > 9 && !p.readOnly`}}, "TestLinks", "sqlite", ""},
		{"a backup leaves out the WAL", []change{{"internal/db/copy.go", `		_, err := c.Exec(ctx, "vacuum into $1", path)
`, `		b, err := os.ReadFile(db.path)
			if err == nil {
				err = os.WriteFile(path, b, 0o600)
			}
`}, {"internal/db/copy.go", `	"errors"
`, `	"errors"
	"os"
`}}, "TestBackup", "sqlite", ""},
		{"a restore discards the plan it replaces", []change{{"internal/db/replace.go", `if os.Rename(with, aside) != nil {`, `if os.Remove(with) != nil {`}}, "TestBackup", "sqlite", ""},
		{"a truncated export is imported", []change{{lines, `errors.Is(err, io.EOF) && (r.sealed && !r.ended || `, `errors.Is(err, io.EOF) && (r.line < 0 || `}},
			"TestExportAltered", "sqlite", ""},
		{"an altered export is imported", []change{{lines, `case end.SHA256 != want.SHA256:`, `case end.SHA256 == "":`}}, "TestExportAltered", "sqlite", ""},
		{"an export overwrites the plan", []change{{check, `		if p.is(keep) {`, `		if p.is(keep) && o.Mode == 1 {`},
			{check, `owner := p.databaseBeside(); owner != ""`, `owner := p.databaseBeside(); owner == "?"`},
			{check, `if isDatabase(p.path) && (`, `if isDatabase(p.path) && o.Mode == 1 && (`}}, "TestExportAltered", "sqlite", ""},
	}
}
