package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// InProcess returns a client of h that needs no network. Each call runs h on a new
// goroutine, which ends when h returns. It is for tests that call a service with its own
// types:
//
//	c := client.InProcess(service.Handler(), client.Options{})
//	article, err := client.Call(t.Context(), c, api.GetArticle, api.ArticleKey{ID: 7})
//
// Calls behave as over HTTP/1.1. The answer begins when h flushes, has written more than
// a little, or returns. A panic breaks it off. The context of the request has no values
// of the caller, and ends with the call. There are two differences: a handler cannot
// hijack the connection, and after a panic with another value than [http.ErrAbortHandler]
// the call returns an error with that value.
//
// The Transport of Options.HTTP is not used. To have one, wrap [Transport] and use [New].
// InProcess panics if the options are wrong.
func InProcess(h http.Handler, o Options) *Client {
	c, err := New("http://localhost", o)
	if err != nil {
		panic(err.Error())
	}
	c.http.Transport = Transport(h)
	return c
}

// Transport returns a RoundTripper that calls h without a network, as [InProcess] does.
func Transport(h http.Handler) http.RoundTripper { return &inProcess{h} }

type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		closeBody(r)
		return nil, err
	}
	// As over a network, the handler gets no values of the context of the caller.
	ctx, leave := context.WithCancel(context.Background())
	x := &exchange{leave: leave, method: r.Method, header: make(http.Header), ready: make(chan struct{})}
	x.cond.L = &x.mu
	inner := served(ctx, r) //nolint:contextcheck // as above
	x.sent = r.Body
	go x.run(t.handler, inner)
	select {
	case <-x.ready:
	case <-r.Context().Done():
		x.abandon(r.Context().Err())
		return nil, r.Context().Err()
	}
	if err := x.failure(); err != nil {
		return nil, err
	}
	if !x.isWhole() {
		x.stop = context.AfterFunc(r.Context(), func() { x.abandon(r.Context().Err()) })
	}
	x.response.Request = r
	return x.response, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close() // the sender does not need the error
	}
}

// served returns r as a server gets it.
func served(ctx context.Context, r *http.Request) *http.Request {
	inner := r.WithContext(ctx)
	inner.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery, ForceQuery: r.URL.ForceQuery}
	inner.Proto, inner.ProtoMajor, inner.ProtoMinor = "HTTP/1.1", 1, 1
	inner.Header, inner.GetBody = maps.Clone(r.Header), nil
	inner.RemoteAddr = "192.0.2.1:1234" // RFC 5737, as in package httptest
	inner.RequestURI = r.URL.RequestURI()
	if inner.Header == nil {
		inner.Header = make(http.Header)
	}
	for name, values := range inner.Header {
		inner.Header[name] = slices.Clip(values) // so that an append by the handler makes a copy
	}
	if inner.Host == "" {
		inner.Host = r.URL.Host
	}
	if u := r.URL.User; u != nil && inner.Header.Get("Authorization") == "" {
		password, _ := u.Password()
		inner.SetBasicAuth(u.Username(), password)
	}
	switch {
	case r.Body == nil || r.Body == http.NoBody:
		inner.Body, inner.ContentLength = http.NoBody, 0
	case r.ContentLength <= 0:
		inner.ContentLength, inner.TransferEncoding = -1, []string{"chunked"}
	default:
		inner.Body = &sizedBody{body: r.Body, left: r.ContentLength}
	}
	return inner
}

// A sizedBody is a request body with a declared length.
type sizedBody struct {
	body io.ReadCloser
	left int64
}

// Read reads up to the length. It fails if the body is shorter.
func (b *sizedBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.body.Read(p)
	b.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
		if b.left > 0 {
			err = io.ErrUnexpectedEOF
		} else if n == 0 {
			err = io.EOF
		}
	}
	return n, err
}

// Close closes the body.
func (b *sizedBody) Close() error { return b.body.Close() }

// run calls the handler.
func (x *exchange) run(h http.Handler, inner *http.Request) {
	defer func() {
		x.leave() // a server ends the context of a request when it is answered
		x.closeSent()
		if inner.MultipartForm != nil {
			_ = inner.MultipartForm.RemoveAll() // as a server does
		}
	}()
	defer func() {
		if !x.returned {
			x.end(panicked(recover()))
		}
	}()
	h.ServeHTTP(x, inner)
	x.returned = true
	x.end(nil)
}

// panicked returns the error that the client gets after a panic.
func panicked(cause any) error {
	switch err, _ := cause.(error); {
	case cause == nil: // by runtime.Goexit
		return io.ErrUnexpectedEOF
	case err != nil && errors.Is(err, http.ErrAbortHandler):
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("client: the handler panicked: %v", cause)
}
