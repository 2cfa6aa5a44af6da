package drift_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A patcher reads values of a type, and patches them.
type patcher struct {
	read  func(body []byte) (reflect.Value, error)
	patch func(v reflect.Value, patch []byte) (reflect.Value, error)
	diff  func(from, to reflect.Value) (patch []byte, err error)
	valid func(v reflect.Value) error
}

// patcherOf returns the patcher of T by package bind.
func patcherOf[T any](opts ...bind.Option) patcher {
	return patcher{
		read: func(body []byte) (reflect.Value, error) {
			v, err := bind.For[T](opts...).Bind(bodyRequest("application/json", body))
			return reflect.ValueOf(&v).Elem(), err
		},
		patch: func(v reflect.Value, patch []byte) (reflect.Value, error) {
			p, err := bind.For[bind.MergePatch[T]](opts...).Bind(bodyRequest("application/merge-patch+json", patch))
			if err != nil {
				return reflect.Value{}, err
			}
			got, err := p.Apply(valueOf[T](v))
			return reflect.ValueOf(&got).Elem(), err
		},
		diff: func(from, to reflect.Value) ([]byte, error) {
			p, err := bind.Diff(valueOf[T](from), valueOf[T](to))
			if err != nil {
				return nil, err
			}
			return p.MarshalJSON()
		},
		valid: func(v reflect.Value) error { return bind.Valid(valueOf[T](v)) },
	}
}

// valueOf returns v, which is an addressable T.
func valueOf[T any](v reflect.Value) T {
	return *v.Addr().Interface().(*T) //nolint:forcetypeassert // it is of the type of the patcher
}

func bodyRequest(media string, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPatch, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", media)
	return r
}

// refusals is a [decode.Report] that is an error.
type refusals []string

func (r *refusals) Wrong(pointer string, wrong *text.Wrong) bool {
	*r = append(*r, pointer+" "+wrong.Detail)
	return true
}
func (r *refusals) Invalid(pointer string, err error) { *r = append(*r, pointer+" "+err.Error()) }
func (r *refusals) IsSound() bool                     { return len(*r) == 0 }

func (r *refusals) orNil(err error) error {
	if len(*r) > 0 {
		return errors.Join(err, errors.New(strings.Join(*r, "; ")))
	}
	return err
}

// patcherOfType returns the patcher of a type that is known at run time only and has no
// Opt, by the plans that package bind has of types. It has no diff.
func patcherOfType(t *testing.T, typ reflect.Type) patcher {
	t.Helper()
	plan, faults := decode.Compile(shape.SiteOf(typ), decode.Options{Patch: true})
	require.Empty(t, faults, typ)
	p := patcher{
		read: func(body []byte) (reflect.Value, error) {
			v, found := reflect.New(typ).Elem(), &refusals{}
			err := plan.Read(body, v, found)
			return v, found.orNil(err)
		},
		valid: func(v reflect.Value) error {
			found := &refusals{}
			v = decode.Addressable(v)
			plan.Check(v, found)
			if found.IsSound() {
				plan.Validate(v, found)
			}
			return found.orNil(nil)
		},
	}
	p.patch = func(v reflect.Value, patch []byte) (reflect.Value, error) {
		found := &refusals{}
		if err := plan.Merge(patch, reflect.New(typ).Elem(), true, found); err != nil || !found.IsSound() {
			return v, found.orNil(err)
		}
		v = decode.Addressable(v)
		if err := plan.Duplicate(v); err != nil {
			return v, err
		}
		err := plan.Merge(patch, v, false, found)
		if err = found.orNil(err); err != nil {
			return v, err
		}
		return v, p.valid(v)
	}
	return p
}

// scribble writes over all that v leads to, but for what interfaces hold and what is
// inside types of other packages.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				scribble(field)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for key, elem := range v.Seq2() {
			elem = decode.Addressable(elem)
			scribble(elem)
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
	}
	if v.CanSet() {
		v.SetZero()
	}
}
