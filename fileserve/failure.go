package fileserve

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/tenonkit/tenon/respond"
)

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

// escapes is the text of the error of [os.Root] for a path that leads out of it.
// The error itself is not exported.
const escapes = "path escapes from parent"

// isMissing reports whether err says that there is no file of that name to be
// served. What a name can bring about is a fault of the request, not of the
// server: too long, with a NUL, through a file, a loop or out of the root.
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
