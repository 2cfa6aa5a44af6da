package peers_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A jar keeps 100 bytes in an encrypted cookie named session.
type jar struct {
	by  string
	set func(w http.ResponseWriter, payload []byte) error
	get func(r *http.Request) ([]byte, error)
}

var payload100 = []byte(strings.Repeat("0123456789", 10))

// jars uses securecookie as its README shows, once with the serializer that it
// has for bytes, which is its fastest, and once with its default.
func jars(tb testing.TB) []jar {
	tb.Helper()
	keys, err := cookie.NewKeys(cookie.GenerateKey())
	require.NoError(tb, err)
	session := cookie.Sealed[[]byte](keys, "session", cookie.MaxAge(time.Hour))
	nop := securecookie.New(securecookie.GenerateRandomKey(32), securecookie.GenerateRandomKey(32)).
		MaxAge(3600).SetSerializer(securecookie.NopEncoder{})
	gob := securecookie.New(securecookie.GenerateRandomKey(32), securecookie.GenerateRandomKey(32)).MaxAge(3600)
	return []jar{
		{"tenon", session.Set, session.Get},
		{"securecookie", gorillaSet(nop), gorillaGet(nop)},
		{"securecookie-gob", gorillaSet(gob), gorillaGet(gob)},
	}
}

func gorillaSet(codec *securecookie.SecureCookie) func(http.ResponseWriter, []byte) error {
	return func(w http.ResponseWriter, payload []byte) error {
		// With NopEncoder, securecookie encrypts in the caller's slice.
		encoded, err := codec.Encode("session", bytes.Clone(payload))
		if err != nil {
			return err
		}
		http.SetCookie(w, &http.Cookie{
			Name: "session", Value: encoded, Path: "/", MaxAge: 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
		return nil
	}
}

func gorillaGet(codec *securecookie.SecureCookie) func(*http.Request) ([]byte, error) {
	return func(r *http.Request) ([]byte, error) {
		c, err := r.Cookie("session")
		if err != nil {
			return nil, err
		}
		var payload []byte
		err = codec.Decode("session", c.Value, &payload)
		return payload, err
	}
}

// sentBy returns the cookie that j sets, and the request that brings it back.
func sentBy(tb testing.TB, j jar) (*http.Cookie, *http.Request) {
	tb.Helper()
	w := httptest.NewRecorder()
	require.NoError(tb, j.set(w, payload100))
	require.Len(tb, w.Result().Cookies(), 1)
	sent := w.Result().Cookies()[0]
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(sent)
	return sent, r
}

// TestJars holds the jars to one behavior, and tenon to its part of the bytes.
func TestJars(t *testing.T) {
	sizes := map[string]int{}
	var attributes []string
	for _, j := range jars(t) {
		sent, r := sentBy(t, j)
		got, err := j.get(r)
		require.NoError(t, err, j.by)
		require.Equal(t, payload100, got, j.by)
		sizes[j.by] = len(sent.Value)

		sent.Value = sent.Value[:len(sent.Value)-2]
		r.Header.Del("Cookie")
		r.AddCookie(sent)
		_, err = j.get(r)
		require.Error(t, err, j.by)
		sent.Value = ""
		attributes = append(attributes, sent.String())
	}
	require.Equal(t, []string{attributes[0], attributes[0], attributes[0]}, attributes)
	require.LessOrEqual(t, float64(sizes["tenon"]), 0.85*float64(sizes["securecookie"]), "%v", sizes)
	require.LessOrEqual(t, sizes["securecookie"], sizes["securecookie-gob"])
}

func BenchmarkCookie(b *testing.B) {
	for _, j := range jars(b) {
		sent, r := sentBy(b, j)
		b.Run("op=set/by="+j.by, func(b *testing.B) {
			var sink kittest.Sink
			b.ReportAllocs()
			b.ReportMetric(float64(len(sent.Value)), "B/value")
			for b.Loop() {
				sink.Reset()
				if err := j.set(&sink, payload100); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("op=get/by="+j.by, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := j.get(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	// The value alone, without a header.
	b.Run("op=encode/by=securecookie", func(b *testing.B) {
		codec := securecookie.New(securecookie.GenerateRandomKey(32), securecookie.GenerateRandomKey(32)).
			SetSerializer(securecookie.NopEncoder{})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := codec.Encode("session", bytes.Clone(payload100)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
