package utf

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"
)

// encode writes s as UTF-16, after the mark.
func encode(s string, f form, mark []byte) []byte {
	out := bytes.Clone(mark)
	for _, u := range utf16.Encode([]rune(s)) {
		if f == bigEndian {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestEveryFormBecomesUTF8(t *testing.T) {
	const text = "{\"title\":\"Ünïcode 日本 🎉\"}\r\nzweite\n"
	for name, raw := range map[string][]byte{
		"UTF-8":                         []byte(text),
		"UTF-8 with a mark":             append(bytes.Clone(markUTF8), text...),
		"UTF-16, little, with a mark":   encode(text, littleEndian, markLittle),
		"UTF-16, big, with a mark":      encode(text, bigEndian, markBig),
		"UTF-16, little, without":       encode(text, littleEndian, nil),
		"UTF-16, big, without":          encode(text, bigEndian, nil),
		"UTF-16, little, longer than 8": encode(text+strings.Repeat("🎉x", 5000), littleEndian, markLittle),
	} {
		want := text
		if strings.HasSuffix(name, "8") && name != "UTF-8" {
			want += strings.Repeat("🎉x", 5000)
		}
		if got := Decode(raw); string(got) != want {
			t.Errorf("%s: decoded to %.40q", name, got)
		}
		for how, r := range map[string]io.Reader{
			"whole":        bytes.NewReader(raw),
			"byte by byte": iotest.OneByteReader(bytes.NewReader(raw)),
			"by halves":    iotest.HalfReader(bytes.NewReader(raw)),
			"with EOF":     iotest.DataErrReader(bytes.NewReader(raw)),
		} {
			if err := iotest.TestReader(NewReader(r), []byte(want)); err != nil {
				t.Errorf("%s, read %s: %v", name, how, err)
			}
		}
	}
}

func TestWhatIsNoTextStaysInvalid(t *testing.T) {
	for name, raw := range map[string][]byte{
		"half a pair":      {0xff, 0xfe, 'a', 0, 0x00, 0xd8, 'b', 0},
		"a pair reversed":  {0xff, 0xfe, 0x00, 0xdc, 0x00, 0xd8},
		"half at the end":  {0xff, 0xfe, 'a', 0, 0x00, 0xd8},
		"an odd last byte": {0xff, 0xfe, 'a', 0, 'b'},
		"Latin-1":          []byte("caf\xe9"),
	} {
		got := Decode(raw)
		read, err := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(raw))))
		if utf8.Valid(got) || err != nil || !bytes.Equal(read, got) {
			t.Errorf("%s: %q, read as %q, %v", name, got, read, err)
		}
	}
}

func TestShortTexts(t *testing.T) {
	for raw, want := range map[string]string{
		"": "", "a": "a", "\n": "\n", "y\n": "y\n", "\xef": "\xef", "\xef\xbb": "\xef\xbb", "\xef\xbb\xbf": "", "\xff\xfe": "", "\xff": "\xff", "\x00": "\x00", "é": "é",
	} {
		got, err := io.ReadAll(NewReader(iotest.OneByteReader(strings.NewReader(raw))))
		if err != nil || string(got) != want || string(Decode([]byte(raw))) != want {
			t.Errorf("%q: %q and %q, %v", raw, got, Decode([]byte(raw)), err)
		}
	}
}

// A line of a terminal is there to be read before the next one is typed.
func TestALineIsNotHeldBack(t *testing.T) {
	in, out := io.Pipe()
	go out.Write([]byte("y\n"))
	b := make([]byte, 10)
	if n, err := NewReader(in).Read(b); string(b[:n]) != "y\n" || err != nil {
		t.Errorf("%q, %v", b[:n], err)
	}
	out.Close()
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"", "a", "\xef\xbb\xbfx", "\xff\xfea\x00", "\xfe\xff\x00a", "a\x00\x00\xd8", "\x00a\xd8"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(raw))))
		if err != nil || !bytes.Equal(got, Decode(raw)) {
			t.Errorf("%q: %q and %q, %v", raw, got, Decode(raw), err)
		}
	})
}
