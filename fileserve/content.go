package fileserve

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/respond"
)

// Content answers with bytes that a handler has at hand: a generated document, a
// blob of a database. It is an [http.Handler] and a value to return from a
// handler, for one request. GET and HEAD are answered as the package
// documentation says. Any other method gets the whole, because it is the handler
// that has let it in.
type Content struct {
	// Name makes the content an attachment, as that of [File] does. Its extension
	// gives the media type too.
	Name string
	// ModTime is the time of the last modification, which is left out if it is the
	// zero time or one that reproducible builds give to all files.
	ModTime time.Time
	// ETag is the entity tag with its quotes. Empty sends none.
	ETag string
	// ContentType is the media type. Empty is that of the extension of Name.
	ContentType string
	// CacheControl is sent as it is. Empty sends none.
	CacheControl string
	// Inline lets browsers show content that has a Name.
	Inline bool
	// Reader holds the bytes from its start, wherever it stands. It is closed if it
	// is an [io.Closer], whatever happens. Nil is a 500.
	Reader io.ReadSeeker
	// WriteTimeout is that of [Options].
	WriteTimeout time.Duration
}

var errNoReader = errors.New("fileserve: Content without a Reader")

// ServeHTTP sends the content.
func (c Content) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.Reader == nil {
		respond.Error(w, r, errNoReader)
		return
	}
	if closer, ok := c.Reader.(io.Closer); ok {
		defer func() { _ = closer.Close() }() // nothing was written
	}
	size, err := c.Reader.Seek(0, io.SeekEnd)
	if err != nil {
		respond.Error(w, r, fmt.Errorf("fileserve: %w", err))
		return
	}
	rep := representation{
		body: c.Reader, offset: size, size: size, stamp: newStamp(size, c.ModTime, time.Now(), ""),
		contentType: c.ContentType, tag: c.ETag, cacheControl: c.CacheControl,
		disposition: dispositionOf(c.Name, c.Inline), name: c.Name, timeout: c.WriteTimeout,
	}
	// The bytes may have been made at any time: ModTime says nothing about them
	// that would make an entity tag.
	rep.etag = ""
	rep.serve(w, r)
}

// DescribeFile says that requests are answered with a file, for package openapi.
func (Content) DescribeFile() (redirects bool) { return false }
