package proof

// seededBugs lists the ways in which the product is broken on purpose, each
// with the test that has to notice.
func seededBugs() []seededBug {
	const (
		claim = "internal/tracker/claim.go"
		verbs = "internal/tracker/verbs.go"
		write = "internal/tracker/write.go"
		item  = "internal/plan/item.go"
		task  = "internal/store/task.go"
		ready = "internal/store/ready.go"
		lite  = "internal/db/sqlite.go"
		begin = "internal/sqlite/transaction.go"
		post  = "internal/db/postgres.go"
		tx    = "internal/db/tx.go"
		queue = "internal/db/queue.go"
		wal   = "internal/db/wal.go"
	)
	noLock := change{task, `return tx.task(k, tx.engine.ForUpdate) }`, `return tx.task(k, "") }`}
	noGuard := []change{{task, `version = version + 1 where id = $1 and version = $2`, `version = $2 + 1 where id = $1`}}
	return append(faultBugs(), []seededBug{
		{"no writer queue", []change{
			{lite, `db.queue = newQueue(path+"-lock", o.wait(), o.Waiting)`, ``},
			{lite, `busyTimeout = 5 * time.Second`, `busyTimeout = 0 * time.Second`},
		}, "TestSwarm", "sqlite", ""},
		{"writers wait without a deadline", []change{{"internal/db/announce.go", `return s.began.Add(s.wait)`, `return s.began.Add(s.wait + time.Hour)`}},
			"TestQueueDeadline", "sqlite", ""},
		{"a queue turn that came too late is kept", []change{{queue, `		if <-locked == nil {
			q.leave()`, `		if <-locked == nil {`}}, "TestQueueDeadline", "sqlite", ""},
		{"transactions begin deferred", []change{{begin, `c.Exec(ctx, "begin immediate")`, `c.Exec(ctx, "begin")`}}, "TestQueueForeign", "sqlite", ""},
		{"the WAL is not checkpointed", []change{{wal, `walTarget = 256`, `walTarget = 1 << 30`}}, "TestQueueWAL", "sqlite", ""},
		{"a failed commit is swallowed", []change{{tx, `	err := tx.db.commit(tx.session)`, `	err := tx.db.commit(tx.session)
	err = nil`}}, "TestAcknowledged", "sqlite", ""},
		{"a failed commit is swallowed", []change{{tx, `	err := tx.db.commit(tx.session)`, `	err := tx.db.commit(tx.session)
	err = nil`}}, "TestAcknowledged", "postgres", ""},
		{"statements still run after SQLite has rolled back the transaction", []change{{"internal/db/session.go", `return s.begun && !s.c.InTransaction()`, `return false`}},
			"TestNothingIsStoredBehindATransactionThatWasTakenBack", "sqlite", "internal/db"},
		{"no retry after a deadlock", []change{{post, `return fault{kind: plan.Unavailable, code: "busy", again: true}`, `return fault{kind: plan.Unavailable, code: "busy"}`}},
			"TestPoolDeadlock", "postgres", ""},
		{"a large change does not wait for its turn", []change{{"internal/db/turn.go", `	return errTurn
`, `	return nil
`}}, "TestTwoTurns", "postgres", "internal/db"},
		{"migrations do not wait for each other", []change{{"internal/db/namespace.go", `select pg_advisory_xact_lock(hashtext(`, `select (hashtext(`}},
			"TestInitRace", "postgres", ""},

		{"the fence is not checked", []change{{claim, `if fence > 0 && (fence != task.LastFence || task.Status == plan.Todo) {`, `if fence < 0 {`}}, "TestFence", "sqlite", ""},
		{"the fence is not checked", []change{{claim, `if fence > 0 && (fence != task.LastFence || task.Status == plan.Todo) {`, `if fence < 0 {`}}, "TestLinearizable", "postgres", ""},
		{"the fence does not rise", []change{{claim, `task.LastFence++`, ``}}, "TestLinearizable", "sqlite", ""},
		{"the holder is not checked on release", []change{{claim, `if !task.Held() || task.HeldBy(actor) {`, `if !task.Held() || task.HeldBy(actor) || verb == plan.Release {`}},
			"TestLinearizable", "sqlite", ""},
		{"one name can claim a task twice", []change{{claim, `		e := heldError(task, tx.Actor())
`, `		if task.HeldBy(tx.Actor()) {
			return nil
		}
		e := heldError(task, tx.Actor())
`}}, "TestClaimRace", "sqlite", ""},
		{"sessions of one name are not told apart", []change{{item, `t.AssignedAgent == a.Name && t.Session == a.Session`, `t.AssignedAgent == a.Name`}}, "TestClaimRace", "sqlite", ""},
		{"lease expiry is inverted", []change{{item, `!t.LeaseUntil.After(now)`, `t.LeaseUntil.After(now)`}}, "TestLinearizable", "sqlite", ""},
		{"next offers tasks that are held", []change{
			{ready, `return expiredTerms + " and lease_until <= "`, `return expiredTerms + " and lease_until >= "`},
		}, "TestDrain", "sqlite", ""},
		{"a change by the holder does not renew the lease", []change{{claim, `if end := leaseEnd(task, now); end.After(*task.LeaseUntil) {`, `if end := leaseEnd(task, now); end.Before(*task.LeaseUntil) {`}},
			"TestFence", "sqlite", ""},
		{"next takes no lock", []change{{ready, `		lock += skip`, `		lock = ""`}}, "TestDrain", "postgres", ""},
		{"claims take no lock", []change{noLock}, "TestClaimRace", "postgres", ""},
		{"neither lock nor version guard", append([]change{noLock}, noGuard...), "TestLostUpdate", "postgres", ""},
		{"no version guard", noGuard, "TestLostUpdate", "sqlite", ""},
		{"if-version is not checked", []change{{"internal/tracker/tracker.go", `if want == nil || *want == has {`, `if want == nil || *want <= has {`}}, "TestLostUpdate", "postgres", ""},

		{"no history row", []change{{task, `	derive(t)
	return tx.insertTaskHistory(t.ID, h)`, `	derive(t)
	return nil`}}, "TestKill", "sqlite", ""},
		{"progress is not updated", []change{{verbs, `	moved.add(before, *task)
`, ``}}, "TestDrain", "sqlite", ""},
		{"counts by status are not updated", []change{{task, `	tx.tallyTask(before, -1)
	tx.tallyTask(*t, +1)
`, ``}}, "TestDrain", "sqlite", ""},
		{"counts of the plan are not updated", []change{{"internal/store/counts.go", `	return tx.addCounts(slot, whole)`, `	return nil`}}, "TestDrain", "postgres", ""},
		{"dependants keep waiting", []change{{verbs, `return tx.AddOpenToDependants(task.Key, n)`, `return nil`}}, "TestDrain", "sqlite", ""},
		{"new numbers are derived from existing items", []change{{"internal/store/feature.go", `set last_child = last_child + $2 where id = $1 returning`,
			`set last_child = (select count(*) from tasks where feature_id = $1) + $2 where id = $1 returning`}}, "TestCreateRace", "sqlite", ""},
		{"idempotency keys are not looked up", []change{{write, `if !taken {`, `if !taken && key == "" {`}}, "TestIdempotency", "sqlite", ""},
		{"an idempotency key accepts a different call", []change{{write, `if kept.Operation != operation || kept.Request != request {`, `if kept.Operation == "" {`}}, "TestIdempotency", "postgres", ""},
		{"the answer of a call is not stored under its key", []change{{write, `Answer: string(text)})`, `Answer: string(text[:0]) + "{}"})`}}, "TestIdempotency", "sqlite", ""},
	}...)
}
