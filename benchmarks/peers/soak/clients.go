package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"time"
)

// A client does one thing after another with the service at addr, over connections of
// its own.
type client struct {
	addr      string
	transport *http.Transport
}

func newClient(addr string) *client {
	// The service compresses for who asks; what arrives is read as it is.
	return &client{addr, &http.Transport{DisableCompression: true}}
}

// A deed is one thing that a client does. Every is how often: once in so many rounds.
type deed struct {
	name  string
	every int
	do    func(c *client, ctx context.Context) error
}

func deeds() []deed {
	inputs := http.Header{"X-Token": {"d0c5f3"}, "Cookie": {"session=31d4"}}
	zipped := http.Header{"Accept-Encoding": {"gzip"}}
	typed := http.Header{"Content-Type": {"application/json"}}
	const draftText = `{"title":"Mortise and tenon","tags":["joints","wood"],"stars":5,"notes":{"maker":"oak"}}`
	form, formType := uploadForm()
	uploaded := http.Header{"Content-Type": {formType}}
	return []deed{
		{"typed GET", 1, ask(200, "GET", "/articles/42?limit=10&tag=wood&tag=oak", inputs, "")},
		{"typed GET, compressed", 1, ask(200, "GET", "/articles", zipped, "")},
		{"typed POST", 1, ask(200, "POST", "/articles", typed, draftText)},
		{"POST, compressed", 1, ask(200, "POST", "/articles", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, gzipped(draftText))},
		{"upload through a temporary file", 2, ask(200, "POST", "/uploads", uploaded, form)},
		{"stream", 4, ask(200, "GET", "/ticks?n=1000", nil, "")},
		{"stream, compressed", 4, ask(200, "GET", "/ticks?n=1000", zipped, "")},
		{"small file", 1, ask(200, "GET", "/files/small.txt", zipped, "")},
		{"large file", 16, ask(200, "GET", "/files/large.txt", nil, "")},
		{"range of a file", 1, ask(206, "GET", "/files/large.txt", http.Header{"Range": {"bytes=1000-1999"}}, "")},
		{"invalid inputs", 1, ask(400, "GET", "/articles/x?limit=many", inputs, "")},
		{"malformed JSON", 1, ask(400, "POST", "/articles", typed, draftText[:40])},
		{"rule that is broken", 1, ask(400, "POST", "/articles", typed, strings.Replace(draftText, "5", "6", 1))},
		{"wrong type of a body", 1, ask(415, "POST", "/articles", http.Header{"Content-Type": {"text/csv"}}, "a,b")},
		{"body that is too large", 4, ask(413, "POST", "/articles", typed, `{"title":"`+strings.Repeat("x", bodyLimit)+`"}`)},
		{"no such route", 1, ask(404, "GET", "/nothing", nil, "")},
		{"no such method", 1, ask(405, "DELETE", "/articles", nil, "")},
		{"panic", 1, ask(500, "GET", "/panic", nil, "")},
		{"timeout", 500, ask(503, "GET", "/slow", nil, "")},
		{"leaves an event stream", 2, leave("GET", "/events", nil, "")},
		{"leaves a compressed event stream", 2, leave("GET", "/events", zipped, "")},
		{"leaves a large file", 4, leave("GET", "/files/large.txt", nil, "")},
		{"leaves an upload", 2, leaveUpload(formType, form)},
		{"leaves while a handler waits", 50, abandon("/slow")},
	}
}

func uploadForm() (form, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("title", "On oak")
	part, _ := w.CreateFormFile("file", "oak.txt")
	_, _ = io.WriteString(part, strings.Repeat("oak ", uploadSize/4))
	_ = w.Close()
	return b.String(), w.FormDataContentType()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func (c *client) send(ctx context.Context, method, target string, header http.Header, body string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr+target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if header != nil {
		r.Header = header.Clone()
	}
	return c.transport.RoundTrip(r)
}

// ask sends a request and reads the whole answer, which must have the status.
func ask(status int, method, target string, header http.Header, body string) func(*client, context.Context) error {
	return func(c *client, ctx context.Context) error {
		response, err := c.send(ctx, method, target, header, body)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != status {
			err = fmt.Errorf("%s %s: status %d, want %d: %.200s", method, target, response.StatusCode, status, text)
		}
		return err
	}
}

// leave breaks the connection off when a few KiB of the answer are there.
func leave(method, target string, header http.Header, body string) func(*client, context.Context) error {
	return func(c *client, ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		response, err := c.send(ctx, method, target, header, body)
		if err != nil {
			return err
		}
		_, err = io.CopyN(io.Discard, response.Body, 4<<10)
		cancel() // before Close, which would read on
		_ = response.Body.Close()
		return err
	}
}

// leaveUpload breaks the connection off in the middle of a body.
func leaveUpload(contentType, form string) func(*client, context.Context) error {
	return func(c *client, ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.addr)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(conn, "POST /uploads HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
			contentType, len(form), form[:len(form)/2])
		return errors.Join(err, conn.Close())
	}
}

// abandon leaves while the handler waits.
func abandon(target string) func(*client, context.Context) error {
	return func(c *client, ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
		defer cancel()
		response, err := c.send(short, http.MethodGet, target, nil, "")
		if err == nil {
			_ = response.Body.Close()
			return errors.New("a handler that waits has answered at once")
		}
		if short.Err() == nil {
			return err
		}
		return nil
	}
}
