package middleware

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"

	"github.com/tenonkit/tenon/internal/rw"
)

const requestIDField = "X-Request-Id"

// RequestID gives every request an ID of 128 random bits, as 32 hexadecimal digits. The
// ID is in the context, for [RequestIDFrom], in the header field X-Request-Id of the
// response, and in the record of [AccessLog], which may be further in or out. If there is
// a RequestID further out, its ID is kept. An ID that the client sends counts only with
// [RequestIDTrustInbound]. A handler that adds an X-Request-Id of its own replaces the
// one in the response, as [net/http/httputil.ReverseProxy] does with that of its server.
//
// An ID is not a secret: responses and logs contain it. For keys, tokens and sessions use
// crypto/rand.
func RequestID(opts ...RequestIDOption) func(http.Handler) http.Handler {
	var c requestIDConfig
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(&c)
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if RequestIDFrom(r.Context()) != "" {
				next.ServeHTTP(w, r)
				return
			}
			x := &identified{requestContext: requestContext{Context: r.Context(), id: c.idOf(r)}}
			own := rw.WrapIn(&x.room, w)
			x.values[0] = x.id
			own.Header()[requestIDField] = x.values[:]
			rw.RecordRequestID(own, x.id)
			inner := r.WithContext(&x.requestContext) //nolint:contextcheck // it is that of r, with the ID
			rw.RecordCopy(own, inner)
			defer rw.BringBack(r, inner)
			mark := own.Hook(r, yieldRequestID)
			next.ServeHTTP(own, inner)
			own.Unhook(mark)
			if !own.Started() {
				yieldRequestID(own, r, http.StatusOK)
			}
		})
	}
}

// A RequestIDOption changes where [RequestID] takes the ID from. The zero RequestIDOption
// changes nothing.
type RequestIDOption struct{ apply func(*requestIDConfig) }

type requestIDConfig struct{ inbound bool }

// RequestIDTrustInbound uses the ID that the client sends in X-Request-Id. It must be one
// field of at most 128 letters, digits and characters of -._~+/=:@. Otherwise RequestID
// makes an ID. Use it only if every request comes through a proxy that sets the field.
// Other clients could send the ID of another request, or the same one every time.
func RequestIDTrustInbound() RequestIDOption {
	return RequestIDOption{func(c *requestIDConfig) { c.inbound = true }}
}

// RequestIDFrom returns the ID that [RequestID] gave to the request of ctx, or "".
func RequestIDFrom(ctx context.Context) string {
	identified, ok := ctx.Value(requestIDKey{}).(*requestContext)
	if !ok {
		return ""
	}
	return identified.id
}

type requestIDKey struct{}

// requestContext is the context with the ID. Its value is itself, because to put a
// string into an any is an allocation.
type requestContext struct {
	context.Context

	id string
}

// An identified holds everything that a request needs, in one allocation.
type identified struct {
	requestContext

	values [1]string // of the header field
	room   rw.Writer // unless there is one
}

// yieldRequestID is an [rw.Hook].
func yieldRequestID(w *rw.Writer, _ *http.Request, status int) bool {
	yield(w, status, requestIDField, w.RequestID())
	return true
}

// Value implements [context.Context].
func (c *requestContext) Value(key any) any {
	if _, ok := key.(requestIDKey); ok {
		return c
	}
	return c.Context.Value(key)
}

func (c *requestIDConfig) idOf(r *http.Request) string {
	if c.inbound {
		if sent := r.Header[requestIDField]; len(sent) == 1 && isRequestID(sent[0]) {
			return sent[0]
		}
	}
	// The generator of the runtime needs no system call, and an ID is no secret.
	var random [16]byte
	binary.LittleEndian.PutUint64(random[:], rand.Uint64())  //nolint:gosec // as above
	binary.LittleEndian.PutUint64(random[8:], rand.Uint64()) //nolint:gosec // as above
	var text [2 * len(random)]byte
	hex.Encode(text[:], random[:])
	return string(text[:])
}

func isRequestID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '.', c == '_', c == '~', c == '+', c == '/', c == '=', c == ':', c == '@':
		default:
			return false
		}
	}
	return true
}
