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

// defaultETagBuffer is how much of a body [ETag] holds back without [ETagBuffer].
const defaultETagBuffer = 64 << 10

// An ETagOption changes how [ETag] works. Options are read once. The zero
// ETagOption changes nothing.
type ETagOption struct{ apply func(*etagConfig) }

type etagConfig struct {
	limit  int
	faults faults
}

// ETagBuffer lets [ETag] hold back up to n bytes of a body, 64 KiB by default. A
// longer body has no computed tag. A negative n is a fault.
func ETagBuffer(n int) ETagOption {
	return ETagOption{func(c *etagConfig) {
		if n < 0 {
			c.faults.add("ETagBuffer of %d bytes, where 0 is the least", n)
		}
		c.limit = n
	}}
}

// ETag gives the answers to GET a strong entity tag made from the body and its
// media type, and answers 304 without the body where If-None-Match has the tag
// (weak comparison), and 412 where If-Match is there and does not have it (strong
// comparison; RFC 9110, section 13.1). HEAD is treated like GET if the handler
// writes the body for it too or sets the tag itself, and has no tag otherwise.
// Other methods pass: the tag of what they are going to change is not known here.
//
// A tag that the handler has set itself is used, and then nothing is held back.
// To compute one the body has to be held back until the handler returns, up to
// the limit of [ETagBuffer]; it is sent with its Content-Length. These pass
// untouched, without a tag:
//
//	a status other than 200, so a 206 and every failure
//	a body that is empty or longer than the limit: if Content-Length tells, from
//	    its first byte, so that a file still goes out by sendfile(2)
//	a response that is flushed or hijacked, has trailers, a Set-Cookie or a
//	    Cache-Control with no-store
//
// The work of the handler is done before the 304; what is saved is the transfer.
// What the handler does to the header once it has begun to write has no effect,
// as without ETag. A handler that panics or fails while its body is held back has
// sent nothing, so the answer is a clean one. Put ETag inside of compress, which
// changes the tags of what it encodes.
//
// ETag panics, with all the faults at once, if an option is at fault.
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

// tagLength is that of a computed tag: 128 bits in base64url, and two quotation
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
