package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

func ExampleForType() {
	type In struct {
		Page int `query:"page"`
	}
	binder := bind.ForType(reflect.TypeFor[In]())
	in, err := binder.Bind(httptest.NewRequest(http.MethodGet, "/?page=2", nil))
	fmt.Println(in, err)
	// Output:
	// {2} <nil>
}

type forTypeIn struct {
	Page  int    `query:"page"`
	Token string `header:"X-Token"`
	Body  struct {
		Text string `json:"text" maxLength:"3"`
	} `body:"json"`
}

func (in *forTypeIn) Validate() error {
	if in.Page == 13 {
		return errors.New("no thirteen")
	}
	return nil
}

// TestForType holds a binder made by type to the one that the compiler knows.
func TestForType(t *testing.T) {
	t.Parallel()
	byType, generic := bind.ForType(reflect.TypeFor[forTypeIn]()), bind.For[forTypeIn]()
	for _, tc := range []struct{ target, body string }{
		{"/?page=2", `{"text":"a"}`},
		{"/?page=x", `{"text":"long"}`},
		{"/?page=13", `{"text":"a"}`},
		{"/?page=3", `{`},
		{"/?page=4", ``},
	} {
		request := func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, tc.target, strings.NewReader(tc.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Token", "t")
			return r
		}
		want, wantErr := generic.Bind(request())
		got, err := byType.Bind(request())
		if wantErr != nil {
			require.EqualError(t, err, wantErr.Error())
		} else {
			require.NoError(t, err)
		}
		assert.Equal(t, want, got.Interface())
	}
}

func TestForType_faults(t *testing.T) {
	t.Parallel()
	type in struct {
		A int `path:"a" query:"b"`
	}
	var want any
	func() {
		defer func() { want = recover() }()
		bind.For[in]()
	}()
	require.NotNil(t, want)
	assert.PanicsWithValue(t, want, func() { bind.ForType(reflect.TypeFor[in]()) })
}
