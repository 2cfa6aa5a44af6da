package middleware_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

var _ alice.Constructor = middleware.BasicAuth("", isAda)

func isAda(user, password string) bool {
	known, same := middleware.SameSecret(user, "ada"), middleware.SameSecret(password, "löve:lace")
	return known && same
}

func basic(text string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(text))
}

func greet(w http.ResponseWriter, r *http.Request) {
	user, ok := middleware.BasicAuthUser(r.Context())
	_, _ = fmt.Fprintln(w, user, ok)
}

func TestBasicAuth(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("GET /", greet)
	h := middleware.BasicAuth(`the "inner" \ room`, isAda)(m)
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range []struct {
			authorization []string
			ok            bool
		}{
			{[]string{basic("ada:löve:lace")}, true},
			{[]string{strings.Replace(basic("ada:löve:lace"), "Basic", "bASIC", 1)}, true},
			{nil, false},
			{[]string{""}, false},
			{[]string{"Basic"}, false},
			{[]string{"Basic %%%"}, false},
			{[]string{"Bearer " + basic("ada:löve:lace")[6:]}, false},
			{[]string{basic("ada")}, false},
			{[]string{basic("ada:")}, false},
			{[]string{basic(":löve:lace")}, false},
			{[]string{basic("ada:löve:lac")}, false},
			{[]string{basic("Ada:löve:lace")}, false},
			{[]string{basic("ada:l\xf6ve:lace")}, false},
			{[]string{basic("ada:löve:lace\n")}, false},
			{[]string{basic("ada:löve:lace"), basic("ada:löve:lace")}, false},
			{[]string{basic("ada:löve:lace"), basic("eve:love")}, false},
		} {
			got := s.Do(t, "GET", "/", nil, http.Header{"Authorization": tc.authorization})
			if tc.ok {
				assert.Equal(t, "ada true\n", got.Text, "%q", tc.authorization)
				assert.Empty(t, got.Header["Www-Authenticate"])
				continue
			}
			assert.Equal(t, http.StatusUnauthorized, got.StatusCode, "%q", tc.authorization)
			assert.Equal(t, []string{`Basic realm="the \"inner\" \\ room", charset="UTF-8"`}, got.Header["Www-Authenticate"])
			assert.JSONEq(t, `{"type":"about:blank","title":"Unauthorized","status":401}`, got.Text)
		}
	})
	kittest.CheckHeaders(t, h, get)
}

// A function that accepts everybody is not asked about what cannot have been
// sent in good faith.
func TestBasicAuth_controlCharacters(t *testing.T) {
	t.Parallel()
	h := middleware.BasicAuth("", func(string, string) bool { return true })(http.HandlerFunc(greet))
	for text, status := range map[string]int{":": 200, "a:b": 200, "a\n:b": 401, "a:\x00": 401, "a\u0085:b": 401, "a:\x7f": 401, "a": 401} {
		w, r := httptest.NewRecorder(), get()
		r.Header.Set("Authorization", basic(text))
		h.ServeHTTP(w, r)
		assert.Equal(t, status, w.Code, "%q", text)
	}
}

func TestBasicAuth_request(t *testing.T) {
	t.Parallel()
	m := http.NewServeMux()
	m.HandleFunc("GET /{id}", greet)
	r := httptest.NewRequest(http.MethodGet, "/7", nil)
	r.SetBasicAuth("ada", "löve:lace")
	middleware.BasicAuth("", isAda)(m).ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, "GET /{id}", r.Pattern, "visible to those outside")
	_, ok := middleware.BasicAuthUser(r.Context())
	assert.False(t, ok)
}

func TestBasicAuth_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "middleware: BasicAuth: the realm has a control character: leave it out; verify is nil: pass a function that checks user and password",
		func() { middleware.BasicAuth("a\r\n", nil) })
}

func TestSameSecret(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for _, tc := range []struct {
		given, secret string
		same          bool
	}{
		{"", "", true},
		{"a", "a", true},
		{long, long, true},
		{"a", "", false},
		{"", "a", false},
		{"a", "b", false},
		{long, long + "x", false},
		{"a\x00", "a", false},
	} {
		assert.Equal(t, tc.same, middleware.SameSecret(tc.given, tc.secret))
	}
}

func TestBasicAuth_allocs(t *testing.T) {
	h := middleware.BasicAuth("", isAda)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := get()
	r.SetBasicAuth("ada", "löve:lace")
	var sink kittest.Sink
	// Two of them decode the field, the others are the context, the user in it,
	// and the request that carries them.
	kittest.Allocs(t, 5, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
}

func ExampleBasicAuth() {
	verify := func(user, password string) bool {
		return user == "ada" && middleware.SameSecret(password, "lovelace")
	}
	h := middleware.BasicAuth("archive", verify)(respond.Func(func(r *http.Request) (any, error) {
		user, _ := middleware.BasicAuthUser(r.Context())
		return "Good morning, " + user, nil
	}))
	for _, password := range []string{"byron", "lovelace"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.SetBasicAuth("ada", password)
		h.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"), w.Body)
	}
	// Output:
	// 401 Basic realm="archive", charset="UTF-8" {"type":"about:blank","title":"Unauthorized","status":401}
	// 200  Good morning, ada
}
