package bind_test

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

type (
	unfilledNote struct {
		Title string `json:"title"`
	}
	unfilledRule struct {
		N int `minimum:"1"`
	}
	unfilledDeep struct {
		Skipped unfilledNote `json:"-"`
		Next    *unfilledDeep
		Pages   map[string][]unfilledRule
	}
	unfilledEmbedded struct {
		Page []unfilledNote
	}
	unfilledPlain struct{ A int }
	Body          struct{ A int }
)

// The words for a struct that has no source, with the name that a value of it would have.
func unfilled(inner, value string) string {
	return "V has no source, and no request fills its field " + inner + `, which looks bound: write body:"json", or value:"` + value +
		`" for what the option bind.Value returns, or json:"-"`
}

func unfilledWriter(name string) string {
	return "V is an " + name + ", which no request fills: return the answer, such as a respond.Response with its status, " +
		"header fields and cookies, or write a handler that has the writer as an argument"
}

// A field without a source whose type is one of requests looks bound.
func TestForType_unfilled(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typ  reflect.Type
		want string // empty where the field is left alone
	}{
		{reflect.TypeFor[unfilledNote](), unfilled("Title", "v")},
		{reflect.TypeFor[*unfilledNote](), unfilled("Title", "v")},
		{reflect.TypeFor[[]unfilledNote](), unfilled("Title", "v")},
		{reflect.TypeFor[[2]*unfilledNote](), unfilled("Title", "v")},
		{reflect.TypeFor[map[string]unfilledNote](), unfilled("Title", "v")},
		{reflect.TypeFor[unfilledRule](), unfilled("N", "v")},
		{reflect.TypeFor[unfilledDeep](), unfilled("Pages.N", "v")},
		{reflect.TypeFor[struct {
			T string `json:"title" minLength:"1"`
		}](), unfilled("T", "v")},
		{reflect.TypeFor[bind.Opt[unfilledNote]](), `V is a bind.Opt without a source, so that it is never set: give it one, such as query:"v", or write json:"-"`},
		{reflect.TypeFor[bind.Opt[int]](), `V is a bind.Opt without a source, so that it is never set: give it one, such as query:"v", or write json:"-"`},
		{reflect.TypeFor[[]bind.File](), `V is a bind.File without a source: write form:"..."`},
		{reflect.TypeFor[bind.Parts](), `V is bind.Parts without a source: write body:"multipart"`},
		{reflect.TypeFor[io.Reader](), `V is an io.Reader without a source: write body:"stream"`},
		{reflect.TypeFor[io.ReadCloser](), `V is an io.ReadCloser without a source: write body:"stream"`},
		{reflect.TypeFor[http.ResponseWriter](), unfilledWriter("http.ResponseWriter")},
		{reflect.TypeFor[*http.ResponseController](), unfilledWriter("http.ResponseController")},
		{reflect.TypeFor[http.Flusher](), "V is an http.Flusher, which no request fills: return a stream of package stream, which flushes by itself"},
		{reflect.TypeFor[http.Handler](), "V is an http.Handler, which no request fills: a function may return one, and what it needs beside a request is a field of the type that it is a method of"},
		{reflect.TypeFor[*http.Response](), "V is an http.Response, which no request fills: return a respond.Response"},
		{reflect.TypeFor[http.Request](), "V is an http.Request, which no request fills: a field *http.Request of the In, or of a struct embedded in it, is the request"},
		{reflect.TypeFor[context.Context](), "V is a context.Context, which no request fills: it is the first argument of the function, or r.Context() of a *http.Request"},
		{reflect.TypeFor[http.Header](), `V is an http.Header without a source: write a field with header:"..." for each header field, or a *http.Request, which has all of them`},
		{reflect.TypeFor[url.Values](), `V is url.Values without a source: write a field with query:"..." or form:"..." for each name, or a *http.Request, which has all of them`},
		{reflect.TypeFor[[]*http.Cookie](), `V is an http.Cookie without a source: write a string with cookie:"..." for each cookie, or a *http.Request, which has all of them`},
		{reflect.TypeFor[*multipart.FileHeader](), `V is a multipart.FileHeader, which no request fills: use bind.File with form:"..."`},
		{reflect.TypeFor[*multipart.Reader](), `V is a multipart.Reader, which no request fills: write a field with form:"..." for each name, or bind.Parts with body:"multipart"`},
		{reflect.TypeFor[int](), ""},
		{reflect.TypeFor[time.Time](), ""},
		{reflect.TypeFor[unfilledPlain](), ""},
		{reflect.TypeFor[chan unfilledNote](), ""},
		{reflect.TypeFor[func(unfilledNote)](), ""},
		{reflect.TypeFor[any](), ""},
		{reflect.TypeFor[*http.Client](), ""},
		{reflect.TypeFor[*http.Server](), ""},
	} {
		fields := []reflect.StructField{
			{Name: "ID", Type: reflect.TypeFor[int](), Tag: `path:"id"`},
			{Name: "V", Type: tc.typ},
		}
		in := reflect.StructOf(fields)
		if tc.want == "" {
			assert.NotPanics(t, func() { bind.ForType(in) }, tc.typ)
		} else {
			assert.PanicsWithValue(t, "bind: "+in.String()+" cannot be bound:\n\tstruct."+tc.want, func() { bind.ForType(in) }, tc.typ)
		}
		fields[1].Tag = `json:"-"`
		meant := reflect.StructOf(fields)
		assert.NotPanics(t, func() { bind.ForType(meant) }, tc.typ)
		fields[1] = reflect.StructField{Name: "v", PkgPath: "x", Type: tc.typ}
		hidden := reflect.StructOf(fields)
		assert.NotPanics(t, func() { bind.ForType(hidden) }, tc.typ)
	}
}

type (
	unfilledIn struct {
		ID      int `path:"id"`
		Body    struct{ Title string }
		RawBody []byte
		Filter  struct {
			A     int `query:"a"`
			Notes []unfilledNote
		} `query:"filter,deep"`
		unfilledEmbedded
		http.ResponseWriter
	}
	unfilledNamed struct {
		ID int `path:"id"`
		Body
	}
	unfilledText struct {
		ID   int `path:"id"`
		Body *string
	}
	unfilledFunc struct {
		ID   int `path:"id"`
		Body func() io.Reader
	}
	unfilledForm struct {
		Form struct {
			Name string `form:"name"`
			Note unfilledNote
			Body int
		} `body:"form"`
	}
)

func TestFor_unfilled(t *testing.T) {
	t.Parallel()
	named := func(path, write string) string {
		return path + " is named as the body and has no source, so that no request fills it: write " + write + `, or json:"-"`
	}
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.unfilledIn cannot be bound:",
		named("unfilledIn.Body", `body:"json"`),
		named("unfilledIn.RawBody", `body:"bytes", or bind.Raw beside another field with the body`),
		`unfilledIn.Filter.Notes has no source, and no request fills its field Title, which looks bound: move it out of the struct with the option deep, or write json:"-"`,
		embedsUnread("unfilledIn.unfilledEmbedded", "Page"),
		"unfilledIn.ResponseWriter" + unfilledWriter("http.ResponseWriter")[1:],
	}, "\n\t"), declared[unfilledIn]())
	assert.Equal(t, "bind: bind_test.unfilledNamed cannot be bound:"+"\n\t"+named("unfilledNamed.Body", `body:"json"`), declared[unfilledNamed]())
	assert.Equal(t, "bind: bind_test.unfilledText cannot be bound:"+"\n\t"+named("unfilledText.Body", `body:"text"`), declared[unfilledText]())
	assert.Empty(t, declared[unfilledFunc]())
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.unfilledForm cannot be bound:",
		`unfilledForm.Form.Note has no source, and no request fills its field Title, which looks bound: write form:"note,json" for JSON in a field of the form, or json:"-"`,
	}, "\n\t"), declared[unfilledForm]())
}
