package fileserve

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// A representation is the body that a request selects, with its header fields. An empty text
// keeps a field that is already set on the response.
type representation struct {
	body   io.Reader // without io.Seeker, ranges are ignored
	offset int64     // the position of body
	size   int64
	stamp

	contentType  string
	tag          string // the entity tag of the author, or ""
	cacheControl string
	disposition  string
	coding       string
	// name and types give the media type if contentType is empty and none is set.
	name  string
	types map[string]string

	timeout time.Duration

	fields fields
}

var (
	errStarted = errors.New("fileserve: the response has started already")
	errField   = errors.New("fileserve: the entity tag is not valid, or a field holds a control character")
)

// serve answers a GET or HEAD request. It answers any other method with the whole body.
func (rep *representation) serve(w http.ResponseWriter, r *http.Request) {
	if err := rep.adopt(w); err != nil {
		respond.Error(w, r, err)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		rep.sendSpan(w, r, head{status: http.StatusOK, length: rep.length}, span{length: rep.size})
		return
	}
	conditions := header.ConditionsOf(r.Method, r.Header)
	switch conditions.Evaluate(rep.validators()) {
	case header.Proceed:
		rep.sendSelected(w, r)
	case header.NotModified:
		rep.sendNotModified(w)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusPreconditionFailed, ""))
	}
}

// adopt takes over the Content-Type and the ETag of the response, and checks the fields. An
// entity tag of the author replaces the derived one.
func (rep *representation) adopt(w http.ResponseWriter) error {
	if rw.Started(w) {
		return errStarted
	}
	h := w.Header()
	if rep.contentType == "" {
		rep.contentType = h.Get("Content-Type")
	}
	if rep.contentType == "" {
		rep.contentType = mediaType(rep.name, rep.types)
	}
	if set := h["Etag"]; rep.tag == "" && len(set) > 0 {
		rep.tag = set[0]
	}
	if rep.tag != "" {
		rep.etag = rep.tag
	}
	if rep.tag != "" && !header.IsETag(rep.tag) || !header.IsValue(rep.contentType) || !header.IsValue(rep.cacheControl) {
		return errField
	}
	return nil
}

// sendSelected answers a request whose preconditions hold with the part of the body that it
// selects.
func (rep *representation) sendSelected(w http.ResponseWriter, r *http.Request) {
	var asked spans
	switch rep.selects(r, &asked) {
	case noRange:
		w.Header().Set("Accept-Ranges", "bytes")
		respond.Error(w, r, respond.NewProblem(http.StatusRequestedRangeNotSatisfiable, "").
			WithHeader("Content-Range", "bytes */"+rep.length))
	case wholeFile:
		rep.sendSpan(w, r, head{status: http.StatusOK, length: rep.length}, span{length: rep.size})
	case someRanges:
		if asked.n > 1 {
			rep.sendParts(w, r, asked.requested())
			return
		}
		only := asked.all[0]
		var text [contentRangeSize]byte
		rep.sendSpan(w, r, head{
			status:       http.StatusPartialContent,
			length:       strconv.FormatInt(only.length, 10),
			contentRange: string(appendContentRange(text[:0], only, rep.length)),
		}, only)
	}
}

// selects reads the Range field of r, which applies to GET only (RFC 9110, section 14.2). If the
// ranges would not take fewer bytes than the whole body, it selects the whole body.
func (rep *representation) selects(r *http.Request, asked *spans) scope {
	lines := r.Header["Range"]
	if len(lines) != 1 || r.Method != http.MethodGet || !rep.seeks() || !rep.rangeApplies(r.Header) {
		return wholeFile
	}
	scope := asked.parse(lines[0], rep.size)
	if scope == someRanges {
		asked.coalesce()
		if asked.n > 1 && (asked.n > maxParts || rep.partsLength(asked.requested()) >= rep.size) {
			return wholeFile
		}
	}
	return scope
}

func (rep *representation) seeks() bool {
	_, ok := rep.body.(io.Seeker)
	return ok
}
