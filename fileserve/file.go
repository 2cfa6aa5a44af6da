package fileserve

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// File answers with one file. It is an [http.Handler] and a value to return from a
// handler. The package documentation has the rules.
//
// GET and HEAD get the file, OPTIONS a 204, and any other method a 405. With an error
// status of package respond, such as that of a 404 page, every method gets the file. A
// path that is not a regular file is a 404. A file without permission to read is a 403.
//
// Many requests may share a File that nobody changes.
type File struct {
	// Path is the path of the file in FS. Without an FS it is a path of the operating system,
	// and is opened wherever it leads. For a path that comes from a client, use the FS of an
	// [os.Root].
	Path string
	// FS holds the file. Nil means the operating system.
	FS fs.FS
	// Name makes the file an attachment that browsers save under this name. It may have any
	// characters. Empty sends no Content-Disposition.
	Name string
	// ContentType is the media type. Empty means that of the extension of Path.
	ContentType string
	// CacheControl is sent as it is. Empty sends none.
	CacheControl string
	// ETag is the entity tag with its quotes. Empty means one that is made of the size and the
	// time of the last modification.
	ETag string
	// Inline lets browsers show a file that has a Name.
	Inline bool
	// WriteTimeout is the same as in [Options].
	WriteTimeout time.Duration
}

// ServeHTTP sends the file.
func (f File) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !rw.IsPage(w) && !answersMethod(w, r) {
		return
	}
	fsys := f.FS
	if fsys == nil {
		fsys = osFS{}
	}
	file, err := open(fsys, f.Path)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer func() { _ = file.Close() }() // nothing was written
	if file.dir {
		fail(w, r, &fs.PathError{Op: "open", Path: f.Path, Err: errIrregular})
		return
	}
	rep := representation{
		body: file.File, size: file.size, stamp: newStamp(file.size, file.mtime, time.Now(), ""),
		contentType: f.ContentType, tag: f.ETag, cacheControl: f.CacheControl,
		disposition: disposition(f.Name, f.Inline), name: f.Path, timeout: f.WriteTimeout,
	}
	rep.serve(w, r)
}

// DescribeFile tells package openapi that the answer is a file.
func (File) DescribeFile() (redirects bool) { return false }

// Content answers one request with bytes that a handler has, such as a generated document
// or a blob of a database. It is an [http.Handler] and a value to return from a handler.
// GET and HEAD follow the rules of the package documentation. Any other method gets all
// the bytes.
type Content struct {
	// Name makes the content an attachment, as in [File]. Its extension gives the media type.
	Name string
	// ModTime is the time of the last modification. The zero time sends none, and so does a
	// time before 1980-01-03, which reproducible builds give to all files.
	ModTime time.Time
	// ETag is the entity tag with its quotes. Empty sends none.
	ETag string
	// ContentType is the media type. Empty means that of the extension of Name.
	ContentType string
	// CacheControl is sent as it is. Empty sends none.
	CacheControl string
	// Inline lets browsers show content that has a Name.
	Inline bool
	// Reader has the bytes. They are sent from its start, whatever its position is. It is
	// always closed if it is an [io.Closer]. Nil is a 500, and so is a nil pointer.
	Reader io.ReadSeeker
	// WriteTimeout is the same as in [Options].
	WriteTimeout time.Duration
}

var errNoReader = errors.New("fileserve: Content without a Reader")

// ServeHTTP sends the content.
func (c Content) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if option.IsNil(c.Reader) {
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
		disposition: disposition(c.Name, c.Inline), name: c.Name, timeout: c.WriteTimeout,
	}
	// Different bytes may have the same size and ModTime, so they make no entity tag.
	rep.etag = ""
	rep.serve(w, r)
}

// DescribeFile tells package openapi that the answer is a file.
func (Content) DescribeFile() (redirects bool) { return false }

// disposition returns the value of Content-Disposition (RFC 6266) for a name, or "" without one.
// A name that is not plain ASCII is sent twice: as filename* (RFC 8187), and with underscores as
// filename, for clients that do not know filename*.
func disposition(name string, inline bool) string {
	if name == "" {
		return ""
	}
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	name = cleanName(name)
	var b strings.Builder
	b.Grow(len(kind) + len(name) + 16)
	b.WriteString(kind)
	b.WriteString(`; filename="`)
	plain := true
	for i, c := range name {
		// Some clients do not know \", and some decode %41 (RFC 6266, appendix D).
		if c >= utf8.RuneSelf || c == '"' || c == '%' && isEscape(name[i:]) {
			c, plain = '_', false
		}
		b.WriteByte(byte(c))
	}
	b.WriteByte('"')
	if !plain {
		b.WriteString("; filename*=UTF-8''")
		writeExtended(&b, name)
	}
	return b.String()
}

// unnamed is the name of a file if no visible character is left of its own.
const unnamed = "download"

// cleanName removes from a name what could mislead: path separators, control characters, and
// invisible characters that change the direction of text.
func cleanName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == '/' || c == '\\':
			return '_'
		case isInvisible(c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, "\uFFFD"))
	name = strings.TrimSpace(name)
	if strings.Trim(name, ". ") == "" {
		return unnamed
	}
	return name
}

// isInvisible reports whether c is a control character or a format character, such as a mark of
// direction. The joiners that some scripts need do not count.
func isInvisible(c rune) bool {
	const nonJoiner, joiner = '\u200C', '\u200D'
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) && c != nonJoiner && c != joiner ||
		c == '\u2028' || c == '\u2029'
}

func isEscape(s string) bool { return len(s) >= 3 && header.IsHex(s[1]) && header.IsHex(s[2]) }

// writeExtended percent-encodes what is not an attr-char (RFC 8187, section 3.2.1).
func writeExtended(b *strings.Builder, s string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("!#$&+-.^_`|~", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write(header.AppendPercent(nil, c))
		}
	}
}
