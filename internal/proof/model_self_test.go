package proof

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

// TestModelFlags shows the model histories that the rules forbid, one for each
// rule: an oracle that accepts everything proves nothing.
func TestModelFlags(t *testing.T) {
	type did struct {
		in  step
		out outcome
	}
	claimed := did{step{Verb: "claim", Agent: "a"}, outcome{Fence: 1}}
	expired := did{step{Verb: "expire"}, outcome{}}
	for name, c := range map[string]struct {
		legal   bool
		history []did
	}{
		"a task's whole life":       {true, []did{claimed, {step{Verb: "renew", Agent: "a", Fence: 1}, outcome{}}, {step{Verb: "complete", Agent: "a", Fence: 1}, outcome{}}}},
		"taken over":                {true, []did{claimed, expired, {step{Verb: "next", Agent: "b"}, outcome{Fence: 2}}, {step{Verb: "complete", Agent: "a"}, outcome{Code: "lease_lost"}}}},
		"two winners":               {false, []did{claimed, {step{Verb: "claim", Agent: "b"}, outcome{Fence: 2}}}},
		"two winners of one name":   {false, []did{claimed, {step{Verb: "claim", Agent: "a"}, outcome{Fence: 2}}}},
		"a fence given twice":       {false, []did{claimed, {step{Verb: "release", Agent: "a"}, outcome{}}, {step{Verb: "claim", Agent: "b"}, outcome{Fence: 1}}}},
		"taken before its time":     {false, []did{claimed, {step{Verb: "next", Agent: "b"}, outcome{Fence: 2}}}},
		"not taken after its time":  {false, []did{claimed, expired, {step{Verb: "claim", Agent: "b"}, outcome{Code: "held"}}}},
		"completed by another":      {false, []did{claimed, {step{Verb: "complete", Agent: "b"}, outcome{}}}},
		"completed twice":           {false, []did{claimed, {step{Verb: "complete", Agent: "a"}, outcome{}}, {step{Verb: "complete", Agent: "a"}, outcome{}}}},
		"released by another":       {false, []did{claimed, {step{Verb: "release", Agent: "b"}, outcome{}}}},
		"renewed by another":        {false, []did{claimed, {step{Verb: "renew", Agent: "b"}, outcome{}}}},
		"a stale fence":             {false, []did{claimed, expired, {step{Verb: "claim", Agent: "a"}, outcome{Fence: 2}}, {step{Verb: "complete", Agent: "a", Fence: 1}, outcome{}}}},
		"a renewal without effect":  {false, []did{claimed, expired, {step{Verb: "renew", Agent: "a"}, outcome{}}, {step{Verb: "next", Agent: "b"}, outcome{Fence: 2}}}},
		"a change that renews not":  {false, []did{claimed, expired, {step{Verb: "note", Agent: "a"}, outcome{}}, {step{Verb: "next", Agent: "b"}, outcome{Fence: 2}}}},
		"a claim that left nothing": {false, []did{claimed, {step{Verb: "next", Agent: "b"}, outcome{Fence: 1}}}},
	} {
		t.Run(name, func(t *testing.T) {
			var history []porcupine.Operation
			for i, d := range c.history {
				history = append(history, porcupine.Operation{ClientId: i, Input: d.in, Output: d.out, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got := porcupine.CheckOperations(claims, history); got != c.legal {
				t.Errorf("the model says %v of\n%s", got, describe(history))
			}
		})
	}
}
