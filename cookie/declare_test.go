package cookie_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

func TestCookie_attributes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		opts []cookie.Option
		want string
	}{
		{name: "a", want: "; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{name: "a", opts: []cookie.Option{{}, cookie.SameSite(http.SameSiteDefaultMode)}, want: "; Path=/; HttpOnly; Secure"},
		{name: "a", opts: []cookie.Option{cookie.SameSite(http.SameSiteStrictMode)}, want: "; Path=/; HttpOnly; Secure; SameSite=Strict"},
		{name: "a", opts: []cookie.Option{cookie.SameSite(http.SameSiteNoneMode), cookie.Partitioned()}, want: "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"},
		{name: "a", opts: []cookie.Option{cookie.Insecure(), cookie.ScriptReadable()}, want: "; Path=/; SameSite=Lax"},
		{name: "a", opts: []cookie.Option{cookie.Path("/x"), cookie.Domain("Example.com")}, want: "; Path=/x; Domain=Example.com; HttpOnly; Secure; SameSite=Lax"},
		{name: "a", opts: []cookie.Option{cookie.Domain(".example.com")}, want: "; Path=/; Domain=example.com; HttpOnly; Secure; SameSite=Lax"},
		{name: "__Host-a", opts: []cookie.Option{cookie.MaxAge(90 * time.Minute)}, want: "; Path=/; Max-Age=5400; HttpOnly; Secure; SameSite=Lax"},
		{name: "a", opts: []cookie.Option{cookie.Path("")}, want: "; HttpOnly; Secure; SameSite=Lax"},
	} {
		t.Run(tc.name+tc.want, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			c := cookie.Plain[string](tc.name, tc.opts...)
			require.NoError(t, c.Set(w, "value"))
			assert.Equal(t, []string{tc.name + "=value" + tc.want}, w.Header()["Set-Cookie"])

			require.NoError(t, c.Delete(w))
			want, err := http.ParseSetCookie(tc.name + "=" + tc.want)
			require.NoError(t, err)
			want.Expires, want.RawExpires, want.MaxAge = time.Unix(0, 0).UTC(), "Thu, 01 Jan 1970 00:00:00 GMT", -1
			require.Len(t, w.Header()["Set-Cookie"], 1)
			got, err := http.ParseSetCookie(w.Header()["Set-Cookie"][0])
			require.NoError(t, err)
			got.Raw, want.Raw = "", ""
			assert.Equal(t, want, got)
		})
	}
}

// stringer is an interface that JSON cannot read into.
type stringer interface{ String() string }

// halfText writes text and does not read it.
type halfText struct{}

// MarshalText implements [encoding.TextMarshaler].
func (halfText) MarshalText() ([]byte, error) { return nil, nil }

// TestPlain_panics lists declarations and all that they are refused for.
func TestPlain_panics(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, 1)
	option := func(opts ...cookie.Option) func() { return func() { cookie.Plain[string]("a", opts...) } }
	named := func(name string, opts ...cookie.Option) func() {
		return func() { cookie.Signed[string](keys, name, opts...) }
	}
	for want, declare := range map[string]func(){
		`cookie: plain cookie "": http: invalid Cookie.Name`:                  func() { cookie.Plain[string]("") },
		`cookie: signed cookie "a b": http: invalid Cookie.Name`:              named("a b"),
		`cookie: signed cookie "a": no keys`:                                  func() { cookie.Signed[string](nil, "a") },
		`cookie: sealed cookie "a": no keys`:                                  func() { cookie.Sealed[string](&cookie.Keys{}, "a") },
		`needs Path=/ and no Domain`:                                          named("__Host-a", cookie.Domain("example.com")),
		`"__Host-a": the prefix of the name needs Path=/ and no Domain`:       named("__Host-a", cookie.Path("/a")),
		`"__host-a": the prefix of the name needs Secure`:                     named("__host-a", cookie.Insecure()),
		`"__Http-a": the prefix of the name needs HttpOnly`:                   named("__Http-a", cookie.ScriptReadable()),
		`"a": SameSite=None needs Secure`:                                     option(cookie.SameSite(http.SameSiteNoneMode), cookie.Insecure()),
		`"a": SameSite 0 is not a mode of net/http`:                           option(cookie.SameSite(0)),
		`"a": SameSite 7 is not a mode of net/http`:                           option(cookie.SameSite(7)),
		`"a": http: partitioned cookies must be set with Secure`:              option(cookie.Partitioned(), cookie.Insecure()),
		`maximum age -1s is not a number of seconds from 0 to 400 days`:       option(cookie.MaxAge(-time.Second)),
		`maximum age 9600h0m1s is not a number of seconds from 0 to 400 days`: option(cookie.MaxAge(9600*time.Hour + time.Second)),
		`maximum age 1.5s is not a number of seconds from 0 to 400 days`:      option(cookie.MaxAge(1500 * time.Millisecond)),
		`"a": the path "a" does not begin with a slash`:                       option(cookie.Path("a")),
		`"a": http: invalid Cookie.Domain`:                                    option(cookie.Domain("a b")),
		`"a": Purpose needs a signed or sealed cookie`:                        option(cookie.Purpose("a")),
		`"a": the purpose is longer than 65535 bytes`:                         named("a", cookie.Purpose(strings.Repeat("a", 1<<16))),
		`"a": chan int cannot be encoded as JSON`:                             func() { cookie.Plain[chan int]("a") },
		`MarshalJSON that comes from the embedded field Time`: func() {
			cookie.Plain[struct {
				time.Time
				N int
			}]("a")
		},
		`no value can be read into the interface cookie_test.stringer`:         func() { cookie.Plain[stringer]("a") },
		`cookie_test.halfText has only one of MarshalText and UnmarshalText`:   func() { cookie.Plain[halfText]("a") },
		`chan int cannot be encoded as JSON; http: invalid Cookie.Name; no ke`: func() { cookie.Sealed[chan int](nil, " ") },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			defer func() {
				text := fmt.Sprint(recover())
				assert.True(t, strings.HasPrefix(text, "cookie: "), text)
				assert.Contains(t, text, want)
				assert.NotContains(t, text, "\n")
			}()
			declare()
		})
	}
}
