package bind_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

var errOdd = errors.New("must be even")

// A window checks itself across its fields, as In and inside of In.
type window struct {
	From int `query:"from" minimum:"1"`
	To   int `query:"to"`
}

func (w *window) Validate() error {
	if w.To < w.From {
		return errors.New("to is before from")
	}
	return nil
}

type statusError int

func (statusError) Error() string     { return "secret" }
func (e statusError) StatusCode() int { return int(e) }

func TestValidate(t *testing.T) {
	t.Parallel()
	type other struct {
		A int `query:"a,optional"`
	}
	type embeds struct {
		window
		other
	}
	type deep struct {
		Window window `query:"w,deep"`
	}
	type deepEmbeds struct {
		Both struct {
			Window
			Other
		} `query:"b,deep"`
	}
	type both struct {
		Window
		Other
	}
	type scalars struct {
		Even  even   `query:"even"`
		Evens []even `query:"evens"`
	}
	bound := func(_ any, err error) error { return err }
	for _, tc := range []struct {
		name, query, want string
		bind              func(r *http.Request) error
	}{
		{"holds", "from=1&to=2", "", func(r *http.Request) error { return bound(bind.Request[window](r)) }},
		{"refuses", "from=2&to=1", "bind: to is before from", func(r *http.Request) error { return bound(bind.Request[window](r)) }},
		{"constraints first", "from=0&to=-1", `bind: query "from": must be at least 1`, func(r *http.Request) error { return bound(bind.Request[window](r)) }},
		{"promoted", "from=2&to=1", "bind: to is before from", func(r *http.Request) error { return bound(bind.Request[embeds](r)) }},
		{"deep", "w[from]=2&w[to]=1", "bind: to is before from", func(r *http.Request) error { return bound(bind.Request[deep](r)) }},
		{"embedded in a deep struct", "b[from]=2&b[to]=2&b[x]=1", "bind: x is 1", func(r *http.Request) error { return bound(bind.Request[deepEmbeds](r)) }},
		{"two embedded, the first", "from=2&to=1&x=1", "bind: to is before from", func(r *http.Request) error { return bound(bind.Request[both](r)) }},
		{"two embedded, the second", "from=1&to=1&x=1", "bind: x is 1", func(r *http.Request) error { return bound(bind.Request[both](r)) }},
		{"two embedded hold", "from=1&to=1&x=2", "", func(r *http.Request) error { return bound(bind.Request[both](r)) }},
		{"values", "even=2&evens=4", "", func(r *http.Request) error { return bound(bind.Request[scalars](r)) }},
		{
			"odd values", "even=1&evens=4&evens=5", `bind: query "even": must be even; query "evens": must be even`,
			func(r *http.Request) error { return bound(bind.Request[scalars](r)) },
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := tc.bind(queryRequest(tc.query))
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tc.want)
		})
	}
}

type Window = window

type Other struct {
	X int `query:"x"`
}

func (o Other) Validate() error {
	if o.X == 1 {
		return errors.New("x is 1")
	}
	return nil
}

// The method and the option answer alike, over real connections.
func TestValidate_answers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		err      error
		status   int
		body     string
		location string
	}{
		{"text", errors.New("too many seats"), 400, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"too many seats"}`, ""},
		{"problem", respond.NewProblem(409, "taken").WithCause(errors.New("secret")), 409, `{"type":"about:blank","title":"Conflict","status":409,"detail":"taken"}`, ""},
		{"status", statusError(422), 422, `{"type":"about:blank","title":"Unprocessable Entity","status":422}`, ""},
		{"redirect", respond.SeeOther("/elsewhere"), 303, "", "/elsewhere"},
		{
			"fields", &bind.Error{Fields: []respond.FieldError{{In: "query", Name: "a", Code: "taken", Detail: "is taken"}}}, 400,
			`{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"query","name":"a","code":"taken","detail":"is taken"}]}`, "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var order []string
			check := func(name string, err error) bind.Option {
				return bind.ValidateFunc(func(in *tagged) error {
					order = append(order, name)
					if *in == (tagged{}) {
						return errors.New("not the bound In")
					}
					return err
				})
			}
			h := bind.Func(func(http.ResponseWriter, *http.Request, tagged) { t.Error("called") }, check("first", nil), check("second", tc.err), check("third", nil))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, queryRequest("a=x"))
			assert.Empty(t, order, "constraints first")
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				order = nil
				got := s.Get(t, "/?a=1")
				assert.Equal(t, tc.status, got.StatusCode)
				assert.Equal(t, tc.location, got.Header.Get("Location"))
				if tc.body != "" {
					assert.JSONEq(t, tc.body, got.Text)
				}
				assert.Equal(t, []string{"first", "second"}, order)
			})
		})
	}
}

func TestValidate_errorKeepsItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	_, err := bind.For[tagged](bind.ValidateFunc(func(*tagged) error { return cause })).Bind(queryRequest("a=1"))
	require.ErrorIs(t, err, cause)
	e, ok := errors.AsType[*bind.Error](err)
	require.True(t, ok)
	assert.Empty(t, e.Fields)
	assert.Equal(t, http.StatusBadRequest, e.Status)

	late := func(*tagged) error { return fmt.Errorf("asking the database: %w", context.DeadlineExceeded) }
	_, err = bind.For[tagged](bind.ValidateFunc(late)).Bind(queryRequest("a=1"))
	require.EqualError(t, err, "asking the database: context deadline exceeded", "a 504 and not the client's fault")
}

// A body that checks itself may answer by itself, from the outside or within.
func TestValidate_body(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		body   string
		status int
	}{
		{`{"name":"free"}`, 200},
		{`{"name":"taken"}`, 409},
		{`{"name":"free","next":[{"name":"taken"}]}`, 409},
		{`{"name":"bad"}`, 400},
	} {
		h := bind.Func(func(http.ResponseWriter, *http.Request, claim) {})
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc.body))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(w, r)
		assert.Equal(t, tc.status, w.Code, "%s: %s", tc.body, w.Body)
	}
}

type claim struct {
	Name string  `json:"name"`
	Next []claim `json:"next,omitempty"`
}

func (c claim) Validate() error {
	switch c.Name {
	case "taken":
		return respond.NewProblem(http.StatusConflict, "taken")
	case "bad":
		return errors.New("bad")
	}
	return nil
}
