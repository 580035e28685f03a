package sqlite

import (
	"strings"
	"unsafe"

	"modernc.org/libc"
)

// SQLite's memory is not Go's: an address in it is a number that the garbage
// collector does not know.

// pointer returns the address as a pointer.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// wordSize is the size of an address.
const wordSize = unsafe.Sizeof(uintptr(0))

// A memory is a block that grows to what is asked of it.
type memory struct {
	address uintptr
	size    int
}

// reserve makes the block at least n bytes long. What was in it is gone.
func (m *memory) reserve(tls *libc.TLS, n int) error {
	if n <= m.size {
		return nil
	}
	m.free(tls)
	if m.address = libc.Xmalloc(tls, libc.Tsize_t(n)); m.address == 0 {
		return errNoMemory
	}
	m.size = n
	return nil
}

func (m *memory) free(tls *libc.TLS) {
	libc.Xfree(tls, m.address)
	*m = memory{}
}

// put copies s to the offset and returns where that is.
func (m *memory) put(offset int, s string) uintptr {
	copy(unsafe.Slice((*byte)(pointer(m.address)), m.size)[offset:], s)
	return m.address + uintptr(offset)
}

// word returns the i-th address in the block.
func (m *memory) word(i int) uintptr {
	return unsafe.Slice((*uintptr)(pointer(m.address)), m.size/int(wordSize))[i]
}

// text copies n bytes out of SQLite's memory.
func text(address uintptr, n int32) string {
	if address == 0 || n <= 0 {
		return ""
	}
	return strings.Clone(view(address, n))
}

// view is text without the copy: it is good until SQLite changes it.
func view(address uintptr, n int32) string {
	return unsafe.String((*byte)(pointer(address)), int(n))
}
