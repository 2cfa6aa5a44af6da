package respond_test

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/respond"
)

type (
	leafy struct {
		Done  chan struct{}
		Inner *deeper
		Self  []leafy
		Skip  chan int `json:"-"`
		quiet chan int
	}
	deeper struct {
		Then  func() `json:"then"`
		Table map[string][]complex128
		Any   any
		When  time.Time
	}
	stamped struct {
		time.Time

		Title string
	}
	stampOnly struct {
		time.Time

		note string
	}
	stampedOwn struct {
		time.Time

		Title string
	}
	stampedPointer struct {
		time.Time

		Title string
	}
	generic[T any] struct {
		time.Time

		Value T
	}
	genericOwn[T any] struct {
		time.Time

		Value T
	}
	filed struct {
		*os.File

		Size int
	}
	buffered struct {
		bytes.Buffer

		Size int
	}
	served struct {
		http.Handler

		Title string
	}
	decorated struct {
		http.Handler

		hidden string
	}
	failed struct {
		error

		Code int
	}
	embedding struct {
		respond.Response[string]

		Title string
	}
	holder struct {
		Stamp stamped
	}
	opaque struct{ name string }
	lists  struct {
		Opaque []opaque
		Untidy map[string]untidy
		Maybe  *opaque
	}
	untidy struct {
		Label // has no name in JSON

		A int
	}
	inlined struct {
		untidy
		Mark
	}
	// Label and Mark are no structs.
	Label       string
	Mark        string
	readsItself struct{ name string }
	mixed       struct {
		Created

		Title string
	}
	// Created carries a status for the types that embed it.
	Created struct{}
)

func (stampedOwn) MarshalJSON() ([]byte, error)      { return []byte(`"own"`), nil }
func (*stampedPointer) MarshalJSON() ([]byte, error) { return []byte(`"own"`), nil }
func (genericOwn[T]) MarshalJSON() ([]byte, error)   { return []byte(`"own"`), nil }
func (*readsItself) UnmarshalText([]byte) error      { panic("called at start-up") }
func (Created) StatusCode() int                      { return http.StatusCreated }

func panicOf(fn func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	fn()
	return ""
}

func TestFor_panics(t *testing.T) {
	t.Parallel()
	const pkg = "respond_test."
	lost := func(method, field string) string {
		return " has a " + method + " that comes from the embedded field " + field + ", so its other fields would be lost: give that field a name, or declare " + method
	}
	for _, tc := range []struct {
		name string
		make func()
		want []string
	}{
		{"channel", func() { respond.For[chan int]() }, []string{"For[chan int]: chan int cannot be encoded as JSON"}},
		{"sequence", func() { respond.For[iter.Seq[int]]() }, []string{
			"For[iter.Seq[int]]: iter.Seq[int] cannot be encoded as JSON; package stream sends sequences",
		}},
		{"elements", func() { respond.For[[]complex64]() }, []string{
			"For[[]complex64]: []complex64[] has type complex64, which cannot be encoded as JSON",
		}},
		{"fields, all at once, inside wrappers", func() { respond.For[respond.Created[respond.OK[*leafy]]]() }, []string{
			pkg + "leafy.Done has type chan struct {}, which cannot be encoded as JSON",
			pkg + "leafy.Inner.Then has type func(), which cannot be encoded as JSON",
			pkg + "leafy.Inner.Table[][] has type complex128, which cannot be encoded as JSON",
		}},
		{"behind a pointer to a wrapper", func() { respond.For[*respond.Response[chan int]]() }, []string{"chan int cannot be encoded as JSON"}},
		{"map key", func() { respond.For[map[chan int]int]() }, []string{"map[chan int]int has keys of type chan int, which cannot be written as JSON names"}},
		{"no exported field", func() { respond.For[*opaque]() }, []string{
			"For[*respond_test.opaque]: " + pkg + "opaque cannot be JSON: Go struct has no exported fields",
		}},
		{"struct faults, at once", func() { respond.For[respond.OK[lists]]() }, []string{
			pkg + "lists.Opaque[] cannot be JSON: Go struct has no exported fields",
			pkg + "lists.Untidy[] cannot be JSON: embedded Go struct field Label of non-struct type",
		}},
		{"struct faults of an embedded field", func() { respond.For[inlined]() }, []string{
			pkg + "inlined cannot be JSON: embedded Go struct field Mark of non-struct type",
			pkg + "inlined.untidy cannot be JSON: embedded Go struct field Label of non-struct type",
		}},
		{"embedded time", func() { respond.For[stamped]() }, []string{pkg + "stamped" + lost("MarshalJSON", "Time")}},
		{"embedded time in a field", func() { respond.For[[]holder]() }, []string{"[]" + pkg + "holder[].Stamp" + lost("MarshalJSON", "Time")}},
		{"embedded time in a generic type", func() { respond.For[generic[int]]() }, []string{lost("MarshalJSON", "Time")}},
		{"embedded file", func() { respond.For[filed]() }, []string{pkg + "filed" + lost("Read", "File")}},
		{"embedded buffer", func() { respond.For[*buffered]() }, []string{pkg + "buffered" + lost("Read", "Buffer")}},
		{"embedded handler", func() { respond.For[served]() }, []string{pkg + "served" + lost("ServeHTTP", "Handler")}},
		{"embedded error", func() { respond.For[failed]() }, []string{pkg + "failed" + lost("Error", "error")}},
		{"embedded wrapper", func() { respond.For[embedding]() }, []string{pkg + "embedding embeds a wrapper, so that its other fields would be lost: put the wrapper around the struct"}},
		{"options and type together", func() {
			respond.For[chan int](respond.Formats(respond.JSON(), respond.JSON(), respond.Format{Type: "text/*"}, respond.Format{Type: "text/csv"}))
		}, []string{
			"Formats: application/json comes twice: leave one out", `Formats: "text/*" is not a media type: write one, such as application/cbor`,
			"Formats: text/csv has no Encode: set it to a function that calls the codec", "chan int cannot be encoded",
		}},
		{"no formats", func() { respond.New(respond.Formats()) }, []string{"respond: New: Formats: there is no format: write one, such as XML()"}},
		{"shorthands", func() {
			respond.New(
				respond.Shorthand[page](nil),
				respond.Shorthand(func(http.ResponseWriter, *http.Request, error) error { return nil }),
				respond.Shorthand(func(http.ResponseWriter, *http.Request, respond.OK[int]) error { return nil }),
				respond.Shorthand(func(http.ResponseWriter, *http.Request, slug) error { return nil }),
				respond.Shorthand(func(http.ResponseWriter, *http.Request, slug) error { return nil }),
			)
		}, []string{
			"New: Shorthand[respond_test.page]: the function is nil: write one", "New: Shorthand[error]: the type is an interface: write a Shorthand for each type that it may hold",
			"New: Shorthand[respond.OK[int]]: the type is a wrapper: write a Shorthand for its body", "New: Shorthand[respond_test.slug] comes twice",
		}},
		{"type by reflection", func() { respond.ForType(reflect.TypeFor[*respond.OK[leafy]]()) }, []string{"leafy.Done has type chan struct {}, which cannot"}},
		{"embedded wrapper by reflection", func() { respond.ForType(reflect.TypeFor[embedding]()) }, []string{"embeds a wrapper"}},
		{"nil error handler", func() { respond.UseErrorHandler(nil) }, []string{"respond: UseErrorHandler: the handler is nil: write one"}},
		{"nil func", func() { respond.New().Func(nil) }, []string{"respond: Responder.Func: the Func is nil: write one"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := panicOf(tc.make)
			for _, want := range tc.want {
				assert.Contains(t, got, want)
			}
			assert.Regexp(t, `^respond: .*(\nrespond: .*)*$`, got)
		})
	}
}

func TestFor_accepts(t *testing.T) {
	t.Parallel()
	for name, compile := range map[string]func(){
		"interface":                      func() { respond.For[any]() },
		"reader interface":               func() { respond.For[io.Reader]() },
		"recursive type":                 func() { type node struct{ Next []*node }; respond.For[node]() },
		"embedded alone":                 func() { respond.For[stampOnly]() },
		"own method beside embedded":     func() { respond.For[stampedOwn]() },
		"own method on the pointer":      func() { respond.For[stampedPointer]() },
		"own method of a generic type":   func() { respond.For[genericOwn[int]]() },
		"decorated handler":              func() { respond.For[decorated]() },
		"embedded status":                func() { respond.For[mixed]() },
		"pointer to what nobody sees":    func() { respond.For[struct{ URL url.URL }]() },
		"type that reads itself":         func() { respond.For[readsItself]() },
		"zero option":                    func() { respond.For[int](respond.Option{}) },
		"channel with its own shorthand": func() { respond.For[chan int](respond.Shorthand(sendCount)) },
	} {
		assert.Empty(t, panicOf(compile), name)
	}
	_ = leafy{quiet: nil}.quiet
	_ = opaque{name: ""}.name
	_ = readsItself{name: ""}.name
	_ = stampOnly{note: ""}.note
	_ = decorated{hidden: ""}.hidden
}

func sendCount(w http.ResponseWriter, r *http.Request, v chan int) error {
	return respond.Write(w, r, len(v))
}

// lines is a format that writes any value as text.
func lines() respond.Format {
	return respond.Format{Type: "text/x-lines; charset=utf-8", Encode: func(w io.Writer, v any) error {
		_, err := fmt.Fprintf(w, "%T %v\n", v, v)
		return err
	}}
}

func TestFor_mixin(t *testing.T) {
	t.Parallel()
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		_ = respond.For[mixed]().Write(w, r, mixed{Title: "a"})
	})
	assert.Equal(t, 201, w.Code)
	assert.JSONEq(t, `{"Title":"a"}`, w.Body.String())
}
