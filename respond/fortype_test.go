package respond_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/respond"
)

func ExampleForType() {
	responder := respond.ForType(reflect.TypeFor[map[string]int]())
	w := httptest.NewRecorder()
	err := responder.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), map[string]int{"a": 1})
	fmt.Println(w.Code, w.Body, err)
	// Output:
	// 200 {"a":1} <nil>
}

func faultOf(f func()) (fault any) {
	defer func() { fault = recover() }()
	f()
	return nil
}

type withChan struct{ C chan int }

// TestForType holds the check by type to the one of For.
func TestForType(t *testing.T) {
	t.Parallel()
	twice := respond.Formats(respond.JSON(), respond.JSON())
	for _, tc := range []struct{ want, got func() }{
		{func() { respond.For[int]() }, func() { respond.ForType(reflect.TypeFor[int]()) }},
		{func() { respond.For[any]() }, func() { respond.ForType(reflect.TypeFor[any]()) }},
		{func() { respond.For[*withChan]() }, func() { respond.ForType(reflect.TypeFor[*withChan]()) }},
		{func() { respond.For[withChan]() }, func() { respond.ForType(reflect.TypeFor[withChan]()) }},
		{func() { respond.For[respond.Created[withChan]]() }, func() { respond.ForType(reflect.TypeFor[respond.Created[withChan]]()) }},
		{func() { respond.For[*respond.Created[int]]() }, func() { respond.ForType(reflect.TypeFor[*respond.Created[int]]()) }},
		{func() { respond.For[chan int]() }, func() { respond.ForType(reflect.TypeFor[chan int]()) }},
		{func() { respond.For[http.Handler]() }, func() { respond.ForType(reflect.TypeFor[http.Handler]()) }},
		{func() { respond.For[int](twice) }, func() { respond.ForType(reflect.TypeFor[int](), twice) }},
	} {
		assert.Equal(t, faultOf(tc.want), faultOf(tc.got))
	}
}
