//go:build !unix

package pgtest

import "errors"

func start() (dsn string, stop func(), err error) {
	return "", nil, errors.New("on this system a server is not started: set " + envServer)
}
