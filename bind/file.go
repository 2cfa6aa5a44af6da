package bind

import (
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"strings"
	"unicode"

	"github.com/tenonkit/tenon/internal/shape"
)

// A File is a file that came with a multipart form. Declare it, a []File or,
// where it may be missing, a *File as a form field:
//
//	Avatar bind.File `form:"avatar" maxSize:"1048576" contentMediaType:"image/png,image/jpeg"`
//
// maxSize is in bytes; of a larger file the rest is not stored.
// contentMediaType lists the media types that the file may declare, type/*
// being a range. minItems and maxItems count the files of a slice.
//
// The content is valid until the context of the request is done, which with
// net/http is when the handler returns: see [MaxMemory]. A File may be copied
// and is safe for use by several goroutines. The zero File is one that was not
// sent.
type File struct {
	_ shape.Uploaded

	// Name is the last element of the name that the client gave, without
	// control characters. It may be empty, and it is the client's choice: do
	// not store a file under it.
	Name string
	// Size is the length of the content in bytes.
	Size int64
	// ContentType is the media type that the client claims, empty if none.
	ContentType string

	content io.ReaderAt
	offset  int64
}

// Open returns a new reader of the content, from its start. Closing it is
// optional and does not end the File. The error is [fs.ErrNotExist] for the
// zero File; reading after the request is over fails with [fs.ErrClosed] where
// the content is not in memory.
func (f File) Open() (multipart.File, error) {
	if f.content == nil {
		return nil, fmt.Errorf("bind: opening an upload: %w", fs.ErrNotExist)
	}
	return section{io.NewSectionReader(f.content, f.offset, f.Size)}, nil
}

// A section is a part of what holds the uploads of a request, which closes on
// its own.
type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

// baseName returns the last element of a file name from a client of any
// operating system, fit to be shown.
func baseName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if name == "." || name == ".." {
		return ""
	}
	return name
}
