//go:build o200k

package cli

import (
	"pm/internal/tokens"
	"pm/internal/tokens/o200k"
)

// tokenCounter counts with a real tokenizer, which pm has with the tag o200k.
func tokenCounter() tokens.Counter { return tokens.Counter{Rule: o200k.Rule, Count: o200k.Count} }
