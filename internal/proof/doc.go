// Package proof holds no code but tests: they prove, with real processes and
// real databases, that many can work on one plan at once. Each test is a
// function of an engine, TestX/sqlite and TestX/postgres.
//
// What is proven, with the full loads:
//
//   - TestSwarm: 64 lanes of 20 processes that write once, alone and beside a
//     process that reads all the while. None fails, none is lost, p99 is at
//     most 3 s, the worst at most ten times the median; the WAL stays under
//     16 MiB.
//   - TestClaimRace: 32 processes claim one task, 200 rounds under names of
//     their own, 200 under one name, and 200 in sessions of one name. One wins
//     each round.
//   - TestDrain: 64 workers drain 2,000 tasks with next --claim and complete.
//     Each is completed once, by the one who claimed it.
//   - TestLinearizable: 100,000 calls by 64 clients, goroutines and processes,
//     some of them killed. Porcupine finds an order of them that one task at
//     a time explains.
//   - TestFence: 1,000 holders wake after another has taken their task, and
//     500 at the very moment. None overwrites anything. 300 wake before that,
//     and keep their tasks by any change they make.
//   - TestLostUpdate: 12,000 pairs of edits at once, of different fields;
//     2,000 pairs of the same field under --if-version.
//   - TestIdempotency: 2,000 calls, each three times, in parallel and after
//     the first caller was killed.
//   - TestKill: 500 kills over 16 writers. What was acknowledged is stored,
//     what is stored was attempted, and the others go on.
//   - TestSyscall: strace makes one system call on the database's files fail at
//     a time, or all from one on: 2,400 failures of six commands. None panics,
//     each answer is true about what is stored, and the next command works.
//   - TestInit: pm init is killed at each of its system calls, and its disk full
//     or failing from each on. The next one makes the database.
//   - TestPowerCut: the power of a file system is cut 70 times under writers,
//     exports, backups and new plans. What was acknowledged is there, nothing in
//     half. Root mounts it from a file; what a disk's own cache loses is not
//     part of it.
//   - TestDiskFull: the disk is full, that of a server too, or the size of files
//     limited, with random room left for 1,000 commands. What does not fit says so and leaves nothing,
//     reads go on, and all works when there is room again.
//   - TestCorrupt: 3,000 copies of a plan with a bit or a letter changed, pages
//     swapped or zeroed, an end cut off, the WAL of another plan beside it.
//     Doctor reports each whose content is not the same, and nothing crashes.
//   - TestExportAltered: 300 exports that were cut, altered or lack a line are
//     refused, and leave nothing.
//   - TestLinks: 32 processes write by a database's name and by a link to it at
//     once. All is there, in one file; under two hard links nobody writes.
//   - TestCommit: the connection to a server breaks at a commit, before it is
//     sent and after, and callers give up meanwhile. The answer is true.
//   - TestFailover: a server with a synchronous standby is killed 5 times under
//     32 writers and processes, and the standby promoted. Nothing acknowledged
//     is lost or doubled, no task has two holders, and who cannot know says so.
//   - TestFanOut: an epic of 100,000 tasks is set to draft, activated, deleted
//     and restored beside 64 writers. None fails, and what they wrote is there.
//   - TestFanOutKill: 60 kills in the middle of that. All of one is done, or
//     nothing.
//   - TestFollow: a continuous backup beside writers. Each moment holds what was
//     acknowledged before it, after a prune, too.
//   - TestFollowKilled: 200 kills of continuous backups, servers, followed exports,
//     writers and prunes. What has a name is whole.
//   - TestFollowExport, TestFollowEnds: a followed export is the plan, byte for
//     byte; what was done last before an end is in the last backup.
//   - TestFollowCost: the bytes of one changed task, a restore of 100,000 tasks,
//     what 64 writers lose.
//   - TestBackupDamage: 3,000 flips, cuts and missing files in backups and followed
//     exports. Verify names each file, and nothing altered is restored.
//   - TestStalledReader: long answers that nobody reads on keep no transaction
//     open, and take little memory.
//   - TestScreens: two browsers, a board on a terminal, an agent on MCP and 16
//     command lines at a time work one plan of 10,000 tasks. Every screen ends
//     equal to pm list.
//   - TestServerKilledWhileDragging: the server of a board is killed 100 times while
//     cards are dragged. What was shown as saved is saved, and every card ends
//     where pm list has it.
//   - TestTabs: 12 tabs of one browser are live.
//   - TestImportMemory: a million tasks, each with up to two dependencies, forwards too,
//     are imported in 256 MB of memory, with history and without.
//   - TestCreateRace, TestInitRace: 16 processes create, 16 processes init.
//   - TestQueue…: what holds a writer up, for how long, and what it then says.
//   - TestPool…: 64 clients over the 8 connections of one process.
//   - TestSeededBugs: the proof of the proof. Each bug in a list is put into
//     the product, and a named test has to fail.
//
// Plain go test runs quick versions, which judge no time and make the same
// choices each time. PM_TEST_LOAD=full runs the full loads with a pm from go
// build, and new choices each time. Every test prints its seed, which
// PM_TEST_SEED repeats: it fixes the choices, not the scheduling. Each
// load logs one line, proof {…}, with its figures in JSON.
//
//	PM_TEST_LOAD=full go test -v -count=1 -timeout 60m ./internal/proof
package proof
