package shape_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/shape"
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

func TestValidates(t *testing.T) {
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
		{&checks{}, false, nil, true},
	} {
		v := reflect.New(reflect.TypeOf(tc.value)).Elem()
		v.Set(reflect.ValueOf(tc.value))
		got, has := shape.Validates(v.Type())
		assert.Equal(t, tc.has, has, v.Type())
		assert.Equal(t, tc.behind, got.Behind, v.Type())
		assert.Equal(t, tc.reachable, got.IsReachable(v), "%#v", tc.value)
		if has && got.IsReachable(v) {
			assert.NotPanics(t, func() { _ = v.Addr().Interface().(checker).Validate() }, v.Type()) //nolint:errcheck,forcetypeassert // it has the method
		}
	}
	_, has := shape.Validates(reflect.TypeFor[checker]())
	assert.False(t, has)
}
