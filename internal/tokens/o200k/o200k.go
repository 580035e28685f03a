// Package o200k counts tokens as models of OpenAI do since GPT-4o: byte pair
// encoding with the vocabulary o200k_base. The vocabulary is several megabytes,
// so pm itself has it only when it is built with the tag o200k; tests always do.
package o200k

import (
	"sync"

	"github.com/pkoukk/tiktoken-go"
	loader "github.com/pkoukk/tiktoken-go-loader"
)

// Rule says how Count counts.
const Rule = "tokens of o200k_base, what is sent and what is read apart; without the task's own title and description"

var encoding = sync.OnceValue(func() *tiktoken.Tiktoken {
	tiktoken.SetBpeLoader(loader.NewOfflineLoader())
	e, err := tiktoken.GetEncoding("o200k_base")
	if err != nil {
		panic(err) // the vocabulary is part of the loader
	}
	return e
})

// Count returns how many tokens a text is.
func Count(text string) int { return len(encoding().EncodeOrdinary(text)) }
