package fileserve

import (
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// A head has the fields of a response that do not come from the representation.
type head struct {
	status       int
	contentType  string // empty means that of the representation
	length       string
	contentRange string
}

// fields holds the values of the header of one response in one array. Each value is cut to
// capacity 1, so that an append makes a copy. Responses do not share the array.
type fields struct {
	values [10]string
	n      int
}

func (f *fields) set(h http.Header, key, value string) {
	if value == "" {
		return
	}
	f.values[f.n] = value
	h[key] = f.values[f.n : f.n+1 : f.n+1]
	f.n++
}

// begin sets the header and sends the status. A 200 is sent with the first write, unless the
// body is empty.
func (rep *representation) begin(w http.ResponseWriter, hd head, empty bool) {
	h := w.Header()
	ranges := "none"
	if rep.seeks() {
		ranges = "bytes"
	}
	if hd.contentType == "" {
		hd.contentType = rep.contentType
	}
	f := &rep.fields
	f.set(h, "Accept-Ranges", ranges)
	f.set(h, "Cache-Control", rep.cacheControl)
	f.set(h, "Content-Disposition", rep.disposition)
	f.set(h, "Content-Encoding", rep.coding)
	f.set(h, "Content-Length", hd.length)
	f.set(h, "Content-Range", hd.contentRange)
	f.set(h, "Content-Type", hd.contentType)
	f.set(h, "Etag", rep.etag)
	f.set(h, "Last-Modified", rep.lastModified)
	f.set(h, "X-Content-Type-Options", "nosniff")
	if hd.status != http.StatusOK || empty {
		w.WriteHeader(hd.status)
	}
}

// sendNotModified answers with 304. It adds the fields that a cache needs to those that are
// already set (RFC 9110, section 15.4.5).
func (rep *representation) sendNotModified(w http.ResponseWriter) {
	h := w.Header()
	media := [...]string{rep.contentType}
	rw.RecordSelected(w, media[:], rep.contentType != "")
	header.DropContent(h)
	f := &rep.fields
	f.set(h, "Cache-Control", rep.cacheControl)
	f.set(h, "Etag", rep.etag)
	if rep.etag == "" {
		f.set(h, "Last-Modified", rep.lastModified)
	}
	w.WriteHeader(http.StatusNotModified)
}

// contentRangeSize is more than the length of any Content-Range.
const contentRangeSize = 80

// appendContentRange appends the value of Content-Range (RFC 9110, section 14.4).
func appendContentRange(text []byte, s span, size string) []byte {
	text = append(text, "bytes "...)
	text = strconv.AppendInt(text, s.start, 10)
	text = append(text, '-')
	text = strconv.AppendInt(text, s.start+s.length-1, 10)
	text = append(text, '/')
	return append(text, size...)
}
