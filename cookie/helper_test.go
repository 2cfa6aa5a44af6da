package cookie_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

// secret returns a secret of 32 bytes, a different one for each b.
func secret(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// keysOf returns the keys of secret(bs[0]), secret(bs[1]) and so on.
func keysOf(tb testing.TB, bs ...byte) *cookie.Keys {
	tb.Helper()
	var previous [][]byte
	for _, b := range bs[1:] {
		previous = append(previous, secret(b))
	}
	keys, err := cookie.NewKeys(secret(bs[0]), previous...)
	require.NoError(tb, err)
	return keys
}

// A stringCookie is any declaration of a Cookie[string].
type stringCookie = *cookie.Cookie[string]

// authentic returns a signed and a sealed cookie of one name.
func authentic(keys *cookie.Keys, name string, opts ...cookie.Option) map[string]stringCookie {
	return map[string]stringCookie{
		"signed": cookie.Signed[string](keys, name, opts...),
		"sealed": cookie.Sealed[string](keys, name, opts...),
	}
}

// rawOf returns what Set writes between the name and the attributes.
func rawOf[T any](tb testing.TB, c *cookie.Cookie[T], v T) string {
	tb.Helper()
	w := httptest.NewRecorder()
	require.NoError(tb, c.Set(w, v))
	pair, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	_, raw, ok := strings.Cut(pair, "=")
	require.True(tb, ok)
	return raw
}

// requestOf returns a request whose Cookie fields are lines.
func requestOf(lines ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["Cookie"] = lines
	return r
}
