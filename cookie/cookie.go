package cookie

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// A Cookie is the declaration of a cookie with values of type T. Make it with
// [Plain], [Signed] or [Sealed]; the zero value is of no use. It is not changed
// afterwards and may be used by many goroutines at once, as a package variable
// too.
type Cookie[T any] struct {
	attributes http.Cookie // without a value
	identity   identity
	start, end string // the Set-Cookie field around the value
	gone       string // the field that deletes
	lifetime   int64
	payload    payload[T]
	form       form
	scratches  scratches
}

// Meta is what a signed or sealed cookie tells besides its value. For a plain
// cookie it is zero.
type Meta struct {
	// Issued is when the value was set, to the second. Compare it with the time
	// since when the sessions of a user count, to end those that are older.
	Issued time.Time
	// Expires is from when on the value is [ErrExpired], to the second.
	Expires time.Time
	// OldKey says that the value was set with one of the previous keys: Set it
	// anew, so that it outlives them.
	OldKey bool
}

// Plain declares a cookie that client and scripts can read and change: what it
// holds is input like a query parameter. Text and JSON stand in it as they are,
// with %XX for what a cookie cannot carry, which encodeURIComponent writes and
// decodeURIComponent reads; a []byte stands in base64url.
//
// Plain panics, with every fault of the declaration, if browsers or net/http
// would not take its name and attributes ([Check] has the rules), MaxAge is
// negative, over 400 days or not in whole seconds, there is a Purpose, or T can
// never be encoded, is an interface with methods, or has one of MarshalText and
// UnmarshalText without the other.
func Plain[T any](name string, opts ...Option) *Cookie[T] {
	return declare[T]("plain", name, opts, func(c *config, binary bool) (form, error) {
		if c.purpose != "" {
			return nil, errors.New("Purpose needs a signed or sealed cookie")
		}
		return &plain{binary}, nil
	})
}

// Signed declares a cookie that clients can read but not change, by
// HMAC-SHA256. It panics where [Plain] does, and without keys.
func Signed[T any](keys *Keys, name string, opts ...Option) *Cookie[T] {
	return declare[T]("signed", name, opts, func(c *config, _ bool) (form, error) { return newSigner(keys, c) })
}

// Sealed declares a cookie that clients can neither read nor change, by
// AES-256-GCM with random nonces. It panics where [Plain] does, and without
// keys. Length and day of issue show.
//
// One secret may seal 2^32 values of one cookie name in a day (UTC), in all
// processes together, which is 49,710 in every second. The chance that two of
// them share a nonce, which would tell how their texts differ and let values of
// that day be forged, is 2^-33 then. Each day has a key of its own, so the days
// do not add up.
func Sealed[T any](keys *Keys, name string, opts ...Option) *Cookie[T] {
	return declare[T]("sealed", name, opts, func(c *config, _ bool) (form, error) { return newSealer(keys, c) })
}

// Set sets the cookie to v, in the place of any value that this response has
// set or deleted before. Call it before the response starts; Set is an error
// after that, as far as w can tell, which it can behind the middleware of this
// module. Other errors are [ErrTooLarge] and that v cannot be encoded. With an
// error nothing is set.
func (c *Cookie[T]) Set(w http.ResponseWriter, v T) error {
	s := c.scratches.get()
	defer c.scratches.put(s)
	if err := c.close(s, v); err != nil {
		return err
	}
	s.line = append(s.line, c.end...)
	return put(w, c.identity, string(s.line))
}

// Issue returns the cookie that [Cookie.Set] would set, for a function that has
// no [http.ResponseWriter] and returns its cookies, as in
// [github.com/tenonkit/tenon/respond.Response]. Errors are [ErrTooLarge] and that
// v cannot be encoded; there is no cookie then.
//
// The cookie is the caller's. Nothing is taken back: of two cookies of one
// declaration in one response browsers keep the last.
func (c *Cookie[T]) Issue(v T) (*http.Cookie, error) {
	s := c.scratches.get()
	defer c.scratches.put(s)
	if err := c.close(s, v); err != nil {
		return nil, err
	}
	issued := c.attributes //nolint:gosec // G124: the attributes are those of the declaration
	issued.Value = string(s.line[len(c.start):])
	return &issued, nil
}

// close makes s.line the name of the cookie, an equals sign and the value for v.
func (c *Cookie[T]) close(s *scratch, v T) error {
	at := stamp{issued: time.Now().Unix(), lifetime: c.lifetime}
	head := at.bytes()
	s.plain.Write(head[:])
	if err := c.payload.encode(&s.plain, v); err != nil {
		return c.cannot(err)
	}
	if s.plain.Len()-stampSize > maxSize {
		return c.cannot(ErrTooLarge)
	}
	s.line = append(s.line[:0], c.start...)
	if err := c.form.close(s, at); err != nil {
		return c.cannot(err)
	}
	// The equals sign does not count.
	if len(s.line)-1 > maxSize {
		return c.cannot(ErrTooLarge)
	}
	return nil
}

// cannot says which cookie is not set, and never to what.
func (c *Cookie[T]) cannot(err error) error {
	return fmt.Errorf("cookie: the value of %q: %w", c.identity.name, err)
}

// Get returns the value of the cookie that r brings. An error is
// [http.ErrNoCookie], [ErrInvalid] or [ErrExpired], for [errors.Is]: treat all
// three as no cookie.
//
// Several cookies of the name, of different Path or Domain, are looked at, at most
// eight: the genuine one that was issued last counts, of those of one second the
// first. Of plain ones, which do not tell, the first that can be read does.
func (c *Cookie[T]) Get(r *http.Request) (T, error) {
	v, _, err := c.Read(r)
	return v, err
}

// Read is [Cookie.Get] with what else the cookie tells. With [ErrExpired] the
// value is zero, but Meta is set.
func (c *Cookie[T]) Read(r *http.Request) (T, Meta, error) {
	s := c.scratches.get()
	defer c.scratches.put(s)
	var (
		best T
		meta Meta
	)
	failed := errAbsent
	now := time.Now().Unix()
	for raw := range candidates(r, c.identity.name) {
		v, m, err := c.read(s, raw, now)
		if rank(err) < rank(failed) || rank(err) == rank(failed) && !m.Issued.After(meta.Issued) {
			continue
		}
		best, meta, failed = v, m, err
		if err == nil && m.Issued.IsZero() {
			break // a plain cookie does not tell
		}
	}
	return best, meta, failed
}

// rank orders what reading a cookie comes to: of several cookies the highest
// counts.
func rank(err error) int {
	switch {
	case err == nil:
		return 3
	case errors.Is(err, ErrExpired):
		return 2
	case errors.Is(err, ErrInvalid):
		return 1
	}
	return 0
}

func (c *Cookie[T]) read(s *scratch, raw string, now int64) (v T, meta Meta, err error) {
	if len(c.identity.name)+len(raw) > maxSize {
		return v, meta, ErrInvalid
	}
	text, meta, err := c.form.open(s, raw, now)
	if err != nil {
		return v, meta, err
	}
	v, err = c.payload.decode(text)
	if err != nil {
		return *new(T), Meta{}, ErrInvalid
	}
	return v, meta, nil
}

// Delete makes the browser drop the cookie, and takes back a Set in this
// response. A cookie of the same name that was set with another Path or Domain
// stays, and counts from then on: a declaration that changes one of them needs a
// new name. It is an error if the response has started, as in [Cookie.Set]: a
// logout has to know. A client that kept a copy of the value can still send it.
func (c *Cookie[T]) Delete(w http.ResponseWriter) error {
	return put(w, c.identity, c.gone)
}

// Expire returns the cookie that [Cookie.Delete] would set, as [Cookie.Issue]
// does for a value. An error can bring it as a Set-Cookie field, in the text of
// its String method, by WithHeader of [github.com/tenonkit/tenon/respond.Problem].
func (c *Cookie[T]) Expire() *http.Cookie { return deletion(&c.attributes) }

// The errors of [Cookie.Get] and [Cookie.Read], besides [http.ErrNoCookie]. All
// three mean that the client is not who it may say it is: treat them as absent,
// then Delete. A handler that returns one of them instead answers 400.
var (
	// ErrInvalid is a cookie that did not come from Set of the same declaration
	// under one of its keys, that has been changed, or that does not fit T, as
	// after a change of the type. Which of these is not told.
	ErrInvalid error = &failure{text: "cookie: the value is invalid"}
	// ErrExpired is a genuine value whose time is over.
	ErrExpired error = &failure{text: "cookie: the value has expired"}
)

// ErrTooLarge is the error of a cookie that browsers would ignore, because its
// name and value are longer than 4096 bytes together.
var ErrTooLarge = errors.New("cookie: name and value are longer than 4096 bytes")

var (
	errAbsent  error = &failure{text: "cookie: the request has no such cookie", is: http.ErrNoCookie}
	errStarted       = errors.New("cookie: the response has started, so its header can no longer change")
)

// A failure is the client's.
type failure struct {
	text string
	is   error
}

func (f *failure) Error() string { return f.text }

// Unwrap returns the error that f stands for.
func (f *failure) Unwrap() error { return f.is }

// StatusCode is what respond.Error answers.
func (*failure) StatusCode() int { return http.StatusBadRequest }

// maxTried is how many cookies of one name are looked at.
const maxTried = 8

// candidates yields the values of the cookies of this name as they were sent, at
// most eight. Pairs that are no cookies do not hide them. A request with more
// cookies than net/http reads has none.
func candidates(r *http.Request, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		lines := r.Header["Cookie"]
		if header.TooManyCookies(lines) {
			return
		}
		tried := 0
		for _, line := range lines {
			for line != "" {
				var part string
				part, line, _ = strings.Cut(line, ";")
				raw, ok := header.CookieValue(part, name)
				if !ok {
					continue
				}
				if tried++; tried > maxTried || !yield(raw) {
					return
				}
			}
		}
	}
}
