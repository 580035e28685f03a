package plan

import (
	"cmp"
	"strings"
	"time"
)

// The shortest and the longest lease.
const (
	MinLease = time.Second
	MaxLease = 30 * 24 * time.Hour
)

// CheckLevel refuses the key of an item of another level.
func CheckLevel(k Key, level Level) error {
	if k.Level() == level {
		return nil
	}
	return Errorf(Invalid, "%s is the key of %s, not of %s", k, k.Level().Article(), level.Article()).WithCode("bad_key").
		WithHint("to see it: pm show %s", k)
}

// CheckTask refuses a task with a field that cannot be stored, of those that a user
// sets. What the task refers to is not looked at: its stage may not exist.
func CheckTask(t Task) error {
	return cmp.Or(
		CheckTitle(t.Title),
		CheckText("description", t.Description),
		CheckPriority(t.Priority),
		CheckName("agent type", t.AgentType),
		CheckPath(t.FilePath),
		CheckKind(t.Kind),
		CheckStage(t.Stage),
		CheckDate("due date", t.Due),
		CheckDate("defer date", t.Defer),
		checkRepeat(t.Repeat),
		CheckName("assignee", t.Assignee),
		CheckPosition(t.Position),
		CheckEstimate(t.Estimate),
		CheckLabels(t.Labels),
		CheckChecks(t),
	)
}

// CheckStage refuses what cannot be the name of a task's stage; empty is none.
func CheckStage(name string) error {
	if name == "" {
		return nil
	}
	return Stage{Name: name}.Check()
}

// checkRepeat refuses a rule that is not written as it is stored.
func checkRepeat(s string) error {
	stored := ""
	if strings.TrimSpace(s) != "" {
		r, err := ParseRepeat(s)
		if err != nil {
			return err
		}
		stored = r.String()
	}
	if stored != s {
		return Errorf(Invalid, "the repeat %q must be written %q", s, stored).WithCode("bad_repeat")
	}
	return nil
}

// CheckChecks refuses a checklist that no task can have.
func CheckChecks(t Task) error {
	seen := map[int]bool{}
	for _, c := range t.Checks {
		if err := cmp.Or(CheckCheck(c.Text), CheckName("agent", c.By)); err != nil {
			return err
		}
		if c.N < 1 || seen[c.N] || c.N > t.LastCheck {
			return Errorf(Invalid, "invalid check number %d", c.N).WithCode("bad_check")
		}
		seen[c.N] = true
	}
	if len(t.Checks) > MaxChecks {
		return Errorf(Invalid, "too many checks: %d (maximum %d)", len(t.Checks), MaxChecks).WithCode("bad_check").
			WithHint("split the task, or remove checks with pm check remove")
	}
	return nil
}

// CheckLabels refuses labels that no item can have.
func CheckLabels(labels []string) error {
	for _, l := range labels {
		if err := CheckLabel(l); err != nil {
			return err
		}
	}
	if len(labels) > MaxLabels {
		return Errorf(Invalid, "too many labels: %d (maximum %d)", len(labels), MaxLabels).WithCode("bad_label")
	}
	return nil
}

// CheckRefs refuses references that no item can have. Keys are among them:
// those that it was moved from.
func CheckRefs(refs []string) error {
	for _, r := range refs {
		if IsFormerKey(r) {
			continue
		}
		if s, err := ParseRef(r); err != nil {
			return err
		} else if s != r {
			return Errorf(Invalid, "the reference %q must be written %q", r, s)
		}
	}
	if len(refs) > 2*MaxRefs {
		return Errorf(Invalid, "too many references: %d", len(refs)).WithCode("bad_reference")
	}
	return nil
}

// CheckFields refuses values of a file that cannot be those of fields.
func CheckFields(fields Fields) error {
	if len(fields) > MaxFields {
		return Errorf(Invalid, "too many fields: %d (maximum %d)", len(fields), MaxFields)
	}
	for name, v := range fields {
		if _, err := NewCustomField(name, string(TextField), nil, nil); err != nil {
			return err
		}
		if v == "" || len(v) > 8*MaxFieldValue {
			return Errorf(Invalid, "the value of the field %s has %d bytes", name, len(v))
		}
	}
	return nil
}

// CheckLinks refuses links that no item can have of its own.
func CheckLinks(k Key, links []Link) error {
	for _, l := range links {
		to, err := CheckLinkTarget(l.To)
		switch {
		case err != nil:
			return err
		case to != l.To || !l.As.Stored():
			return Errorf(Invalid, "the link %s %q of %s is not written as it is stored", l.As, l.To, k).WithCode("bad_link")
		case to == k.String():
			return Errorf(Refused, "cannot link %s to itself", k).WithCode("bad_link")
		}
	}
	if len(links) > MaxLinks {
		return Errorf(Invalid, "too many links: %d (maximum %d)", len(links), MaxLinks).WithCode("bad_link")
	}
	return nil
}
