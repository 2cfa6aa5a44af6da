package bind_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// TestFor_badOptions holds that bad options come with the faults of the type, all
// of them at once.
func TestFor_badOptions(t *testing.T) {
	t.Parallel()
	type in struct {
		Done chan int `query:"done"`
	}
	nothing := func(io.Reader, any) error { return nil }
	opts := []bind.Option{
		bind.MaxBody(-1),
		bind.MaxMemory(-2),
		bind.PathValue(nil),
		bind.ValidateFunc[in](nil),
		bind.Formats(
			bind.Format{Type: "application/cbor"},
			bind.Format{Decode: nothing},
			bind.Format{Type: "text/*", Decode: nothing},
			bind.Format{Type: "text/csv; charset=utf-8", Decode: nothing},
			bind.Format{Type: "text/csv", Decode: nothing},
			bind.Format{Type: "Text/CSV", Decode: nothing},
		),
	}
	want := `bind: bind_test.in cannot be bound:
	bind.MaxBody is -1: give a number of bytes, 0 or more
	bind.MaxMemory is -2: give a number of bytes, 0 or more
	bind.PathValue has a nil function: give it one that returns the path value of a name
	bind.ValidateFunc has a nil function: give it one that checks the In
	bind.Formats has no Decode for application/cbor: give it a function that decodes the body
	bind.Formats has the type "": give it a media type without parameters, such as application/cbor
	bind.Formats has the type "text/*": give it a media type without parameters, such as application/cbor
	bind.Formats has the type "text/csv; charset=utf-8": give it a media type without parameters, such as application/cbor
	bind.Formats has Text/CSV twice: remove one
	in.Done has type chan int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText`
	assert.PanicsWithValue(t, want, func() { bind.For[in](opts...) })
	assert.PanicsWithValue(t, "bind: Func has a nil function: give it one that takes the In", func() { bind.Func[struct{}](nil) })
	assert.PanicsWithValue(t, want, func() { bind.Func(func(http.ResponseWriter, *http.Request, in) {}, opts...) })
	assert.NotPanics(t, func() { bind.For[struct{}](bind.Option{}, bind.OnBodyError(nil)) })
}

// TestFormats_add holds that each call adds, that a later codec of one type counts, and
// that one of JSON reads what JSON reads.
func TestFormats_add(t *testing.T) {
	t.Parallel()
	type in struct {
		Text string `json:"text"`
	}
	by := func(mediaType, text string) bind.Format {
		return bind.Format{Type: mediaType, Decode: func(_ io.Reader, v any) error {
			// A typed nil is no error.
			v.(*in).Text = text //nolint:forcetypeassert // the type of the binder
			return (*bind.Error)(nil)
		}}
	}
	adding := bind.For[in](
		bind.Formats(by("text/a", "a1"), by("text/b", "b1")),
		bind.Formats(by("text/C", "c2"), by("text/B", "b2")),
	)
	other := bind.For[in](bind.Formats(by("Application/JSON", "other"), by("text/a", "a")))
	for _, tc := range []struct {
		binder          *bind.Binder[in]
		mediaType, want string
	}{
		{adding, "text/a", "a1"},
		{adding, "text/b", "b2"},
		{adding, "text/c", "c2"},
		{adding, "application/json", "json"},
		{adding, "application/vnd.x+json", "json"},
		{other, "application/json", "other"},
		{other, "application/vnd.x+json", "other"},
		{other, "text/a", "a"},
		{adding, "text/d", "application/json, text/a, text/B, text/C"},
		{other, "text/d", "application/json, text/a"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"text":"json"}`))
		r.Header.Set("Content-Type", tc.mediaType)
		w := httptest.NewRecorder()
		got, err := tc.binder.Bind(r)
		if err != nil {
			respond.Error(w, r, err)
			got.Text = w.Header().Get("Accept")
		}
		assert.Equal(t, tc.want, got.Text, tc.mediaType)
	}
	body := other.Describe().Body
	assert.Equal(t, []string{"application/json", "text/a"}, body.Content[0].MediaTypes)
}
