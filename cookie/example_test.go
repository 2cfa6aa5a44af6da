package cookie_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/respond"
)

// Session is what the examples keep in a cookie.
type Session struct {
	User string `json:"user"`
}

// back returns the request that a browser would send after the response of w.
func back(w *httptest.ResponseRecorder) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	return r
}

func Example() {
	secret := cookie.GenerateKey() // a service reads it from its configuration
	keys, err := cookie.NewKeys(secret)
	if err != nil {
		panic(err)
	}
	session := cookie.Sealed[Session](keys, "__Host-session", cookie.MaxAge(12*time.Hour))

	w := httptest.NewRecorder()
	err = session.Set(w, Session{User: "ada"})
	fmt.Println(err)
	r := back(w)
	s, err := session.Get(r)
	fmt.Println(s, err)
	err = session.Delete(w)
	fmt.Println(err)
	// Output:
	// <nil>
	// {ada} <nil>
	// <nil>
}

// The secret comes from the configuration of the service; GenerateKey makes one.
func ExampleSealed() {
	keys, err := cookie.NewKeys(cookie.GenerateKey())
	if err != nil {
		panic(err)
	}
	session := cookie.Sealed[Session](keys, "__Host-session", cookie.MaxAge(12*time.Hour))

	w := httptest.NewRecorder()
	if err := session.Set(w, Session{User: "ada"}); err != nil {
		fmt.Println(err)
	}
	_, attributes, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	fmt.Println(attributes)
	fmt.Println(session.Get(back(w)))

	_, err = session.Get(httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(errors.Is(err, http.ErrNoCookie), err)
	// Output:
	// Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax
	// {ada} <nil>
	// true cookie: the request has no such cookie
}

// A flash message is set before a redirect, and shown and deleted by the next
// page.
func ExampleSigned() {
	keys, _ := cookie.NewKeys(bytes.Repeat([]byte("k"), 32)) // a real secret is random
	flash := cookie.Signed[string](keys, "flash")

	w := httptest.NewRecorder()
	_ = flash.Set(w, "Saved.")
	fmt.Println(flash.Get(back(w)))

	forged := httptest.NewRequest(http.MethodGet, "/", nil)
	forged.Header.Set("Cookie", "flash=U2F2ZWQu.AQAA")
	_, err := flash.Get(forged)
	fmt.Println(errors.Is(err, cookie.ErrInvalid))
	// Output:
	// Saved. <nil>
	// true
}

func ExamplePlain() {
	theme := cookie.Plain[string]("theme", cookie.ScriptReadable(), cookie.MaxAge(400*24*time.Hour))
	w := httptest.NewRecorder()
	_ = theme.Set(w, "dark & warm")
	fmt.Println(w.Header().Get("Set-Cookie"))
	fmt.Println(theme.Get(back(w)))
	// Output:
	// theme=dark%20&%20warm; Path=/; Max-Age=34560000; Secure; SameSite=Lax
	// dark & warm <nil>
}

// A declaration that browsers would not follow panics when the program starts.
func ExamplePlain_panics() {
	defer func() { fmt.Println(recover()) }()
	cookie.Plain[string]("__Host-lang", cookie.Domain("example.com"), cookie.SameSite(http.SameSiteNoneMode), cookie.Insecure())
	// Output:
	// cookie: plain cookie "__Host-lang": SameSite=None needs Secure; the prefix of the name needs Secure; the prefix of the name needs Path=/ and no Domain
}

// A handler takes every error of Get as no cookie.
func ExampleCookie_Get() {
	keys, _ := cookie.NewKeys(cookie.GenerateKey())
	session := cookie.Sealed[Session](keys, "session")
	handler := func(w http.ResponseWriter, r *http.Request) {
		s, err := session.Get(r)
		if err != nil {
			_ = session.Delete(w) // nothing has been written yet
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		fmt.Fprintln(w, "hello,", s.User)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", "session=forged")
	w := httptest.NewRecorder()
	handler(w, r)
	fmt.Println(w.Code, w.Header().Get("Location"))
	fmt.Println(w.Header().Get("Set-Cookie"))
	// Output:
	// 303 /login
	// session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax
}

// After a change of keys, cookies of the old one are set anew when they come.
func ExampleCookie_Read() {
	before, after := cookie.GenerateKey(), cookie.GenerateKey()
	oldKeys, _ := cookie.NewKeys(before)
	w := httptest.NewRecorder()
	_ = cookie.Sealed[Session](oldKeys, "session").Set(w, Session{User: "ada"})
	r := back(w)

	keys, _ := cookie.NewKeys(after, before)
	session := cookie.Sealed[Session](keys, "session")
	w = httptest.NewRecorder()
	s, meta, err := session.Read(r)
	if err == nil && meta.OldKey {
		_ = session.Set(w, s)
	}
	fmt.Println(s.User, meta.OldKey, err, meta.Expires.Sub(meta.Issued))
	_, meta, err = session.Read(back(w))
	fmt.Println(meta.OldKey, err)
	// Output:
	// ada true <nil> 720h0m0s
	// false <nil>
}

// A typed handler returns its cookies with its answer. It reads them from the
// request, which is a field of its input.
func ExampleCookie_Issue() {
	keys, _ := cookie.NewKeys(cookie.GenerateKey())
	visits := cookie.Sealed[int](keys, "__Host-visits", cookie.MaxAge(time.Hour))

	type Visit struct{ Request *http.Request }
	h := tenon.Handle(func(_ context.Context, in Visit) (respond.Response[string], error) {
		n, _ := visits.Get(in.Request) // a first visit has none, a forged cookie counts as none
		c, err := visits.Issue(n + 1)
		if err != nil {
			return respond.Response[string]{}, err
		}
		return respond.Status(http.StatusOK, fmt.Sprintf("visit %d", n+1)).WithCookie(c), nil
	})

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(w.Body)
		r = back(w)
	}
	// Output:
	// visit 1
	// visit 2
	// visit 3
}

func ExampleCookie_Expire() {
	lang := cookie.Plain[string]("lang", cookie.Path("/docs"))
	h := tenon.Handle(func(context.Context, tenon.None) (respond.NoContent, error) {
		return respond.NoContent{Cookies: []*http.Cookie{lang.Expire()}}, nil
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/reset", nil))
	fmt.Println(w.Code, w.Header().Get("Set-Cookie"))
	// Output:
	// 204 lang=; Path=/docs; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax
}

// Whoever is logged out by a deletion has to know that it was sent.
func ExampleCookie_Delete() {
	keys, _ := cookie.NewKeys(cookie.GenerateKey())
	session := cookie.Sealed[Session](keys, "session", cookie.Path("/app"), cookie.Partitioned())
	w := httptest.NewRecorder()
	_ = session.Set(w, Session{User: "ada"})
	fmt.Println(session.Delete(w))
	fmt.Println(strings.Join(w.Header()["Set-Cookie"], "\n"))
	// Output:
	// <nil>
	// session=; Path=/app; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax; Partitioned
}

// Production and its copy for tests have the same keys here, but not the same
// cookies.
func ExamplePurpose() {
	keys, _ := cookie.NewKeys(cookie.GenerateKey())
	staging := cookie.Sealed[string](keys, "user", cookie.Purpose("staging"))
	production := cookie.Sealed[string](keys, "user", cookie.Purpose("production"))
	w := httptest.NewRecorder()
	_ = staging.Set(w, "admin")
	_, err := production.Get(back(w))
	fmt.Println(errors.Is(err, cookie.ErrInvalid))
	// Output: true
}

// What browsers would ignore is not sent.
func ExampleSet() {
	w := httptest.NewRecorder()
	fmt.Println(cookie.Set(w, &http.Cookie{Name: "lang", Value: "nl", Path: "/", MaxAge: 3600}))
	fmt.Println(cookie.Set(w, &http.Cookie{Name: "embedded", Value: "x", SameSite: http.SameSiteNoneMode}))
	fmt.Println(errors.Is(cookie.Set(w, &http.Cookie{Name: "a", Value: strings.Repeat("b", 4096)}), cookie.ErrTooLarge))
	fmt.Println(w.Header()["Set-Cookie"])
	// Output:
	// <nil>
	// cookie: SameSite=None needs Secure
	// true
	// [lang=nl; Path=/; Max-Age=3600]
}

func ExampleDelete() {
	w := httptest.NewRecorder()
	fmt.Println(cookie.Delete(w, &http.Cookie{Name: "lang", Path: "/"}))
	fmt.Println(w.Header().Get("Set-Cookie"))
	// Output:
	// <nil>
	// lang=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0
}

func ExampleCheck() {
	fmt.Println(cookie.Check(&http.Cookie{Name: "__Host-id", Value: "7", MaxAge: 1 << 26}))
	// Output:
	// cookie: the maximum age is over 400 days
	// cookie: the prefix of the name needs Secure
	// cookie: the prefix of the name needs Path=/ and no Domain
}

func ExampleNewKeys() {
	_, err := cookie.NewKeys([]byte("password"))
	fmt.Println(err)
	// Output: cookie: NewKeys: secret 0 has 8 bytes: give at least 32 random ones
}
