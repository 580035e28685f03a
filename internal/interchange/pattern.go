package interchange

import (
	"regexp"
	"sync"
)

// pattern returns a function that compiles the expression when it is first
// called: most runs of pm read no documents, and should not pay for them.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
