package shape_test

import (
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

type (
	word    string
	octet   byte
	endless *endless
	round   *bind.Opt[round]
	looped  []looped
	writer  struct{ A int }
	reader  struct{ A int }
	both    int
	inJSON  struct{ S string }
	maybe   struct{ bind.Opt[int] } // embeds an Opt and is none
	upload  struct{ bind.File }
	at      struct{ time.Time }
)

func (writer) MarshalText() ([]byte, error) { return nil, nil }
func (*reader) UnmarshalText([]byte) error  { return nil }
func (both) MarshalText() ([]byte, error)   { return nil, nil }
func (*both) UnmarshalText([]byte) error    { return nil }
func (inJSON) MarshalJSON() ([]byte, error) { return nil, nil }
func (*inJSON) UnmarshalJSON([]byte) error  { return nil }
func (*inJSON) UnmarshalText([]byte) error  { return nil }

func TestOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typ           reflect.Type
		wraps         int
		base          reflect.Type // nil for typ
		reads, writes shape.Form
		text          text.Form
	}{
		{reflect.TypeFor[bool](), 0, nil, shape.Bool, shape.Bool, text.Bool},
		{reflect.TypeFor[int8](), 0, nil, shape.Int, shape.Int, text.Int},
		{reflect.TypeFor[uintptr](), 0, nil, shape.Uint, shape.Uint, text.Uint},
		{reflect.TypeFor[float32](), 0, nil, shape.Float, shape.Float, text.Float},
		{reflect.TypeFor[word](), 0, nil, shape.String, shape.String, text.String},
		{reflect.TypeFor[json.Number](), 0, nil, shape.Number, shape.Number, text.Number},
		{reflect.TypeFor[time.Time](), 0, nil, shape.Time, shape.Time, text.Time},
		{reflect.TypeFor[time.Duration](), 0, nil, shape.Int, shape.Int, text.Duration},
		{reflect.TypeFor[url.URL](), 0, nil, shape.Struct, shape.Struct, text.URL},
		{reflect.TypeFor[netip.Addr](), 0, nil, shape.Text, shape.Text, text.Self},
		{reflect.TypeFor[big.Int](), 0, nil, shape.Self, shape.Self, text.Self},
		{reflect.TypeFor[at](), 0, nil, shape.Self, shape.Self, text.Self},
		{reflect.TypeFor[writer](), 0, nil, shape.Struct, shape.Text, text.None},
		{reflect.TypeFor[reader](), 0, nil, shape.Text, shape.Struct, text.Self},
		{reflect.TypeFor[both](), 0, nil, shape.Text, shape.Text, text.Self},
		{reflect.TypeFor[inJSON](), 0, nil, shape.Self, shape.Self, text.Self},
		{reflect.TypeFor[json.RawMessage](), 0, nil, shape.Self, shape.Self, text.None},
		{reflect.TypeFor[any](), 0, nil, shape.Any, shape.Any, text.None},
		{reflect.TypeFor[error](), 0, nil, shape.None, shape.Any, text.None},
		{reflect.TypeFor[[]byte](), 0, nil, shape.Bytes, shape.Bytes, text.None},
		{reflect.TypeFor[[4]byte](), 0, nil, shape.Bytes, shape.Bytes, text.None},
		{reflect.TypeFor[[]octet](), 0, nil, shape.List, shape.List, text.None},
		{reflect.TypeFor[[2]int](), 0, nil, shape.Array, shape.Array, text.None},
		{reflect.TypeFor[map[string]int](), 0, nil, shape.Map, shape.Map, text.None},
		{reflect.TypeFor[looped](), 0, nil, shape.List, shape.List, text.None},
		{reflect.TypeFor[chan int](), 0, nil, shape.None, shape.None, text.None},
		{reflect.TypeFor[func()](), 0, nil, shape.None, shape.None, text.None},
		{reflect.TypeFor[complex64](), 0, nil, shape.None, shape.None, text.None},
		{reflect.TypeFor[*int](), 1, reflect.TypeFor[int](), shape.Int, shape.Int, text.Int},
		{reflect.TypeFor[***[]int](), 3, reflect.TypeFor[[]int](), shape.List, shape.List, text.None},
		{reflect.TypeFor[bind.Opt[*word]](), 2, reflect.TypeFor[word](), shape.String, shape.String, text.String},
		{reflect.TypeFor[*bind.Opt[bind.Opt[uint8]]](), 3, reflect.TypeFor[uint8](), shape.Uint, shape.Uint, text.Uint},
		{reflect.TypeFor[maybe](), 0, nil, shape.Self, shape.Self, text.None},
		{reflect.TypeFor[bind.File](), 0, nil, shape.Upload, shape.Struct, text.None},
		{reflect.TypeFor[upload](), 0, nil, shape.Struct, shape.Struct, text.None},
		{reflect.TypeFor[*both](), 1, reflect.TypeFor[both](), shape.Text, shape.Text, text.Self},
	} {
		got := shape.Of(tc.typ)
		base := tc.base
		if base == nil {
			base = tc.typ
		}
		name := tc.typ.String()
		assert.Equal(t, tc.typ, got.Go, name)
		assert.Equal(t, base, got.Base, name)
		assert.Len(t, got.Wraps, tc.wraps, name)
		assert.Equal(t, tc.wraps > 0, got.IsWrapped(), name)
		assert.Equal(t, tc.reads, got.Reads, name)
		assert.Equal(t, tc.writes, got.Writes, name)
		assert.Equal(t, tc.text, got.Text, name)
		assert.False(t, got.IsEndless, name)
	}
}

// A type that only points to itself has no form, and nothing loops.
func TestOf_endless(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{
		reflect.TypeFor[endless](), reflect.TypeFor[*endless](), reflect.TypeFor[round](), reflect.TypeFor[bind.Opt[endless]](),
	} {
		got := shape.Of(typ)
		assert.True(t, got.IsEndless, typ)
		assert.Equal(t, shape.None, got.Reads)
		assert.Equal(t, shape.None, got.Writes)
		assert.Equal(t, text.None, got.Text)
		assert.NotEmpty(t, shape.OutFaults(typ, ""))
		_, err := shape.SiteOf(typ).Codec()
		require.ErrorContains(t, err, "a pointer that only points to itself")
	}
	in := shape.InOf(reflect.TypeFor[struct {
		P endless `query:"p"`
	}]())
	assert.Equal(t, []string{"struct.P has type shape_test.endless, a pointer that only points to itself: use another type"}, in.Faults.Lines())
}

func TestOf_wraps(t *testing.T) {
	t.Parallel()
	got := shape.Of(reflect.TypeFor[*bind.Opt[int]]())
	assert.Equal(t, []shape.Wrap{
		{reflect.TypeFor[*bind.Opt[int]](), reflect.TypeFor[bind.Opt[int]](), false},
		{reflect.TypeFor[bind.Opt[int]](), reflect.TypeFor[int](), true},
	}, got.Wraps)
	site := shape.SiteOf(got.Go).Inner()
	assert.Equal(t, reflect.TypeFor[bind.Opt[int]](), site.Type.Go)
	assert.Equal(t, reflect.TypeFor[int](), site.Inner().Type.Go)
}

func TestType_inside(t *testing.T) {
	t.Parallel()
	got := shape.Of(reflect.TypeFor[*map[netip.Addr][]*int]())
	assert.Equal(t, shape.Text, got.Key().Reads)
	assert.True(t, got.Key().IsNameKey())
	assert.True(t, got.IsTextMap())
	assert.True(t, got.Elem().IsTextList())
	assert.Equal(t, shape.Int, got.Elem().Elem().Reads)
	assert.False(t, shape.Of(reflect.TypeFor[bool]()).IsNameKey())
	assert.False(t, shape.Of(reflect.TypeFor[*string]()).IsNameKey())
	for typ, want := range map[reflect.Type]bool{
		reflect.TypeFor[string](): true, reflect.TypeFor[[2]int](): true, reflect.TypeFor[float32](): true,
		reflect.TypeFor[[]int](): false, reflect.TypeFor[time.Time](): false, reflect.TypeFor[struct{}](): false, reflect.TypeFor[chan int](): false,
	} {
		assert.Equal(t, want, shape.Of(typ).IsPlain(), typ)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	n := 7
	for _, tc := range []struct {
		value   any
		present bool
		null    bool
	}{
		{7, true, false},
		{&n, true, false},
		{(*int)(nil), false, false},
		{bind.Some(7), true, false},
		{bind.Some(&n), true, false},
		{bind.Some[*int](nil), false, false},
		{bind.Opt[int]{}, false, false},
		{bind.Null[int](), false, true},
		{&[]bind.Opt[int]{bind.Some(7)}[0], true, false},
	} {
		v, present, err := shape.Open(reflect.ValueOf(tc.value))
		assert.Equal(t, tc.present, present)
		assert.Equal(t, tc.null, err != nil)
		if present {
			assert.Equal(t, 7, v.Interface())
		}
	}
	_, present, err := shape.Open(reflect.ValueOf(nil))
	require.NoError(t, err)
	assert.False(t, present)
}
