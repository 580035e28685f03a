package proof

// undoBugs lists the seeded bugs of undo and redo, of past moments, and of what is
// told of them: diffs and reports. The tests that notice them are those of other
// packages.
func undoBugs() []seededBug {
	const (
		tracker = "internal/tracker"
		cli     = "internal/cli"
		task    = "internal/tracker/undo_task.go"
		rewind  = "internal/past/rewind.go"
		derive  = "internal/store/past_derive.go"
		states  = "TestUndoAndRedoAreTheStatesBefore"
		moments = "TestAtEveryOperationThePlanIsWhatItWas"
	)
	return []seededBug{
		{"an undo takes back what was changed again since", []change{{task, `case !plan.SameValue(f, now, v[1]), long && t.Redacted:`, `case long && t.Redacted:`}}, "TestScript/undo", "sqlite", cli},
		{"an undo hands a claim back", []change{{task, `		case plan.InProgress: // nobody's
			after.AssignedAgent, after.Session = "", ""
`, `		case plan.InProgress: // nobody's
`}}, "TestScript/undo", "sqlite", cli},
		{"an undo of a creation takes what was changed since with it", []change{{"internal/tracker/undo_trash.go", `			if !follows(k, since, f) {`, `			if f == "" {`}},
			"TestUndoOfAnImportThatWasChangedSince", "sqlite", tracker},
		{"an undo takes back the undo before it", []change{{"internal/tracker/undo_pick.go", `if o.Undoes == "" && p.undoings.By(o.ID) == "" {`, `if p.undoings.By(o.ID) == "" {`}}, states, "sqlite", tracker},
		{"dependants stay as they were after an undo", []change{{task, `		if err := openToDependants(u.tx, *c.After, n); err != nil {`, `		if err := error(nil); n > 1 {`}}, "TestUndoOfCompleteAndThoseThatDepend", "sqlite", tracker},
		{"a dry run of an undo undoes", []change{{"internal/tracker/undo.go", `	if dryRun {
		return try(`, `	if dryRun && skip {
		return try(`}}, "TestScript/undo", "sqlite", cli},
		{"an import with histories is no operation", []change{{"internal/tracker/import.go", `if !in.DryRun && l.brought > 0 {`, `if !in.DryRun && l.brought < 0 {`}}, "TestUndoOfAnImport", "postgres", tracker},
		{"the past lacks what was deleted since", []change{{rewind, `if err == nil && r.moment.Precedes(entry.DeletedAt, entry.Operation) {`, `if err == nil && r.moment.Precedes(entry.DeletedAt, entry.Operation) && entry.Tasks < 0 {`}}, moments, "sqlite", tracker},
		{"the past has the notes of now", []change{{rewind, `		*notes, *last = plan.NotesBefore(`, `		_, *last = plan.NotesBefore(`}}, moments, "sqlite", tracker},
		{"the past has the counts of now", []change{{derive, `	return firstFailure(err, p.tally(+1))`, `	return err`}}, moments, "sqlite", tracker},
		{"the past waits for what is waited for now", []change{{derive, `		_, err = p.tx.Exec(db.Named("past.open", open))
`, `		_ = open
`}}, moments, "postgres", tracker},
		{"the past ends the histories where they end now", []change{{"internal/past/past.go", `t.was.UpdatedAt, t.was.HistoryHash = h.At, h.Hash`, `t.was.UpdatedAt = h.At`}}, moments, "sqlite", tracker},
		{"the past has the former texts of now", []change{{"internal/past/put.go", `	r.past.HideTexts(now)
	for _, h := range r.kept(now) {`, `	for _, h := range r.kept(now) {`}}, moments, "sqlite", tracker},
		{"a diff takes what was moved for what stayed", []change{{"internal/tracker/diff.go", `		was := keyBefore(is, records)
`, `		was := is
`}}, "TestScript/asof", "sqlite", cli},
		{"a report takes what was done before for done", []change{{"internal/tracker/report.go", `case task.Status == plan.Completed && was != plan.Completed:`, `case task.Status == plan.Completed && was == plan.Completed:`}},
			"TestScript/asof", "sqlite", cli},
	}
}
