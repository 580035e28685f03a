package tracker_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// planned reads a plan as every surface does.
func planned(t tb, text string) tracker.Apply {
	t.Helper()
	args, err := ops.ParseArguments([]byte(text))
	var in tracker.Apply
	if err == nil {
		err = ops.Decode(&in, args)
	}
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func (r *rig) apply(text string) tracker.Applied {
	r.t.Helper()
	return ok[tracker.Applied](r.t)(r.Apply(as("ann"), planned(r.t, text)))
}

// did says in short what was done with what.
func did(a tracker.Applied) string {
	var words []string
	for _, part := range []struct {
		sign  string
		items []tracker.AppliedItem
	}{{"+", a.Created}, {"~", a.Updated}, {"=", a.Unchanged}} {
		for _, i := range part.items {
			words = append(words, part.sign+i.Key.String())
		}
	}
	return strings.Join(words, " ")
}

const shop = `{"epics":[{"id":"e","title":"Shop","priority":"high","features":[
	{"title":"Cart","labels":["ui"],"tasks":[
		{"id":"pay","title":"Pay","depends_on":["fill","see"],"priority":1},
		{"id":"fill","title":"Fill","refs":["gh#7"],"estimate":2.5,"checks":["it fills"],"due":"2027-01-31"},
		{"title":"Empty","discovered_from":"pay"}]},
	{"id":"f2","title":"Look","status":"draft","tasks":[{"id":"see","title":"See","labels":["b","a"]}]}]}]}`

func TestAPlanIsAppliedOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		empty := string(r.export())
		dry := planned(t, shop)
		dry.DryRun = true
		would := ok[tracker.Applied](t)(r.Apply(as("ann"), dry))
		if string(r.export()) != empty {
			t.Error("a dry run changed something")
		}
		got := r.apply(shop)
		if did(got) != did(would) || did(got) != "+E01 +E01-F01 +E01-F02 +T-E01-F01-001 +T-E01-F01-002 +T-E01-F01-003 +T-E01-F02-001" {
			t.Errorf("it did %s, and would have done %s", did(got), did(would))
		}
		if got.Keys["pay"] != plan.MustKey("T-E01-F01-001") || got.Keys["see"] != plan.MustKey("T-E01-F02-001") || len(got.Keys) != 5 {
			t.Errorf("keys: %v", got.Keys)
		}
		pay := r.show(got.Keys["pay"])
		if fmt.Sprint(pay.DependsOn) != "[T-E01-F01-002 T-E01-F02-001]" || pay.OpenDependencies != 2 || pay.Version != 1 || fmt.Sprint(pay.Refs) != "[apply:pay]" {
			t.Errorf("pay depends on %v, %d open, version %d, refs %v", pay.DependsOn, pay.OpenDependencies, pay.Version, pay.Refs)
		}
		if links := r.show(plan.MustKey("T-E01-F01-003")).Links; fmt.Sprint(links) != "[{discovered-from T-E01-F01-001 false}]" {
			t.Errorf("links: %v", links)
		}
		if see := r.show(got.Keys["see"]); see.Offered || fmt.Sprint(see.Labels) != "[a b]" {
			t.Errorf("see: offered %t, labels %v", see.Offered, see.Labels)
		}
		before := string(r.export())
		again := r.apply(shop)
		if len(again.Created)+len(again.Updated) > 0 || len(again.Unchanged) != 7 || !reflect.DeepEqual(again.Keys, got.Keys) || string(r.export()) != before {
			t.Errorf("again: %s", did(again))
		}
		checkChains(t, r.export())
	})
}

// What a plan says that a task was discovered from becomes a link of a task that
// exists, once; a link that somebody else added stays.
func TestAPlanLinksTasksThatExist(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		see := r.apply(shop).Keys["see"]
		ok[tracker.Item](t)(r.Link(as("bob"), tracker.Link{Key: see.String(), To: []string{"E01"}}))
		found := strings.Replace(shop, `"title":"See",`, `"title":"See","discovered_from":"fill",`, 1)
		if got := r.apply(found); len(got.Updated) != 1 || got.Updated[0].Key != see || len(got.Created) > 0 {
			t.Errorf("it did %s", did(got))
		}
		if links := r.show(see).Links; fmt.Sprint(links) != "[{relates E01 false} {discovered-from T-E01-F01-002 false}]" {
			t.Errorf("links: %v", links)
		}
		if got := r.apply(found); len(got.Updated)+len(got.Created) > 0 {
			t.Errorf("again it did %s", did(got))
		}
		checkChains(t, r.export())
	})
}

// A plan links its items, of any level, to each other, also to what comes later, to
// what exists, to files and to addresses; a link is added once, and none is removed.
func TestAPlanAddsLinks(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.apply(shop)
		const linked = `{"epics":[{"id":"e","title":"Shop","links":["docs/shop.md"],"features":[
			{"title":"Cart","links":[{"as":"implements","to":"new"},"https://example.com/cart"],"tasks":[
				{"id":"pay","title":"Pay","links":[{"to":"gh#7"},{"as":"duplicated-by","to":"new"}]},
				{"id":"new","title":"New","links":["pay","T-E01-F02-001"]}]}]}]}`
		dry := planned(t, linked)
		dry.DryRun = true
		would, got := ok[tracker.Applied](t)(r.Apply(as("ann"), dry)), r.apply(linked)
		if did(got) != did(would) || did(got) != "+T-E01-F01-004 ~E01 ~E01-F01 ~T-E01-F01-001" {
			t.Errorf("it did %s, and would have done %s", did(got), did(would))
		}
		if change := would.Created[0].Changes["links"]; fmt.Sprint(change) != "[<nil> [relates T-E01-F01-001 relates T-E01-F02-001 duplicates T-E01-F01-001 implemented-by E01-F01]]" {
			t.Errorf("it would have linked %v", change)
		}
		for k, want := range map[string]string{
			"T-E01-F01-001": "[{relates T-E01-F01-002} {relates T-E01-F01-004} {duplicated-by T-E01-F01-004} {discovered T-E01-F01-003}]",
			"T-E01-F01-004": "[{relates T-E01-F01-001} {relates T-E01-F02-001} {duplicates T-E01-F01-001} {implemented-by E01-F01}]",
			"E01-F01":       "[{relates https://example.com/cart} {implements T-E01-F01-004}]",
			"E01":           "[{relates docs/shop.md}]",
		} {
			var item struct{ Links []tracker.PlannedLink }
			text, err := json.Marshal(ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: k})))
			if err == nil {
				err = json.Unmarshal(text, &item)
			}
			if err != nil || fmt.Sprint(item.Links) != want {
				t.Errorf("%s has %v, %v, not %s", k, item.Links, err, want)
			}
		}
		if last := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{})).Items[0]; last.Items != 4 {
			t.Errorf("%d items changed, not 4", last.Items)
		}
		before := string(r.export())
		if again := r.apply(linked); len(again.Created)+len(again.Updated) > 0 || string(r.export()) != before {
			t.Errorf("again: %s", did(again))
		}
		for text, want := range map[string]string{
			`"links":["pay"]`:                 "epics[0].features[0].tasks[0].links: cannot link T-E01-F01-001 to itself",
			`"links":["nothing"]`:             `"nothing" is neither an id in this plan nor the key of an item`,
			`"links":[{"as":"x","to":"new"}]`: `unknown kind of link "x"`,
			`"links":["T-E01-F01-099"]`:       "T-E01-F01-099",
		} {
			_, err := r.Apply(as("ann"), planned(t, strings.Replace(linked, `"links":[{"to":"gh#7"},{"as":"duplicated-by","to":"new"}]`, text, 1)))
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, not %s", text, err, want)
			}
		}
		if string(r.export()) != before {
			t.Error("what was refused changed something")
		}
		r.sound("after linking")
		checkChains(t, r.export())
	})
}

// What was changed in the plan is changed in the items, and nothing else.
func TestAPlanBringsItemsUpToDate(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.apply(shop)
		fill := plan.MustKey("T-E01-F01-002")
		r.do("bob", plan.Complete, fill)
		ok[tracker.Items](t)(r.AddLabels(as("bob"), tracker.Label{Keys: []string{"T-E01-F01-003", "T-E01-F02-001"}, Labels: []string{"mine"}}))
		changed := strings.NewReplacer(`"title":"Pay"`, `"title":"Pay up"`, `["fill","see"]`, `["see","new"]`, `"status":"draft"`, `"status":"active"`, `"due":"2027-01-31"`, `"due":""`, `"estimate":2.5`, `"estimate":4`, `["it fills"]`, `["it fills","and empties"]`,
			`"pay"}]`, `"pay"},{"id":"new","title":"New","depends_on":["T-E01-F01-003"]}]`, `["ui"]`, `["web"]`).Replace(shop)
		dry := planned(t, changed)
		dry.DryRun = true
		would := ok[tracker.Applied](t)(r.Apply(as("ann"), dry))
		got := r.apply(changed)
		if did(got) != did(would) || did(got) != "+T-E01-F01-004 ~E01-F01 ~E01-F02 ~T-E01-F01-001 ~T-E01-F01-002 ~T-E01-F02-001 =E01 =T-E01-F01-003" {
			t.Errorf("it did %s, and would have done %s", did(got), did(would))
		}
		if b, _ := json.Marshal(got.Updated); !strings.Contains(string(b), `{"depends_on":[["T-E01-F01-002","T-E01-F02-001"],["T-E01-F01-004","T-E01-F02-001"]],"title":["Pay","Pay up"]}`) {
			t.Errorf("the changes are %s", b)
		}
		pay, item := r.show(plan.MustKey("T-E01-F01-001")), r.show(fill)
		if pay.OpenDependencies != 2 || item.Status != plan.Completed || item.Due != "" || len(item.Checks) != 2 {
			t.Errorf("pay has %d open dependencies; fill is %s, due %q", pay.OpenDependencies, item.Status, item.Due)
		}
		if see := r.show(plan.MustKey("T-E01-F02-001")); !see.Offered || fmt.Sprint(see.Labels) != "[a b]" {
			t.Errorf("see: offered %t, labels %v", see.Offered, see.Labels)
		}
		if again := r.apply(changed); len(again.Created)+len(again.Updated) > 0 {
			t.Errorf("again: %s", did(again))
		}
		checkChains(t, r.export())
	})
}

// Items are found by key, by id and by title; a plan of another name has other
// ids, and a task that was moved is found where it is.
func TestItemsOfAPlanAreFound(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		g := r.feature(f.EpicKey(), "Other")
		by := r.task(f, "By title")
		keyed := r.task(f, "By key")
		text := `{"feature":"E01-F01","tasks":[{"id":"a","title":"By title"},{"key":"` + keyed.String() + `","title":"Renamed"},{"id":"b","title":"New","depends_on":["a"]}]}`
		got := r.apply(text)
		if did(got) != "+T-E01-F01-003 ~T-E01-F01-001 ~T-E01-F01-002" || got.Keys["a"] != by {
			t.Errorf("it did %s, keys %v", did(got), got.Keys)
		}
		if refs := r.show(by).Refs; fmt.Sprint(refs) != "[apply:E01-F01/a]" {
			t.Errorf("refs: %v", refs)
		}
		// In another feature, and under another name, the same ids are others.
		if got := r.apply(`{"feature":"E01-F02","tasks":[{"id":"a","title":"A"},{"id":"b","title":"B"}]}`); len(got.Created) != 2 {
			t.Errorf("in another feature: %s", did(got))
		}
		if got := r.apply(`{"name":"q3","feature":"E01-F01","tasks":[{"id":"a","title":"A"},{"id":"b","title":"B"}]}`); len(got.Created) != 2 {
			t.Errorf("under another name: %s", did(got))
		}
		// Without a name they would rename what is there.
		_, err := r.Apply(as("ann"), planned(t, `{"feature":"E01-F01","tasks":[{"id":"a","title":"Quite"},{"id":"b","title":"Different"}]}`))
		refused(t, err, "other_plan", `"a" is T-E01-F01-001 "By title", not "Quite"`)
		// One that another id was given to is not taken by its title.
		if got := r.apply(`{"feature":"E01-F01","tasks":[{"id":"c","title":"By title"}]}`); len(got.Created) != 1 {
			t.Errorf("another id, the same title: %s", did(got))
		}
		moved := r.move(g, by)[0]
		got = r.apply(text)
		if len(got.Created)+len(got.Updated) > 0 || got.Keys["a"] != moved || len(got.Warnings) != 1 || got.Warnings[0].Code != "elsewhere" {
			t.Errorf("after a move: %s, warnings %v", did(got), got.Warnings)
		}
		// The ids of a plan last: what follows may depend on them.
		got = r.apply(`{"feature":"E01-F01","tasks":[{"title":"Later","depends_on":["b","apply:q3/a","` + by.String() + `"]}]}`)
		if on := r.show(got.Created[0].Key).DependsOn; len(on) != 3 || on[2] != moved {
			t.Errorf("it depends on %v", on)
		}
		checkChains(t, r.export())
	})
}

// A plan may call its items by the references that it gives them, before they have
// these and after; an id comes first.
func TestAPlanCallsItsItemsByTheirReferences(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.plan()
		text := `{"feature":"E01-F01","tasks":[
			{"id":"one","title":"One","links":["gh#12",{"as":"implements","to":"github:12"},"beads:x"],"depends_on":["gh#12"],"discovered_from":"beads:x"},
			{"id":"two","title":"Two","refs":["gh#12"]},
			{"id":"three","title":"Three","refs":["beads:x","one"]},
			{"id":"four","title":"Four","links":["one"]}]}`
		dry := planned(t, text)
		dry.DryRun = true
		would := ok[tracker.Applied](t)(r.Apply(as("ann"), dry))
		got := r.apply(text)
		if did(would) != did(got) {
			t.Errorf("it did %s, and would have done %s", did(got), did(would))
		}
		one := r.show(got.Keys["one"])
		if links := fmt.Sprint(one.Links); links != "[{relates T-E01-F01-002 false} {relates T-E01-F01-003 false} {relates T-E01-F01-004 true} {discovered-from T-E01-F01-003 false} {implements T-E01-F01-002 false}]" {
			t.Errorf("its links are %s", links)
		}
		if on := fmt.Sprint(one.DependsOn); on != "[T-E01-F01-002]" {
			t.Errorf("it depends on %s", on)
		}
		if again := r.apply(text); len(again.Unchanged) != 4 {
			t.Errorf("again: %s", did(again))
		}
		checkChains(t, r.export())
	})
}

// Epics and features wait for each other by the plan, too: forward references, a
// turned dependency, an undo.
func TestParentsOfAPlanDepend(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		text := func(cart, base, later string) string {
			return `{"epics":[{"id":"later","title":"Later","depends_on":` + later + `,"features":[{"title":"L","tasks":["l"]}]},{"id":"shop","title":"Shop","features":[
				{"id":"cart","title":"Cart","depends_on":` + cart + `,"tasks":["Fill"]},{"id":"base","title":"Base","depends_on":` + base + `,"tasks":[{"id":"lay","title":"Lay"}]}]}]}`
		}
		first := text(`["base"]`, `[]`, `"shop"`)
		dry := planned(t, first)
		dry.DryRun = true
		would, got := ok[tracker.Applied](t)(r.Apply(as("ann"), dry)), r.apply(first)
		if did(would) != did(got) {
			t.Errorf("it did %s, and would have done %s", did(got), did(would))
		}
		ready := func() string {
			return fmt.Sprint(ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "is:ready"})).Items[0].Title)
		}
		if ready() != "Lay" {
			t.Errorf("%s is ready first", ready())
		}
		if again := r.apply(first); len(again.Unchanged) != 8 {
			t.Errorf("again: %s", did(again))
		}
		turned := r.apply(text(`[]`, `["cart"]`, `["E02-F02"]`))
		if len(turned.Updated) != 3 || ready() != "Fill" {
			t.Errorf("turned: %s; %s is ready", did(turned), ready())
		}
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{}))
		if again := r.apply(first); len(again.Unchanged) != 8 {
			t.Errorf("after the undo: %s", did(again))
		}
		before := string(r.export())
		for bad, want := range map[string]string{text(`["lay"]`, `[]`, `[]`): "bad_level", text(`["T-E02-F02-001"]`, `[]`, `[]`): "bad_level", text(`["shop"]`, `[]`, `[]`): "cycle", text(`["base"]`, `["cart"]`, `[]`): "cycle"} {
			if _, err := r.Apply(as("ann"), planned(t, bad)); code(err) != want {
				t.Errorf("%s: %v, not %s", bad, err, want)
			}
		}
		if string(r.export()) != before {
			t.Error("a refused plan changed something")
		}
		checkChains(t, r.export())
	})
}

// Several tasks of one title are told apart by their order.
func TestTasksOfOneTitle(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.plan()
		text := `{"feature":"E01-F01","tasks":[{"title":"Same","priority":1},{"title":"Same","priority":2},{"title":"Same","priority":3}]}`
		if got := r.apply(text); len(got.Created) != 3 {
			t.Errorf("first: %s", did(got))
		}
		if got := r.apply(text); len(got.Unchanged) != 3 {
			t.Errorf("again: %s", did(got))
		}
	})
}

func TestWhatAPlanCannotSay(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.task(r.plan(), "Task")
		before := string(r.export())
		for _, c := range []struct{ text, code, words string }{
			{`{"tasks":["a"]}`, "missing_argument", "missing feature"},
			{`{}`, "missing_argument", "empty"},
			{`{"feature":"E01","tasks":["a"]}`, "bad_key", "E01 is the key of an epic"},
			{`{"feature":"E09-F01","tasks":["a"]}`, "not_found", "E09-F01"},
			{`{"feature":"E01-F01","tasks":["a",{"title":"b","priority":11}]}`, "bad_priority", "tasks[1]"},
			{`{"feature":"E01-F01","tasks":["a",{"priority":1}]}`, "bad_title", "tasks[1]"},
			{`{"feature":"E01-F01","tasks":[{"id":"a","title":"x","depends_on":["b"]},{"id":"b","title":"y","depends_on":["a"]}]}`, "cycle", "a -> b -> a"},
			{`{"feature":"E01-F01","tasks":[{"id":"a","title":"x","depends_on":["a"]}]}`, "cycle", "cannot depend on itself"},
			{`{"feature":"E01-F01","tasks":[{"id":"a","title":"x","depends_on":["zzz"]}]}`, "unknown_id", `"zzz"`},
			{`{"feature":"E01-F01","tasks":[{"id":"a","title":"x","depends_on":["T-E01-F01-009"]}]}`, "not_found", "T-E01-F01-009"},
			{`{"feature":"E01-F01","tasks":[{"id":"a","title":"x"},{"id":"A","title":"y"}]}`, "bad_id", "used twice"},
			{`{"feature":"E01-F01","tasks":[{"id":"T-E01-F01-001","title":"x"}]}`, "bad_id", "it is a key"},
			{`{"feature":"E01-F01","tasks":[{"id":"two words","title":"x"}]}`, "bad_id", "two words"},
			{`{"feature":"E01-F01","tasks":[{"key":"E01","title":"x"}]}`, "bad_key", "E01 is an epic, not a task"},
			{`{"feature":"E01-F01","tasks":[{"key":"T-E01-F01-001"},{"key":"T-E01-F01-001"}]}`, "bad_key", "twice"},
			{`{"feature":"E01-F01","tasks":["a",{"key":"T-E01-F01-001","depends_on":["n"]},{"id":"n","title":"x","depends_on":["T-E01-F01-001"]}]}`, "cycle", "dependency cycle"},
		} {
			_, err := r.Apply(as("ann"), planned(t, c.text))
			refused(t, err, c.code, c.words)
		}
		if string(r.export()) != before {
			t.Error("what was refused changed something")
		}
	})
}

// Two who apply the same plan at the same moment create its items once.
func TestOnePlanAppliedByMany(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		var wg sync.WaitGroup
		created := make([]int, 6)
		for i := range created {
			wg.Go(func() {
				out, err := r.Apply(as("ann"), planned(t, shop))
				if err != nil {
					t.Errorf("%v", err)
				}
				created[i] = len(out.Created)
			})
		}
		wg.Wait()
		total := 0
		for _, n := range created {
			total += n
		}
		if total != 7 {
			t.Errorf("created: %v", created)
		}
		checkChains(t, r.export())
	})
}

// Whatever a plan says, and however it is changed, dry runs tell the truth, and
// applying it again changes nothing.
func TestAnyPlanIsAppliedExactly(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(3, 5))
		var features []map[string]any
		for i := range 3 {
			features = append(features, map[string]any{"id": fmt.Sprint("f", i), "title": fmt.Sprint("Feature ", i), "tasks": []any{}})
		}
		doc := map[string]any{"epics": []any{map[string]any{"title": "Epic", "features": features}}}
		n := 0
		for range 25 {
			f := features[random.IntN(3)]
			tasks := f["tasks"].([]any)
			if len(tasks) < 3 || random.IntN(3) == 0 {
				n++
				tasks = append(tasks, map[string]any{"id": fmt.Sprint("t", n), "title": fmt.Sprint("Task ", n)})
				f["tasks"] = tasks
			}
			task := tasks[random.IntN(len(tasks))].(map[string]any)
			var own int
			fmt.Sscanf(task["id"].(string), "t%d", &own)
			switch random.IntN(6) {
			case 0:
				task["priority"] = 1 + random.IntN(10)
			case 1:
				task["title"] = fmt.Sprint(task["title"], "!")
			case 2:
				task["labels"] = []string{"a", "b", "c"}[:random.IntN(4)]
			case 3, 4:
				on := []string{}
				for i := 1; i < own; i++ {
					if random.IntN(4) == 0 {
						on = append(on, fmt.Sprint("t", i))
					}
				}
				task["depends_on"] = on
			case 5:
				f["status"] = []string{"active", "draft", "completed"}[random.IntN(3)]
			}
			b, _ := json.Marshal(doc)
			dry := planned(t, string(b))
			dry.DryRun = true
			would := ok[tracker.Applied](t)(r.Apply(as("ann"), dry))
			got := r.apply(string(b))
			if did(would) != did(got) {
				t.Fatalf("%s\nit did %s, and would have done %s", b, did(got), did(would))
			}
			if again := r.apply(string(b)); len(again.Created)+len(again.Updated) > 0 {
				t.Fatalf("%s\nagain: %s", b, did(again))
			}
			if random.IntN(3) == 0 {
				r.Complete(as("bob"), tracker.Complete{Keys: []string{got.Keys[task["id"].(string)].String()}})
			}
		}
		checkChains(t, r.export())
		if found := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); found.Flaws > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// What follows from where a task is, such as the day before which it is not
// offered, follows for tasks of a plan as for others.
func TestTasksOfAPlanFollowWhatTheyLieUnder(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.apply(`{"epics":[{"title":"Later","defer":"2099-01-01","features":[{"title":"F","tasks":[{"id":"a","title":"A"},{"title":"B","depends_on":["a"],"defer":"2098-01-01"}]}]}]}`)
		for _, k := range []string{"T-E01-F01-001", "T-E01-F01-002"} {
			if task := r.show(plan.MustKey(k)); !task.Deferred || task.NotBefore == "" || !task.Offered {
				t.Errorf("%s: deferred %t, not before %q, offered %t", k, task.Deferred, task.NotBefore, task.Offered)
			}
		}
		next := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{}))
		if next.Task != nil {
			t.Errorf("%s is offered", next.Task.Key)
		}
		checkChains(t, r.export())
		if found := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); found.Flaws > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// A plan of very many small items is refused before it takes the memory.
func TestAPlanHasABoundedNumberOfItems(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		in := tracker.Apply{Feature: f.String(), Tasks: make([]tracker.PlannedTask, 150_001)}
		if _, err := r.Apply(as("ann"), in); plan.Describe(err).Code != "bad_plan" || !strings.Contains(err.Error(), "150001 items") {
			t.Errorf("it says %v", err)
		}
	})
}
