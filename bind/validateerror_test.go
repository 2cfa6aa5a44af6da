package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// A wrong is an error whose nil is no error.
type (
	wrong     struct{}
	wrongs    []error
	silent    int
	tooLarge  int
	joined    int
	outermost struct {
		N int `json:"n"`
	}
)

func (*wrong) Error() string { panic("called on nil") }
func (wrongs) Error() string { panic("called on nil") }

func (silent) Validate() error {
	var err *wrong
	return err
}

func (joined) Validate() error { return errors.Join((*wrong)(nil), wrongs(nil)) }

func (tooLarge) Validate() error { return fmt.Errorf("reading: %w", &http.MaxBytesError{Limit: 3}) }

func (outermost) Validate() error { return &http.MaxBytesError{Limit: 3} }

type validates[T any] struct {
	V T `json:"v"`
}

// A typed nil is no error, and a body that was too large a 413, wherever a
// Validate method says so.
func TestValidate_errors(t *testing.T) {
	t.Parallel()
	type form[T any] struct {
		Body validates[T] `body:"form"`
	}
	type either[T any] struct {
		Body validates[T] `body:"json,form"`
	}
	type list[T any] struct {
		V map[string]T `query:"v,deep"`
		W []T          `header:"W"`
	}
	status := func(h http.Handler, r *http.Request) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	post := func(contentType, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header = typed(contentType)
		return r
	}
	deepRequest := queryRequest("v[a]=1")
	deepRequest.Header["W"] = []string{"1"}
	for _, tc := range []struct {
		name string
		h    http.Handler
		r    *http.Request
		want int
	}{
		{"body", handlerOf[map[string]silent](), jsonRequest(`{"a":1}`), 200},
		{"joined", handlerOf[[]joined](), jsonRequest(`[1]`), 200},
		{"query", handlerOf[scalar[silent]](), queryRequest("v=1"), 200},
		{"joined query", handlerOf[scalar[joined]](), queryRequest("v=1"), 200},
		{"list and deep", handlerOf[list[silent]](), deepRequest, 200},
		{"form", handlerOf[form[silent]](), post(urlencoded, "v=1"), 200},
		{"option", handlerOf[scalar[int]](bind.ValidateFunc(func(*scalar[int]) error { return (*wrong)(nil) })), queryRequest("v=1"), 200},
		{"large body", handlerOf[outermost](), post("application/json", `{"n":1}`), 413},
		{"large in a body", handlerOf[validates2](), post("application/json", `{"v":[1]}`), 413},
		{"large as a key", handlerOf[map[tooLarge]int](), post("application/json", `{"1":1}`), 413},
		{"large query", handlerOf[scalar[tooLarge]](), queryRequest("v=1"), 413},
		{"large in a list", handlerOf[list[tooLarge]](), deepRequest, 413},
		{"large form", handlerOf[form[tooLarge]](), post(urlencoded, "v=1"), 413},
		{"large either, as a form", handlerOf[either[tooLarge]](), post(urlencoded, "v=1"), 413},
		{"large either, as JSON", handlerOf[either[tooLarge]](), post("application/json", `{"v":1}`), 413},
		{"large option", handlerOf[scalar[int]](bind.ValidateFunc(func(*scalar[int]) error { return &http.MaxBytesError{} })), queryRequest("v=1"), 413},
		{"a problem of a parameter", handlerOf[scalar[conflicting]](), queryRequest("v=1"), 409},
		{"constraints first", handlerOf[struct {
			V conflicting `query:"v"`
			W int         `query:"w" minimum:"3"`
		}](), queryRequest("v=1&w=1"), 400},
	} {
		assert.Equal(t, tc.want, status(tc.h, tc.r), tc.name)
	}
}

type validates2 struct {
	V []tooLarge `json:"v"`
}

type conflicting int

func (conflicting) Validate() error { return respond.NewProblem(http.StatusConflict, "taken") }

func handlerOf[T any](opts ...bind.Option) http.Handler {
	return bind.Func(func(http.ResponseWriter, *http.Request, T) {}, opts...)
}
