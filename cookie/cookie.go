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

// A Cookie is the declaration of a cookie with values of type T. [Plain], [Signed] and
// [Sealed] make one; the zero value must not be used. It never changes and may be used by
// many goroutines at once, for example as a package variable.
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

// Meta says more about a signed or sealed cookie. For a plain cookie it is zero.
type Meta struct {
	// Issued is the time at which the value was set, to the second. To end the older sessions
	// of a user, compare it with a time that you store for the user.
	Issued time.Time
	// Expires is the time from which on the value is [ErrExpired], to the second.
	Expires time.Time
	// OldKey reports that the value was set under one of the previous secrets. Set it again,
	// so that it outlives that secret.
	OldKey bool
}

// Plain declares a cookie that the client and its scripts can read and change. Its value is
// untrusted input, like a query parameter. Text and JSON are written as they are, with %XX for
// bytes that a cookie cannot hold: decodeURIComponent of a browser reads them, and Get reads what
// encodeURIComponent writes. A []byte is written in base64url.
//
// Plain panics with every fault of the declaration:
//
//   - the name or an attribute breaks a rule of [Check]
//   - [MaxAge] is negative, over 400 days or not in whole seconds
//   - there is a [Purpose]
//   - T cannot be encoded, is an interface with methods, or has only one of MarshalText and
//     UnmarshalText
func Plain[T any](name string, opts ...Option) *Cookie[T] {
	return declare[T]("plain", name, opts, func(c *config, binary bool) (form, error) {
		if c.purpose != "" {
			return nil, errors.New("Purpose needs a signed or sealed cookie")
		}
		return &plain{binary}, nil
	})
}

// Signed declares a cookie that clients can read but not change, by HMAC-SHA256. It panics as
// [Plain] does, and without keys.
func Signed[T any](keys *Keys, name string, opts ...Option) *Cookie[T] {
	return declare[T]("signed", name, opts, func(c *config, _ bool) (form, error) { return newSigner(keys, c) })
}

// Sealed declares a cookie that clients can neither read nor change, by AES-256-GCM with
// random nonces. Clients can see its length and its day of issue. It panics as [Plain]
// does, and without keys.
//
// One secret may seal 2^32 values of one cookie name in a day (UTC), over all processes:
// 49,710 in every second. The chance that two values share a nonce is then 2^-33. A
// shared nonce would show how the two texts differ and let values of that day be forged.
// Each day has its own key, so the days do not add up.
func Sealed[T any](keys *Keys, name string, opts ...Option) *Cookie[T] {
	return declare[T]("sealed", name, opts, func(c *config, _ bool) (form, error) { return newSealer(keys, c) })
}

// Set sets the cookie to v. It replaces an earlier Set or Delete in this response. The
// error is [ErrTooLarge], or says that v cannot be encoded or that the response has
// started. Behind the middleware of this module Set always knows that; without it a late
// Set may be lost. After an error nothing is set.
func (c *Cookie[T]) Set(w http.ResponseWriter, v T) error {
	s := c.scratches.get()
	defer c.scratches.put(s)
	if err := c.close(s, v); err != nil {
		return err
	}
	s.line = append(s.line, c.end...)
	return put(w, c.identity, string(s.line))
}

// Issue returns the cookie that [Cookie.Set] would set, for a function that returns its
// cookies, as in [github.com/tenonkit/tenon/respond.Response]. The error is
// [ErrTooLarge], or says that v cannot be encoded; the cookie is then nil.
//
// The caller owns the cookie. It does not replace an earlier one in the response:
// browsers keep the last of two.
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

// cannot returns the error of a cookie that is not set, with its name and without its value.
func (c *Cookie[T]) cannot(err error) error {
	return fmt.Errorf("cookie: the value of %q: %w", c.identity.name, err)
}

// Get returns the value of the cookie in r. The error is [http.ErrNoCookie], [ErrInvalid] or
// [ErrExpired], for [errors.Is]. Treat all three as no cookie.
//
// A request may have several cookies of the name, of different Path or Domain. Get tries
// at most eight of them. The valid one that was issued last counts, and in the same
// second the first. Of plain cookies the first that can be read counts.
func (c *Cookie[T]) Get(r *http.Request) (T, error) {
	v, _, err := c.Read(r)
	return v, err
}

// Read is [Cookie.Get] and also returns the [Meta] of the cookie. With [ErrExpired] the
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
			break // a plain cookie has no time of issue
		}
	}
	return best, meta, failed
}

// rank orders the results of reading a cookie. Of several cookies the highest counts.
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

// Delete makes the browser drop the cookie. It replaces a Set in this response. It
// returns an error if the response has started, as [Cookie.Set] does: check it, so that a
// logout never fails silently.
//
// A cookie of the same name with another Path or Domain stays and counts from then on, so
// change the name together with Path or Domain. A client that kept a copy of the value
// can still send it.
func (c *Cookie[T]) Delete(w http.ResponseWriter) error {
	return put(w, c.identity, c.gone)
}

// Expire returns the cookie that [Cookie.Delete] would set, as [Cookie.Issue] does for a
// value. To send it with an error, add its String as a Set-Cookie field, by the method
// WithHeader of [github.com/tenonkit/tenon/respond.Problem].
func (c *Cookie[T]) Expire() *http.Cookie { return deletion(&c.attributes) }

// The errors of [Cookie.Get] and [Cookie.Read], besides [http.ErrNoCookie]. Treat all
// three as no cookie, and delete the cookie. A handler that returns one of them answers
// 400.
var (
	// ErrInvalid says that the value was not set by this declaration under one of its secrets,
	// was changed, or does not fit T, for example after T has changed. It does not say which.
	ErrInvalid error = &failure{text: "cookie: the value is invalid"}
	// ErrExpired says that the value is genuine and its time is over.
	ErrExpired error = &failure{text: "cookie: the value has expired"}
)

// ErrTooLarge says that browsers would ignore the cookie, because its name and value
// together are longer than 4096 bytes.
var ErrTooLarge = errors.New("cookie: name and value are longer than 4096 bytes")

var (
	errAbsent  error = &failure{text: "cookie: the request has no such cookie", is: http.ErrNoCookie}
	errStarted       = errors.New("cookie: the response has started, so its header can no longer change")
)

// A failure is an error of the client.
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

// candidates yields the values of the cookies of this name as they were sent, at most
// eight. It skips malformed pairs. A request with more cookies than net/http reads has
// none.
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
