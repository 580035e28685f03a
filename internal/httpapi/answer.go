package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pm/internal/ops"
	"pm/internal/tracker"
)

// answer writes an operation's answer: the JSON that every
// surface gives, with the operation that the call was if it changed something;
// of a read the named fields, if there are names.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, op ops.Op, out any, operation string, names []string) {
	for next, i := tracker.NextCommands(out), 0; i < len(next); i++ {
		next[i] = hintText(next[i]) // who calls a route has no command line
	}
	b, err := ops.ChangeJSON(out, operation)
	about := itemOf(b)
	if err == nil && names != nil {
		b, err = s.picked(r.Context(), out, b, names)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	switch {
	case about.Version > 0 && op.Effect == ops.Reads:
		h.Set("ETag", etagOf(about.Version, b))
	case about.Version > 0:
		h.Set("ETag", etag(about.Version))
	}
	if isKnown(r, h.Get("ETag")) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if page, ok := out.(interface{ Next() string }); ok && page.Next() != "" { // pm mine
		h.Set("Link", nextLink(r, page.Next()))
	}
	status := http.StatusOK
	if isCreation(op) {
		status = http.StatusCreated
		if about.Key != "" {
			h.Set("Location", location(op, about))
		}
	}
	if zips(op, r) {
		w.Header().Set("Content-Encoding", "gzip")
		b = zipped(b)
	}
	s.write(w, status, b)
}

// zips reports whether an answer is compressed: those of a screen's, which are
// long, and repeat themselves.
func zips(op ops.Op, r *http.Request) bool {
	return (op.Name == "plan replica" || op.Name == "plan keys") && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// isCreation reports whether an operation makes something that has a place.
func isCreation(op ops.Op) bool {
	return strings.HasSuffix(op.Name, " create") || op.Name == "task create-many" || op.Name == "note add"
}

// write writes an answer, in bounded time.
func (s *Server) write(w http.ResponseWriter, status int, b []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTimeout))
	w.WriteHeader(status)
	w.Write(b)
}

// An item is what an answer of one item says of it, whatever else it holds.
type item struct {
	Key     string `json:"key"`
	Version int64  `json:"version"`
	Task    *item  `json:"task"` // where the answer is about a task, and not the task itself
}

// itemOf reads the item that an answer is or is about; the zero item for none.
func itemOf(answer []byte) (i item) {
	if !bytes.HasPrefix(answer, []byte(`{"key":`)) && !bytes.HasPrefix(answer, []byte(`{"task":{`)) {
		return i
	}
	if json.Unmarshal(answer, &i) == nil && i.Task != nil {
		return *i.Task
	}
	return i
}

// location says where an item that was created is.
func location(op ops.Op, i item) string {
	switch noun, _, _ := strings.Cut(op.Name, " "); noun {
	case "epic", "feature", "task":
		return "/v1/" + noun + "s/" + i.Key
	case "note":
		if i.Key == "" {
			i.Key = "plan"
		}
		return "/v1/items/" + i.Key + "/notes"
	}
	return ""
}

// warningHeader says what an answer lacks that is as of a moment: a code, and a
// sentence.
const warningHeader = "X-PM-Warning"

func setWarnings(h http.Header, all []tracker.Warning) {
	h.Del(warningHeader)
	for _, w := range all {
		h.Add(warningHeader, w.Code+": "+ops.SpeakArguments(w.Message))
	}
}

// nextLink is the Link header to the next page (RFC 8288).
func nextLink(r *http.Request, cursor string) string {
	q := r.URL.Query()
	q.Set("cursor", cursor)
	return fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.EscapedPath(), q.Encode())
}
