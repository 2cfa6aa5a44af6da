package fileserve

import (
	"io/fs"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
)

// File answers with one file. It is an [http.Handler], and a value to return
// from a handler. GET and HEAD get the file, OPTIONS a 204, any other method a
// 405, all as the package documentation says; a [Content] answers other methods.
// Under a status of package respond that tells of a failure, such as that of a 404
// page, every method gets the file.
//
// A path that names no regular file is a 404, one that may not be read a 403.
// Many requests may share a File that nobody changes.
type File struct {
	// Path is the path of the file in FS. Without an FS it is one of the operating
	// system, and is opened wherever it leads: one that comes from a client needs
	// the FS of an [os.Root].
	Path string
	// FS holds the file. Nil is the file system of the operating system.
	FS fs.FS
	// Name makes the file an attachment, which browsers save under this name
	// whatever characters it has. Empty says nothing about it.
	Name string
	// ContentType is the media type. Empty is that of the extension of Path.
	ContentType string
	// CacheControl is sent as it is. Empty sends none.
	CacheControl string
	// ETag is the entity tag with its quotes, where more is known of the content
	// than its size and the time of its last modification. Empty is made of these.
	ETag string
	// Inline lets browsers show a file that has a Name.
	Inline bool
	// WriteTimeout is that of [Options].
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
		disposition: dispositionOf(f.Name, f.Inline), name: f.Path, timeout: f.WriteTimeout,
	}
	rep.serve(w, r)
}

// dispositionOf returns the value of Content-Disposition, or "" for none.
func dispositionOf(name string, inline bool) string {
	switch {
	case name == "":
		return ""
	case inline:
		return disposition("inline", name)
	}
	return disposition("attachment", name)
}

// DescribeFile says that requests are answered with a file, for package openapi.
func (File) DescribeFile() (redirects bool) { return false }
