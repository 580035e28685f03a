//go:build !linux && !darwin

package db

func networkSystem(string) string { return "" }
