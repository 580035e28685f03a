package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// A leased is what the rules of claims know of one task.
type leased struct {
	status string // todo, in_progress or completed
	holder string
	fence  int64 // the highest that was given
	late   bool  // the lease has run out
}

// A step is a call on one task.
type step struct {
	Task  int    `json:"task"`
	Verb  string `json:"verb"`
	Agent string `json:"agent"`
	Fence int64  `json:"fence"` // 0 for none
}

// An outcome is what a step was answered.
type outcome struct {
	Unknown bool   `json:"-"`     // the caller was killed
	Code    string `json:"code"`  // empty when it was done
	Fence   int64  `json:"fence"` // what a claim was given
}

// refusedHolder stands for the two answers to who does not hold the task:
// which of them depends on whether it once did.
const refusedHolder = "held or lease_lost"

// next returns what a step does to a task, and the answer to it.
func (s leased) next(in step) (leased, outcome) {
	refuse := func(code string) (leased, outcome) { return s, outcome{Code: code} }
	held := s.status == "in_progress"
	switch in.Verb {
	case "expire": // the clock's step, not an agent's
		s.late = s.late || held
		return s, outcome{}
	case "note": // anyone's; the holder's renews
		if held && s.holder == in.Agent {
			s.late = false
		}
		return s, outcome{}
	case "claim", "next":
		if s.status == "todo" || held && s.late {
			s = leased{status: "in_progress", holder: in.Agent, fence: s.fence + 1}
			return s, outcome{Fence: s.fence}
		}
		switch {
		case in.Verb == "next":
			return refuse("none")
		case held && s.holder == in.Agent:
			return refuse("already_yours")
		case held:
			return refuse("held")
		}
		return refuse("bad_transition")
	}
	switch {
	case in.Fence > 0 && (in.Fence != s.fence || s.status == "todo"):
		return refuse("lease_lost")
	case held && s.holder != in.Agent:
		return refuse(refusedHolder)
	case in.Verb == "renew" && !held:
		return refuse("not_held")
	case in.Verb == "release" && !held, s.status == "completed":
		return refuse("bad_transition")
	}
	switch in.Verb {
	case "renew":
		s.late = false
	case "release":
		s = leased{status: "todo", fence: s.fence}
	case "complete":
		s = leased{status: "completed", holder: s.holder, fence: s.fence}
	}
	return s, outcome{}
}

// explains reports whether the answer that was given is one the rules allow.
func (want outcome) explains(got outcome) bool {
	switch {
	case got.Unknown:
		return true
	case want.Code == refusedHolder:
		return got.Code == "held" || got.Code == "lease_lost"
	}
	return got.Code == want.Code && got.Fence == want.Fence
}

// claims is the model of one task that porcupine compares histories with.
var claims = porcupine.Model{
	Init: func() any { return leased{status: "todo"} },
	Step: func(state, in, out any) (bool, any) {
		next, want := state.(leased).next(in.(step))
		return want.explains(out.(outcome)), next
	},
	DescribeOperation: func(in, out any) string {
		return fmt.Sprintf("%+v → %+v", in, out)
	},
}

// byTask splits a history into one for each task.
func byTask(history []porcupine.Operation) map[int][]porcupine.Operation {
	out := map[int][]porcupine.Operation{}
	for _, op := range history {
		task := op.Input.(step).Task
		out[task] = append(out[task], op)
	}
	return out
}

// describe writes a history down, in the order of the calls.
func describe(history []porcupine.Operation) string {
	var b strings.Builder
	sorted := slices.SortedFunc(slices.Values(history), func(x, y porcupine.Operation) int { return int(x.Call - y.Call) })
	for _, op := range sorted {
		fmt.Fprintf(&b, "%10d %20d  client %2d  %s\n", op.Call, op.Return, op.ClientId, claims.DescribeOperation(op.Input, op.Output))
	}
	return b.String()
}
