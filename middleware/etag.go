package middleware

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// defaultETagBuffer is the limit of [ETag] without [ETagBuffer].
const defaultETagBuffer = 64 << 10

// An ETagOption changes how [ETag] works. The zero ETagOption changes nothing.
type ETagOption struct{ apply func(*etagConfig) }

type etagConfig struct {
	limit  int
	faults faults
}

// ETagBuffer lets [ETag] hold back up to n bytes of a body. The default is 64 KiB. A
// longer body gets no computed tag. A negative n is a fault.
func ETagBuffer(n int) ETagOption {
	return ETagOption{func(c *etagConfig) {
		if n < 0 {
			c.faults.add("ETagBuffer is %d: pass a number of bytes, 0 or more", n)
		}
		c.limit = n
	}}
}

// ETag gives answers to GET a strong entity tag, computed from the body and its media
// type. If the request has conditions (RFC 9110, section 13.1), it answers:
//
//	If-None-Match has the tag          304 without the body (weak comparison)
//	If-Match does not have the tag     412 (strong comparison)
//
// ETag treats HEAD like GET if the handler writes the body for it or sets the tag.
// Otherwise an answer to HEAD has no tag. Other methods pass unchanged, because the tag
// of what they change is not known here.
//
// If the handler sets a tag, ETag uses it and holds nothing back. Otherwise the body is
// held back until the handler returns, up to the limit of [ETagBuffer], and is sent with
// a Content-Length. These responses pass unchanged and without a tag:
//
//   - a status other than 200: every 206 and every failure
//   - an empty body, and one that is longer than the limit. If Content-Length says so, it
//     passes from its first byte, so a file is still sent by sendfile(2)
//   - a response that is flushed or hijacked, or has trailers, a Set-Cookie or a
//     Cache-Control with no-store
//
// A 304 saves the transfer, and not the work of the handler. Changes to the header after
// the first write have no effect, as without ETag. A handler that panics or fails while
// its body is held back has sent nothing, so its failure is answered normally. Put ETag
// inside compress, which changes the tags of what it encodes.
//
// ETag panics if an option is faulty, and names all faults at once.
func ETag(opts ...ETagOption) func(http.Handler) http.Handler {
	c := etagConfig{limit: defaultETagBuffer}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(&c)
		}
	}
	c.faults.refuse("ETag")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				next.ServeHTTP(w, r)
				return
			}
			held := newETagWriter(w)
			held.r, held.limit = r, c.limit
			next.ServeHTTP(held, r)
			held.finish()
		})
	}
}

// mayTag reports whether a response with status 200 may have a tag of ours, or
// be a 304 by the handler's.
func mayTag(h http.Header) bool {
	return len(h["Set-Cookie"]) == 0 && len(h["Content-Range"]) == 0 && len(h["Transfer-Encoding"]) == 0 &&
		len(h["Trailer"]) == 0 && !header.HasMember(h["Cache-Control"], "no-store")
}

// tagLength is the length of a computed tag: 128 bits in base64url, and two quotation
// marks.
const tagLength = 22 + 2

// entityTag makes a tag that is the same in every process, and the length of the
// body, out of one string.
func entityTag(body []byte, media []string) (tag, length string) {
	hash := sha256.New()
	_, _ = hash.Write(body) // a hash does not fail
	// A 304 brings no Content-Type, so another one has to be another tag. No body is
	// taken for another one with its type: the last byte says which of them it is.
	if len(media) == 0 {
		_, _ = hash.Write([]byte{'\r'})
	} else {
		var room [128]byte
		_, _ = hash.Write(append(append(append(room[:0], '\n'), media[0]...), '\n'))
	}
	var sum [sha256.Size]byte
	hash.Sum(sum[:0])
	var room [tagLength + len("9223372036854775807")]byte
	text := append(room[:0], '"')
	text = base64.RawURLEncoding.AppendEncode(text, sum[:16])
	text = strconv.AppendInt(append(text, '"'), int64(len(body)), 10)
	both := string(text)
	return both[:tagLength], both[tagLength:]
}

// answerCondition answers r if the conditions on tag fail, and reports whether it has.
// Those on dates are not evaluated: the tag is what is known.
func answerCondition(w http.ResponseWriter, r *http.Request, tag string) bool {
	conditions := header.ConditionsOf(r.Method, r.Header)
	switch conditions.Evaluate(header.Validators{ETag: tag}) {
	case header.Proceed:
		return false
	case header.NotModified:
		notModified(w)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusPreconditionFailed, ""))
	}
	return true
}

// notModified sends a 304 with those of the fields that a cache is to update:
// what describes the body is the same as in its copy (RFC 9110, section 15.4.5).
func notModified(w http.ResponseWriter) {
	h := w.Header()
	media, typed := h["Content-Type"]
	rw.RecordSelected(w, media, typed)
	header.DropContent(h)
	for _, name := range [...]string{"Last-Modified", "Repr-Digest", "Digest"} {
		delete(h, name)
	}
	w.WriteHeader(http.StatusNotModified)
}
