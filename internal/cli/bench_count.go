//go:build !o200k

package cli

import "pm/internal/tokens"

// tokenCounter estimates: the vocabulary of a tokenizer is not part of pm.
func tokenCounter() tokens.Counter { return tokens.Estimate() }
