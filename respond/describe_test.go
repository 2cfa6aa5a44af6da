package respond_test

import (
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/respond"
)

type (
	plainBody  struct{ A int }
	gif        []byte
	statusBody struct{ A int }
	nosyBody   struct{ A *plainBody }
)

func (n nosyBody) StatusCode() int { return n.A.A }

func (gif) ContentType() string { return "image/gif" }

func (statusBody) StatusCode() int { return http.StatusTeapot }

func TestResponder_Describe(t *testing.T) {
	t.Parallel()
	jsonTypes, bytesTypes := []string{"application/json"}, []string{"application/octet-stream"}
	body := reflect.TypeFor[plainBody]()
	for _, tc := range []struct {
		typ  reflect.Type
		want describe.Output
	}{
		{body, describe.Output{Type: body, Kind: describe.Value, Status: 200, MediaTypes: jsonTypes}},
		{reflect.PointerTo(body), describe.Output{Type: reflect.PointerTo(body), Kind: describe.Value, Status: 200, MediaTypes: jsonTypes, MayBeNothing: true}},
		{reflect.TypeFor[respond.Response[plainBody]](), describe.Output{IsWrapped: true, Varies: true, Type: body, Kind: describe.Value, MediaTypes: jsonTypes}},
		{reflect.TypeFor[respond.Created[plainBody]](), describe.Output{IsWrapped: true, Type: body, Kind: describe.Value, Status: 201, Location: true, MediaTypes: jsonTypes}},
		{reflect.TypeFor[respond.Accepted[*plainBody]](), describe.Output{IsWrapped: true, Type: reflect.PointerTo(body), Kind: describe.Value, Status: 202, MediaTypes: jsonTypes, MayBeEmpty: true}},
		{reflect.TypeFor[respond.OK[respond.Created[plainBody]]](), describe.Output{IsWrapped: true, Type: body, Kind: describe.Value, Status: 200, Location: true, MediaTypes: jsonTypes}},
		{reflect.TypeFor[respond.NoContent](), describe.Output{IsWrapped: true, Type: reflect.TypeFor[respond.None](), Kind: describe.Nothing, Status: 204}},
		{reflect.TypeFor[respond.None](), describe.Output{Type: reflect.TypeFor[respond.None](), Kind: describe.Nothing, Status: 204}},
		{reflect.TypeFor[string](), describe.Output{Type: reflect.TypeFor[string](), Kind: describe.Text, Status: 200, MediaTypes: []string{"text/plain"}}},
		{reflect.TypeFor[respond.HTML](), describe.Output{Type: reflect.TypeFor[respond.HTML](), Kind: describe.HTML, Status: 200, MediaTypes: []string{"text/html"}}},
		{reflect.TypeFor[[]byte](), describe.Output{Type: reflect.TypeFor[[]byte](), Kind: describe.Bytes, Status: 200, MediaTypes: bytesTypes}},
		{reflect.TypeFor[gif](), describe.Output{Type: reflect.TypeFor[gif](), Kind: describe.Bytes, Status: 200, MediaTypes: []string{"image/gif"}}},
		{reflect.TypeFor[json.RawMessage](), describe.Output{Type: reflect.TypeFor[json.RawMessage](), Kind: describe.Raw, Status: 200, MediaTypes: jsonTypes}},
		{reflect.TypeFor[statusBody](), describe.Output{Varies: true, Type: reflect.TypeFor[statusBody](), Kind: describe.Value, Status: 418, MediaTypes: jsonTypes}},
		{reflect.TypeFor[respond.Accepted[http.HandlerFunc]](), describe.Output{IsWrapped: true, Type: reflect.TypeFor[http.HandlerFunc](), Kind: describe.Handler, Status: 202, MayBeNothing: true}},
		{reflect.TypeFor[respond.OK[http.HandlerFunc]](), describe.Output{IsWrapped: true, Type: reflect.TypeFor[http.HandlerFunc](), Kind: describe.Handler, MayBeNothing: true}},
		{reflect.TypeFor[respond.Accepted[respond.Redirect]](), describe.Output{IsWrapped: true, Type: reflect.TypeFor[respond.Redirect](), Kind: describe.Handler}},
		{reflect.TypeFor[respond.Redirect](), describe.Output{Type: reflect.TypeFor[respond.Redirect](), Kind: describe.Handler}},
		{reflect.TypeFor[*respond.Problem](), describe.Output{Type: reflect.TypeFor[*respond.Problem](), Kind: describe.Problem, MayBeNothing: true}},
		{reflect.TypeFor[respond.OK[credit]](), describe.Output{IsWrapped: true, Type: reflect.TypeFor[credit](), Kind: describe.Problem}},
		{reflect.TypeFor[coded](), describe.Output{Type: reflect.TypeFor[coded](), Kind: describe.Problem}},
		{reflect.TypeFor[any](), describe.Output{Type: reflect.TypeFor[any](), Kind: describe.Any, MayBeNothing: true}},
		{reflect.TypeFor[io.Reader](), describe.Output{Type: reflect.TypeFor[io.Reader](), Kind: describe.Any, MayBeNothing: true}},
	} {
		assert.Equal(t, tc.want, respond.New().Describe(tc.typ), tc.typ)
	}
	for typ, fault := range map[reflect.Type]string{
		reflect.TypeFor[nosyBody]():              "StatusCode, Headers or ContentType of respond_test.nosyBody panics on the zero value: runtime error: invalid memory address or nil pointer dereference",
		reflect.TypeFor[respond.OK[*nosyBody]](): "StatusCode, Headers or ContentType of respond_test.nosyBody panics on the zero value: runtime error: invalid memory address or nil pointer dereference",
		reflect.TypeFor[ringOfOK]():              "respond_test.ringOfOK wraps only itself: wrap a value",
	} {
		assert.Equal(t, fault, respond.New().Describe(typ).Fault, typ)
	}
	formats := respond.For[plainBody](respond.Formats(respond.XML()), respond.AllowNotAcceptable())
	assert.Equal(t, describe.Output{
		Type: body, Kind: describe.Value, Status: 200, MediaTypes: []string{"application/json", "application/xml"}, NotAcceptable: true,
	}, formats.Describe(body))
}
