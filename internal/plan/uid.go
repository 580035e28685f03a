package plan

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// NewUID returns a UUID of version 7 (RFC 9562, section 5.7) for the moment
// at: such UIDs sort by creation time, to a quarter of a microsecond (section
// 6.2, method 3).
func NewUID(at time.Time) string {
	var b [16]byte
	rand.Read(b[8:])
	fraction := uint64(at.Nanosecond()%1e6) << 12 / 1e6
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16|0x7000|fraction)
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[:8], b[:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:], b[10:])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// CheckUID rejects texts that are not a UUID in its canonical form: 36
// characters, lower case.
func CheckUID(s string) error {
	ok := len(s) == 36
	for i := 0; ok && i < len(s); i++ {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			ok = c == '-'
		default:
			ok = '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
		}
	}
	if !ok {
		return Errorf(Invalid, "invalid uid %q", s).WithCode("bad_uid").WithHint("a uid is a UUID in lower case")
	}
	return nil
}
