package tracker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// A call names an operation and its input, for idempotency.
type call struct {
	operation string
	input     any
}

// keepKeys is how long an idempotency key is remembered.
const keepKeys = 24 * time.Hour

type idempotencyKey struct{}

// WithIdempotencyKey returns a context in which a mutation happens once: the
// same call under the same key again, in parallel or after a crash, gives the
// same answer and has no second effect. Another call under that key is
// refused. Each agent has keys of its own, which are remembered for 24 hours.
// Empty means no key.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, idempotencyKey{}, key)
}

func hasIdempotencyKey(ctx context.Context) bool {
	key, _ := ctx.Value(idempotencyKey{}).(string)
	return key != ""
}

// write runs one operation that changes something, once if the context has an
// idempotency key.
func write[Out any](ctx context.Context, t *Tracker, c call, f func(*store.Tx) (Out, error)) (Out, error) {
	var out, none Out
	err := t.write(ctx, c, &out, func(tx *store.Tx) (err error) { out, err = f(tx); return err })
	if err != nil {
		return none, err
	}
	return out, nil
}

// write is the function write, of which f sets the answer: it is compiled once,
// not for each type of answer.
func (t *Tracker) write(ctx context.Context, c call, answer any, f func(*store.Tx) error) (err error) {
	if err := checkActor(plan.ActorOf(ctx)); err != nil {
		return err
	}
	defer t.changed() // also where the outcome is unknown
	operation, expires := "", time.Time{}
	defer func() {
		if tellOperation(ctx, operation); err == nil && !expires.IsZero() {
			t.expire(ctx, expires) // or whoever deletes something next
		}
	}()
	run := func(tx *store.Tx) error {
		tx.Describe(c.words())
		err := f(tx)
		if operation, expires = "", (time.Time{}); err == nil {
			operation = tx.Changed()
			expires, err = expiring(tx)
		}
		return err
	}
	key, _ := ctx.Value(idempotencyKey{}).(string)
	if key == "" {
		return t.change(ctx, run)
	}
	if err := plan.CheckName("idempotency key", key); err != nil {
		return err
	}
	request, own := c.digest(ctx), store.AgentsKey{Agent: plan.ActorOf(ctx).Name, Key: key}
	return t.change(ctx, func(tx *store.Tx) error {
		// Taking the key first makes a parallel call wait for this one.
		kept, taken, err := tx.TakeKey(own, c.operation, request, keepKeys)
		if err != nil {
			return err
		}
		if !taken {
			operation, err = recall(key, c.operation, request, kept, answer)
			markReplayed(ctx)
			return err
		}
		if err := run(tx); err != nil {
			return err
		}
		text, err := plan.JSON(keptAnswer{operation, answer})
		if err != nil {
			return err
		}
		return tx.KeepAnswer(own, store.KeptAnswer{Operation: c.operation, Request: request, Answer: string(text)})
	})
}

func (t *Tracker) change(ctx context.Context, f func(*store.Tx) error) error {
	_, err := store.Write(ctx, t.db, func(tx *store.Tx) (struct{}, error) { return struct{}{}, f(tx) })
	return err
}

// checkActor refuses who cannot hold a task or stand in its history.
func checkActor(a plan.Actor) error {
	if a.Name == "" {
		return plan.Errorf(plan.Invalid, "missing agent name").WithCode("bad_agent").WithHint("set one with --agent or PM_AGENT")
	}
	return firstError(plan.CheckName("agent", a.Name), plan.CheckName("session", a.Session))
}

// A keptAnswer is what an idempotency key remembers of a call.
type keptAnswer struct {
	Operation string `json:"operation"`
	Answer    any    `json:"answer"`
}

// recall reads the answer that a key remembers into what out points to, and
// returns the operation of the call.
func recall(key, operation, request string, kept store.KeptAnswer, out any) (string, error) {
	if kept.Operation != operation || kept.Request != request {
		return "", plan.Errorf(plan.Refused, "idempotency key %q was already used for another call", key).WithCode("idempotency_key_reused").
			WithHint("use a new key for each call; reuse a key only to repeat that call")
	}
	if kept.Answer == "" {
		return "", plan.Errorf(plan.Refused, "the call with idempotency key %q was already run, but its answer was removed by a redaction", key).WithCode("answer_redacted").
			WithHint("look at the item: the call had its effect, and is not run again")
	}
	reflect.ValueOf(out).Elem().SetZero() // an attempt before may have filled it in
	was := keptAnswer{Answer: out}
	err := json.Unmarshal([]byte(kept.Answer), &was)
	return was.Operation, err
}

// digest tells one call from another: who, what, with which input.
func (c call) digest(ctx context.Context) string {
	b, err := plan.JSON(struct {
		Agent     string
		Operation string
		Input     any
	}{plan.ActorOf(ctx).Name, c.operation, c.input})
	if err != nil {
		panic(err) // inputs are plain structs
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// words says in words what is called: the operation and the keys in its
// arguments, but nothing that people wrote freely.
func (c call) words() string {
	words := []string{c.operation}
	in := reflect.ValueOf(c.input)
	if in.Kind() != reflect.Struct {
		return c.operation
	}
	for i := range in.NumField() {
		if in.Type().Field(i).Tag.Get("arg") == "" {
			continue
		}
		switch v := in.Field(i).Interface().(type) {
		case string:
			words = append(words, keysAmong(v)...)
		case []string:
			words = append(words, keysAmong(v...)...)
		}
	}
	return strings.Join(words, " ")
}

// mostKeys bounds the keys in the words of a command.
const mostKeys = 10

// keysAmong returns those of the arguments that are keys, and how many more
// there are beyond mostKeys.
func keysAmong(args ...string) (words []string) {
	for i, s := range args {
		if i == mostKeys {
			return append(words, fmt.Sprintf("and %d more", len(args)-i))
		}
		if k, err := plan.ParseKey(s); err == nil {
			words = append(words, k.String())
		}
	}
	return words
}
