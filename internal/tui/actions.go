package tui

import (
	"slices"
	"strconv"

	"pm/internal/plan"
)

// actions are the keys that change the plan. What they do is a command of pm
// on the chosen items, or on the one under the cursor.
func actions() []binding {
	return []binding{
		{[]string{"x"}, "select it, to change several at once", "", (*model).chooseIt},
		{[]string{"c"}, "claim", "claim", on("claim")},
		{[]string{"s"}, "change the status", "complete", (*model).askStatus},
		{[]string{"p"}, "set the priority", "update --priority", asks("priority, 1 to 10:", "update", "--priority")},
		{[]string{"a"}, "assign it", "update --assignee", asks("for whom (empty for anyone):", "update", "--assignee")},
		{[]string{"d"}, "set when it is due", "update --due", asks("due (empty for never):", "update", "--due")},
		{[]string{"t"}, "change the title", "update --title", (*model).askTitle},
		{[]string{"+"}, "add a label", "label add", asks("label to add:", "label add", "--label")},
		{[]string{"-"}, "remove a label", "label remove", asks("label to remove:", "label remove", "--label")},
		{[]string{"m"}, "move to another feature", "move", asks("to which feature:", "move", "--to")},
		{[]string{"n"}, "write a note", "note", (*model).askNote},
		{[]string{"N"}, "add a task", "add", (*model).askTask},
		{[]string{"e"}, "edit in your editor", "edit", (*model).edit},
		{[]string{"D"}, "move to the trash", "delete", (*model).askDelete},
		{[]string{"y"}, "copy the key", "", (*model).copyKey},
		{[]string{"shift+left", "H"}, "a column to the left", "release", shift(-1)},
		{[]string{"shift+right", "L"}, "a column to the right", "submit", shift(1)},
		{[]string{"shift+up", "K"}, "up in the plan's order", "order --before", order(-1)},
		{[]string{"shift+down", "J"}, "down in the plan's order", "order --after", order(1)},
		{[]string{"z"}, "undo your last change", "undo", alone("undo")},
		{[]string{"Z"}, "redo what you undid", "redo", alone("redo")},
	}
}

// alone runs a command that is about no item.
func alone(command string) func(*model) work {
	return func(m *model) work { return m.change(command) }
}

// on runs a command on the targets.
func on(command string, more ...string) func(*model) work {
	return func(m *model) work { return m.changeTargets(command, more...) }
}

// asks asks for the value of a flag, and runs the command with it on the targets.
func asks(label, command, flag string) func(*model) work {
	return func(m *model) work {
		if len(m.targets()) == 0 {
			return m.nothingHere()
		}
		return m.ask(label, "", func(m *model, typed string) work { return m.changeTargets(command, flag+"="+typed) })
	}
}

func (m *model) nothingHere() work {
	m.say(true, "no task under the cursor")
	return nil
}

func (m *model) chooseIt() work {
	k := m.current()
	if k.IsZero() {
		return m.nothingHere()
	}
	if m.chosen[k] {
		delete(m.chosen, k)
	} else {
		m.chosen[k] = true
	}
	return m.step(0, 1)
}

// verbs are the keys of the verbs of a status, and what is asked where one
// needs a reason.
var verbs = []struct {
	key  string
	verb plan.Verb
	why  string
}{
	{"c", plan.Claim, ""}, {"r", plan.Release, ""}, {"v", plan.Submit, ""}, {"p", plan.Approve, ""}, {"j", plan.Reject, "why:"},
	{"d", plan.Complete, ""}, {"b", plan.Block, "what is in the way:"}, {"u", plan.Unblock, ""}, {"o", plan.Reopen, "why:"}, {"x", plan.Archive, ""},
}

// askStatus offers what can be done from the status of the current task, or,
// of several, everything.
func (m *model) askStatus() work {
	if len(m.targets()) == 0 {
		return m.nothingHere()
	}
	possible := plan.VerbsFrom(m.statusOf())
	var choices []choice
	for _, v := range verbs {
		if len(m.chosen) > 0 || len(possible) == 0 || slices.Contains(possible, v.verb) {
			choices = append(choices, choice{v.key, string(v.verb), doing(v.verb, v.why)})
		}
	}
	return m.choose("status:", choices...)
}

// statusOf is the status of the card under the cursor; empty where it is not known.
func (m *model) statusOf() plan.TaskStatus {
	if t := m.board.at(); m.view == boardView && t != nil {
		return t.Status
	}
	return ""
}

// doing runs a verb on the targets, with the answer to why as its reason.
func doing(v plan.Verb, why string) func(*model) work {
	if why == "" {
		return on(string(v))
	}
	return asks(why, string(v), "--reason")
}

// askTitle asks for another title of the current item, beginning with what it has.
func (m *model) askTitle() work {
	k := m.current()
	if k.IsZero() {
		return m.nothingHere()
	}
	return m.ask("title:", m.titleOf(k), func(m *model, typed string) work { return m.change("update", k.String(), "--title="+typed) })
}

// titleOf is the title of the current item as far as it is on the screen.
func (m *model) titleOf(k plan.Key) string {
	if t := m.board.at(); t != nil && t.Key == k {
		return t.Title
	}
	if r := m.rows[m.view]; r != nil && r.key() == k && r.all[r.at].mark != "?" {
		return r.all[r.at].title
	}
	return ""
}

func (m *model) askNote() work {
	k := m.current()
	if k.IsZero() {
		return m.nothingHere()
	}
	return m.ask("note:", "", func(m *model, typed string) work { return m.change("note", k.String(), "--", typed) })
}

func (m *model) askTask() work {
	return m.ask("new task (+label p2 @agent due:fri in:E01-F01):", "", func(m *model, typed string) work {
		return m.change("add", "--", typed)
	})
}

func (m *model) askDelete() work {
	keys := m.targets()
	if len(keys) == 0 {
		return m.nothingHere()
	}
	label := "move " + keys[0] + " to the trash?"
	if len(keys) > 1 {
		label = "move " + strconv.Itoa(len(keys)) + " items to the trash?"
	}
	return m.choose(label, choice{"y", "yes", func(m *model) work { return m.changeEach("delete", "--yes") }},
		choice{"n", "no", func(*model) work { return nil }})
}

func (m *model) copyKey() work {
	k := m.current()
	if k.IsZero() {
		return m.nothingHere()
	}
	m.say(false, "copied "+k.String())
	return copyText(k.String())
}

// shift moves the card to the next column: by the verb that leads there.
func shift(by int) func(*model) work {
	return func(m *model) work {
		t := m.board.at()
		if m.view != boardView || t == nil {
			return m.nothingHere()
		}
		to := m.board.col + by
		if to < 0 || to >= len(m.board.columns) {
			m.say(true, "no column on that side")
			return nil
		}
		if stage := m.board.columns[to].stage; stage != "" {
			return m.changeTargets("update", "--stage="+stage)
		}
		return m.moveTo(t.Status, m.board.columns[to].status)
	}
}

// moveTo changes the status of the targets by the verb that leads there.
func (m *model) moveTo(from, to plan.TaskStatus) work {
	for _, v := range verbs {
		t, _ := plan.TransitionOf(v.verb)
		if slices.Contains(t.From, from) && (t.To == to || t.To == "" && to != plan.Completed) {
			return doing(v.verb, v.why)(m)
		}
	}
	m.say(true, "no single command moves it from "+from.Words()+" to "+to.Words()+"; s shows the choices")
	return nil
}

// order moves the card above or below its neighbour, in the order of the plan.
func order(by int) func(*model) work {
	return func(m *model) work {
		t, other := m.board.at(), m.board.neighbour(by)
		if m.view != boardView || t == nil || other == nil {
			return m.nothingHere()
		}
		flag := "--before"
		if by > 0 {
			flag = "--after"
		}
		return m.change("order", t.Key.String(), flag, other.Key.String())
	}
}

// edit opens the item in the person's editor, which takes the whole terminal.
func (m *model) edit() work {
	k := m.current()
	if k.IsZero() {
		return m.nothingHere()
	}
	return lend(m.o.Whole([]string{"edit", k.String()}), func(err error) event { return ranMsg{whole: true, err: err} })
}
