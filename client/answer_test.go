package client_test

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// answers calls a route that answers with out and checks what is read.
func answers[Out any](t *testing.T, out, want Out) {
	t.Helper()
	read(t, out, func(t *testing.T, got Out, err error) {
		t.Helper()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}

func read[Out any](t *testing.T, out Out, check func(t *testing.T, got Out, err error)) {
	t.Helper()
	op := tenon.Op[tenon.None, Out]{Method: "GET", Pattern: "/x"}
	h := mounted(op.Route(func(context.Context, tenon.None) (Out, error) { return out, nil }))
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		got, err := client.Call(t.Context(), c, op, tenon.None{})
		check(t, got, err)
	})
}

type gif []byte

func (gif) ContentType() string { return "image/gif" }

type statusOf struct {
	N int `json:"n"`
}

func (s statusOf) StatusCode() int { return http.StatusOK + s.N }

type outcome struct {
	respond.OneOf

	Updated *article
	Created *respond.Created[article]
	Later   *respond.Accepted[respond.None]
	Gone    *respond.NoContent
	Other   *respond.Redirect
}

func TestCall_out(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600))
	sample := article{ID: 1, Title: "<x>", At: at}
	read(t, sample, func(t *testing.T, got article, err error) {
		t.Helper()
		require.NoError(t, err)
		assert.True(t, at.Equal(got.At))
		assert.Equal(t, "<x>", got.Title)
	})
	plain := article{ID: 1, Title: "x"}
	answers(t, plain, plain)
	answers(t, &plain, &plain)
	answers[*article](t, nil, nil)
	answers(t, []article{}, []article{})
	answers(t, []article{plain}, []article{plain})
	answers(t, map[string]int{"a": 1}, map[string]int{"a": 1})
	answers(t, 5, 5)
	answers(t, true, true)
	answers(t, "text\n", "text\n")
	answers(t, "", "")
	answers(t, respond.HTML("<p>"), respond.HTML("<p>"))
	answers(t, template.HTML("<p>"), template.HTML("<p>"))
	answers(t, []byte{0, 255}, []byte{0, 255})
	answers(t, []byte{}, []byte{})
	answers(t, gif("GIF89a"), gif("GIF89a"))
	answers(t, tenon.None{}, tenon.None{})
	answers(t, statusOf{}, statusOf{})
	answers(t, statusOf{2}, statusOf{2})
	answers(t, strings.Repeat("x", 100_000), strings.Repeat("x", 100_000))
	answers(t, respond.Found("/articles/7"), respond.Redirect{URL: "/articles/7", Code: http.StatusFound})
	answers(t, respond.PermanentRedirect("https://example.com/"), respond.Redirect{URL: "https://example.com/", Code: http.StatusPermanentRedirect})
	for _, one := range []outcome{
		{Updated: &plain},
		{Created: &respond.Created[article]{Location: "/x", Body: plain}},
		{Later: &respond.Accepted[respond.None]{}},
		{Gone: &respond.NoContent{}},
		{Other: &respond.Redirect{URL: "/y", Code: http.StatusSeeOther}},
	} {
		read(t, one, func(t *testing.T, got outcome, err error) {
			t.Helper()
			require.NoError(t, err)
			if got.Created != nil {
				got.Created.Header = nil
			}
			if got.Later != nil {
				got.Later.Header = nil
			}
			if got.Gone != nil {
				got.Gone.Header = nil
			}
			assert.Equal(t, one, got)
		})
	}
}

func TestCall_wrapper(t *testing.T) {
	t.Parallel()
	cookies := []*http.Cookie{{Name: "a", Value: "1", Path: "/", HttpOnly: true}, {Name: "b", Value: "2"}}
	fields := http.Header{"X-One": {"1", "2"}, "Etag": {`"7"`}}
	plain := article{ID: 1, Title: "x"}
	check := func(t *testing.T, header http.Header, got []*http.Cookie) {
		t.Helper()
		assert.Equal(t, fields["X-One"], header["X-One"])
		assert.Equal(t, fields["Etag"], header["Etag"])
		assert.Empty(t, header["Set-Cookie"])
		require.Len(t, got, 2)
		for i := range got {
			assert.Equal(t, cookies[i].String(), got[i].String())
		}
	}
	read(t, respond.OK[article]{Header: fields, Cookies: cookies, Body: plain}, func(t *testing.T, got respond.OK[article], err error) {
		t.Helper()
		require.NoError(t, err)
		check(t, got.Header, got.Cookies)
		assert.Equal(t, plain, got.Body)
	})
	read(t, respond.Response[*article]{Status: 207, Header: fields, Cookies: cookies, Body: &plain}, func(t *testing.T, got respond.Response[*article], err error) {
		t.Helper()
		require.NoError(t, err)
		check(t, got.Header, got.Cookies)
		assert.Equal(t, 207, got.Status)
		assert.Equal(t, &plain, got.Body)
	})
	read(t, respond.OK[*article]{Header: fields, Cookies: cookies}, func(t *testing.T, got respond.OK[*article], err error) {
		t.Helper()
		require.NoError(t, err)
		check(t, got.Header, got.Cookies)
		assert.Nil(t, got.Body)
	})
	read(t, respond.NoContent{Header: fields, Cookies: cookies}, func(t *testing.T, got respond.NoContent, err error) {
		t.Helper()
		require.NoError(t, err)
		check(t, got.Header, got.Cookies)
	})
	read(t, respond.Response[respond.Created[string]]{Status: 200, Header: fields, Cookies: cookies, Body: respond.Created[string]{Body: "x"}},
		func(t *testing.T, got respond.Response[respond.Created[string]], err error) {
			t.Helper()
			require.NoError(t, err)
			check(t, got.Header, got.Cookies)
			assert.Equal(t, "x", got.Body.Body)
		})
	read(t, respond.OK[string]{Header: http.Header{"Content-Type": {"text/csv"}}, Body: "a,b"}, func(t *testing.T, got respond.OK[string], err error) {
		t.Helper()
		require.NoError(t, err)
		assert.Equal(t, "a,b", got.Body)
		assert.Equal(t, "text/csv", got.Header.Get("Content-Type"))
	})
}

// A reader is the body as it arrives, and may be larger than MaxBody.
func TestCall_reader(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, respond.OK[io.ReadCloser]]{Method: "GET", Pattern: "/x"}
	plain := tenon.Op[tenon.None, io.Reader]{Method: "GET", Pattern: "/x"}
	const size = 1_000_000
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", size))
	})
	over(t, h, client.Options{MaxBody: 10}, func(t *testing.T, c *client.Client) {
		t.Helper()
		out, err := client.Call(t.Context(), c, op, tenon.None{})
		require.NoError(t, err)
		text, err := io.ReadAll(out.Body)
		require.NoError(t, err)
		assert.Len(t, text, size)
		require.NoError(t, out.Body.Close())
		body, err := client.Call(t.Context(), c, plain, tenon.None{})
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, body, 10)
		require.NoError(t, err)
		closer, ok := body.(io.Closer)
		require.True(t, ok)
		require.NoError(t, closer.Close())
		_, err = body.Read(make([]byte, 1))
		require.Error(t, err)
	})
}

// What only a server can hold is an error that says what to do, before anything is sent.
func TestCall_unreadable(t *testing.T) {
	t.Parallel()
	c := client.InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }), client.Options{})
	for _, err := range []error{
		called[any](t, c), called[fileserve.File](t, c), called[http.Handler](t, c), called[*strings.Reader](t, c),
		called[respond.OK[any]](t, c), called[error](t, c), called[*respond.Problem](t, c),
	} {
		require.ErrorContains(t, err, "use client.Raw")
	}
	require.ErrorContains(t, called[stream.SSE[int]](t, c), "use client.Stream")
	require.ErrorContains(t, called[func()](t, c), "cannot be encoded")
	_, err := client.Call(t.Context(), c, tenon.Op[tenon.None, string]{Pattern: "/x"}, tenon.None{})
	require.EqualError(t, err, `client:  /x: the Op has the invalid method "": write one, such as GET`)
	_, err = client.Call(t.Context(), c, tenon.Op[tenon.None, string]{Method: "GET", Pattern: "/{"}, tenon.None{})
	require.ErrorContains(t, err, `the Op has the invalid pattern "/{": `)
	_, err = client.Call(t.Context(), c, tenon.Op[struct {
		X chan int `query:"x"`
	}, string]{Method: "GET", Pattern: "/x"}, struct {
		X chan int `query:"x"`
	}{})
	require.ErrorContains(t, err, "cannot be bound")
}

func called[Out any](t *testing.T, c *client.Client) error {
	t.Helper()
	_, err := client.Call(t.Context(), c, tenon.Op[tenon.None, Out]{Method: "GET", Pattern: "/x"}, tenon.None{})
	return err
}

// Raw takes every answer as it is.
func TestRaw(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, any]{Method: "GET", Pattern: "/x"}
	for _, status := range []int{200, 302, 404, 500} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/y")
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, "body")
		})
		over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
			t.Helper()
			answer, err := client.Raw(t.Context(), c, op, tenon.None{})
			require.NoError(t, err)
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			assert.Equal(t, "body", string(text))
			assert.Equal(t, status, answer.StatusCode)
		})
	}
}

// A HEAD has the header of the answer and no body.
func TestCall_head(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, respond.OK[article]]{Method: "HEAD", Pattern: "/x"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = respond.Write(w, r, respond.OK[article]{Header: http.Header{"X-One": {"1"}}, Body: article{ID: 1}})
	})
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		out, err := client.Call(t.Context(), c, op, tenon.None{})
		require.NoError(t, err)
		assert.Equal(t, "1", out.Header.Get("X-One"))
		assert.Equal(t, article{}, out.Body)
	})
}

// What does not fit the Op is an Error with the start of the body.
func TestCall_misfit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status      int
		media, body string
		want        string
	}{
		{200, "application/json", `{"id":1`, "cannot be read as client_test.article"},
		{200, "application/json", `{"id":"x"}`, "cannot be read as client_test.article"},
		{200, "application/json", `{"id":1}{}`, "cannot be read"},
		{200, "application/json", ``, "cannot be read"},
		{200, "text/html", `<html>`, `has the media type "text/html", but application/json is expected`},
		{200, "", `{"id":1}`, "has the media type"},
		{200, "application/json", `{"title":"` + strings.Repeat("x", 2000) + `"}`, "is larger than 1000 bytes"},
		{201, "application/json", `{"id":1}`, "is a status that the Op does not declare"},
		{204, "", ``, "is a status that the Op does not declare"},
		{302, "", ``, "is a status that the Op does not declare"},
		{304, "", ``, "is a status that the Op does not declare"},
		{404, "text/plain", `no`, "404 Not Found"},
	} {
		op := tenon.Op[tenon.None, article]{Method: "GET", Pattern: "/x"}
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if test.media != "" || test.body == "" {
				w.Header()["Content-Type"] = []string{test.media}
			} else {
				w.Header()["Content-Type"] = nil
			}
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		})
		over(t, h, client.Options{MaxBody: 1000}, func(t *testing.T, c *client.Client) {
			t.Helper()
			out, err := client.Call(t.Context(), c, op, tenon.None{})
			require.ErrorContains(t, err, test.want)
			assert.Equal(t, article{}, out)
			failure, ok := errors.AsType[*client.Error](err)
			require.True(t, ok, err)
			assert.Equal(t, test.status, failure.Status)
			assert.NotNil(t, failure.Header)
			assert.True(t, strings.HasPrefix(test.body, string(failure.Body[:min(len(failure.Body), 900)])), "%s", failure.Body)
			assert.GreaterOrEqual(t, len(failure.Body), min(len(test.body), 900))
		})
	}
}
