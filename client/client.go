package client

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

// DefaultMaxBody is the limit of [Options.MaxBody] if that is zero: 10 MiB.
const DefaultMaxBody = 10 << 20

// Options change how a [Client] calls. The zero value works.
type Options struct {
	// HTTP sends the requests; nil is [http.DefaultClient]. Its Transport is the place
	// for retries, tracing and authentication, and its Jar for cookies. Its Timeout
	// limits the whole call, including the reading of the answer. HTTP is copied. Its
	// CheckRedirect is not used, because redirects are not followed.
	HTTP *http.Client

	// Header has fields for every request, also Host. A field that In sets wins.
	Header http.Header

	// Base is put before the pattern of every Op, as [tenon.Routes.Prefix] does. It
	// begins with a slash and has no wildcards.
	Base string

	// MaxBody limits the bytes of an answer, and of each item of a stream, that are read
	// into memory. Zero is [DefaultMaxBody]; a negative number is no limit. A larger
	// answer is an [Error].
	MaxBody int64

	// ErrorBody reads the failures of a service that have the form of a
	// [respond.ErrorBody]: set it to the result of its method Read. Failures of the type
	// application/problem+json are read without it.
	ErrorBody ErrorReader

	// Reconnect lets [Stream] connect again after an event stream ends or breaks off, as
	// browsers do.
	Reconnect bool

	// SendInvalid sends values that package bind would refuse. It is for tests of a
	// service that must refuse them. A value that cannot be sent at all is still an
	// error.
	SendInvalid bool
}

// An ErrorReader reads the failures of a service. [respond.ErrorBody.Read] makes one.
type ErrorReader interface {
	// Received returns the problem that the body describes, or nil.
	Received(status int, contentType string, body []byte) *respond.Problem
}

// A Client calls the routes of one service. [New] and [InProcess] make it. It is safe for
// concurrent use.
type Client struct {
	http        http.Client
	base        url.URL // without a path
	prefix      string  // before each path, escaped
	host        string  // of every request whose In names no other one
	header      http.Header
	maxBody     int64
	errorBody   ErrorReader
	reconnect   bool
	sendInvalid bool

	mu         sync.RWMutex
	operations map[opKey]*operation
}

// New returns a client of the service at base, an absolute URL with the scheme http or
// https. It may have a path: "https://api.example.com" or "https://example.com/api". The
// error names everything that is wrong with base and the options.
func New(base string, o Options) (*Client, error) {
	u, err := parseBase(base)
	if err := errors.Join(err, o.check()); err != nil {
		return nil, err
	}
	fields := canonical(o.Header)
	host := cmp.Or(fields.Get("Host"), u.Host) // net/http does not send a Host that is in the header
	delete(fields, "Host")
	c := &Client{
		base:        url.URL{Scheme: u.Scheme, Host: u.Host, User: u.User},
		prefix:      strings.TrimRight(u.EscapedPath(), "/") + strings.TrimRight(o.Base, "/"),
		host:        host,
		header:      fields,
		maxBody:     o.MaxBody,
		errorBody:   o.ErrorBody,
		reconnect:   o.Reconnect,
		sendInvalid: o.SendInvalid,
		operations:  map[opKey]*operation{},
	}
	if o.HTTP != nil {
		c.http = *o.HTTP
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.maxBody == 0 {
		c.maxBody = DefaultMaxBody
	}
	return c, nil
}

func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, fmt.Errorf("client: the base is not a URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("client: the base %q is not an absolute URL: write one such as https://api.example.com", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("client: the base %q has a query or a fragment: leave it out", u.Redacted())
	}
	return u, nil
}

// canonical returns a copy of h with canonical names, as fields of In have them.
func canonical(h http.Header) http.Header {
	sent := make(http.Header, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		key := http.CanonicalHeaderKey(name)
		sent[key] = append(sent[key], h[name]...)
	}
	return sent
}

// check returns all faults of the options.
func (o *Options) check() error {
	var faults []error
	if o.Base != "" && (!strings.HasPrefix(o.Base, "/") || strings.ContainsAny(o.Base, "{}?#")) {
		faults = append(faults, fmt.Errorf("client: Options.Base %q is not a path: write one such as /v1", o.Base))
	}
	for name, values := range o.Header {
		for _, value := range values {
			if !header.IsToken(name) || !header.IsValue(value) {
				faults = append(faults, fmt.Errorf("client: Options.Header: the field %q has an invalid name or value", name))
				break
			}
		}
	}
	return errors.Join(faults...)
}
