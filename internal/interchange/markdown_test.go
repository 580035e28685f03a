package interchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pm/internal/plan"
)

// now is the moment at which the tests read.
var now = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// tree makes a file system of paths and texts.
func tree(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return m
}

func readTree(t *testing.T, root string, files map[string]string) *Documents {
	t.Helper()
	docs, err := ReadMarkdown(context.Background(), tree(files), MarkdownOptions{Root: root, Zone: time.UTC, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// brief renders what matters of the documents' keys and titles.
func brief(d *Documents) (lines []string) {
	for _, e := range d.Epics {
		lines = append(lines, fmt.Sprintf("%s %s", e.Key, e.Title))
	}
	for _, f := range d.Features {
		lines = append(lines, fmt.Sprintf("%s %s", f.Key, f.Title))
	}
	for _, t := range d.Tasks {
		lines = append(lines, fmt.Sprintf("%s %s", t.Key, t.Title))
	}
	return lines
}

func hasFinding(d *Documents, path string, line int, s Severity, words string) bool {
	return slices.ContainsFunc(d.Report, func(f Finding) bool {
		return f.Path == path && f.Line == line && f.Severity == s && strings.Contains(f.Message, words)
	})
}

func wantFinding(t *testing.T, d *Documents, path string, line int, s Severity, words string) {
	t.Helper()
	if !hasFinding(d, path, line, s, words) {
		t.Errorf("no finding %s:%d %s %q in:\n%s", path, line, s, words, reportText(d))
	}
}

func reportText(d *Documents) string {
	var b strings.Builder
	for _, f := range d.Report {
		fmt.Fprintf(&b, "%s:%d: %s: %s\n", f.Path, f.Line, f.Severity, f.Message)
	}
	return b.String()
}

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// shop is a small plan in the usual layout.
var shop = map[string]string{
	"E02-shop/epic.md":                             "# Epic: The shop\n\n**Business Value**: High\n**Status**: Draft\n",
	"E02-shop/E02-F01-cart/prd.md":                 "# Feature PRD: E02-F01 The cart\n\nIt holds goods.\n",
	"E02-shop/E02-F01-cart/architecture.md":        "# Boxes\n",
	"E02-shop/E02-F01-cart/tasks/README.md":        "# Tasks\n",
	"E02-shop/E02-F01-cart/tasks/T-E02-F01-001.md": "# Task: Add goods\n",
	"E02-shop/E02-F02-pay/tasks/T-E02-F02-001.md":  "# Task: Take money\n",
}

func TestReadMarkdownFindsThePlanWhereverItIs(t *testing.T) {
	all := []string{"E02 The shop", "E02-F01 The cart", "E02-F02 Pay", "T-E02-F01-001 Add goods", "T-E02-F02-001 Take money"}
	for _, c := range []struct {
		name, cut, put, root string
		want                 []string
	}{
		{"the plan's root", "", "", "/p/plan", all},
		{"a folder around it", "", "a/b/plan/", "/p", all},
		{"one epic", "E02-shop/", "", "/p/plan/E02-shop", all},
		{"one feature", "E02-shop/E02-F01-cart/", "", "/p/plan/E02-shop/E02-F01-cart",
			[]string{"E02 E02", "E02-F01 The cart", "T-E02-F01-001 Add goods"}},
		{"one tasks folder", "E02-shop/E02-F01-cart/tasks/", "", `/p/E02-shop/E02-F01-cart/tasks`,
			[]string{"E02 E02", "E02-F01 E02-F01", "T-E02-F01-001 Add goods"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range shop {
				if rest, ok := strings.CutPrefix(name, c.cut); ok {
					files[c.put+rest] = text
				}
			}
			wantLines(t, "documents", brief(readTree(t, c.root, files)), c.want...)
		})
	}
}

func TestReadMarkdownAccountsForEveryFile(t *testing.T) {
	files := map[string]string{
		"LICENSE":                  "MIT",
		".git/config":              "hidden",
		"node_modules/x/readme.md": "not ours",
		"E02-shop/photo.png":       "\x89PNG",
		"E02-shop/E02-F01-cart/code/T-E02-F01-001.md": "# A review\n",
	}
	for name, text := range shop {
		files[name] = text
	}
	d := readTree(t, "/p", files)
	if d.Files != 9 {
		t.Errorf("looked at %d files, want 9", d.Files)
	}
	wantFinding(t, d, ".", 0, Skipped, "1 file outside any epic's directory")
	wantFinding(t, d, "E02-shop", 0, Skipped, "not markdown: 1 file")
	wantFinding(t, d, "E02-shop/E02-F01-cart/code", 0, Skipped, "1 file in a directory without tasks")
	wantFinding(t, d, "E02-shop/E02-F01-cart/architecture.md", 0, Skipped, "other document of E02-F01")
	wantFinding(t, d, "E02-shop/E02-F01-cart/tasks/README.md", 0, Skipped, "its name is not a task's key")
	wantFinding(t, d, "E02-shop/E02-F02-pay", 0, Info, "no document")
	if len(d.Report) != 6 {
		t.Errorf("report:\n%s", reportText(d))
	}
}

func TestReadMarkdownReadsEpicsAndFeatures(t *testing.T) {
	d := readTree(t, "/p", map[string]string{
		"E03-a/README.md":                  "---\nepic_key: E03\ntitle: Alpha\ndescription: What it is.\npriority: high\n---\n\n# Something\n\nText.\n",
		"E03-a/E03-F01-list-view/notes.md": "# Notes\n",
		"E03-a/F02-short/feature.md":       "# Feature: Short name\n\n**Status**: DEFERRED - later\n**Priority**: Must Have\n**Created**: 2025-12-16\n",
		"E03-a/E03-F03-E03-F03/x.png":      "",
		"E03-a/E03-F04-one/prd.md":         "# One\n",
		"E03-a/E03-F04-two/feature.md":     "# Two\n",
		"E03-a/E03-F04-two/README.md":      "# Read me\n",
	})
	wantLines(t, "documents", brief(d), "E03 Alpha", "E03-F01 List view", "E03-F02 Short name", "E03-F03 E03-F03", "E03-F04 Two")
	e := d.Epics[0]
	if e.Status != plan.PlanActive || e.Priority != plan.High || e.BusinessValue != "" || e.Path != "E03-a/README.md" ||
		e.Description != "What it is.\n\n# Something\n\nText." {
		t.Errorf("epic: %+v", e)
	}
	f := d.Features[1]
	if f.Status != plan.PlanDraft || f.CreatedAt == nil || f.CreatedAt.Format("2006-01-02") != "2025-12-16" || !strings.Contains(f.Description, "Must Have") {
		t.Errorf("feature: %+v", f)
	}
	if d.Features[0].Path != "" {
		t.Errorf("a feature without a document has the path %q", d.Features[0].Path)
	}
	wantFinding(t, d, "E03-a/E03-F03-E03-F03", 0, Warning, "the title is E03-F03")
	wantFinding(t, d, "E03-a/E03-F04-one", 0, Warning, "E03-F04 is also the key of E03-a/E03-F04-two, which is used")
	wantFinding(t, d, "E03-a/E03-F04-one/prd.md", 0, Failed, "not imported: another feature with the key E03-F04")
	wantFinding(t, d, "E03-a/E03-F04-two/README.md", 0, Skipped, "other document of E03-F04")
}

func TestReadMarkdownIsTheSameEveryTime(t *testing.T) {
	a, b := readTree(t, "/p", shop), readTree(t, "/p", shop)
	if !reflect.DeepEqual(a, b) {
		t.Errorf("two readings differ:\n%+v\n%+v", a, b)
	}
}

func TestReadMarkdownReportsProgressToTheEnd(t *testing.T) {
	var calls []string
	_, err := ReadMarkdown(context.Background(), tree(shop), MarkdownOptions{Root: "/p", Progress: func(done, total int) {
		calls = append(calls, fmt.Sprintf("%d/%d", done, total))
	}})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "calls", calls, "1/5", "2/5", "3/5", "4/5", "5/5")
}

func TestReadMarkdownStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := ReadMarkdown(ctx, tree(shop), MarkdownOptions{Root: "/p", Progress: func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// noFS is a folder that cannot be opened.
type noFS struct{ err error }

func (f noFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
}

func TestReadMarkdownRefusesAFolderThatCannotBeRead(t *testing.T) {
	for err, kind := range map[error]plan.Kind{fs.ErrNotExist: plan.NotFound, fs.ErrPermission: plan.Permission} {
		_, got := ReadMarkdown(context.Background(), noFS{err}, MarkdownOptions{Root: "/p/none", Zone: time.UTC, Now: now})
		if got == nil || plan.KindOf(got) != kind || !strings.Contains(got.Error(), "/p/none") {
			t.Errorf("%v: %v", err, got)
		}
	}
	if d, err := ReadMarkdown(context.Background(), fstest.MapFS{}, MarkdownOptions{Root: "/p", Zone: time.UTC, Now: now}); err != nil || len(d.Tasks)+d.Files != 0 {
		t.Errorf("an empty folder: %+v, %v", d, err)
	}
}

func TestReadMarkdownFollowsNoLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	tasks := filepath.Join(dir, "E01-a", "E01-F01-b", "tasks")
	if err := errors.Join(os.MkdirAll(tasks, 0o755), os.WriteFile(filepath.Join(outside, "secret.md"), []byte("# Secret\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"T-E01-F01-001.md": filepath.Join(outside, "secret.md"), "todo": outside, "loop": dir} {
		if err := os.Symlink(to, filepath.Join(tasks, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	d, err := ReadMarkdown(context.Background(), os.DirFS(dir), MarkdownOptions{Root: dir, Zone: time.UTC, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Tasks) != 0 {
		t.Errorf("tasks: %v", brief(d))
	}
	for _, link := range []string{"T-E01-F01-001.md", "todo", "loop"} {
		wantFinding(t, d, "E01-a/E01-F01-b/tasks/"+link, 0, Skipped, "a symbolic link")
	}
}
