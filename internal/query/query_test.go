package query_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
)

// now is a Wednesday, at a time of day where the zone tells the days apart.
var now = time.Date(2026, 11, 18, 23, 30, 15, 123_456_789, time.FixedZone("", 2*3600))

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "",
		"  \t ":                              "",
		"status:todo":                        "status:todo",
		"STATUS:In-Progress,Blocked":         "status:in_progress,blocked",
		"-status:todo":                       "-status:todo",
		"is:Ready":                           "is:ready",
		"type:backend,docs":                  "type:backend,docs",
		`type:"front end","a,b"`:             `type:"front end","a,b"`,
		`type:"say \"hi\" \\"`:               `type:"say \"hi\" \\"`,
		"held-by:a1 assigned:a2 agent:a3":    "held-by:a1 agent:a2 agent:a3",
		"agent_type:x agent-type:y":          "type:x type:y",
		"priority:3":                         "priority:3",
		"priority:<3":                        "priority:1..2",
		"priority:<=3":                       "priority:1..3",
		"priority:>3":                        "priority:4..10",
		"priority:>=3":                       "priority:3..10",
		"priority:..3 priority:8..":          "priority:1..3 priority:8..10",
		"priority:1,3..4,>9":                 "priority:1,3..4,10",
		"priority<=3 priority=2 status=todo": "priority:1..3 priority:2 status:todo",
		"epic:e04 feature:E04-F01-slug":      "epic:E04 feature:E04-F01",
		"key:e04-f01-003,E05":                "key:T-E04-F01-003,E05",
		"depends-on:T-E04-F01-001":           "depends-on:T-E04-F01-001",
		"needed_by:T-E04-F01-001":            "needed-by:T-E04-F01-001",
		"has:notes -has:type":                "has:notes -has:type",
		"sort:priority":                      "sort:priority",
		"sort:-updated card":                 "card sort:-updated",
		"sort:priority,-updated":             "sort:priority,-updated",
		"sort:-due,created":                  "sort:-due,created",
		"sort:priority,key":                  "sort:priority",
		"sort:-priority,-key":                "sort:-priority",
		"sort:-priority,key":                 "sort:-priority,key",
		`card "free text" -bill -"no way"`:   `card "free text" -bill -"no way"`,
		"a-b 12:30 - x=y :z C++":             "a-b 12:30 - x=y :z C++",
		"--x":                                "--x",
		`it"s`:                               `it"s`,
		`"and" "or" not f(x)`:                `"and" "or" not f(x)`,
		"is:open AND card and type:docs":     "is:open type:docs card",
		"(type:docs)":                        "type:docs",
		"(type:docs or Label:x) is:open":     "is:open (type:docs or label:x)",
		"type:docs OR label:x is:open":       "(type:docs or label:x is:open)",
		"type:docs or type:web,api":          "type:docs,web,api",
		"(is:ready or is:held) -(is:review)": "is:ready,held -is:review",
		"priority:1 or priority:>8":          "priority:1,9..10",
		"-type:a or -type:b":                 "(-type:a or -type:b)",
		"-(type:docs or card)":               "-type:docs -card",
		"-(type:docs card)":                  "(-type:docs or -card)",
		"-(type:docs (card or is:open))":     "(-type:docs or -is:open -card)",
		"-(-type:docs or -(card or bill))":   "type:docs (card or bill)",
		"a or (b or (c or d e))":             "(a or b or c or d e)",
		"(a or b) (c or d) sort:due":         "(a or b) (c or d) sort:due",
		`label:"a(b)" or "x y"`:              `(label:"a(b)" or "x y")`,
		"label:a(b) (label:c(d))":            `label:"a(b)" label:"c(d)"`,
		`held-by:me or agent:"me" -agent:ME`: `(held-by:ada or agent:"me" -agent:ME)`,
		"type:me":                            "type:me",
		"naïve:":                             "naïve:", // no name of a field has such letters
		"日本語 status:todo":                    "status:todo 日本語",
	} {
		q, err := query.Env{Now: now, Me: "ada"}.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := q.String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Dates are days of the given zone; what comes back is in UTC.
func TestDates(t *testing.T) {
	const day = "T22:00:00.000Z" // when a day begins in that zone, the evening before
	for text, want := range map[string]string{
		"2026-11-01":                     "2026-10-31" + day + "..2026-11-01T21:59:59.999Z",
		">2026-11-01":                    "2026-11-01" + day + "..",
		">=2026-11-01":                   "2026-10-31" + day + "..",
		"<2026-11-01":                    "<2026-10-31" + day,
		"<=2026-11-01":                   "<2026-11-01" + day,
		"2026-11-01..2026-11-02":         "2026-10-31" + day + "..2026-11-02T21:59:59.999Z",
		"2026-11-01..":                   "2026-10-31" + day + "..",
		"..2026-11-01":                   "<2026-11-01" + day,
		"2026-11-01T10:00:00Z":           "2026-11-01T10:00:00.000Z..2026-11-01T10:00:00.999Z",
		"2026-11-01T10:00:00.5Z":         "2026-11-01T10:00:00.500Z",
		"2026-11-01t10:00":               "2026-11-01T08:00:00.000Z..2026-11-01T08:00:59.999Z",
		">2026-11-01T10:00:00+01:00":     "2026-11-01T09:00:01.000Z..",
		"today":                          "2026-11-17" + day + "..2026-11-18T21:59:59.999Z",
		"Yesterday":                      "2026-11-16" + day + "..2026-11-17T21:59:59.999Z",
		"tomorrow":                       "2026-11-18" + day + "..2026-11-19T21:59:59.999Z",
		"wednesday":                      "2026-11-17" + day + "..2026-11-18T21:59:59.999Z",
		"thu":                            "2026-11-11" + day + "..2026-11-12T21:59:59.999Z",
		"sow":                            "2026-11-15" + day + "..2026-11-16T21:59:59.999Z",
		"eow":                            "2026-11-21" + day + "..2026-11-22T21:59:59.999Z",
		"som":                            "2026-10-31" + day + "..2026-11-01T21:59:59.999Z",
		"eom":                            "2026-11-29" + day + "..2026-11-30T21:59:59.999Z",
		">-3d":                           "2026-11-15T21:30:15.123Z..",
		">3d":                            "2026-11-15T21:30:15.123Z..",
		"<+3d":                           "<2026-11-21T21:30:15.123Z",
		"-3d":                            "2026-11-14" + day + "..2026-11-15T21:59:59.999Z",
		"-2w..-1w":                       "2026-11-04T21:30:15.123Z..2026-11-11T21:30:15.122Z",
		">=-1m":                          "2026-10-18T21:30:15.123Z..",
		"<-1y":                           "<2025-11-18T21:30:15.123Z",
		">-90min":                        "2026-11-18T20:00:15.123Z..",
		">-2h":                           "2026-11-18T19:30:15.123Z..",
		"<now":                           "<2026-11-18T21:30:15.123Z",
		"today,2026-11-01T10:00:00.000Z": "2026-11-17" + day + "..2026-11-18T21:59:59.999Z,2026-11-01T10:00:00.000Z",
	} {
		q, err := query.Parse("updated:"+text, now)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := q.String(); got != "updated:"+want {
			t.Errorf("%q is\n%s, want\n%s", text, got, "updated:"+want)
		}
	}
}

// A wrong query says where and what is wrong, and which words there are.
func TestErrors(t *testing.T) {
	for text, want := range map[string][2]string{
		"card statsu:todo":        {`query, column 6: unknown field "statsu"`, "did you mean status? use one of status, "},
		"re: the card":            {`query, column 1: unknown field "re"`, `put text with a colon in quotes: "re:"`},
		"status:tood":             {`query, column 8: invalid value "tood" for status`, "did you mean todo? use one of todo, "},
		"status:todo,revew":       {`query, column 13: invalid value "revew" for status`, "use one of todo, in_progress, blocked"},
		"status:ready":            {`query, column 8: invalid value "ready" for status`, "did you mean is:ready?"},
		"status:":                 {"query, column 8: missing value for status", "use todo, "},
		"status: todo":            {"query, column 8: missing value for status", "no space after the colon"},
		"updated:":                {"query, column 9: missing value for updated", "in a shell, quote < and >"},
		"status:todo,":            {"query, column 13: missing value for status", "use todo"},
		"status:>todo":            {"query, column 8: status does not support >", "use todo"},
		"priority:11":             {`query, column 10: priority must be 1 (most urgent) to 10, not "11"`, "priority:1..3"},
		"priority:often":          {`query, column 10: priority must be 1 (most urgent) to 10, not "often"`, "priority:1..3"},
		"priority:<1":             {"query, column 10: no priority matches \"<1\"", "1 (most urgent) to 10"},
		"priority:5..3":           {"query, column 10: no priority matches \"5..3\"", "1 (most urgent)"},
		"priority:..":             {`query, column 10: invalid range ".."`, "priority:1..3"},
		"priority:>1..3":          {`query, column 10: invalid range ">1..3"`, "priority:1..3"},
		"epic:E04-F01":            {"query, column 6: E04-F01 is not the key of an epic", "did you mean feature:E04-F01?"},
		"epic:4":                  {`query, column 6: invalid key "4"`, "write epic:E04"},
		"depends-on:E04":          {"query, column 12: E04 is not the key of a task", "depends-on:T-E04-F01-001"},
		"created:noon":            {`query, column 9: invalid date "noon"`, "use 2026-11-01, "},
		"created:2026-02-30":      {`query, column 9: invalid date "2026-02-30"`, "use 2026-11-01"},
		"created:0001-01-01":      {`query, column 9: date "0001-01-01" is out of range`, "created:today"},
		"created:>+99999y":        {`query, column 9: date "+99999y" is out of range`, "created:today"},
		"created:today..-3d":      {`query, column 9: range "today..-3d" ends before it starts`, "created:today"},
		`type:"a`:                 {"query, column 6: unclosed quote", `write \" for a quote`},
		`"a`:                      {"query, column 1: unclosed quote", `write \" for a quote`},
		`"a"b`:                    {`query, column 4: unexpected "b" after the closing quote`, "put a space between them"},
		`type:"a"b`:               {`query, column 9: unexpected "b" after the closing quote`, "put a space between them"},
		`type:""`:                 {"query, column 6: missing value for type", "has:type"},
		"sort:title":              {`query, column 6: cannot sort by "title"`, "use one of key, priority, created, updated"},
		"type:Bug":                {`query, column 6: invalid agent type "Bug": bug is a kind of task`, "did you mean kind:bug?"},
		"type:epic":               {`query, column 6: invalid agent type "epic": epic is a kind of task`, "did you mean pm epic list?"},
		"sort:priority-desc":      {`query, column 6: cannot sort by "priority-desc"`, "did you mean sort:-priority?"},
		"sort:prioriyt":           {`query, column 6: cannot sort by "prioriyt"`, "did you mean priority?"},
		"sort:key sort:key":       {"query, column 10: sort specified twice", "sort by one field"},
		"sort:key,priority":       {"query, column 10: cannot sort by priority after key: keys are unique", "use priority,key"},
		"sort:due,-due":           {"query, column 10: sort contains due twice", "sort by one field or two"},
		"sort:due,title":          {`query, column 10: cannot sort by "title"`, "use one of key, priority, created, updated"},
		"sort:due,key,created":    {"query, column 14: sort takes at most two fields", "sort by one field or two"},
		"-sort:key":               {"query, column 2: sort cannot be negated", "sort:-key"},
		"is:redy":                 {`query, column 4: invalid value "redy" for is`, "did you mean ready?"},
		"日本 statsu:todo":          {`query, column 4: unknown field "statsu"`, "did you mean status?"},
		"a or":                    {`query, column 3: missing term after "or"`, "between two terms"},
		"or a":                    {`query, column 1: missing term before "or"`, "double quotes"},
		"a or sort:key":           {`query, column 3: missing term after "or"`, "between two terms"},
		"(a or) b":                {`query, column 4: missing term after "or"`, "between two terms"},
		"(or)":                    {`query, column 2: missing term before "or"`, "between two terms"},
		"a and":                   {`query, column 3: missing term after "and"`, "between two terms"},
		"a and or b":              {`query, column 3: missing term after "and"`, "between two terms"},
		"a or and b":              {`query, column 6: missing term before "and"`, "between two terms"},
		"()":                      {"query, column 2: empty brackets", "close each bracket"},
		"(a or b":                 {"query, column 1: unclosed bracket", "double quotes"},
		"a) b":                    {"query, column 2: unexpected )", "double quotes"},
		"a )":                     {"query, column 3: unexpected )", "double quotes"},
		"f(x":                     {`query, column 1: unclosed bracket in "f(x"`, "double quotes"},
		"(a)b":                    {`query, column 4: unexpected "b" after the brackets`, "put a space between them"},
		"(a or statsu:todo)":      {`query, column 7: unknown field "statsu"`, "did you mean status?"},
		strings.Repeat("(", 21):   {"query, column 21: brackets nested too deeply (maximum 20)", "several queries"},
		"a\xff":                   {"query is not valid UTF-8", ""},
		strings.Repeat("x ", 150): {"query, column 201: too many terms (maximum 100)", "with commas"},
		strings.Repeat("x", 2001): {"query is too long: 2001 characters (maximum 2000)", "several queries"},
		"type:" + strings.Repeat("x,", 101) + "x": {"query, column 206: too many values for type (maximum 100)", "several queries"},
		"type:" + strings.Repeat("x", 65):         {"query, column 6: type is too long: 65 characters (maximum 64)", "type:backend"},
	} {
		_, err := query.Parse(text, now)
		if err == nil {
			t.Errorf("%q is taken for a query", text)
			continue
		}
		e := plan.Describe(err)
		if e.Kind != plan.Invalid || e.Code != "bad_query" || e.Message != want[0] || !strings.Contains(e.Hint, want[1]) {
			t.Errorf("%q: %s, %s: %s\nhint: %s", text, e.Kind, e.Code, e.Message, e.Hint)
		}
	}
}

// What other tools call a field is read as it, and in:, project: and their like by the
// level of the key behind them.
func TestOtherNames(t *testing.T) {
	for text, want := range map[string]string{"tag:bug": "label:bug", "-owner:ann": "-assignee:ann", "in:E04": "epic:E04", "(project:E04-F01 or pri:2)": "(feature:E04-F01 or priority:2)"} {
		if q, err := query.Parse(text, now); err != nil || q.String() != want {
			t.Errorf("%q is %q, %v, want %q", text, q.String(), err, want)
		}
	}
}

// Every field that there is can be asked for, with every word it takes.
func TestEveryFieldIsRead(t *testing.T) {
	for _, f := range query.Fields() {
		if !query.IsField(f.Name) || f.Help == "" {
			t.Errorf("%s is unknown, or has no help", f.Name)
		}
		for _, w := range f.Words {
			if _, err := query.Parse(f.Name+":"+w, now); err != nil {
				t.Errorf("%s:%s: %v", f.Name, w, err)
			}
		}
	}
}

// Any text is either refused as a bad query or means the same as its
// canonical form, at any other time and place.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", `status:todo type:backend priority:<=3 epic:E04 -type:docs is:ready held-by:a1 updated:>2026-11-01 sort:priority "free text"`,
		`type:"a \"b\" \\",c -x - "" -"" created:-3d,today..,..eom has:notes,file`, "priority:1..3,>=9 key:e04-f01-003 started:<now completed:2026-11-01T10:00", "re: x=y a<b status<todo",
		"(type:docs or label:x -(is:held priority:1)) card or -(a or (b c)) and held-by:me", "f(x) or )( (or) and"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := query.Parse(text, now)
		if err != nil {
			if e := plan.Describe(err); e.Kind != plan.Invalid || e.Code != "bad_query" || e.Message == "" {
				t.Fatalf("%q: %s, %s: %s", text, e.Kind, e.Code, e.Message)
			}
			return
		}
		canonical := q.String()
		again, err := query.Parse(canonical, now.AddDate(1, 2, 3).UTC())
		if err != nil && !strings.Contains(err.Error(), "too long") {
			t.Fatalf("%q became %q: %v", text, canonical, err)
		}
		if err == nil && !reflect.DeepEqual(q, again) {
			t.Fatalf("%q became %q, which is\n%#v, not\n%#v", text, canonical, again, q)
		}
	})
}

// Words that were meant to filter are refused with the term that is meant:
// taken for text, each of these would be an empty list.
func TestWordsThatWereMeantToFilter(t *testing.T) {
	for text, want := range map[string][2]string{
		"epics":                      {`query, column 1: "epics" is not a filter`, "did you mean pm epic list?"},
		"is:open features":           {`query, column 9: "features" is not a filter`, "pm feature list"},
		"status = todo":              {`query, column 1: unexpected space after "status"`, "write status:todo;"},
		"status : todo":              {`query, column 1: unexpected space after "status"`, "write status:todo;"},
		"status =todo is:open":       {`query, column 1: unexpected space after "status"`, "write status:todo;"},
		"status != todo":             {`query, column 1: unexpected space after "status"`, "write -status:todo;"},
		"foo = bar":                  {`query, column 1: unknown field "foo"`, "use one of status, "},
		"title = card":               {`query, column 1: unknown field "title"`, "write card"},
		"status is not done":         {`query, column 1: "status" is not a filter`, "did you mean -status:done?"},
		"priority.below:3":           {`query, column 1: invalid term "priority.below:3"`, "write priority:<3"},
		"card priority <= 3":         {`query, column 6: unexpected space after "priority"`, "write priority:<=3;"},
		"status =":                   {`query, column 1: unexpected space after "status"`, "write status:VALUE;"},
		"todo":                       {`query, column 1: "todo" is not a filter`, "did you mean status:todo?"},
		"in-progress":                {`query, column 1: "in-progress" is not a filter`, "did you mean status:in-progress?"},
		"todo,blocked":               {`query, column 1: "todo,blocked" is not a filter`, "did you mean status:todo,blocked?"},
		"-done":                      {`query, column 2: "done" is not a filter`, "did you mean is:done?"},
		"ready sort:priority":        {`query, column 1: "ready" is not a filter`, "did you mean is:ready?"},
		"status todo":                {`query, column 1: "status" is not a filter`, "did you mean status:todo?"},
		"priority":                   {`query, column 1: "priority" is not a filter`, "write priority:1,"},
		"everything due this week":   {`query, column 12: "due" is not a filter`, "did you mean due:sow..eow?"},
		"done since monday":          {`query, column 1: "done" is not a filter`, "did you mean completed:monday..?"},
		"updated in the last 3 days": {`query, column 1: "updated" is not a filter`, "did you mean updated:-3d..?"},
		"due in 3 days":              {`query, column 1: "due" is not a filter`, "did you mean due:today..+3d?"},
		"bugs for ann due friday":    {`query, column 1: "bugs" is not a filter`, "did you mean kind:bug assignee:ann due:friday?"},
		"open bugs for ann":          {`query, column 1: "open" is not a filter`, "did you mean is:open kind:bug assignee:ann?"},
		"tasks without assignee":     {`query, column 7: "without" is not a filter`, "did you mean -has:assignee?"},
		"bugs sorted by due":         {`query, column 1: "bugs" is not a filter`, "did you mean kind:bug sort:due?"},
		"due.before:friday":          {`query, column 1: invalid term "due.before:friday"`, "write due:..friday"},
		"high":                       {`query, column 1: "high" is not a filter`, "did you mean priority:..3?"},
		"mine":                       {`query, column 1: "mine" is not a filter`, "did you mean pm mine?"},
		"all":                        {`query, column 1: "all" is not a filter`, "did you mean pm list --limit 0?"},
		"status!=todo":               {`query, column 1: invalid term "status!=todo"`, "write -status:todo;"},
		"!status:todo":               {`query, column 1: invalid term "!status:todo"`, "write -status:todo;"},
		"[status:todo]":              {`query, column 1: invalid term "[status:todo]"`, "write status:todo;"},
		"is:open (todo or blocked)":  {`query, column 10: "todo" is not a filter`, "did you mean status:todo?"},
		"status~todo":                {`query, column 1: invalid term "status~todo"`, "write status:todo;"},
		"title~card":                 {`query, column 1: invalid term "title~card"`, "write card;"},
		"description=card":           {`query, column 1: invalid term "description=card"`, "write card;"},
		"status:todo && type:docs":   {`query, column 13: unknown operator "&&"`, "terms are combined with and"},
		"status:todo AND not":        {`query, column 17: "not" is not a filter`, "terms are combined with and"},
		"status:todo || is:blocked":  {`query, column 13: unknown operator "||"`, "status:todo,blocked"},
		"NOT status:todo":            {`query, column 1: unknown operator "NOT"`, "-type:docs"},
		"--status:todo":              {`query, column 2: invalid term "-status:todo"`, "write -status:todo;"},
		"status:todo type is:open":   {`query, column 13: "type" is not a filter`, "write type:backend"},
		"open, review":               {"", ""},
		"receipt":                    {"", ""},
		"todo list":                  {"", ""},
		"review the page":            {"", ""},
		`"epics"`:                    {"", ""},
		`"todo" epics`:               {"", ""},
		"a = b":                      {"", ""},
		"cards and receipts is:open": {"", ""},
		"AND":                        {`query, column 1: missing term before "AND"`, "or between two terms"},
	} {
		_, err := query.Parse(text, now)
		if want[0] == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%q is taken for text", text)
			continue
		}
		if e := plan.Describe(err); e.Code != "bad_query" || e.Message != want[0] || !strings.Contains(e.Hint, want[1]) || !strings.Contains(e.Hint, "double quotes") && !strings.Contains(e.Message, "operator") {
			t.Errorf("%q: %s\nhint: %s", text, e.Message, e.Hint)
		}
	}
}
