package plan_test

import (
	"strings"
	"testing"

	"pm/internal/plan"
)

func TestHideSecrets(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"no secret in this": "no secret in this",
		"postgres://ann:s3cret@db.example.com:5432/pm?search_path=shop": "postgres://ann:***@db.example.com:5432/pm?search_path=shop",
		"no database at postgresql://ann:s3cret@db/pm":                  "no database at postgresql://ann:***@db/pm",
		"POSTGRES://ann:s3cret@db/pm":                                   "POSTGRES://ann:***@db/pm",
		"postgres:/ann:s3cret@db/pm":                                    "postgres:/ann:***@db/pm",
		"/home/ann/postgres:/ann:s3cret@db/pm":                          "/home/ann/postgres:/ann:***@db/pm",
		"postgres://ann:s3/cr?e#t@db/pm":                                "postgres://ann:***@db/pm",
		"postgres://ann:s3@cret@db/pm":                                  "postgres://ann:***@db/pm",
		"postgres://ann@corp:s3cret@db/pm":                              "postgres://ann@corp:***@db/pm",
		"postgres://ann:s3 cr\"et@db/pm":                                "postgres://ann:***@db/pm",
		"postgres://ann:12/3@db/pm":                                     "postgres://ann:***@db/pm",
		"postgres://ann:s3cret":                                         "postgres://ann:***",
		"postgres://ann@db:5432/pm":                                     "postgres://ann@db:5432/pm",
		"postgres://db:5432/pm is busy":                                 "postgres://db:5432/pm is busy",
		"postgres://[::1]:5432/pm":                                      "postgres://[::1]:5432/pm",
		"postgres://a:1,b:2/pm":                                         "postgres://a:1,b:2/pm",
		"postgres://a:x@b/c and postgres://d:y@e/f":                     "postgres://a:***@b/c and postgres://d:***@e/f",
		"postgres://db/pm?password=s3cret&sslmode=require":              "postgres://db/pm?password=***&sslmode=require",
		"postgres://db/pm?sslpassword=s3cret&sslkey=k":                  "postgres://db/pm?sslpassword=***&sslkey=k",
		"host=db password=s3cret user=ann":                              "host=db password=*** user=ann",
		`host=db password = 's3 \' cret' user=ann`:                      `host=db password = *** user=ann`,
		"postgres://db/pm?password=s3 'cr\"et&sslmode=require":          "postgres://db/pm?password=***&sslmode=require",
		"postgres://ann:s3://cret@db/pm":                                "postgres://ann:***@db/pm",
		`host=db password=s3\ cr'et user=ann`:                           `host=db password=*** user=ann`,
		"PGPASSWORD=s3cret pm list":                                     "PGPASSWORD=*** pm list",
		"no database at postgre://ann:s3cret@db/pm":                     "no database at postgre://ann:***@db/pm",
		"mysql://:s3cret@db:3306/pm and http://db:80/a@b":               "mysql://:***@db:3306/pm and http://db:80/a@b",
		"İİİ postgres://ann:s3cret@db":                                  "İİİ postgres://ann:***@db",
		"the password is wrong; postgres is there, and postgresql:":     "the password is wrong; postgres is there, and postgresql:",
	} {
		got := plan.HideSecrets(in)
		if got != want {
			t.Errorf("HideSecrets(%q) = %q, want %q", in, got, want)
		}
		if strings.Contains(got, "cret") && strings.Contains(in, "s3") {
			t.Errorf("HideSecrets(%q) = %q shows a part of the password", in, got)
		}
		if again := plan.HideSecrets(got); again != got {
			t.Errorf("HideSecrets of its answer %q is %q", got, again)
		}
	}
}

// Whatever shows an error shows it through Describe.
func TestDescribeHidesSecrets(t *testing.T) {
	e := plan.Describe(plan.Errorf(plan.NotFound, "no database at postgres://ann:s3cret@db/pm").WithHint("try password=s3cret"))
	if strings.Contains(e.Message+e.Hint, "s3cret") {
		t.Errorf("%q, %q", e.Message, e.Hint)
	}
}

func FuzzHideSecrets(f *testing.F) {
	f.Add("postgres://ann:s3@cret@db/pm?password=x")
	f.Fuzz(func(t *testing.T, s string) { plan.HideSecrets(s) })
}
