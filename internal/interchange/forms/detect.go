package forms

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/interchange/tabular"
	"pm/internal/plan"
)

var ownFolder = interchange.Pattern(`(?i)(^|/)(E\d+(-F\d+)?([-_ ][^/]*)?/|T-E\d+-F\d+-\d+[^/]*\.md$)`)

func markdownPath(full string) bool {
	return ownFolder().MatchString(full) && strings.HasSuffix(strings.ToLower(full), ".md")
}

func none(string) bool { return false }

// exported reports whether a file begins as an export does.
func exported(_ string, head []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimSpace(head), []byte("\n"))
	return bytes.Contains(line, []byte(`"type"`)) && (bytes.Contains(line, []byte(`"pm"`)) || bytes.Contains(line, []byte(`"epic"`)) ||
		bytes.Contains(line, []byte(`"task"`)) || bytes.Contains(line, []byte(`"project"`)) || bytes.Contains(line, []byte(`"feature"`))) && !bytes.Contains(line, []byte(`"issue_type"`))
}

// Find returns the form that the user names.
func Find(name string) (form.Form, error) {
	for _, f := range Table() {
		if f.Is(name) {
			return f, nil
		}
	}
	return form.Form{}, plan.Errorf(plan.Usage, "unknown format %q", name).WithCode("bad_form").WithHint("use one of %s; pm import --list describes them", Names())
}

// Names lists the names of the forms.
func Names() string {
	var names []string
	for _, f := range Table() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// A Found is what a source was recognized as.
type Found struct {
	Form  form.Form
	Files []form.File
	Also  []string    // names of other forms whose marks it bears
	Left  []form.File // tables beside those that are read
	Total int         // files that were looked at
}

// Detect finds out which form a source has, by the marks of its files, or takes
// the one that is named.
func Detect(ctx context.Context, s *form.Source, as string) (Found, error) {
	if s.IsFile() {
		return detectFile(s, as)
	}
	table := Table()
	if as != "" {
		f, err := Find(as)
		if err != nil {
			return Found{}, err
		}
		table = []form.Form{f}
	}
	files := make([][]form.File, len(table))
	var loose, data []form.File
	others, plans := 0, 0 // files that are neither tables nor words about them, and files that are none of such words
	total, err := s.Walk(ctx, func(f form.File) {
		for n, t := range table {
			if t.Marks(f.Full) {
				files[n] = append(files[n], f)
			}
		}
		if as != "" && table[0].Loose != nil && table[0].Loose(f.Full) {
			loose = append(loose, f)
		}
		if isData(f.Path) && len(data) < mostSniffed {
			data = append(data, f)
		}
		if !aside(f.Path) {
			if plans++; !tabular.IsTable(f.Path) {
				others++
			}
		}
	})
	if err != nil {
		return Found{}, err
	}
	if as != "" && len(files[0]) == 0 {
		files[0] = loose
	}
	found := choose(table, files)
	if found.Form.Name == "" || found.Form.Weak {
		if by := sniffed(s, table, data, others == 0 && total < mostSniffed); by.Form.Name != "" {
			found = by
		} else if plans == 1 && len(data) == 1 && exported("", s.Head(data[0].Path)) {
			found = Found{Form: Own(Lines), Files: data}
		}
	}
	if found.Total = total; as == "" && found.Form.Name != "" {
		found.Also = append(found.Also, beside(s, files, data, found)...)
	}
	if found.Form.Name == "" && as != "" {
		if found.Form = table[0]; table[0].Read != nil {
			return found, plan.Errorf(plan.Invalid, "no %s plan found in %s", table[0].Title, filepath.Base(s.Root)).WithCode("no_plan").WithHint("expected: %s", table[0].Mark)
		}
	}
	if found.Form.Name == "" {
		return found, unknown(s, total, data)
	}
	return found, nil
}

// unknown is the error that nothing was recognized: a table is imported only if it
// is named.
func unknown(s *form.Source, total int, data []form.File) error {
	files := fmt.Sprintf("%d files", total)
	if total == 1 {
		files = "1 file"
	}
	err := plan.Errorf(plan.Invalid, "no plan recognized in %s (%s)", filepath.Base(s.Root), files).WithCode("no_plan")
	for _, f := range data {
		if tabular.IsTable(f.Path) {
			return err.WithHint("to import a CSV file, name it: %s; to see what else pm reads: pm import --list", filepath.Join(s.Root, f.Path))
		}
	}
	return err.WithHint("pm reads %s; choose one with --as; to see how each is recognized: pm import --list", Names())
}

// choose returns the first form that there are files of, a weak one last.
func choose(table []form.Form, files [][]form.File) (found Found) {
	for _, weak := range []bool{false, true} {
		for n, f := range table {
			switch {
			case f.Weak != weak || len(files[n]) == 0:
			case found.Form.Name == "":
				found.Form, found.Files = f, files[n]
			case !weak:
				found.Also = append(found.Also, f.Name)
			}
		}
	}
	return found
}

// beside names the other forms of plans that lie in a folder, in no directory that the
// found one is read from: an export of another tool, a checklist at its top.
func beside(s *form.Source, files [][]form.File, data []form.File, found Found) (names []string) {
	apart := func(f form.File) bool {
		return !slices.ContainsFunc(found.Files, func(read form.File) bool { return read.Dir() == f.Dir() })
	}
	add := func(t form.Form, f form.File, head []byte) {
		if t.Sniff != nil && t.Read != nil && !t.Direct && t.Name != found.Form.Name && !slices.Contains(found.Also, t.Name) && !slices.Contains(names, t.Name) && t.Sniff(f.Path, head) {
			names = append(names, t.Name)
		}
	}
	for _, f := range data {
		if !apart(f) {
			continue
		}
		head := s.Head(f.Path)
		for _, t := range Table() {
			if !t.Weak {
				add(t, f, head)
			}
		}
	}
	for n, t := range Table() {
		for _, f := range files[n] {
			if t.Weak && !strings.Contains(f.Path, "/") && apart(f) {
				add(t, f, s.Head(f.Path))
			}
		}
	}
	return names
}

// Files of data are looked into where nothing else is found: so many of them,
// and not deeper than that.
const (
	mostSniffed = 200
	sniffDepth  = 3
)

func isData(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".jsonl", ".csv", ".tsv":
		return strings.Count(path, "/") < sniffDepth && !form.Under(path, "testdata", "fixtures", "test", "tests", "__tests__", "examples")
	}
	return false
}

// aside reports whether a file lies beside what people give others: words about
// it, and what their computers leave there.
func aside(path string) bool {
	base := strings.ToLower(filepath.Base(path))
	return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "readme") || strings.HasPrefix(base, "license") || base == "thumbs.db" || base == "desktop.ini"
}

// sniffed returns the form of the first file of data that is one. A table that
// bears the mark of no tool counts only in a folder of nothing but tables, and
// only with columns that work has: a source tree has tables of anything.
func sniffed(s *form.Source, table []form.Form, data []form.File, tables bool) (found Found) {
	for _, f := range data {
		head := s.Head(f.Path)
		t := slices.IndexFunc(table, func(t form.Form) bool {
			return t.Sniff != nil && t.Read != nil && !t.Weak && t.Sniff(f.Path, head) && (!t.Direct || tables && tabular.OfWork(head))
		})
		switch {
		case t >= 0 && (found.Form.Name == "" || found.Form.Name == table[t].Name):
			found.Form, found.Files = table[t], append(found.Files, f)
		case tabular.IsTable(f.Path):
			found.Left = append(found.Left, f)
		}
	}
	return found
}

// detectFile is Detect for a single file.
func detectFile(s *form.Source, as string) (Found, error) {
	f := s.Single()
	found := Found{Files: []form.File{f}, Total: 1}
	if as != "" {
		var err error
		found.Form, err = Find(as)
		return found, err
	}
	head := s.Head(f.Path)
	for _, t := range Table() {
		if t.Read != nil && !t.Weak && t.Marks(f.Full) || t.Sniff != nil && t.Sniff(f.Path, head) {
			found.Form = t
			return found, nil
		}
	}
	for _, t := range Table() {
		if t.Weak && t.Marks(f.Full) {
			found.Form = t
			return found, nil
		}
	}
	if len(s.Options.Map) > 0 || tabular.IsTable(f.Path) { // its reader says which columns there are
		found.Form = tabular.CSV
		return found, nil
	}
	return found, unknown(s, 1, nil)
}

// Read reads a source of a form that is not pm's own, and makes a plan of it.
// The caller closes the outline.
func Read(s *form.Source, found Found, title string, fit form.Fit) (*form.Outline, error) {
	o := &form.Outline{Form: found.Form.Name, Title: title, KeepUnknown: fit.KeepUnknown}
	if err := readInto(o, s, found, fit); err != nil {
		o.Close()
		return nil, err
	}
	return o, nil
}

func readInto(o *form.Outline, s *form.Source, found Found, fit form.Fit) error {
	s.Files = found.Files
	if err := found.Form.Read(s, o); err != nil {
		return err
	}
	if len(found.Also) > 0 {
		o.Find("", 0, interchange.Info, "it also looks like %s: use --as to import that instead", strings.Join(found.Also, ", "))
	}
	if found.Form.Table {
		for _, f := range found.Left {
			o.Find(f.Path, 1, interchange.Skipped, "not read: a table of another tool, or one with only a title and a status; to read it, import the file by its name")
		}
	}
	for _, f := range s.Unread {
		o.Find(f.Path, 0, interchange.Skipped, "not read: %s", form.Reason(f.Err))
	}
	if o.Settle(fit); o.Err() != nil {
		return o.Err()
	}
	if none := len(o.Items) == 0 || o.Records == 0 && s.IsFile(); none && len(o.Memories) == 0 && !failed(o) {
		err := plan.Errorf(plan.Invalid, "%s: no records found in %s", found.Form.Title, filepath.Base(s.Root)).WithCode("no_plan").WithHint("expected: %s; to see the other formats: pm import --list", found.Form.Mark)
		err.Err = interchange.Findings(o.Findings)
		return err
	}
	return nil
}

func failed(o *form.Outline) bool {
	for _, f := range o.Findings {
		if f.Severity == interchange.Failed {
			return true
		}
	}
	return false
}

// Foreign reports whether a text begins as a form does that is not pm's own.
func Foreign(head []byte) bool {
	for _, f := range Table() {
		if f.Sniff != nil && f.Read != nil && f.Sniff("stdin", head) {
			return true
		}
	}
	return false
}

// List describes the forms.
func List() (out interchange.Listings) {
	for _, f := range Table() {
		out.Items = append(out.Items, interchange.Listing{Name: f.Name, Title: f.Title, Mark: f.Mark, Docs: f.Docs})
	}
	return out
}
