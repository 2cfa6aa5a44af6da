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

// A representation is the body that a request selects, and what is known of it.
// A field of the response that its author has set is kept where the text below is
// empty.
type representation struct {
	body io.Reader // the ranges of one that is no io.Seeker are ignored
	// offset is where the body stands.
	offset int64
	size   int64
	stamp

	contentType  string
	tag          string // an entity tag that is given
	cacheControl string
	disposition  string
	coding       string
	// name and types give the media type if nobody else does.
	name  string
	types map[string]string

	timeout time.Duration

	fields fields
}

var (
	errStarted = errors.New("fileserve: the response has started already")
	errField   = errors.New("fileserve: the entity tag is not valid, or a field holds a control character")
)

// serve answers a GET or HEAD request, or with the whole body any other.
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

// adopt settles the validators: an entity tag that is given or set on the
// response takes the place of the derived one.
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

// sendSelected answers with the part of the body that a request selects whose
// preconditions hold.
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

// selects reads the Range field of r, which counts with GET only (RFC 9110,
// section 14.2). The whole body answers where the ranges would not be less.
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
