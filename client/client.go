package client

import (
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

// DefaultMaxBody is how much of an answer is read without [Options.MaxBody]: 10 MiB.
const DefaultMaxBody = 10 << 20

// Options change how a [Client] calls. The zero Options are ready.
type Options struct {
	// HTTP sends the requests; nil is [http.DefaultClient]. Its Transport is the place
	// for retries, tracing and authentication, its Jar for cookies, its Timeout bounds a
	// call with all that is read of the answer. It is copied, and its CheckRedirect is
	// not used: redirects are not followed.
	HTTP *http.Client

	// Header has fields for every request. One that In has as well is that of In.
	Header http.Header

	// Base is put before the pattern of every Op, as [tenon.Routes.Prefix] does. It
	// begins with a slash and has no wildcards.
	Base string

	// MaxBody limits what is read into memory of an answer, and of each item of a
	// stream, in bytes. Zero is [DefaultMaxBody], and less than zero no limit. An answer
	// that is larger is an [Error].
	MaxBody int64

	// ErrorBody reads the failures of a service that have the form of a
	// [respond.ErrorBody]: what its method Read returns. Those of
	// application/problem+json are read without it.
	ErrorBody ErrorReader

	// Reconnect lets [Stream] connect again where an event stream ends or breaks off, as
	// browsers do: see there.
	Reconnect bool

	// SendInvalid sends what package bind would refuse, for tests of a service that
	// refuse it. What cannot be written at all is an error all the same.
	SendInvalid bool
}

// An ErrorReader reads the failures of a service. [respond.ErrorBody.Read] makes one.
type ErrorReader interface {
	// Received returns the problem that a failure tells, or nil.
	Received(status int, contentType string, body []byte) *respond.Problem
}

// A Client calls the routes of one service. It is made by [New] or [InProcess], does not
// change and serves many goroutines.
type Client struct {
	http        http.Client
	base        url.URL // without a path
	prefix      string  // before each path, escaped
	header      http.Header
	maxBody     int64
	errorBody   ErrorReader
	reconnect   bool
	sendInvalid bool

	mu         sync.RWMutex
	operations map[opKey]*operation
}

// New returns a client of the service at base, an absolute URL of the scheme http or https:
// "https://api.example.com" or, where the service stands below a path,
// "https://example.com/api". The error has all that is wrong with base and the options.
func New(base string, o Options) (*Client, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, fmt.Errorf("client: the base is no URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("client: the base %q is no absolute URL: write one such as https://api.example.com", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("client: the base %q has a query or a fragment, and each call has its own", u.Redacted())
	}
	c := &Client{
		base:        url.URL{Scheme: u.Scheme, Host: u.Host, User: u.User},
		prefix:      strings.TrimRight(u.EscapedPath(), "/") + strings.TrimRight(o.Base, "/"),
		header:      canonical(o.Header),
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
	return c, o.check()
}

// canonical returns a copy of h in which the names are those that a field of In has too.
func canonical(h http.Header) http.Header {
	sent := make(http.Header, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		key := http.CanonicalHeaderKey(name)
		sent[key] = append(sent[key], h[name]...)
	}
	return sent
}

// check returns all that is wrong.
func (o *Options) check() error {
	var faults []error
	if o.Base != "" && (!strings.HasPrefix(o.Base, "/") || strings.ContainsAny(o.Base, "{}?#")) {
		faults = append(faults, fmt.Errorf("client: Options.Base %q is no path: write one such as /v1", o.Base))
	}
	for name, values := range o.Header {
		for _, value := range values {
			if !header.IsToken(name) || !header.IsValue(value) {
				faults = append(faults, fmt.Errorf("client: Options.Header has a field %q that cannot be sent", name))
				break
			}
		}
	}
	return errors.Join(faults...)
}
