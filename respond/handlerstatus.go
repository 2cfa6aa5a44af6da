package respond

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/rw"
)

// sendHandler lets a handler answer. The header fields of its wrappers apply, and
// their status takes the place of a 200.
func sendHandler(w http.ResponseWriter, r *http.Request, env *envelope, h http.Handler) error {
	if err := env.prepareSelf(w); err != nil {
		return refuse(w, r, err)
	}
	if env.status == 0 || env.status == http.StatusOK {
		h.ServeHTTP(w, r)
		return nil
	}
	own := rw.Wrap(w)
	x := substitute{status: env.status}
	mark := own.Hook(r, x.hook)
	defer own.Unhook(mark)
	page := own.SetPage(env.status >= http.StatusBadRequest)
	defer own.SetPage(page)
	inner := unconditional(r, env.status)
	rw.RecordCopy(own, inner)
	defer rw.BringBack(r, inner)
	h.ServeHTTP(own, inner)
	if !x.ran && !own.Started() {
		own.WriteHeader(http.StatusOK) // as net/http does for a handler that wrote nothing
	}
	return nil
}

// A substitute is a status in the place of 200.
type substitute struct {
	status int
	ran    bool
}

// hook is a [rw.Hook].
func (x *substitute) hook(w *rw.Writer, r *http.Request, status int) bool {
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		return true // the final one is yet to come
	}
	x.ran = true
	if status != http.StatusOK {
		return true
	}
	env := envelope{status: x.status}
	if err := env.checkStatus(); err != nil {
		_ = refuse(w, r, err) // the handler is told by nothing, like that of any response
		return false
	}
	if !bodyAllowed(x.status) {
		_ = sendNothing(w, r, &env) // as above
		return false
	}
	if x.status >= http.StatusBadRequest {
		// Validators are those of a page that was asked for. A cache would keep a
		// failure for as long as Last-Modified makes it guess (RFC 9111, section 4.2.2).
		for _, field := range []string{"Etag", "Last-Modified", "Accept-Ranges"} {
			delete(w.Header(), field)
		}
	}
	w.WriteHeader(x.status)
	return true
}

// unconditional returns r without the fields that do not count because of the
// status that a 200 is going to be: ranges are those of a 200, and preconditions
// hold for statuses 2xx (RFC 9110, sections 14.2 and 13.2.1).
func unconditional(r *http.Request, status int) *http.Request {
	names := []string{"Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}
	if status < http.StatusMultipleChoices {
		names = names[:2]
	}
	inner := r
	for _, name := range names {
		if _, ok := r.Header[name]; !ok {
			continue
		}
		if inner == r {
			inner = new(http.Request)
			*inner = *r
			inner.Header = r.Header.Clone()
		}
		delete(inner.Header, name)
	}
	return inner
}
