//go:build !linux

package db

import "errors"

// exchange is for systems that give two files each other's name at once.
func exchange(string, string) error { return errors.ErrUnsupported }
