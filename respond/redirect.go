package respond

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// A Redirect sends the client to another URL. A handler returns it as a value or as an error;
// it is also an [http.Handler]. The response has the header field Location and no body.
//
// A Code that is not a redirect is a 500. So is a URL that is empty, is malformed or has a
// control character, unless Local is set.
type Redirect struct { //nolint:errname // a value and a handler first
	// URL is absolute or relative; the client resolves a relative one (RFC 9110, section
	// 10.2.2). Bytes that a URL cannot have are percent-encoded.
	URL string
	// Code is 301, 302, 303, 307 or 308; zero is 302.
	Code int
	// Local allows only a URL on the same site. Set it if the URL comes from the client. A
	// URL that is empty, is malformed, or has a scheme, a host, a backslash or a control
	// character is then a 400.
	Local bool
}

// Found returns a redirect with status 302: clients may change POST to GET.
func Found(url string) Redirect { return Redirect{URL: url, Code: http.StatusFound} }

// SeeOther returns a redirect with status 303: the client sends a GET.
func SeeOther(url string) Redirect { return Redirect{URL: url, Code: http.StatusSeeOther} }

// MovedPermanently returns a redirect with status 301: clients may remember it, and may change
// POST to GET.
func MovedPermanently(url string) Redirect {
	return Redirect{URL: url, Code: http.StatusMovedPermanently}
}

// TemporaryRedirect returns a redirect with status 307: clients keep method and body.
func TemporaryRedirect(url string) Redirect {
	return Redirect{URL: url, Code: http.StatusTemporaryRedirect}
}

// PermanentRedirect returns a redirect with status 308: clients may remember it, and keep
// method and body.
func PermanentRedirect(url string) Redirect {
	return Redirect{URL: url, Code: http.StatusPermanentRedirect}
}

// Error returns the status and the URL.
func (x Redirect) Error() string {
	return fmt.Sprintf("respond: redirect with %d to %q", x.status(), x.URL)
}

// ServeHTTP sends the redirect.
func (x Redirect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := x.check(); err != nil {
		Error(w, r, err)
		return
	}
	env := envelope{status: x.status(), more: &extras{location: x.URL}}
	_ = sendNothing(w, r, &env) // the request has had its answer
}

func (x Redirect) status() int {
	if x.Code == 0 {
		return http.StatusFound
	}
	return x.Code
}

func (x Redirect) check() error {
	if !header.IsRedirect(x.status()) {
		return fmt.Errorf("respond: the status %d is not a redirect: use 301, 302, 303, 307 or 308", x.Code)
	}
	if err := checkTarget(x.URL); err != nil {
		if x.Local {
			return NewProblem(http.StatusBadRequest, "the redirect target is not a valid URL").WithCause(err)
		}
		return err
	}
	if x.Local && !isLocal(x.URL) {
		return NewProblem(http.StatusBadRequest, "the redirect target is not within this site")
	}
	return nil
}

func checkTarget(target string) error {
	switch {
	case target == "":
		return errors.New("respond: redirect without a URL")
	case !header.IsValue(target) || strings.Contains(target, "\t"):
		return errors.New("respond: control character in the URL of a redirect")
	}
	_, err := url.Parse(target)
	return err
}

// isLocal reports whether a browser that follows target, a valid URL, stays on the site.
// Browsers read a backslash as a slash, and three slashes as two.
func isLocal(target string) bool {
	u, err := url.Parse(target)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && u.Opaque == "" &&
		!strings.HasPrefix(target, "//") && !strings.Contains(target, `\`)
}

// escapeURL encodes the bytes that a URL cannot have. It leaves percent signs, so that encoded
// bytes stay as they are.
func escapeURL(s string) string {
	var b []byte
	done := 0
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			b = header.AppendPercent(append(b, s[done:i]...), c)
			done = i + 1
		}
	}
	if done == 0 {
		return s
	}
	return string(append(b, s[done:]...))
}
