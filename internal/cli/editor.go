package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"pm/internal/config"
	"pm/internal/interchange"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// editCommand makes pm edit: pm update, which without fields opens an editor.
func (a *app) editCommand() *cobra.Command {
	c := a.updateCommand()
	c.Use, c.Short = "edit KEY...", "Edit an epic, a feature or a task in your editor"
	c.Long = `Edit an epic, a feature or a task in your editor ($VISUAL or $EDITOR): its fields
between two lines of ---, then its description. Only fields that you changed are
saved, and changes that others made meanwhile are not overwritten. If something
cannot be saved, your text is kept and pm prints where it is.
With flags, it updates fields like pm update. Without flags, it needs a terminal.`
	c.Example = "  pm edit T-E01-F01-001 --title \"Validate card numbers and dates\"\n  pm edit E01 --priority high"
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case changesSomething(cmd) == nil:
			return plain(cmd, args)
		case len(args) > 1:
			return usageError("cannot open %d items in an editor", len(args)).WithHint("name one, or set fields with flags")
		case !a.interactive():
			return usageError("nothing to update, and no terminal to edit on").WithHint(`set at least one field: pm edit %s --title "…"; run pm edit --help to list them`, args[0])
		}
		return a.edit(cmd.Context(), args[0])
	}
	return c
}

// An edited is an item that is being edited.
type edited struct {
	item   tracker.Item
	key    plan.Key
	fields []interchange.EditedField
	base   map[string]json.RawMessage // as they are read from the text that was written
	body   string
	text   string
}

// edit has a person change an item in an editor, and saves what they changed.
func (a *app) edit(ctx context.Context, word string) error {
	was, err := a.editable(ctx, word)
	if err != nil {
		return err
	}
	path, err := a.keepText(was)
	if err != nil {
		return err
	}
	if err := a.openEditor(path); err != nil {
		os.Remove(path)
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return openError(err, path)
	}
	if string(text) == was.text || len(bytes.TrimSpace(text)) == 0 {
		a.say("nothing was changed")
		return os.Remove(path)
	}
	answer, err := a.save(ctx, was, string(text))
	if err != nil {
		return keptIn(path, err)
	}
	os.Remove(path)
	if answer == nil {
		a.say("nothing was changed")
		return nil
	}
	return a.printChange(answer)
}

// keptIn says where the text is that could not be saved.
func keptIn(path string, err error) error {
	e := plan.Describe(err)
	if e.Err = nil; e.Hint != "" {
		e.Hint += "; "
	}
	e.Hint += "your text is kept in " + path
	return &e
}

// editable reads an item, and writes it as a text.
func (a *app) editable(ctx context.Context, word string) (e edited, err error) {
	ctx, t, err := a.actLazily(ctx)
	if err != nil {
		return e, err
	}
	op, _ := ops.Find("item show")
	out, err := op.Call(ctx, t, &tracker.Show{Key: word})
	if err != nil {
		return e, err
	}
	e.item = out.(tracker.Item)
	e.key = e.item.Key()
	values, err := (&app{}).asJSON(e.item)
	if err != nil {
		return e, err
	}
	has, _ := values.(map[string]any)
	e.body, _ = has["description"].(string)
	e.fields = editedFields(e.key, has)
	comment := fmt.Sprintf("%s is %v. Save to update what you changed here; empty a field to clear it.\nThe description comes after the second line of ---.", e.key, has["status"])
	e.text = interchange.WriteEdited(comment, e.fields, e.body)
	e.base, e.body, err = interchange.ReadEdited(e.text)
	return e, err
}

// editedFields returns the fields of an item that can be edited, with the
// values that it has: those that updates take, and some that it has beside.
func editedFields(key plan.Key, has map[string]any) (fields []interchange.EditedField) {
	op, _ := ops.Find(string(key.Level()) + " update")
	names := []string{}
	for _, p := range ops.Params(op.NewInput()) {
		if !p.Arg && !among(p.Name, "if_version description") && p.Kind() != "bool" && p.Kind() != "object" {
			names = append(names, p.Name)
		}
	}
	for _, name := range append(names, "labels", "depends_on") {
		v := has[name]
		if list, is := v.([]any); is && len(list) == 0 {
			v = nil
		}
		if m, is := v.(map[string]any); is && len(m) == 0 || v == nil && name == "fields" {
			continue
		}
		fields = append(fields, interchange.EditedField{Name: name, Value: plainNumbers(v)})
	}
	return fields
}

// plainNumbers makes numbers of what reads as numbers.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case map[string]any:
		for name, value := range v {
			v[name] = plainNumbers(value)
		}
	}
	return v
}

// keepText writes the text into a file of its own, for its owner only.
func (a *app) keepText(e edited) (path string, err error) {
	dir := stateFolder(a.getenv)
	if w, err := config.Find(a.dir); err == nil {
		dir = w.Path("")
	}
	if err = os.MkdirAll(dir, 0o700); err != nil {
		return dir, writeError(err, dir)
	}
	f, err := os.CreateTemp(dir, "edit-"+e.key.String()+"-*.md") // mode 0600
	if err == nil {
		_, err = io.WriteString(f, e.text)
		path = f.Name()
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	return path, writeError(err, filepath.Join(dir, "edit-"+e.key.String()))
}

// openEditor opens the file in the user's editor, and waits for its end.
func (a *app) openEditor(path string) error {
	usual := "vi"
	if runtime.GOOS == "windows" {
		usual = "notepad"
	}
	editor := cmp.Or(a.getenv("VISUAL"), a.getenv("EDITOR"), usual)
	cmd := exec.Command("sh", "-c", editor+` "$@"`, editor, path) // as git does: it may have arguments
	if words := strings.Fields(editor); runtime.GOOS == "windows" {
		cmd = exec.Command(words[0], append(words[1:], path)...)
	}
	cmd.Dir, cmd.Stderr, cmd.Stdout = a.dir, a.stderr, a.stderr
	if in, is := a.stdin.(stdin); is {
		cmd.Stdin = in.file
	}
	if err := cmd.Run(); err != nil {
		return plan.Errorf(plan.Refused, "the editor %q failed: %v", editor, err).WithCode("editor_failed").WithHint("nothing was changed; set VISUAL or EDITOR to an editor that exists")
	}
	return nil
}

// save brings the item to what the text says in the fields that were changed
// in it; nil if there are none. A field that somebody else has changed
// meanwhile is refused.
func (a *app) save(ctx context.Context, was edited, text string) (any, error) {
	fields, body, err := interchange.ReadEdited(text)
	if err != nil {
		return nil, err
	}
	if body != was.body {
		fields["description"], _ = plan.JSON(body)
		was.base["description"], _ = plan.JSON(was.body)
	}
	changed := ops.Arguments{}
	for name, value := range fields {
		if bytes.Equal(value, was.base[name]) {
			continue
		}
		if changed[name] = value; string(value) == "null" {
			changed[name] = json.RawMessage(`""`)
			if among(name, "labels depends_on") {
				changed[name] = json.RawMessage(`[]`)
			}
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	now, err := a.editable(ctx, was.key.String())
	if err != nil {
		return nil, err
	}
	for name := range changed {
		before, after := was.base[name], now.base[name]
		if name == "description" {
			after, _ = plan.JSON(now.body)
		}
		if !bytes.Equal(before, after) {
			return nil, plan.Errorf(plan.Conflict, "%s of %s was changed by someone else meanwhile", strings.ReplaceAll(name, "_", " "), was.key).WithCode("stale_version").
				WithHint("to see it: pm show %s", now.key)
		}
	}
	return a.applyEdit(ctx, now, changed)
}

// applyEdit applies the changes as a plan of one item, at the version that
// they were compared with.
func (a *app) applyEdit(ctx context.Context, now edited, changed ops.Arguments) (any, error) {
	changed["key"], _ = plan.JSON(now.key.String())
	one, err := plan.JSON([]ops.Arguments{changed})
	if err != nil {
		return nil, err
	}
	args := ops.Arguments{"epics": one}
	if parent, _ := plan.JSON(now.key.Parent().String()); now.key.Level() != plan.LevelEpic {
		list := map[plan.Level][2]string{plan.LevelFeature: {"epic", "features"}, plan.LevelTask: {"feature", "tasks"}}[now.key.Level()]
		args = ops.Arguments{list[0]: parent, list[1]: one}
	}
	op, _ := ops.Find("plan apply")
	in := op.NewInput().(*tracker.Apply)
	if err := ops.Decode(in, args); err != nil {
		return nil, withoutPlace(err)
	}
	in.IfVersion(now.item.Version())
	ctx, t, err := a.actLazily(ctx)
	if err != nil {
		return nil, err
	}
	out, err := op.Call(ctx, t, in)
	return out, withoutPlace(err)
}

// withoutPlace leaves out where in a plan of one item an error is.
func withoutPlace(err error) error {
	if at, is := err.(*plan.PlaceError); is {
		return at.Err
	}
	return err
}
