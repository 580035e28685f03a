package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Setting is a setting of a project.
type Setting struct {
	Name    string
	Default string // what holds where nothing is set; empty: see About
	About   string
	rule    bool // a yes or no
	check   func(string) (string, error)
}

// The names of the settings.
const (
	TimeZone        = "time_zone"
	EstimateUnit    = "estimate_unit"
	RequireChecks   = "require_checks"
	RequireEvidence = "require_evidence"
	RequireReview   = "require_review"
	OtherReviewer   = "other_reviewer"
	TrashDays       = "trash_days"
)

// Yes and No are the values of settings that are rules.
const (
	Yes = "true"
	No  = "false"
)

// Settings lists the settings of a project, in the order in which they are
// shown.
func Settings() []Setting {
	return []Setting{
		{Name: TimeZone, About: "time zone in which days begin and end, such as Europe/Berlin; the time zone of the machine if not set", check: checkZone},
		{Name: EstimateUnit, Default: "hours", About: "unit of estimates: hours, days, points or any word", check: checkUnit},
		{Name: RequireChecks, Default: No, About: "a task cannot be completed while one of its checks is open", rule: true},
		{Name: RequireEvidence, Default: No, About: "a task cannot be completed without evidence: a link to a file or an address, or a note of kind evidence", rule: true},
		{Name: RequireReview, Default: No, About: "tasks can only be completed with pm approve", rule: true},
		{Name: OtherReviewer, Default: No, About: "whoever submitted a task cannot approve it; agent names are not verified", rule: true},
		{Name: TrashDays, Default: trashDays, About: "days after which deleted items leave the trash for good, or never", check: checkDays},
	}
}

// FindSetting returns the setting of that name, in any case and with - for _.
func FindSetting(name string) (Setting, bool) {
	name = FoldWord(name)
	all := Settings()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Parse parses a typed value and returns its stored form: empty for the
// default.
func (s Setting) Parse(value string) (string, error) {
	value = strings.TrimSpace(value)
	if s.rule {
		return s.parseRule(value)
	}
	if value == "" {
		return "", nil
	}
	value, err := s.check(value)
	if value == s.Default {
		value = ""
	}
	return value, err
}

func (s Setting) parseRule(value string) (string, error) {
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		return Yes, nil
	case "", "false", "no", "off", "0":
		return "", nil
	}
	return "", limit("setting", "invalid value %q for %s", clip(value), s.Name).WithHint("use true or false")
}

func checkZone(name string) (string, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		return "", limit("setting", "unknown time zone %q", clip(name)).WithHint("use a name of the IANA time zone database, such as Europe/Berlin or UTC")
	}
	return zone.String(), nil
}

// Zone returns the time zone named by the setting time_zone; empty means this
// machine's. The error is Invalid if this machine does not know the zone.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.Local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, Errorf(Invalid, "the project's time zone %s is not known on this machine", name).
			WithHint("set another: pm project set %s UTC", TimeZone)
	}
	return zone, nil
}

// Never is the value of trash_days that keeps the trash for ever.
const Never = "never"

const trashDays = "30" // where the project has not said

func checkDays(days string) (string, error) {
	n, err := strconv.Atoi(days)
	switch {
	case strings.EqualFold(days, Never) || err == nil && n == 0:
		return Never, nil
	case err != nil || n < 0 || n > 36500:
		use := Never
		if d, long := ParseDuration(days); long && d > 0 {
			use = strconv.Itoa(int(min(max(d/(24*time.Hour), 1), 36500)))
		}
		return "", limit("setting", "invalid number of days %q", clip(days)).WithHint("use 1 to 36500, or never: pm project set %s %s", TrashDays, use)
	}
	return strconv.Itoa(n), nil
}

// TrashKept is how long the trash keeps what was deleted, by the value of
// trash_days; 0 for ever.
func TrashKept(days string) time.Duration {
	n, _ := strconv.Atoi(cmp.Or(days, trashDays))
	return time.Duration(n) * 24 * time.Hour
}

func checkUnit(word string) (string, error) {
	if len(strings.Fields(word)) > 1 {
		return "", limit("setting", "invalid unit %q", clip(word)).WithHint("a unit is one word, such as hours, days or points")
	}
	return word, CheckName("unit", word)
}
