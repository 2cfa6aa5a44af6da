package cookie_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/cookie"
)

type (
	color  string
	digest []byte
	user   struct {
		ID    int       `json:"id"`
		Name  string    `json:"name"`
		Since time.Time `json:"since,omitzero"`
		Tags  []string  `json:"tags"`
	}
)

// carry takes values through each kind of cookie, and returns what stands in
// the plain one.
func carry[T any](t *testing.T, values ...T) []string {
	t.Helper()
	keys := keysOf(t, 1)
	open := cookie.Plain[T]("v")
	var raws []string
	for _, v := range values {
		for _, c := range []*cookie.Cookie[T]{open, cookie.Signed[T](keys, "v"), cookie.Sealed[T](keys, "v")} {
			w := httptest.NewRecorder()
			require.NoError(t, c.Set(w, v))
			r := requestOf()
			r.Header.Del("Cookie")
			parsed, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
			require.NoError(t, err)
			r.AddCookie(parsed)
			got, err := c.Get(r)
			require.NoError(t, err)
			require.Equal(t, v, got)
		}
		raws = append(raws, rawOf(t, open, v))
	}
	return raws
}

func TestCookie_payloads(t *testing.T) {
	t.Parallel()
	carry(t, texts...)
	assert.Equal(t, []string{"a/b:c=d&e+f", "100%25%20%22na%C3%AFve%22%2C%3B%5C", "%00%FF", ""},
		carry(t, "a/b:c=d&e+f", "100% \"naïve\",;\\", "\x00\xff", ""))
	assert.Equal(t, []string{"dark", "%22"}, carry(t, color("dark"), color(`"`)))
	assert.Equal(t, []string{"AP8", "YQ"}, carry(t, []byte{0, 0xff}, []byte("a")))
	assert.Equal(t, []string{"AP8"}, carry(t, digest{0, 0xff}))
	assert.Equal(t, []string{"42", "-1"}, carry(t, 42, -1))
	assert.Equal(t, []string{"true"}, carry(t, true))
	assert.Equal(t, []string{"2026-11-20T08:00:00.5Z"}, carry(t, time.Date(2026, 11, 20, 8, 0, 0, 5e8, time.UTC)))
	assert.Equal(t, []string{"192.0.2.1", "2001:db8::1"}, carry(t, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")))
	assert.Equal(t, []string{"[1%2C2]", "[]"}, carry(t, []int{1, 2}, []int{}))
	assert.Equal(t, []string{"{%22a%22:1}"}, carry(t, map[string]int{"a": 1}))
	assert.Equal(t, []string{"{%22a%22:1}"}, carry(t, json.RawMessage(`{"a":1}`)))
	assert.Equal(t, []string{"null", "7"}, carry(t, nil, new(7)))
	assert.Equal(t, []string{"%22a%20b%22", "null"}, carry(t, bind.Some("a b"), bind.Null[string]()))
	assert.Equal(t, []string{"1.50"}, carry(t, json.Number("1.50")))
	assert.Equal(t, []string{"18446744073709551616"}, carry(t, new(big.Int).Lsh(big.NewInt(1), 64)))
	assert.Equal(t, []string{"null", "%22x%22"}, carry[any](t, nil, "x"))
	assert.Equal(t, []string{"{%22id%22:7%2C%22name%22:%22Ada%22%2C%22tags%22:[]}"}, carry(t, user{ID: 7, Name: "Ada", Tags: []string{}}))
}

// TestPlain_script reads what encodeURIComponent and other servers write.
func TestPlain_script(t *testing.T) {
	t.Parallel()
	c := cookie.Plain[string]("v")
	for raw, want := range map[string]string{
		url.PathEscape("a b/ü,;"):     "a b/ü,;",
		"%e2%82%ac":                   "€",
		`"quoted by a server"`:        "quoted by a server",
		"GA1.2.1-3":                   "GA1.2.1-3",
		"with space, and comma":       "with space, and comma",
		strings.Repeat("x", 4096-1):   strings.Repeat("x", 4096-1),
		"a=b=c":                       "a=b=c",
		strings.Repeat("%41", 4095/3): strings.Repeat("A", 4095/3),
	} {
		got, err := c.Get(requestOf("v=" + raw))
		require.NoError(t, err, raw)
		assert.Equal(t, want, got)
	}
	for _, raw := range []string{"%", "%4", "%4g", "%g4", "100%", "a%%20", "é", `a"b`, `a\b`, "a\x00", strings.Repeat("x", 4096)} {
		_, err := c.Get(requestOf("v=" + raw))
		require.ErrorIs(t, err, cookie.ErrInvalid, raw)
	}
	_, err := cookie.Plain[int]("v").Get(requestOf("v=1.5"))
	require.ErrorIs(t, err, cookie.ErrInvalid)
	_, err = cookie.Plain[time.Time]("v").Get(requestOf("v=now"))
	require.ErrorIs(t, err, cookie.ErrInvalid)
	_, err = cookie.Plain[[]byte]("v").Get(requestOf("v=YQ=="))
	require.ErrorIs(t, err, cookie.ErrInvalid)
	_, meta, err := c.Read(requestOf("v=x"))
	require.NoError(t, err)
	assert.Zero(t, meta)
}

// TestCookie_typeChanged opens a genuine value into another type.
func TestCookie_typeChanged(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, 1)
	r := requestOf("v=" + rawOf(t, cookie.Sealed[string](keys, "v"), `{"id":7,"name":`))
	got, meta, err := cookie.Sealed[user](keys, "v").Read(r)
	require.ErrorIs(t, err, cookie.ErrInvalid)
	assert.Zero(t, got)
	assert.Zero(t, meta)
}

// unwritable cannot be encoded.
type unwritable struct{ err error }

// MarshalText implements [encoding.TextMarshaler].
func (u unwritable) MarshalText() ([]byte, error) { return []byte("half"), u.err }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (u *unwritable) UnmarshalText([]byte) error { return u.err }

func TestCookie_cannotEncode(t *testing.T) {
	t.Parallel()
	keys, cause := keysOf(t, 1), errors.New("no text")
	w := httptest.NewRecorder()
	err := cookie.Sealed[unwritable](keys, "v").Set(w, unwritable{cause})
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, `cookie: the value of "v": no text`)
	require.ErrorContains(t, cookie.Signed[float64](keys, "v").Set(w, math.NaN()), `cookie: the value of "v": `)
	require.Error(t, cookie.Plain[[]string]("v").Set(w, []string{"\xff"}))
	assert.Empty(t, w.Header())

	c := cookie.Plain[float64]("v")
	require.Error(t, c.Set(w, math.Inf(1)))
	require.NoError(t, c.Set(w, 1.5), "nothing is left of the value that failed")
	assert.Equal(t, "v=1.5; Path=/; HttpOnly; Secure; SameSite=Lax", w.Header().Get("Set-Cookie"))
}

// TestCookie_size finds the longest value that each kind carries, which fills
// the 4096 bytes, and what follows it, which sets nothing.
func TestCookie_size(t *testing.T) {
	t.Parallel()
	forms := authentic(keysOf(t, 1), "session")
	forms["plain"] = cookie.Plain[string]("session")
	for form, c := range forms {
		longest := 0
		for n := range 5000 {
			w := httptest.NewRecorder()
			text := strings.Repeat("x", n)
			if err := c.Set(w, text); err != nil {
				require.ErrorIs(t, err, cookie.ErrTooLarge)
				require.Empty(t, w.Header())
				continue
			}
			require.Equal(t, longest, max(n-1, 0), "no gaps")
			longest = n
			if n%97 == 0 || n > 2900 {
				pair, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
				require.LessOrEqual(t, len(pair)-1, 4096)
				got, err := c.Get(requestOf(pair))
				require.NoError(t, err)
				require.Equal(t, text, got)
			}
		}
		assert.Equal(t, map[string]int{"plain": 4089, "signed": 3021, "sealed": 3021}[form], longest, form)
		w := httptest.NewRecorder()
		require.ErrorIs(t, c.Set(w, strings.Repeat("x", 1<<20)), cookie.ErrTooLarge)
		assert.Empty(t, w.Header())
	}
}

// TestCookie_slices leaves the caller's bytes alone, and hands out its own.
func TestCookie_slices(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, 1)
	for _, c := range []*cookie.Cookie[[]byte]{
		cookie.Plain[[]byte]("v"), cookie.Signed[[]byte](keys, "v"), cookie.Sealed[[]byte](keys, "v"),
	} {
		payload := append(make([]byte, 0, 4096), "payload"...)
		raw := rawOf(t, c, payload)
		assert.Equal(t, "payload", string(payload))
		assert.Equal(t, make([]byte, 4096-len(payload)), payload[len(payload):cap(payload)], "the room behind it")

		one, err := c.Get(requestOf("v=" + raw))
		require.NoError(t, err)
		_ = append(one, "more"...)
		clear(one)
		two, err := c.Get(requestOf("v=" + raw))
		require.NoError(t, err)
		assert.Equal(t, "payload", string(two))
		_, _ = c.Get(requestOf("v=" + rawOf(t, c, []byte("another"))))
		assert.Equal(t, "payload", string(two), "another call does not write into it")
	}
	verbatim := cookie.Signed[json.RawMessage](keys, "v")
	one, err := verbatim.Get(requestOf("v=" + rawOf(t, verbatim, json.RawMessage("[111]"))))
	require.NoError(t, err)
	_, _ = verbatim.Get(requestOf("v=" + rawOf(t, verbatim, json.RawMessage("[222]"))))
	assert.Equal(t, "[111]", string(one), "another call does not write into it")
}
