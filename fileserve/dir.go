package fileserve

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// Dir is an [http.Handler] that serves the files of a directory by the path of the URL.
// Remove a prefix of the path with [http.StripPrefix]. The package documentation has the
// rules. [Open] and [New] make a Dir; the zero value must not be used. It may serve many
// requests at once.
type Dir struct {
	fsys    fs.FS
	options Options
	closer  io.Closer
	// index describes the files that cannot change, by name.
	index   map[string]indexEntry
	cache   *cache // nil keeps nothing
	windows windows
	policy  string // of the listings
}

// Open returns a Dir of the directory dir, which it opens as an [os.Root]. Symbolic links
// may lead anywhere below dir. A link that is absolute or leads out of dir is a 404. The
// Dir keeps the directory open until [Dir.Close].
//
// The error lists everything that is wrong in the options. It also says if dir cannot be
// opened or, with Immutable, if a file in it cannot be read.
func Open(dir string, options Options) (*Dir, error) {
	opened, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.Join(options.check(), fmt.Errorf("fileserve: %w", err))
	}
	d, err := New(rootFS{opened}, options)
	if err != nil {
		_ = opened.Close() // nothing was written
		return nil, err
	}
	d.closer = opened
	return d, nil
}

// New returns a Dir of the files in fsys. fsys decides which files a name can reach:
// [os.DirFS] follows symbolic links out of its directory. Use [Open] or the file system
// of an [os.Root] to stay inside. A file that is not an [io.Seeker], such as one in an
// archive, is served as a whole only.
//
// The error lists everything that is wrong in the options. It also says if fsys has no root
// directory, as after an [fs.Sub] of a missing name, or if an immutable file cannot be read.
func New(fsys fs.FS, options Options) (*Dir, error) {
	fault := options.check()
	if option.IsNil(fsys) {
		return nil, errors.Join(fault, errors.New("fileserve: New has a nil fs.FS: give it one, or use Open with a directory"))
	}
	top, err := fsys.Open(root)
	if err != nil {
		return nil, errors.Join(fault, fmt.Errorf("fileserve: %w", err))
	}
	defer func() { _ = top.Close() }() // nothing is read
	d := &Dir{fsys: fsys, options: options.withDefaults(), cache: newCache(fsys, options.MemoryLimit)}
	if options.Immutable || packageOf(top) == "embed" {
		d.index, err = newIndex(fsys)
	}
	if err = errors.Join(fault, err); err != nil {
		return nil, err
	}
	if options.Browse {
		d.policy = listingPolicy()
	}
	return d, nil
}

// Close closes the directory that [Open] has opened. After that every request fails. For
// a Dir of [New] it does nothing.
func (d *Dir) Close() error {
	if d.closer == nil {
		return nil
	}
	return d.closer.Close()
}

// ServeHTTP serves the file or directory that the path of the URL names.
func (d *Dir) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !answersMethod(w, r) {
		return
	}
	name, dir, ok := splitPath(r.URL.Path)
	switch {
	case !ok || !d.options.Hidden && isHidden(name):
		fail(w, r, fs.ErrNotExist)
	case lacksSlash(r):
		redirectToDir(w, r)
	case dir:
		d.serveDir(w, r, name)
	default:
		d.serveNamed(w, r, name)
	}
}

// serveNamed answers a path without a slash at its end.
func (d *Dir) serveNamed(w http.ResponseWriter, r *http.Request, name string) {
	found, err := d.find(r, name)
	switch {
	case err != nil:
		d.miss(w, r, name, err)
	case found.dir:
		_ = found.Close() // nothing was read
		if d.leads(name) {
			redirectToDir(w, r)
			return
		}
		d.miss(w, r, name, fs.ErrNotExist)
	default:
		d.send(w, r, name, found)
	}
}

// serveDir answers a path with a slash at its end.
func (d *Dir) serveDir(w http.ResponseWriter, r *http.Request, name string) {
	asked := r.URL.EscapedPath()
	escaped := escapedSlash(asked) >= 0
	for _, index := range d.options.Index {
		index = path.Join(name, index)
		found, err := d.find(r, index)
		switch {
		case err == nil && !found.dir && escaped && !strings.HasSuffix(asked, "/"):
			_ = found.Close() // nothing was read
			redirectToSlashes(w, r)
			return
		case err == nil && !found.dir:
			d.send(w, r, index, found)
			return
		case err == nil:
			_ = found.Close() // nothing was read
		case !isMissing(err):
			fail(w, r, err)
			return
		}
	}
	if d.options.Browse {
		found, err := open(d.fsys, name)
		if err == nil && found.dir && escaped {
			_ = found.Close() // nothing was read
			redirectToSlashes(w, r)
			return
		}
		if err == nil && found.dir {
			d.serveListing(w, r, name, found.File)
			return
		}
		if err == nil {
			_ = found.Close() // nothing was read
		}
	}
	d.miss(w, r, name, fs.ErrNotExist)
}

// leads reports whether the directory name has an index or a listing.
func (d *Dir) leads(name string) bool {
	for _, index := range d.options.Index {
		if info, err := fs.Stat(d.fsys, path.Join(name, index)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return d.options.Browse
}

// miss answers for a name that cannot be served because of err.
func (d *Dir) miss(w http.ResponseWriter, r *http.Request, name string, err error) {
	fallback := d.options.Fallback
	if fallback == "" || !isMissing(err) || name != root && path.Ext(name) != "" {
		fail(w, r, err)
		return
	}
	found, err := d.find(r, fallback)
	if err != nil {
		fail(w, r, err)
		return
	}
	d.send(w, r, fallback, found)
}

// send answers with a file of the Dir.
func (d *Dir) send(w http.ResponseWriter, r *http.Request, name string, f storedFile) {
	defer func() { _ = f.Close() }() // nothing was written
	if f.dir {
		fail(w, r, fs.ErrNotExist)
		return
	}
	if len(d.options.Precompressed) > 0 {
		header.AddVary(w.Header(), "Accept-Encoding")
	}
	rep := representation{
		body: f.File, size: f.size, stamp: f.stamp, coding: f.coding,
		name: name, types: d.options.ContentTypes, timeout: d.options.WriteTimeout,
	}
	if d.options.CacheControl != nil {
		rep.cacheControl = d.options.CacheControl(name)
	}
	rep.serve(w, r)
}

// DescribeFile tells package openapi that the answer is a file or a redirect to a directory.
func (*Dir) DescribeFile() (redirects bool) { return true }

// allowed are the methods of a file.
const allowed = "GET, HEAD, OPTIONS"

// answersMethod reports whether r asks for a file. Other methods are answered.
func answersMethod(w http.ResponseWriter, r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodOptions:
		w.Header().Set("Allow", allowed)
		w.WriteHeader(http.StatusNoContent)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", allowed))
	}
	return false
}

// fail answers a request whose file could not be opened.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case isMissing(err):
		err = respond.NewProblem(http.StatusNotFound, "").WithCause(err)
	case errors.Is(err, fs.ErrPermission):
		err = respond.NewProblem(http.StatusForbidden, "").WithCause(err)
	default:
		err = fmt.Errorf("fileserve: %w", err)
	}
	respond.Error(w, r, err)
}

// escapes is the text of the error of [os.Root] for a path that leads out of it. Package os does
// not export the error.
const escapes = "path escapes from parent"

// isMissing reports whether err means that no file of this name can be served. That includes
// faults of the name, which the client has chosen: it is too long, has a NUL, goes through a file
// or a loop, or leads out of the root.
func isMissing(err error) bool {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, errIrregular) {
		return true
	}
	if isFaultOfName(err) {
		return true
	}
	path, ok := errors.AsType[*fs.PathError](err)
	return ok && path.Err.Error() == escapes
}
