package tui

import (
	"fmt"
	"strings"
	"testing"
)

func TestKeysAreDecoded(t *testing.T) {
	for sent, want := range map[string]string{
		"j":                          "key j/j",
		" ":                          "key space/ ",
		"\r":                         "key enter/",
		"\x1b":                       "key esc/",
		"\x1b[A\x1bOB":               "key up/ key down/",
		"\x1b[1;2C\x1b[1;5D":         "key shift+right/ key ctrl+left/",
		"\x1b[5~\x1b[6~\x1b[H":       "key pgup/ key pgdown/ key home/",
		"\x1bx":                      "key alt+x/",
		"\x1b\x1b":                   "key esc/ key esc/",
		"\x1b\x1b[A":                 "key esc/ key up/",
		"\x1b[":                      "key alt+[/",
		"\x04\x7f\x08":               "key ctrl+d/ key backspace/ key backspace/",
		"ü漢":                         "key ü/ü key 漢/漢",
		"\x1b[<64;1;1M\x1b[<65;1;1M": "wheel -1 wheel 1",
		"\x1b[<0;3;4M\x1b[?1;2cq":    "key q/q",
		"\x1b[200~a\nb\x1b[201~c":    "pasted a\nb key c/c",
		"\xff":                       "key \ufffd/\ufffd",
	} {
		var all, byByte decoder
		if got := told(append(all.take([]byte(sent)), all.late()...)); got != want {
			t.Errorf("%q is %q, want %q", sent, got, want)
		}
		var events []event
		for i := range len(sent) {
			events = append(events, byByte.take([]byte{sent[i]})...)
		}
		if got := told(append(events, byByte.late()...)); got != want {
			t.Errorf("%q byte by byte is %q, want %q", sent, got, want)
		}
	}
}

func told(events []event) string {
	var all []string
	for _, e := range events {
		switch e := e.(type) {
		case key:
			all = append(all, "key "+e.name+"/"+e.text)
		default:
			all = append(all, strings.TrimPrefix(fmt.Sprintf("%T %v", e, e), "tui."))
		}
	}
	return strings.Join(all, " ")
}

// FuzzDecode: whatever is typed, the decoder neither panics nor keeps what is
// whole for ever.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x1b[1;2Cj\x1b[200~x\x1b[201~"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var d decoder
		d.take(b)
		if len(d.rest) > 0 && d.rest[0] != 0x1b && d.rest[0] < 0x80 {
			t.Errorf("%q is left of %q", d.rest, b)
		}
	})
}

// What is pasted comes as one, however it is cut, and no more than there is room for.
func TestLongPaste(t *testing.T) {
	for _, size := range []int{0, 100, 200_000, mostPasted + 5000} {
		var d decoder
		var events []event
		all := []byte(pasteBegins + strings.Repeat("x", size) + pasteEnds + "j")
		for len(all) > 0 {
			n := min(len(all), 4093)
			events = append(events, d.take(all[:n])...)
			all = all[n:]
		}
		if len(events) != 2 || events[1] != (key{"j", "j"}) {
			t.Fatalf("%d pasted: %d events", size, len(events))
		}
		if p, is := events[0].(pasted); !is || len(p) != min(size, mostPasted-len(pasteBegins)) {
			t.Errorf("%d pasted came as %T of %d", size, events[0], len(p))
		}
	}
}
