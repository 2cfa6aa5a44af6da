package bind_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

type (
	noteIn struct {
		Title string `json:"title" maxLength:"5"`
	}
	noteBodyIn struct {
		ID   int    `query:"id,optional"`
		Note noteIn `body:"json"`
	}
	vendorIn struct {
		Note noteIn `body:"json" contentType:"application/vnd.note+json"`
	}
	uncheckedIn struct {
		Note noteIn `body:"json" contentType:"*"`
	}
	pointerBodyIn struct {
		Note *noteIn `body:"json"`
	}
	optBodyIn struct {
		Note bind.Opt[noteIn] `body:"json"`
	}
)

// lines is a format whose title is the first line.
func lines() bind.Option {
	return bind.Formats(bind.Format{Type: "text/lines", Decode: func(r io.Reader, v any) error {
		text, err := io.ReadAll(r)
		note, ok := v.(*noteIn)
		if title, _, found := strings.Cut(string(text), "\n"); ok && found {
			note.Title = title
			return nil
		}
		return errors.Join(err, errors.New("no line in: "+string(text)))
	}})
}

// chunked hides the length of a body.
func chunked(body string) io.Reader { return struct{ io.Reader }{strings.NewReader(body)} }

func jsonHandlers() map[string]http.Handler {
	limit := bind.MaxBody(14)
	return map[string]http.Handler{
		"whole":     answers(func(in noteIn) string { return in.Title }, limit),
		"field":     answers(func(in noteBodyIn) string { return in.Note.Title }, limit),
		"vendor":    answers(func(in vendorIn) string { return in.Note.Title }, limit),
		"unchecked": answers(func(in uncheckedIn) string { return in.Note.Title }, limit),
		"pointer": answers(func(in pointerBodyIn) string {
			if in.Note == nil {
				return "none"
			}
			return in.Note.Title
		}, limit),
		"opt": answers(func(in optBodyIn) string {
			if !in.Note.IsSet() {
				return "absent"
			}
			return in.Note.Or(noteIn{"null"}).Title
		}, limit),
		"lines": answers(func(in noteIn) string { return in.Title }, limit, lines()),
	}
}

func TestJSONBody(t *testing.T) {
	const note, required, unknownType = `{"title":"oak"}`, `400 body "": required`, "415"
	const fits, tooLong = `{"title":"ab"}`, `{"title":"ab"} `
	for _, tc := range []struct{ in, contentType, body, want string }{
		{"whole", "application/json", fits, "ab"},
		{"field", "application/json", fits, "ab"},
		{"whole", "Application/JSON ; charset=utf-8", fits, "ab"},
		{"whole", "application/json;", fits, "ab"},
		{"whole", "application/problem+json", fits, "ab"},
		{"whole", "image/svg+JSON;x=y", fits, "ab"},
		{"whole", "", fits, unknownType},
		{"whole", "+json", fits, unknownType},
		{"whole", "application+json", fits, unknownType},
		{"whole", "text/json", fits, unknownType},
		{"whole", "text/plain", fits, unknownType},
		{"whole", "application/x-www-form-urlencoded", fits, unknownType},
		{"whole", "application/json, text/plain", fits, unknownType},
		{"whole", "application/json", tooLong, "413"},
		{"field", "application/json", note, "413"},
		{"whole", "application/json", "", required},
		{"whole", "", "", required},
		{"field", "", "", required},
		{"whole", "application/json", " \n", `400 body "": syntax`},
		{"whole", "application/json", fits[:13], `400 body "": syntax`},
		{"whole", "application/json", `{"title":1} 2`, `400 body "": type; body "": syntax`},
		{"vendor", "application/vnd.note+json; v=1", fits, "ab"},
		{"vendor", "Application/Vnd.Note+JSON", fits, "ab"},
		{"vendor", "application/json", fits, unknownType},
		{"vendor", "", fits, unknownType},
		{"unchecked", "image/png", fits, "ab"},
		{"unchecked", "", fits, "ab"},
		{"unchecked", "", "", required},
		{"pointer", "", "", "none"},
		{"pointer", "application/json", "null", "none"},
		{"pointer", "application/json", fits, "ab"},
		{"pointer", "application/json", "{}", `400 body "": required`},
		{"opt", "", "", "absent"},
		{"opt", "application/json", "null", "null"},
		{"opt", "application/json", fits, "ab"},
		{"lines", "text/lines", "oak\nash", "oak"},
		{"lines", "Text/Lines; charset=utf-8", "oak\n", "oak"},
		{"lines", "text/lines", "SECRET", `400 body "": syntax`},
		{"lines", "text/lines", "too long\n", `400 body "": maxLength`},
		{"lines", "text/lines", "", required},
		{"lines", "text/lines", "oak\n" + note, "413"},
		{"lines", "application/json", fits, "ab"},
		{"lines", "text/plain", "oak\n", unknownType},
	} {
		t.Run(tc.in+" "+tc.contentType+" "+tc.body, func(t *testing.T) {
			kittest.Serve(t, jsonHandlers()[tc.in], func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(tc.contentType))
				assert.Equal(t, tc.want, got.Text)
				got = s.Do(t, http.MethodPost, "/", chunked(tc.body), typed(tc.contentType))
				assert.Equal(t, tc.want, got.Text, "without Content-Length")
			})
		})
	}
}

// A 415 names what the body may be, and the text of a Format's error stays on
// the server.
func TestJSONBody_answers(t *testing.T) {
	for _, tc := range []struct {
		name, contentType, body string
		h                       http.Handler
		accept, want            string
	}{
		{
			"JSON", "text/plain", "x", bind.Func(func(http.ResponseWriter, *http.Request, noteIn) {}), "application/json",
			`{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json"}`,
		},
		{
			"another type", "text/plain", "x", bind.Func(func(http.ResponseWriter, *http.Request, vendorIn) {}), "application/vnd.note+json",
			`{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/vnd.note+json"}`,
		},
		{
			"formats", "text/plain", "x", bind.Func(func(http.ResponseWriter, *http.Request, noteIn) {}, lines()), "application/json, text/lines",
			`{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json or text/lines"}`,
		},
		{
			"a format's error", "text/lines", "SECRET", bind.Func(func(http.ResponseWriter, *http.Request, noteIn) {}, lines()), "",
			`{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","code":"syntax","detail":"is not valid text/lines"}]}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kittest.ServeBehind(t, tc.h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(tc.contentType))
				assert.JSONEq(t, tc.want, got.Text)
				assert.Equal(t, tc.accept, got.Header.Get("Accept"))
			})
		})
	}
}

// What the header alone refuses is refused before anything is read, so that a
// client which waits for 100 (Continue) need not send it.
func TestBody_refusedUnread(t *testing.T) {
	for name, tc := range map[string]struct {
		bind        func(r *http.Request) error
		contentType string
		status      int
	}{
		"type":   {bindsTo[noteIn](), "text/plain", 415},
		"length": {bindsTo[noteIn](bind.MaxBody(99)), "application/json", 413},
		"form":   {bindsTo[formArticle](bind.MaxBody(99)), multi, 413},
		"stream": {bindsTo[streamIn](bind.MaxBody(99)), "", 413},
		"parts":  {bindsTo[partsIn](bind.MaxBody(99)), multi, 413},
	} {
		r := httptest.NewRequest(http.MethodPost, "/?page=x", unreadable{t})
		r.ContentLength = 100
		r.Header = typed(tc.contentType)
		fault := new(bind.Error)
		require.ErrorAs(t, tc.bind(r), &fault, name)
		assert.Equal(t, tc.status, fault.StatusCode(), name)
	}
}

func bindsTo[T any](opts ...bind.Option) func(r *http.Request) error {
	binder := bind.For[T](opts...)
	return func(r *http.Request) error {
		_, err := binder.Bind(r)
		return err
	}
}

type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
}

// OnBodyError gets the errors of the body alone, their cause and what was read.
// Where it keeps the answer, by nil of any type, that holds the errors of the parameters too.
func TestJSONBody_onBodyError(t *testing.T) {
	chosen := errors.New("chosen")
	for name, tc := range map[string]struct {
		contentType, body, asked string
		caused                   bool
		kept                     string
	}{
		"fits":         {"application/json", `{"title":"oak"}`, "", false, `400 query "id": type`},
		"invalid":      {"application/json", `{"title":"too long"}`, `400 body "": maxLength`, false, `400 query "id": type; body "": maxLength`},
		"no JSON":      {"application/json", `{"title":`, `400 body "": syntax`, true, `400 query "id": type; body "": syntax`},
		"empty":        {"application/json", "", `400 body "": required`, false, `400 query "id": type; body "": required`},
		"another type": {"text/plain", "x", "", false, "415"},
		"too large":    {"application/json", strings.Repeat(" ", 101), "", false, "413"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, answer := range []error{nil, (*bind.Error)(nil), chosen} {
				asked := ""
				binder := bind.For[noteBodyIn](bind.MaxBody(100), bind.OnBodyError(func(err error, payload []byte) error {
					asked = faults(err)
					assert.Equal(t, tc.body, string(payload))
					assert.Equal(t, tc.caused, errors.Unwrap(err) != nil)
					return answer
				}))
				r := httptest.NewRequest(http.MethodPost, "/?id=x", strings.NewReader(tc.body))
				r.Header = typed(tc.contentType)
				_, err := binder.Bind(r)
				assert.Equal(t, tc.asked, asked)
				if answer == chosen && tc.asked != "" { //nolint:errorlint // one of the three above
					assert.Equal(t, chosen, err)
				} else {
					assert.Equal(t, tc.kept, faults(err))
				}
			}
		})
	}
}
