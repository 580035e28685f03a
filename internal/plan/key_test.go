package plan_test

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	"pm/internal/plan"

	"pgregory.net/rapid"
)

func TestParseKeyReadsEveryForm(t *testing.T) {
	for in, want := range map[string]string{
		"E04":                       "E04",
		"e04":                       "E04",
		" E04\n":                    "E04",
		"E004":                      "E04",
		"E100":                      "E100",
		"E99999":                    "E99999",
		"E04-F01":                   "E04-F01",
		"e04-f01":                   "E04-F01",
		"E04-F100":                  "E04-F100",
		"E04-F999999":               "E04-F999999",
		"T-E04-F01-001":             "T-E04-F01-001",
		"t-e04-f01-001":             "T-E04-F01-001",
		"E04-F01-003":               "T-E04-F01-003",
		"E04-F01-T003":              "T-E04-F01-003",
		"T-E04-F01-1000":            "T-E04-F01-1000",
		"T-E04-F01-9999999":         "T-E04-F01-9999999",
		"E04-plan":                  "E04",
		"E04-foundation":            "E04",
		"E04-tests-first":           "E04",
		"e04-t-shirts":              "E04",
		"e04-f01-database-schema":   "E04-F01",
		"e04-f01-2fa-login":         "E04-F01",
		"T-E04-F01-001-write-docs":  "T-E04-F01-001",
		"E04-F01-003-die-übersicht": "T-E04-F01-003",
		"e1":                        "E01",
		"E1-F2":                     "E01-F02",
		"t-e1-f1-2":                 "T-E01-F01-002",
		"E1-f12-T3":                 "T-E01-F12-003",
		"e1-plan":                   "E01",
	} {
		k, err := plan.ParseKey(in)
		if err != nil || k.String() != want {
			t.Errorf("ParseKey(%q) = %v, %v; want %s", in, k, err, want)
		}
	}
}

// What looks like a key of one level must never be taken for one of another:
// a mistyped task would delete its feature.
func TestParseKeyRefusesWhatIsNoKey(t *testing.T) {
	for _, in := range []string{
		"", " ", "E", "T", "T-", "E0", "E00", "F01", "X04", "04", "-E04", "E-04", "E04 F01", "E+04", "E0x4", "E٠٤", "Ｅ04",
		"E100000", "E04-F1000000", "T-E04-F01-10000000", "E99999999999999999999",
		"E04-", "E04--", "E04-F", "E04-F00", "E1-2", "T-E1", "E1-F0", "E04-F-01", "E04-1", "E04-01", "E04-001", "E04-F01-", "E04-F01-000",
		"E04-F01-T", "E04-F01-T-01", "E04-F01-003x", "E04-F01-003.md", "E04-F01x", "E04-F0l-001x/..", "E04x",
		"T-E04", "T-E04-F01", "T-E04-F01-", "T-E04-F01-abc", "TE04-F01-001", "T--E04-F01-001", "T-T-E04-F01-001",
		"E04-F01-../etc", "E04-F01-a/b", `E04-F01-a\b`, "E04-F01-a b", "E04-F01-a\x00", "E04-F01-a\x7f", "E04-F01\x00", "E04\nE05",
		"E04;drop table epics", "E04'--", strings.Repeat("E", 1<<16), "E" + strings.Repeat("0", 1<<16),
	} {
		k, err := plan.ParseKey(in)
		if err == nil {
			t.Errorf("ParseKey(%.40q) = %s, want an error", in, k)
			continue
		}
		if d := plan.Describe(err); d.Kind != plan.Invalid || d.Code != "bad_key" || d.Hint == "" || len(d.Message) > 200 {
			t.Errorf("ParseKey(%.40q): %s, %s, %q, %.80q", in, d.Kind, d.Code, d.Hint, d.Message)
		}
	}
}

// In a text, what may be a word is no key.
func TestKeysInTextsAreWrittenInFull(t *testing.T) {
	for _, in := range []string{"E4", "E04-F1", "E04-F01-1", "E04-F01-01", "E04-F01-T1", "T-E04-F01-1", "T-E04-F01-01"} {
		if k, err := plan.ParseKeyInText(in); err == nil {
			t.Errorf("ParseKeyInText(%q) = %s, want an error", in, k)
		}
	}
	for _, in := range []string{"E04", "e04-f01", "T-E04-F01-001", "E04-F01-T03", "E04-F01-003-tests"} {
		if _, err := plan.ParseKeyInText(in); err != nil {
			t.Errorf("ParseKeyInText(%q): %v", in, err)
		}
	}
}

func TestMustKeyPanicsOnNoKey(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	plan.MustKey("E")
}

func keys() *rapid.Generator[plan.Key] {
	return rapid.Custom(func(t *rapid.T) plan.Key {
		k := plan.Key{Epic: rapid.IntRange(1, plan.MaxEpic).Draw(t, "epic")}
		switch rapid.IntRange(1, 3).Draw(t, "level") {
		case 3:
			k.Task = rapid.IntRange(1, plan.MaxTask).Draw(t, "task")
			fallthrough
		case 2:
			k.Feature = rapid.IntRange(1, plan.MaxFeature).Draw(t, "feature")
		}
		return k
	})
}

func TestKeysRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := keys().Draw(t, "key")
		if got, err := plan.ParseKey(k.String()); err != nil || got != k {
			t.Fatalf("%s is read as %v, %v", k, got, err)
		}
		if got, err := plan.ParseKey(strings.ToLower(k.String()) + "-some-slug"); err != nil || got != k {
			t.Fatalf("%s with a slug is read as %v, %v", k, got, err)
		}
		if got := plan.KeyOf(k.Ordinal()); got != k {
			t.Fatalf("KeyOf(%d) = %v, want %v", k.Ordinal(), got, k)
		}
		b, err := json.Marshal(k)
		var got plan.Key
		if err != nil || json.Unmarshal(b, &got) != nil || got != k {
			t.Fatalf("%s is %v after JSON", k, got)
		}
	})
}

func TestOrdinalsOrderKeysByNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys().Draw(t, "a"), keys().Draw(t, "b")
		want := cmp.Or(cmp.Compare(a.Epic, b.Epic), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Task, b.Task))
		if got := cmp.Compare(a.Ordinal(), b.Ordinal()); got != want {
			t.Fatalf("%s and %s compare as %d, want %d", a, b, got, want)
		}
	})
}

func TestRangesHoldWhatLiesUnder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys().Draw(t, "a"), keys().Draw(t, "b")
		if rapid.Bool().Draw(t, "related") { // two random keys hardly ever are
			b.Epic = a.Epic
			if a.Feature > 0 && b.Feature > 0 {
				b.Feature = a.Feature
			}
		}
		want := a == b || a.Level() == plan.LevelEpic && b.EpicKey() == a || a.Level() == plan.LevelFeature && b.FeatureKey() == a
		if got := a.Contains(b); got != want {
			t.Fatalf("%s contains %s: %t, want %t", a, b, got, want)
		}
	})
}

func TestLevelsOfKeys(t *testing.T) {
	for s, level := range map[string]plan.Level{"E01": plan.LevelEpic, "E01-F02": plan.LevelFeature, "T-E01-F02-003": plan.LevelTask} {
		if k := plan.MustKey(s); k.Level() != level || k.IsZero() {
			t.Errorf("%s is of level %s, want %s", s, k.Level(), level)
		}
	}
	if k := (plan.Key{}); !k.IsZero() || k.String() != "" {
		t.Errorf("the zero key is %q", k)
	}
	if a, b := plan.MustKey("E01").Child(2), plan.MustKey("E01-F02").Child(3); a.String() != "E01-F02" || b.String() != "T-E01-F02-003" {
		t.Errorf("children are %s and %s", a, b)
	}
}

func FuzzParseKey(f *testing.F) {
	for _, s := range []string{"E04", "e04-f01-slug", "T-E04-F01-001", "E04-F01-T03", "E04-F", "\xff", "E99999999999999999999", "T-E04-F01-003.md"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := plan.ParseKey(s)
		if err != nil {
			if !k.IsZero() {
				t.Errorf("%q is refused and gives %v", s, k)
			}
			return
		}
		if again, err := plan.ParseKey(k.String()); err != nil || again != k || k.IsZero() {
			t.Errorf("%q is %s, which is read as %v, %v", s, k, again, err)
		}
		if plan.KeyOf(k.Ordinal()) != k {
			t.Errorf("%q is %s, whose ordinal is that of %s", s, k, plan.KeyOf(k.Ordinal()))
		}
	})
}
