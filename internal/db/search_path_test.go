package db

import "testing"

// The server's own reading of a search_path was asked for each of these.
func TestFirstSchema(t *testing.T) {
	for path, want := range map[string]string{
		"":                     "",
		"  ":                   "",
		`""`:                   "",
		"shop":                 "shop",
		" Shop , public":       "shop",
		`"Shop"`:               "Shop",
		`"a, b" ,public`:       "a, b",
		`"qu""ote"`:            `qu"ote`,
		`"$user", public`:      "",
		"$user,public":         "",
		"pg_temp":              "",
		"ÄRGER":                "Ärger",
		"shop\t,\n\"x\"":       "shop",
		`"$User"`:              "$User",
		"a.b":                  "a.b",
		"missing,public,other": "missing",
	} {
		if got, err := firstSchema(path); got != want || err != nil {
			t.Errorf("firstSchema(%q) is %q, %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{"a b", ",", "a,", "a,,b", `"a`, `"a"b`, `a"b" c`} {
		if got, err := firstSchema(path); err == nil {
			t.Errorf("firstSchema(%q) is %q", path, got)
		}
	}
}

func TestSettingsOf(t *testing.T) {
	for _, tt := range []struct {
		params map[string]string
		want   string
	}{
		{nil, ""},
		{map[string]string{"application_name": "pm", "client_encoding": "LATIN1", "options": "-c Standard_Conforming_Strings=off"}, ""},
		{map[string]string{"search_path": `"it's"`, "lock_timeout": "5s"},
			`select set_config('lock_timeout', '5s', true), set_config('search_path', '"it''s"', true)`},
		{map[string]string{"options": `-c search_path=a\ b --work-mem=8MB -clock_timeout=1s -d 5 -c`, "lock_timeout": "2s"},
			`select set_config('lock_timeout', '2s', true), set_config('search_path', 'a b', true), set_config('work_mem', '8MB', true)`},
	} {
		if got := settingsOf(tt.params); got != tt.want {
			t.Errorf("settingsOf(%v) is\n%s, want\n%s", tt.params, got, tt.want)
		}
	}
}
