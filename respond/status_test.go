package respond_test

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// TestWrite_noBody sends every kind of value with the statuses that have no body.
func TestWrite_noBody(t *testing.T) {
	t.Parallel()
	describing := []string{
		"Content-Type", "Content-Encoding", "Content-Language", "Content-Range",
		"Content-Disposition", "Transfer-Encoding", "Trailer", "X-Content-Type-Options",
	}
	all := site{}
	for _, status := range []int{204, 205, 304} {
		for name, v := range map[string]any{
			"nil": nil, "text": "text", "bytes": []byte("bytes"), "json": article{}, "unencodable": math.NaN(),
			"reader": strings.NewReader("reader"), "writer to": report{2000}, "own media type": onPointer{},
		} {
			all[fmt.Sprintf("%d %s", status, name)] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for _, field := range describing[:6] {
					w.Header().Set(field, "stale")
				}
				w.Header().Set("Content-Length", "5")
				w.Header().Set("Etag", `"a"`)
				_ = respond.Write(w, r, respond.Status(status, v).WithHeader("Content-Type", "text/x"))
			})
		}
	}
	kittest.ServeBehind(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for name := range all {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				got := s.Do(t, method, at(name), nil, nil)
				assert.Equal(t, name[:3], strconv.Itoa(got.StatusCode))
				assert.Empty(t, got.Text, name)
				assert.Equal(t, `"a"`, got.Header.Get("Etag"), "validators stay")
				for _, field := range describing {
					assert.NotContains(t, got.Header, field, name)
				}
				if got.StatusCode == 205 {
					// How HTTP/1.1 says that a 205 has no content (RFC 9110, section 15.3.6).
					assert.Equal(t, []string{"0"}, got.Header["Content-Length"], name)
				} else {
					assert.NotContains(t, got.Header, "Content-Length", name)
				}
			}
		}
		assert.Empty(t, s.Log())
	})
}

// failing lists what cannot be sent, with a header field that must not survive.
func failing() map[string]any {
	return map[string]any{
		"status too low":    respond.Status(99, "x"),
		"status 101":        respond.Status(101, "x"),
		"status 600":        respond.Status(600, "x"),
		"negative status":   respond.Status(-1, respond.None{}),
		"own status":        odd{},
		"no content at 700": respond.Status(700, respond.NoContent{}),
		"reader at 700":     respond.Status(700, strings.NewReader("x")),
		"newline in header": respond.Status(200, "x").WithHeader("X-A", "a\r\nSet-Cookie: b=c"),
		"bad header name":   respond.Status(200, "x").WithHeader("X A", "a"),
		"newline, handler":  respond.Status[http.Handler](0, respond.Found("/")).WithHeader("X-A", "a\n"),
		"bad cookie":        respond.Status(200, "x").WithCookie(&http.Cookie{Name: "a b", Value: "c"}),
		"nil cookie":        respond.Status(200, "x").WithCookie(nil),
		"bad location":      respond.Created[string]{Location: "/a\r\nX: y"},
		"own content type":  badType("x"),
		"channel":           make(chan int),
		"function":          func() {},
		"complex":           complex(1, 2),
		"not a number":      math.NaN(),
		"inside created":    respond.Created[any]{Location: "/7", Header: http.Header{"X-Secret": {"s"}}, Body: math.Inf(1)},
		"deep inside":       map[string]any{"long": strings.Repeat("x", 100_000), "z": []any{1, make(chan int)}},
		"bad utf-8 in json": []string{"\xff"},
		"marshaler fails":   failingMarshaler{},
	}
}

type (
	odd              struct{}
	badType          string
	failingMarshaler struct{}
)

func (odd) StatusCode() int         { return 1000 }
func (badType) ContentType() string { return "text/x\r\nX: y" }

// A marshaler's error does not choose the status.
func (failingMarshaler) MarshalJSON() ([]byte, error) {
	return nil, respond.NewProblem(http.StatusTeapot, "secret")
}

func TestWrite_unsendable(t *testing.T) {
	t.Parallel()
	all := site{}
	for name, v := range failing() {
		all[name] = respond.Func(func(*http.Request) (any, error) { return v, nil })
		var returned error
		w, book := record(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Vary", "Origin")
			returned = respond.Write(w, r, v)
			respond.Error(w, r, fmt.Errorf("wrapped: %w", returned)) // answered already
		})
		require.Error(t, returned, name)
		assert.Equal(t, 500, w.Code, name)
		assert.Equal(t, http.Header{
			"Content-Type": {asProblem}, "X-Content-Type-Options": {"nosniff"}, "Vary": {"Origin"},
		}, w.Header(), name)
		assert.JSONEq(t, serverError, w.Body.String(), name)
		assert.Len(t, book.all(), 1, "%s: logged once", name)
	}
	kittest.ServeBehind(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for name := range all {
			got := s.Get(t, at(name))
			assert.Equal(t, 500, got.StatusCode, name)
			assert.JSONEq(t, serverError, got.Text, name)
		}
		assert.Empty(t, s.Log())
	})
}

func TestFor_staticFailure(t *testing.T) {
	t.Parallel()
	created := respond.For[respond.Created[article]]()
	w, book := record(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Error(t, created.Write(w, r, respond.Created[article]{Location: "/7", Body: article{Title: "\xff"}}))
	})
	assert.Equal(t, 500, w.Code)
	assert.Empty(t, w.Header().Get("Location"))
	assert.Len(t, book.all(), 1)
}

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("marshaler") }

// A panic is for a middleware to recover: it finds the response as it was.
func TestWrite_marshalerPanics(t *testing.T) {
	t.Parallel()
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		assert.PanicsWithValue(t, "marshaler", func() {
			_ = respond.Write(w, r, respond.Created[any]{Location: "/7", Body: []any{"before", panicking{}}})
		})
		assert.Empty(t, w.Header())
		_ = respond.Write(w, r, []int{1})
	})
	assert.Equal(t, 200, w.Code)
	assert.Equal(t, "[1]", w.Body.String())
}

// counting counts the pieces in which a body is written.
type counting struct {
	http.ResponseWriter

	pieces int
}

func (c *counting) Write(p []byte) (int, error) { c.pieces++; return c.ResponseWriter.Write(p) }

func (c *counting) WriteString(s string) (int, error) { return c.Write([]byte(s)) }

func TestWrite_oneWrite(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	for name, v := range map[string]any{
		"text": long, "bytes": []byte(long), "json": []string{long, long}, "problem": respond.NewProblem(404, long),
		"pieces below the limit": report{4}, "reader with a length": strings.NewReader(long),
	} {
		_, _ = record(t, func(w http.ResponseWriter, r *http.Request) {
			c := &counting{ResponseWriter: w}
			_ = respond.Write(c, r, v)
			assert.Equal(t, 1, c.pieces, name)
		})
	}
}
