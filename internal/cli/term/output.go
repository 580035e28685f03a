package term

import (
	"io"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Output describes the stream that is printed to. The zero Output is a pipe:
// no terminal, no colour, ASCII.
type Output struct {
	Terminal bool // a person watches
	Dumb     bool // the terminal knows no control sequences; no colour, no progress
	Width    int  // columns; 80 when not positive
	Height   int  // lines of a terminal; 0 when it does not tell
	Color    bool // Paint paints
	Unicode  bool // the locale shows characters beyond ASCII
}

// defaultWidth is the width of a stream that does not tell.
const defaultWidth = 80

// Detect describes w in the environment getenv. The width is COLUMNS when it
// is a positive number, else what the terminal says, else 80; the height is
// LINES or what the terminal says.
//
// Colour is off when NO_COLOR is not empty; else on when CLICOLOR_FORCE or
// FORCE_COLOR is neither empty nor "0"; else on for a terminal that is not
// TERM=dumb (no-color.org, bixense.com/clicolors).
//
// Unicode follows the first of LC_ALL, LC_CTYPE and LANG that is set.
func Detect(w io.Writer, getenv func(string) string) Output {
	out := Output{Width: defaultWidth, Unicode: isUTF8(getenv)}
	if f, ok := w.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
		out.Terminal = true
		out.Dumb = getenv("TERM") == "dumb" || !enableSequences(f.Fd())
		if columns, lines, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			out.Width, out.Height = columns, lines
		}
		if n, err := strconv.Atoi(getenv("LINES")); err == nil && n > 0 {
			out.Height = n
		}
	}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		out.Width = n
	}
	switch {
	case getenv("NO_COLOR") != "":
	case isSet(getenv("CLICOLOR_FORCE")), isSet(getenv("FORCE_COLOR")):
		out.Color = true
	default:
		out.Color = out.Terminal && !out.Dumb
	}
	return out
}

func (o Output) columns() int {
	if o.Width <= 0 {
		return defaultWidth
	}
	return o.Width
}

func isSet(v string) bool { return v != "" && v != "0" }

func isUTF8(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	// A Windows console takes Unicode and sets none of the three.
	return runtime.GOOS == "windows"
}
