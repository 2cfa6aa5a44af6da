package bind

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"mime/multipart"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A File is a file of a multipart form. Declare it as a form field:
//
//	Avatar bind.File `form:"avatar" maxSize:"500000" contentMediaType:"image/png,image/jpeg"`
//
// A []File takes several files, and a *File may be missing. maxSize is in bytes; the part
// of a file beyond it is not stored. contentMediaType lists the media types that the file
// may declare, such as image/png or image/*. minItems and maxItems count the files of a
// slice.
//
// The content is valid until the context of the request is done. In net/http this is when
// the handler returns. [MaxMemory] says where the content is kept. A File may be copied
// and used by several goroutines at once. The zero File is one that was not sent.
type File struct {
	_ shape.Uploaded

	// Name is the last element of the file name from the client, without control characters.
	// It may be empty. The client chooses it: do not store a file under this name.
	Name string
	// Size is the length of the content in bytes.
	Size int64
	// ContentType is the media type that the client declares, or empty.
	ContentType string

	content io.ReaderAt
	offset  int64
	once    *once // in place of content, of what can be read once only
}

// A once is a source that is handed out once.
type once struct {
	from  io.Reader
	taken atomic.Bool
}

// NewFile returns a file for a client to send. Its content is r from the present position on,
// and is read while the request is sent. An empty contentType is not sent.
//
// The file can be sent several times if r is an [io.ReaderAt] and an [io.Seeker] with a known
// size, such as an [os.File], a [bytes.Reader] or a [strings.Reader]. Any other r can be sent
// once. Size is -1 if r does not tell its size; only the server then checks maxSize.
func NewFile(name, contentType string, r io.Reader) File {
	f := File{Name: name, ContentType: contentType, Size: -1}
	if at, ok := r.(io.ReaderAt); ok {
		if offset, size, ok := extent(r); ok {
			f.content, f.offset, f.Size = at, offset, size-offset
			return f
		}
	}
	if sized, ok := r.(interface{ Len() int }); ok {
		f.Size = int64(sized.Len())
	}
	if r != nil {
		f.once = &once{from: r}
	}
	return f
}

// extent returns the place at which r is and the size of all that it has.
func extent(r io.Reader) (offset, size int64, ok bool) {
	seeker, ok := r.(io.Seeker)
	if !ok {
		return 0, 0, false
	}
	offset, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, 0, false
	}
	switch r := r.(type) {
	case interface{ Size() int64 }:
		return offset, r.Size(), true
	case interface{ Stat() (fs.FileInfo, error) }:
		info, err := r.Stat()
		return offset, sizeOf(info), err == nil && info.Mode().IsRegular()
	}
	return 0, 0, false
}

func sizeOf(info fs.FileInfo) int64 {
	if info == nil {
		return 0
	}
	return info.Size()
}

// FileFault returns why a server would not read f with the same name and type, in words that
// follow the name of a field. It is for package client.
func FileFault(f File) error {
	switch {
	case f.content == nil && f.once == nil:
		return errors.New("is a File without content: make one with bind.NewFile")
	case baseName(f.Name) != f.Name:
		return fmt.Errorf("has the file name %q, which a server would change: use the last element of the path, without control characters", f.Name)
	case f.Name == "" && f.Size == 0:
		return errors.New("is an empty file without a name, which counts as none")
	case !header.IsValue(f.ContentType) || header.Trim(f.ContentType) != f.ContentType:
		return fmt.Errorf("has the content type %q, which no header field can hold", f.ContentType)
	}
	return nil
}

// Open returns a new reader of the content, from its start. Closing the reader is optional and
// does not end the File. For the zero File the error is [fs.ErrNotExist]. After the end of the
// request, reading fails with [fs.ErrClosed] if the content is in a temporary file.
//
// If f is from [NewFile] and its source can be read only once, Open works once, and ReadAt and
// Seek of the reader fail.
func (f File) Open() (multipart.File, error) {
	if f.once != nil {
		if f.once.taken.Swap(true) {
			return nil, errors.New("bind: opening an upload: its source can be read once only")
		}
		return pipe{f.once.from}, nil
	}
	if f.content == nil {
		return nil, fmt.Errorf("bind: opening an upload: %w", fs.ErrNotExist)
	}
	return section{io.NewSectionReader(f.content, f.offset, f.Size)}, nil
}

// A section is a part of what holds the uploads of a request, which closes on
// its own.
type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

// A pipe is a source that can be read from start to end only.
type pipe struct{ io.Reader }

func (pipe) ReadAt([]byte, int64) (int, error) { return 0, errors.ErrUnsupported }
func (pipe) Seek(int64, int) (int64, error)    { return 0, errors.ErrUnsupported }
func (p pipe) Close() error {
	if closer, ok := p.Reader.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

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

// An upload is what a form field asks of each of its files.
type upload struct {
	maxSize int64
	tooBig  *text.Wrong

	types     []shape.MediaRange // none is any
	wrongType *text.Wrong
}

// newUpload compiles what is asked of the files of a form field.
func newUpload(of *shape.File) *upload {
	u := &upload{maxSize: math.MaxInt64, types: of.Types}
	if of.MaxSize >= 0 {
		limit := strconv.FormatInt(of.MaxSize, 10)
		u.maxSize, u.tooBig = of.MaxSize, &text.Wrong{Code: "maxSize", Detail: "must have at most " + limit + " bytes", Limit: limit}
	}
	if len(of.Types) > 0 {
		words := make([]string, 0, len(of.Types))
		for _, m := range of.Types {
			words = append(words, m.String())
		}
		u.wrongType = &text.Wrong{Code: "contentMediaType", Detail: "must have the media type " + strings.Join(words, " or "), Limit: strings.Join(words, ",")}
	}
	return u
}

// takes reports whether a file may declare contentType.
func (u *upload) takes(contentType string) bool {
	declared := mediaType(contentType)
	for _, m := range u.types {
		if m.Matches(declared) {
			return true
		}
	}
	return len(u.types) == 0
}

// An uploaded is one file of a parameter.
type uploaded struct {
	param int
	file  File
}

// storeFiles stores the files that came for p. An urlencoded body has none: a browser sends
// only their names there.
func (g *gathered) storeFiles(p *param, i int) *text.Wrong {
	if wrong := g.slots[i].wrong; wrong != nil {
		return wrong
	}
	var files []File
	for _, u := range g.files {
		if u.param == i {
			files = append(files, u.file)
		}
	}
	switch {
	case len(files) == 0:
		return &text.Wrong{Code: "type", Detail: "must be a file"}
	case p.list:
		dst := p.inner(g.in)
		dst.Set(reflect.ValueOf(files).Convert(dst.Type()))
		return p.items.Check(dst)
	}
	p.inner(g.in).Set(reflect.ValueOf(files[0]))
	return nil
}
