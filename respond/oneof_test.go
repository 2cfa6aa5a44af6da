package respond_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type outcome struct {
	respond.OneOf

	Plain    *article
	Created  *respond.Created[article]
	Empty    *respond.None
	Accepted *respond.Accepted[string]
	Moved    *respond.Redirect
	Stream   *stream.NDJSON[int]
	File     *fileserve.File
	Open     *respond.Response[string]
	Handler  http.Handler
	Any      any
}

// outcomes are values with one field set, and what is sent of them.
func outcomes() []struct {
	name, contentType, body string
	value                   outcome
	status                  int
} {
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) })
	one := func(yield func(int, error) bool) { yield(1, nil) }
	return []struct {
		name, contentType, body string
		value                   outcome
		status                  int
	}{
		{"plain", "application/json", `{"id":7,"title":"a","tags":[]}`, outcome{Plain: &article{ID: 7, Title: "a"}}, 200},
		{"created", "application/json", `{"id":7,"title":"a","tags":[]}`, outcome{Created: &respond.Created[article]{Location: "/7", Body: article{ID: 7, Title: "a"}}}, 201},
		{"empty", "", "", outcome{Empty: &respond.None{}}, 204},
		{"accepted", "text/plain; charset=utf-8", "later", outcome{Accepted: &respond.Accepted[string]{Body: "later"}}, 202},
		{"moved", "", "", outcome{Moved: &respond.Redirect{URL: "/x", Code: 307}}, 307},
		{"stream", "application/x-ndjson", "1\n", outcome{Stream: &stream.NDJSON[int]{Seq: one}}, 200},
		{"open", "text/plain; charset=utf-8", "odd", outcome{Open: &respond.Response[string]{Status: 203, Body: "odd"}}, 203},
		{"handler", "", "", outcome{Handler: teapot}, 418},
		{"any", "text/plain; charset=utf-8", "text", outcome{Any: "text"}, 200},
	}
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	static, pointer := respond.For[outcome](), respond.For[*outcome]()
	for _, tc := range outcomes() {
		for way, h := range map[string]http.HandlerFunc{
			"static":  writes(static, tc.value),
			"pointer": writes(pointer, &tc.value),
			"dynamic": func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, tc.value) },
			"behind":  func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, &tc.value) },
		} {
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, http.MethodPost, "/", nil, nil)
				assert.Equal(t, tc.status, got.StatusCode, tc.name+way)
				assert.Equal(t, tc.body, got.Text, tc.name+way)
				assert.Equal(t, tc.contentType, got.Header.Get("Content-Type"), tc.name+way)
			})
		}
	}
	w, _ := record(t, writes(pointer, nil))
	assert.Equal(t, 204, w.Code)
	w, _ = record(t, writes(static, outcome{Created: &respond.Created[article]{Location: "/7"}}))
	assert.Equal(t, "/7", w.Header().Get("Location"))
}

// TestOneOf_unclear holds that what is not one outcome is a failure of the server.
func TestOneOf_unclear(t *testing.T) {
	t.Parallel()
	type hidden struct {
		respond.OneOf

		text string
	}
	two := outcome{Plain: &article{}, Empty: &respond.None{}}
	for want, v := range map[string]any{
		"respond_test.outcome has 0 fields set":                                                     outcome{},
		"respond_test.outcome has 2 fields set":                                                     two,
		"respond_test.outcome is a OneOf inside a wrapper":                                          respond.OK[any]{Body: outcome{Plain: &article{}}},
		"hidden.text is not exported: one of the fields is sent, so write it with a capital letter": hidden{text: "a"},
	} {
		w, book := record(t, func(w http.ResponseWriter, r *http.Request) { assert.Error(t, respond.Write(w, r, v)) })
		assert.Equal(t, 500, w.Code)
		require.Len(t, book.all(), 1)
		assert.Contains(t, book.all()[0], want)
	}
	w, book := record(t, writes(respond.For[outcome](), two))
	assert.Equal(t, 500, w.Code)
	assert.Len(t, book.all(), 1)
}

type (
	deepOutcome struct {
		outcome
	}
	endlessOutcome struct {
		respond.OneOf

		A *article
		B *endlessOutcome
		C *respond.OK[endlessOutcome]
	}
	faultyOutcome struct {
		respond.OneOf

		Same    *article
		Twice   *respond.OK[string]
		Value   article
		Named   *respond.None `json:"named"`
		hidden  *respond.None
		Problem *respond.Problem
		Error   error
		Wrapped *respond.Created[*respond.Problem]
		Bad     *respond.Accepted[chan int]
	}
	bareOutcome struct {
		respond.OneOf
	}
)

func TestOneOf_faults(t *testing.T) {
	t.Parallel()
	_ = faultyOutcome{}.hidden
	const wrapped = "is a OneOf inside a wrapper: put the wrapper around its fields"
	for _, tc := range []struct {
		f    func()
		want string
	}{
		{func() { respond.For[faultyOutcome]() }, `respond: For[respond_test.faultyOutcome]: chan int cannot be encoded as JSON
respond: For[respond_test.faultyOutcome]: faultyOutcome.Value has type respond_test.article, which is never unset: write *respond_test.article
respond: For[respond_test.faultyOutcome]: faultyOutcome.Named has a json tag, but the field is the whole answer: remove the tag
respond: For[respond_test.faultyOutcome]: faultyOutcome.hidden is not exported: one of the fields is sent, so write it with a capital letter
respond: For[respond_test.faultyOutcome]: faultyOutcome.Twice has the status 200, like faultyOutcome.Same: put a wrapper with another status around it
respond: For[respond_test.faultyOutcome]: faultyOutcome.Problem is an error: return it as the error of the function
respond: For[respond_test.faultyOutcome]: faultyOutcome.Error is an error: return it as the error of the function
respond: For[respond_test.faultyOutcome]: faultyOutcome.Wrapped is an error: return it as the error of the function`},
		{func() { respond.For[bareOutcome]() }, "respond: For[respond_test.bareOutcome]: bareOutcome has no field that could be set: write one for each outcome"},
		{func() { respond.For[respond.OneOf]() }, "respond: For[respond.OneOf]: OneOf has no field that could be set: write one for each outcome"},
		{func() { respond.For[respond.OK[outcome]]() }, "respond: For[respond.OK[github.com/tenonkit/tenon/respond_test.outcome]]: respond_test.outcome " + wrapped},
		{func() { respond.For[respond.Created[respond.OK[outcome]]]() }, wrapped},
		{func() { respond.For[deepOutcome]() }, "embeds respond.OneOf by way of another struct: embed it directly"},
		{func() { respond.For[endlessOutcome]() }, "endlessOutcome.B is a OneOf inside another one: move its fields to the outer one"},
		{func() { respond.For[endlessOutcome]() }, "endlessOutcome.C is a OneOf inside another one: move its fields to the outer one"},
	} {
		fault, _ := faultOf(tc.f).(string)
		assert.Contains(t, fault, tc.want)
	}
}
