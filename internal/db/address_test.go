package db_test

import (
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
)

func TestCheckAddress(t *testing.T) {
	for _, good := range []string{
		"plan.db", "/plans/a@b#c?.db",
		"postgres://", "postgres:///pm", "postgres:///pm?host=/run/postgresql",
		"postgres://db/pm", "postgresql://ann@db:5432/pm?search_path=shop&sslmode=require",
		"postgres://ann:s3cret@db/pm", "postgres://ann:s%40%2F%3F%23t@db/pm",
		"postgres://a:5432,b:5433/pm?target_session_attrs=read-write", "postgres://ann@[::1]:5432/pm",
		"postgres://db/pm?user=me%40corp",
	} {
		if err := db.CheckAddress(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"postgres://ann:s/cret@db/pm", "postgres://ann:s?cret@db/pm", "postgres://ann:s#cret@db/pm", "postgres://ann:s@cret@db/pm",
		"postgres://ann:s cret@db/pm", "postgres://ann:s%cret@db/pm", "postgres://ann:1/cret@db/pm", "postgres://ann:1?cret@db/pm",
		"postgres://ann:1#cret@db/pm", "postgres://db/pm?password=s&cret", "postgres://db/pm?password=s#cret", "postgres://db/pm?&a=b",
		"postgres://db:cret/pm", "postgres://good.example.com/?x=@db", "postgres://db/pm?=cret", "postgres://ann\x00@db/pm",
	} {
		e := plan.Describe(db.CheckAddress(bad))
		if e.Code != "bad_dsn" || strings.Contains(e.Message+e.Hint, "cret") {
			t.Errorf("%s: %+v", bad, e)
		}
	}
}
