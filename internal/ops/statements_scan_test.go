package ops_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pm/internal/db"
)

// mayScan are the statements that may read the whole of a table which grows,
// each with its reason.
var mayScan = []struct{ name, ends, reason string }{
	{"stats.rows", "", "pm stats counts all rows, and is asked for"},
	{"feature.drift", "", "pm stats compares all tasks with the progress kept, and is asked for"},
	{"epic.drift", "", "pm stats compares all tasks with the progress kept, and is asked for"},
	{"epic.list", " from epics order by id", "pm status and pm export show all epics"},
	{"task.of_keys", "", "it names many of the few tasks here, so that all are read"},
	{"task.list_part", "", "it names half of the tasks here, so that all are read"},
	{"search.note_bodies", "", "it names many of the notes here, so that all are read"},
	{"task.list_ids", " from tasks t order by id", "pm list --limit 0 lists all tasks"},
	{"history.export_gone_tasks", "", "pm export reads all history, for that of what is in the trash"},
	{"content.export_gone", "", "pm export reads all former texts, for those of what is in the trash"},
	{"operation.export", "", "pm export writes all operations"},
	{"redact.answers", "", "pm redact looks through the answers of 24 hours, and is asked for"},
	{"epic.titles", "", "pm apply finds epics by their titles where it has no key or id of theirs"},
	{"title.of_epics", "", "it names most of the few epics here, so that all are read"},
	{"title.of_features", "", "it names most of the few features here, so that all are read"},
	{"task.groups", ") t group by 1", "pm list --group counts all tasks"},
	{"task.groups", " group by folded", "pm list --group label counts every label, and is asked for"},
	{"label.list", "", "pm label list counts every label, and is asked for"},
	{"definition.all", "", "a project has some settings, fields, stages and views, and no more than maxDefinitions"},
	{"field.has", "", "every value here is of one field"},
	{"field.delete_all", "", "every value here is of one field"},
	{"field.has_epics", "", "pm field update and delete look at what has the field, and are asked for"},
	{"field.has_features", "", "pm field update and delete look at what has the field, and are asked for"},
	{"due.epics", "", "pm report looks at the dates of all epics and features, and is asked for"},
	{"due.features", "", "pm report looks at the dates of all epics and features, and is asked for"},
	{"defer.dates", "", "another time zone changes what days mean, all over the plan"},
	{"defer.epics", "", "another time zone changes what days mean, all over the plan"},
	{"operation.emptied", "", "what happened since an earlier moment is looked through once for an answer as of it, as its records are"},
	{"operation.undoing", "", "what takes something back is few, and has an index of its own"},
	{"stage.counts", "", "pm stage list counts the open tasks of each stage, and is asked for"},
	{"note.count_answers", "", "an import counts the answers that nobody was told of, through an index of these only"},
	{"trash.list", "", "the trash holds what was deleted and not emptied"},
}

func excused(p db.Plan) bool {
	for _, may := range mayScan {
		if may.name == p.Name && strings.HasSuffix(p.SQL, may.ends) {
			return true
		}
	}
	return false
}

// unseen are the statements that no operation runs here, each with its reason.
var unseen = map[string]string{
	"task.readied_under":    "only where a whole feature or epic waits no more; by primary key",
	"operation.of_prefix":   "only where an id is cut short; through idx_operations_id",
	"operation.first_after": "only as of an operation; through idx_operations_seq",
	"history.last_at":       "only where an import is undone; by the items' indexes",
	"move.former_keys":      "only where a move is undone; by its index",
	"stage.used":            "only where a list is by a stage that is gone, or that there never was; by idx_tasks_stage_type",
	"operation.probe":       "only after a commit whose outcome is unknown",
	"operation.unprobe":     "only after a commit whose outcome is unknown",
	"task.values":           "only where hundreds of tasks match; through the index that it names",
	"search.sample":         "PostgreSQL only, where it may choose another way",
	"key.find":              "only where a call is repeated; by its unique index",
	"tx.now":                "PostgreSQL only: the host's clock is SQLite's",
	"task.lock_dependants":  "PostgreSQL only: a write has an SQLite file for itself",
	"task.lock":             "PostgreSQL only: a write has an SQLite file for itself",
	"task.lock_under":       "PostgreSQL only: a write has an SQLite file for itself",
	"feature.lock_under":    "PostgreSQL only: a write has an SQLite file for itself",
	"epic.lock_under":       "PostgreSQL only: a write has an SQLite file for itself",
	"zone.keep":             "PostgreSQL only: a write has an SQLite file for itself",
	"zone.lock":             "PostgreSQL only: a write has an SQLite file for itself",
	"feed.tasks_late":       "only where rows are missing; by primary key",
	"feed.plan_late":        "only where rows are missing; by primary key",
	"operation.unknown":     "only after an import of lines without their operations",
	"counts.lock":           "PostgreSQL only: a write has an SQLite file for itself",
	"task.step_end":         "only in an operation on more than 10,000 tasks; by primary key",
	"task.begin":            "only where thousands of tasks match, far behind; its plans are looked at in package store",
	"search.clear":          "pm doctor --fix empties the text index",
	"search.texts":          "pm doctor --fix reads all texts, by primary key",
	"search.walk_notes":     "only where thousands of notes match; its plan is looked at in package store",
	"search.texts_between":  "only beside search.walk_notes; through the text index",
	"explain":               "the plan of another statement",
	"definition.lock":       "PostgreSQL only: a write has an SQLite file for itself",
	"defer.mean":            "only where days are deferred until, beside defer.dates",
	"task.first_deferred":   "only where nothing is ready and something is deferred; through idx_tasks_not_before",
	"label.of_keys":         "only where the items between those of a page have many labels; by its unique index",
	"level.of_keys":         "only where the items between those of a page wait for many features and epics; by its unique index",
	"dependency.reach":      "only where nothing waits for a whole feature or epic; by its unique index",
	"stats.engine":          "pm doctor names the engine; of no table",
	"trash.before":          "only where something has been in the trash for 30 days; through idx_trash_deleted_at",
	"task.counts":           "no operation counts anew what is kept: for pm bench and tests",
}

// names are what the names stand for that the source does not spell out.
var names = map[string][]string{
	"query.go name":                                 {}, // db.Named itself
	"history_parts.go name":                         {"history.parts", "history.parts_under"},
	"feed.go name":                                  {"feed.tasks", "feed.plan"},
	`feed.go name + "_newest"`:                      {"feed.tasks_newest", "feed.plan_newest"},
	`feed.go name + "_marks"`:                       {"feed.tasks_marks", "feed.plan_marks"},
	`feed.go name + "_late"`:                        {"feed.tasks_late", "feed.plan_late"},
	`titles_of.go "title.of_" + table.name`:         {"title.of_epics", "title.of_features", "title.of_tasks"},
	`list.go table + ".count"`:                      {"epics.count", "features.count"},
	"search.go name":                                {"search.title", "search.text"},
	"search_status.go name":                         {"search.count", "search.counted"},
	"lock.go name":                                  {"task.lock", "task.lock_dependants", "task.lock_under"},
	"task.go name":                                  {"task.touch", "task.save_fields", "task.save_schedule", "task.save_status", "task.save_stage"},
	`lock.go table + ".lock_under"`:                 {"feature.lock_under", "epic.lock_under"},
	`record.go string(l) + ".returned"`:             {"epic.returned", "feature.returned", "task.returned"},
	`flaw_links.go "doctor.links_" + string(level)`: {"doctor.links_epic", "doctor.links_feature", "doctor.links_task"},
	`beside.go b.name + ".of_one"`:                  {"label.of_one", "ref.of_one"},
	`beside.go b.name + ".of_page"`:                 {"label.of_page", "ref.of_page"},
	`beside.go b.name + ".of_keys"`:                 {"label.of_keys", "ref.of_keys"},
	`flaw_seals.go "doctor." + b.table`:             {"doctor.labels", "doctor.refs"},
	"move.go c.name": {"move.notes", "move.dependencies", "move.dependants", "move.level_dependencies", "move.level_dependants", "move.task_history", "move.feature_history",
		"move.contents", "move.refs", "move.links", "move.links_onto"},
	`move.go c.name + "_of_tasks"`: {"move.notes_of_tasks", "move.dependencies_of_tasks", "move.dependants_of_tasks", "move.level_dependencies_of_tasks", "move.task_history_of_tasks",
		"move.contents_of_tasks", "move.refs_of_tasks", "move.links_of_tasks", "move.links_onto_of_tasks"},
	`link.go string(level) + ".count_links"`: {"epic.count_links", "feature.count_links", "task.count_links"},
}

// TestNoStatementScansATableThatGrows runs every operation, and looks at the
// plan of each statement that it ran: before the engine has statistics, which
// is how most databases live, and after.
func TestNoStatementScansATableThatGrows(t *testing.T) {
	s := newStage(t)
	s.runAll(t)
	s.noScans(t, "before analyze")
	everyNameSeen(t, s)
	s.analyze(t)
	s.noScans(t, "after analyze")
}

func (s *stage) noScans(t *testing.T, when string) {
	t.Helper()
	explained, err := s.track.Explain(s.ctx, slices.Clone(s.seen))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range explained.Statements {
		if p.Scans && !excused(p) {
			t.Errorf("%s, %s: %s\n\t%s\n\t%s", when, p.Name, p.Verdict, p.SQL, strings.Join(p.Lines, "\n\t"))
		}
	}
}

// everyNameSeen compares the statements that ran with those in the source.
func everyNameSeen(t *testing.T, s *stage) {
	t.Helper()
	ran := map[string]bool{}
	for _, one := range s.seen {
		ran[one.Name] = true
	}
	named := namesInSource(t)
	for name := range unseen {
		if !slices.Contains(named, name) {
			t.Errorf("there is no statement %s, which is said not to run", name)
		}
	}
	for _, name := range named {
		if !ran[name] && unseen[name] == "" && !strings.HasPrefix(name, "doctor.") && !strings.HasPrefix(name, "past.") { // pm doctor reads everything, and is asked for; the past is read through temporary tables
			t.Errorf("no operation ran the statement %s: call one that does, or say why not", name)
		}
	}
}

// namesInSource returns the names of the statements in packages store and db:
// the first argument of every db.Named(…) and db.Varying(…), the first field of every Stmt{…}.
func namesInSource(t *testing.T) (out []string) {
	t.Helper()
	files, _ := filepath.Glob("../store/*.go")
	ofDB, _ := filepath.Glob("../db/*.go")
	if len(files) == 0 || len(ofDB) == 0 {
		t.Fatal("no source of packages store and db")
	}
	for _, file := range append(files, ofDB...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f := types.ExprString(n.Fun); f == "db.Named" || f == "db.Varying" {
					out = append(out, nameOf(t, file, n.Args[0])...)
				}
			case *ast.CompositeLit:
				if len(n.Elts) > 0 && n.Type != nil && strings.TrimPrefix(types.ExprString(n.Type), "db.") == "Stmt" {
					out = append(out, nameOf(t, file, n.Elts[0])...)
				}
			}
			return true
		})
	}
	return out
}

// nameOf returns the names that an expression stands for.
func nameOf(t *testing.T, file string, e ast.Expr) []string {
	t.Helper()
	if pair, is := e.(*ast.KeyValueExpr); is {
		e = pair.Value
	}
	if lit, is := e.(*ast.BasicLit); is {
		name, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		return []string{name}
	}
	text := filepath.Base(file) + " " + types.ExprString(e)
	if strings.HasSuffix(text, ".Name") {
		return nil // of a statement that is named elsewhere
	}
	known, is := names[text]
	if !is {
		t.Errorf("a statement is named by %s: add to names what that stands for", text)
	}
	return known
}
