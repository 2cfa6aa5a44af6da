package respond

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
)

// lengthLimit is the size up to which net/http finds the Content-Length by
// itself on HTTP/1; on HTTP/2 it is twice that.
const lengthLimit = nethttp.LengthLimit

var errStarted = errors.New("respond: the response has started already")

// prepare checks the envelope and puts its fields on the response. After an
// error the header is as it was.
func (e *envelope) prepare(w http.ResponseWriter) error {
	if rw.Started(w) {
		return &sentError{errStarted}
	}
	if e.status != 0 {
		if err := e.checkStatus(); err != nil {
			return err
		}
	}
	if e.more == nil {
		return nil
	}
	if err := e.more.check(); err != nil {
		return err
	}
	e.more.apply(w.Header())
	return nil
}

// prepareSelf is prepare for a value that chooses its status.
func (e *envelope) prepareSelf(w http.ResponseWriter) error {
	fields := envelope{more: e.more}
	if err := fields.prepare(w); err != nil {
		return err
	}
	e.applyLocation(w.Header())
	return nil
}

// bodyAllowed reports whether a response with the status may have content. For
// 205, RFC 9110, section 15.3.6 forbids what net/http would send.
func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusResetContent && status != http.StatusNotModified
}

// content describes a body that is about to be sent.
type content struct {
	media  string
	length int64 // -1 if it is not known
	// declare states the length at any size.
	declare  bool
	location string
}

// start sends everything before the body. If the status is 200 and a body follows, net/http
// sends the header with the first write.
func start(w http.ResponseWriter, r *http.Request, env *envelope, body content) error {
	if err := env.prepare(w); err != nil {
		return err
	}
	if env.more != nil {
		body.media, body.location = cmp.Or(env.more.media, body.media), env.more.location
	}
	body.declare = body.declare || body.length > lengthLimit || r.Method == http.MethodHead
	setContent(w.Header(), body)
	if env.status > http.StatusOK || body.length == 0 || r.Method == http.MethodHead {
		w.WriteHeader(max(env.status, http.StatusOK))
	}
	return nil
}

// setContent sets the header fields of a body. It sets the media type only if there is none
// yet. One array backs the values, to save allocations. Each value is cut to capacity 1, so
// that middleware that appends gets a copy. Responses do not share the array, because
// middleware may also write into the values.
func setContent(h http.Header, body content) {
	typed, guarded, declare := false, false, body.declare && body.length >= 0
	if len(h) > 0 {
		_, typed = h["Content-Type"]
		guarded = len(h["X-Content-Type-Options"]) > 0
		if body.length >= 0 {
			delete(h, "Content-Length")
		}
		// A coded or chunked message has another length, or none.
		declare = declare && len(h["Transfer-Encoding"]) == 0 && len(h["Trailer"]) == 0 &&
			(len(h["Content-Encoding"]) == 0 || body.length == 0)
	}
	var values []string
	if declare || body.location != "" {
		values = new([4]string)[:]
	} else {
		values = new([2]string)[:]
	}
	if !typed {
		values[0] = body.media
		h["Content-Type"] = values[0:1:1]
	}
	if !guarded {
		values[1] = "nosniff"
		h["X-Content-Type-Options"] = values[1:2:2]
	}
	if declare {
		values[2] = strconv.FormatInt(body.length, 10)
		h["Content-Length"] = values[2:3:3]
	}
	if body.location != "" {
		values[3] = escapeURL(body.location)
		h["Location"] = values[3:4:4]
	}
}

// sendBytes answers with body. It writes the bytes for HEAD too, so that middleware sees what
// GET would send; net/http drops them.
func sendBytes(w http.ResponseWriter, r *http.Request, env *envelope, media string, body []byte) error {
	if !bodyAllowed(env.status) {
		return sendNothing(w, r, env)
	}
	if err := start(w, r, env, content{media: media, length: int64(len(body))}); err != nil {
		return refuse(w, r, err)
	}
	if len(body) == 0 {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return &sentError{err}
	}
	return nil
}

// sendText is sendBytes without a copy of the text.
func sendText(w http.ResponseWriter, r *http.Request, env *envelope, media, body string) error {
	if !bodyAllowed(env.status) {
		return sendNothing(w, r, env)
	}
	if err := start(w, r, env, content{media: media, length: int64(len(body))}); err != nil {
		return refuse(w, r, err)
	}
	if body == "" {
		return nil
	}
	if _, err := io.WriteString(w, body); err != nil {
		return &sentError{err}
	}
	return nil
}

// sendNothing answers without a body, with 204 unless a wrapper says otherwise.
func sendNothing(w http.ResponseWriter, r *http.Request, env *envelope) error {
	if err := env.prepare(w); err != nil {
		return refuse(w, r, err)
	}
	h := w.Header()
	env.applyLocation(h)
	status := env.status
	if status == 0 {
		status = http.StatusNoContent
	}
	if len(h) > 0 {
		delete(h, "Content-Length")
	}
	switch status {
	case http.StatusNoContent, http.StatusNotModified:
		// HTTP/2 would send what describes a body, and clients would wait for
		// one.
		header.DropContent(h)
	case http.StatusResetContent:
		header.DropContent(h)
		fallthrough
	default:
		if r.Method == http.MethodHead {
			h["Content-Length"] = []string{"0"}
		}
	}
	w.WriteHeader(status)
	return nil
}

// refuse answers a value that cannot be sent with a 500 and tells the caller
// why.
func refuse(w http.ResponseWriter, r *http.Request, err error) error {
	if sent, ok := err.(*sentError); ok { //nolint:errorlint // made here
		return sent
	}
	// Whatever the fault of the value claims to be, it is the server's.
	Error(w, r, (&Problem{Status: http.StatusInternalServerError}).WithCause(err))
	return &sentError{err}
}
