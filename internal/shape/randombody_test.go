package shape_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/shape"
)

// jsonOf returns a JSON value for a member.
func (m inMaker) jsonOf(s shape.Site) string {
	text := m.text(s)
	switch s.Type.Reads {
	case shape.Int, shape.Uint, shape.Float:
		if s.Type.Base == reflect.TypeFor[time.Duration]() {
			text = "60000000000"
		}
		if s.Quoted {
			text = strconv.Quote(text)
		}
		return text
	case shape.Bool:
		return text
	case shape.List:
		return "[" + m.jsonOf(s.Elem()) + "]"
	case shape.Map:
		return `{"k":` + m.jsonOf(s.Elem()) + "}"
	}
	return strconv.Quote(text)
}

func (m inMaker) jsonField(i int) reflect.StructField {
	t, tags := m.scalar()
	for t == reflect.TypeFor[time.Time]() {
		t, tags = m.scalar()
	}
	isNumber := slices.Contains([]shape.Form{shape.Int, shape.Uint, shape.Float}, shape.Of(t).Reads)
	options := m.oneOf("", "", ",omitempty", ",omitzero")
	switch {
	case isNumber && m.r.IntN(3) == 0:
		options += ",string"
		t = m.wrapped(t)
	case m.r.IntN(5) == 0 && t.Kind() != reflect.Uint8:
		t = reflect.SliceOf(t)
		tags += m.maybe(`minItems:"1" `)
	case m.r.IntN(5) == 0:
		t = reflect.MapOf(reflect.TypeFor[string](), t)
		if i := strings.Index(tags, "default:"); i >= 0 {
			tags = tags[:i]
		}
	default:
		t = m.wrapped(t)
	}
	tag := `json:"` + m.oneOf("", "n"+strconv.Itoa(i)) + options + `" ` + tags
	return reflect.StructField{Name: "F" + strconv.Itoa(i), Type: t, Tag: reflect.StructTag(tag)}
}

// What shape says of the members of a body is what bind does.
func TestSite_Members_bind(t *testing.T) {
	t.Parallel()
	m := inMaker{rand.New(rand.NewPCG(11, 12))}
	for range 400 {
		var fields []reflect.StructField
		for i := range 1 + m.r.IntN(6) {
			fields = append(fields, m.jsonField(i))
		}
		typ := reflect.StructOf(fields)
		in := shape.InOf(typ)
		require.Empty(t, in.Faults)
		require.True(t, in.Body.Takes(shape.KindJSON))
		members := in.Body.Members()
		require.NoError(t, members.Malformed)
		require.Empty(t, members.Faults, typ.String())
		require.Len(t, members.List, len(fields))
		binder := bind.ForType(typ)
		for leftOut := -1; leftOut < len(fields); leftOut++ {
			var parts []string
			for i, member := range members.List {
				if i != leftOut {
					parts = append(parts, strconv.Quote(member.Name)+":"+m.jsonOf(member.Site))
				}
			}
			body := "{" + strings.Join(parts, ",") + "}"
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			got, err := binder.Bind(r)
			if leftOut < 0 || !members.List[leftOut].IsRequired {
				require.NoError(t, err, "%s of %s", body, typ)
				if leftOut >= 0 && members.List[leftOut].Default == nil {
					assert.True(t, got.FieldByIndex(members.List[leftOut].Index).IsZero())
				}
				continue
			}
			fault, ok := err.(*bind.Error) //nolint:errorlint // bind wraps no *Error
			require.True(t, ok, "%s of %s", body, typ)
			require.Len(t, fault.Fields, 1)
			assert.Equal(t, "#/"+members.List[leftOut].Name, fault.Fields[0].Pointer)
		}
	}
}
