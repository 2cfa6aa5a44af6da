package method_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/method"
)

type (
	checks    struct{ A int } // by value
	checksPtr struct{ A int } // by pointer
	checker   interface{ Validate() error }

	overrides struct {
		checks
		B int
	}
	inherits    struct{ checks }
	inheritsPtr struct{ checksPtr }
	behind      struct {
		B int
		*checks
	}
	deeper struct {
		C int
		behind
	}
	twice          struct{ *deeper }
	byFace         struct{ checker }
	generic[T any] struct {
		*checks
		V T
	}
	own[T any] struct {
		*checks
		V T
	}
	ambiguous struct {
		checks
		checksPtr
	}
	notIt  struct{ A int }
	number int
)

func (checks) Validate() error     { return nil }
func (*checksPtr) Validate() error { return nil }
func (overrides) Validate() error  { return nil }
func (*own[T]) Validate() error    { return nil }
func (notIt) Validate()            {}
func (number) Validate() error     { return nil }

func validate() method.Method {
	return method.Method{
		By:     reflect.TypeFor[checker](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Validate") },
	}
}

func TestMethod_Behind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		value     any
		has       bool
		behind    []int
		reachable bool
	}{
		{checks{}, true, nil, true},
		{checksPtr{}, true, nil, true},
		{number(1), true, nil, true},
		{overrides{}, true, nil, true},
		{inherits{}, true, nil, true},
		{inheritsPtr{}, true, nil, true},
		{behind{}, true, []int{1}, false},
		{behind{checks: &checks{}}, true, []int{1}, true},
		{deeper{}, true, []int{1, 1}, false},
		{deeper{behind: behind{checks: &checks{}}}, true, []int{1, 1}, true},
		{twice{}, true, []int{0, 1, 1}, false},
		{twice{&deeper{}}, true, []int{0, 1, 1}, false},
		{twice{&deeper{behind: behind{checks: &checks{}}}}, true, []int{0, 1, 1}, true},
		{byFace{}, true, []int{0}, false},
		{byFace{checks{}}, true, []int{0}, true},
		{generic[int]{}, true, []int{0}, false},
		{generic[[]string]{checks: &checks{}}, true, []int{0}, true},
		{own[int]{}, true, nil, true},
		{ambiguous{}, false, nil, true},
		{notIt{}, false, nil, true},
	} {
		v := reflect.New(reflect.TypeOf(tc.value)).Elem()
		v.Set(reflect.ValueOf(tc.value))
		got := validate().Behind(v.Type())
		assert.Equal(t, tc.has, validate().Has(v.Type()), v.Type())
		assert.Equal(t, tc.behind, got, v.Type())
		assert.Equal(t, tc.reachable, method.Reaches(v, got), "%#v", tc.value)
		if tc.has && tc.reachable {
			assert.NotPanics(t, func() { _ = v.Addr().Interface().(checker).Validate() }, v.Type()) //nolint:forcetypeassert // it has the method
		}
	}
}

type (
	// Settable is exported, so that reflection can make an embedded pointer to it.
	Settable struct{ *Inner }
	Inner    struct{ A int }
	makes    struct {
		B int
		*Settable
	}
)

func (i *Inner) Validate() error { i.A++; return nil }

// What a zero value needs before its method is called can be made, or is an error.
func TestMethod_Ready(t *testing.T) {
	t.Parallel()
	way, err := validate().Ready(reflect.TypeFor[makes]())
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0}, way)
	var v makes
	method.Make(reflect.ValueOf(&v).Elem(), way)
	require.NoError(t, v.Validate())
	assert.Equal(t, 1, v.A)
	method.Make(reflect.ValueOf(&v).Elem(), way)
	assert.Equal(t, 1, v.A, "what is there stays")

	way, err = validate().Ready(reflect.TypeFor[inherits]())
	require.NoError(t, err)
	assert.Empty(t, way)
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[byFace](): "method_test.byFace.checker",
		reflect.TypeFor[behind](): "method_test.behind.checks",
		reflect.TypeFor[twice]():  "method_test.twice.deeper",
	} {
		_, err := validate().Ready(typ)
		assert.ErrorContains(t, err, "reads itself by the method Validate of "+want+", which is nil in a request")
	}
}

func TestMethod_From(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type][]int{
		reflect.TypeFor[checks]():       nil,
		reflect.TypeFor[overrides]():    nil,
		reflect.TypeFor[inherits]():     {0},
		reflect.TypeFor[deeper]():       {1, 1},
		reflect.TypeFor[own[int]]():     nil,
		reflect.TypeFor[generic[int]](): {0},
		reflect.TypeFor[notIt]():        nil,
		reflect.TypeFor[*checks]():      nil,
	} {
		assert.Equal(t, want, validate().From(typ), typ)
	}
}
