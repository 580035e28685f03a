package pgtest

import (
	"net/url"
	"testing"
)

func TestRequired(t *testing.T) {
	for list, want := range map[string]bool{
		"":                   false,
		"postgres":           true,
		"race, postgres":     true,
		"race,postgres,more": true,
		"postgresql":         false,
		"no postgres":        false,
	} {
		if got := required(list, "postgres"); got != want {
			t.Errorf("required(%q) = %v", list, got)
		}
	}
}

func TestDSNNamesItsDatabaseAndNoOther(t *testing.T) {
	for of, want := range map[string]string{
		"postgres://me:p%40ss@db.example:5433/main?sslmode=require&dbname=main&database=main": "postgres://me:p%40ss@db.example:5433/mine?sslmode=require",
		"postgres://me@db.example/main": "postgres://me@db.example/mine?sslmode=prefer",
	} {
		u, err := url.Parse(of)
		if err != nil {
			t.Fatal(err)
		}
		s := &server{url: *u}
		if got := s.dsn("mine"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestOpenRefusesWhatIsNoURL(t *testing.T) {
	const secret = "hunter2"
	for _, dsn := range []string{"host=db password=" + secret, "mysql://me:" + secret + "@db", "postgres://me:" + secret + "@db:port"} {
		_, err := open(dsn)
		if err == nil {
			t.Errorf("open(%q) succeeded", dsn)
		} else if got, want := err.Error(), "PM_TEST_POSTGRES is no postgres:// URL"; got != want {
			t.Errorf("open(%q): %s", dsn, got)
		}
	}
}

func TestTemplateBuildThatPanicsIsNoTemplate(t *testing.T) {
	s := serverFor(t)
	func() {
		defer func() { _ = recover() }()
		_ = s.clone("never", "panics", func(string) error { panic("build") })
	}()
	if err := s.clone("never", "panics", func(string) error { return nil }); err == nil {
		t.Error("half a template was cloned")
	}
}

func TestTemplateNameThatPostgresWouldCutIsRefused(t *testing.T) {
	s := serverFor(t)
	if err := s.clone("never", string(make([]byte, maxIdentifier)), nil); err == nil {
		t.Error("a name that is cut may be another template's")
	}
}
