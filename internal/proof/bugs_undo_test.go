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
		{"an undo reverts a field that was changed again since", []change{{task, `case !plan.SameValue(f, now, v[1]), long && t.Redacted:`, `case long && t.Redacted:`}}, "TestScript/undo", "sqlite", cli},
		{"an undo restores a claim", []change{{task, `		case plan.InProgress: // nobody's
			after.AssignedAgent, after.Session = "", ""
`, `		case plan.InProgress: // nobody's
`}}, "TestScript/undo", "sqlite", cli},
		{"undoing a creation also removes what was changed since", []change{{"internal/tracker/undo_trash.go", `			if !follows(k, since, f) {`, `			if f == "" {`}},
			"TestUndoOfAnImportThatWasChangedSince", "sqlite", tracker},
		{"an undo reverts the previous undo", []change{{"internal/tracker/undo_pick.go", `if o.Undoes == "" && p.undoings.By(o.ID) == "" {`, `if p.undoings.By(o.ID) == "" {`}}, states, "sqlite", tracker},
		{"an undo does not update dependants", []change{{task, `		if err := openToDependants(u.tx, *c.After, n); err != nil {`, `		if err := error(nil); n > 1 {`}}, "TestUndoOfCompleteAndThoseThatDepend", "sqlite", tracker},
		{"a dry run of an undo changes the plan", []change{{"internal/tracker/undo.go", `	if dryRun {
		return try(`, `	if dryRun && skip {
		return try(`}}, "TestScript/undo", "sqlite", cli},
		{"an import with histories is not recorded as an operation", []change{{"internal/tracker/import.go", `if !in.DryRun && (l.brought > 0 || l.broughtProject) {`, `if !in.DryRun && l.brought < 0 {`}}, "TestUndoOfAnImport", "postgres", tracker},
		{"past moments lack items deleted since", []change{{rewind, `		if err == nil {
			err = trash.Each(`, `		if err == nil && entry.Tasks < 0 {
			err = trash.Each(`}}, moments, "sqlite", tracker},
		{"past moments show the current notes", []change{{rewind, `		*notes, *last = plan.NotesBefore(`, `		_, *last = plan.NotesBefore(`}}, moments, "sqlite", tracker},
		{"past moments show the current counts", []change{{derive, `	return firstFailure(err, p.tally(+1))`, `	return err`}}, moments, "sqlite", tracker},
		{"past moments use the current open dependencies", []change{{derive, `		_, err = p.tx.Exec(db.Named("past.open", open))
`, `		_ = open
`}}, moments, "postgres", tracker},
		{"past moments end histories where they end now", []change{{"internal/past/past.go", `t.was.UpdatedAt, t.was.HistoryHash = h.At, h.Hash`, `t.was.UpdatedAt = h.At`}}, moments, "sqlite", tracker},
		{"past moments contain texts that were replaced later", []change{{"internal/past/put.go", `	r.past.HideTexts(now)
	for _, h := range r.kept(now) {`, `	for _, h := range r.kept(now) {`}}, moments, "sqlite", tracker},
		{"a diff does not notice moves", []change{{"internal/tracker/diff.go", `		was := keyBefore(is, records)
`, `		was := is
`}}, "TestScript/asof", "sqlite", cli},
		{"a report counts tasks that were completed earlier", []change{{"internal/tracker/report.go", `case task.Status == plan.Completed && was != plan.Completed:`, `case task.Status == plan.Completed && was == plan.Completed:`}},
			"TestScript/asof", "sqlite", cli},
		{"an operation that declared a field and made tasks with it is not undone", []change{{"internal/tracker/undo_run.go", `u.trash, u.project}`, `u.project, u.trash}`}}, "TestRedoOfAFieldDeletedAfterItsTasks", "sqlite", tracker},
		{"a restored task forgets who has not seen an answer", []change{{"internal/tracker/load.go", `n.Untold && n.Kind == plan.Question`, `n.Untold && n.Kind != plan.Question`}}, "TestAnswersAreStillToldLater", "sqlite", tracker},
		{"words are searched in the present texts at a past moment", []change{{"internal/store/search_terms.go", `	if tx.past != nil {
		return q,`, `	if tx.past != nil && words == nil {
		return q,`}}, "TestScript/asof", "sqlite", cli},
	}
}
