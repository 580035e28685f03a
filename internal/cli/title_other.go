//go:build !unix

package cli

func hideTitle(args []string) []string { return args }
