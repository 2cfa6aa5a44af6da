package shape_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An inMaker makes random In types with parameters of every type and tag that
// parameters may have.
type inMaker struct{ r *rand.Rand }

func (m inMaker) oneOf(list ...string) string { return list[m.r.IntN(len(list))] }

func (m inMaker) maybe(text string) string { return m.oneOf(text, "", "") }

// scalar returns a type and tags that fit it. A default keeps the other rules.
func (m inMaker) scalar() (reflect.Type, string) {
	switch m.r.IntN(9) {
	case 0:
		return reflect.TypeFor[int](), m.maybe(`minimum:"-5" `) + m.maybe(`maximum:"90" `) + m.maybe(`multipleOf:"2" `) + m.maybe(`default:"4" `)
	case 1:
		return reflect.TypeFor[uint8](), m.maybe(`exclusiveMaximum:"200" `) + m.maybe(`default:"-0" `)
	case 2:
		return reflect.TypeFor[float64](), m.maybe(`exclusiveMinimum:"-1.5" `) + m.maybe(`default:"1e1" `)
	case 3:
		return reflect.TypeFor[bool](), m.maybe(`default:"on" `)
	case 4:
		return reflect.TypeFor[word](), m.maybe(`enum:"x,yy" `) + m.maybe(`maxLength:"2" `) + m.maybe(`default:"yy" `)
	case 5:
		return reflect.TypeFor[time.Time](), m.oneOf(`format:"date" default:"2024-02-29" `, `format:"unix" `, `format:"http" `, "")
	case 6:
		return reflect.TypeFor[time.Duration](), m.maybe(`minimum:"1s" `) + m.maybe(`default:"1h" `)
	case 7:
		return reflect.TypeFor[netip.Addr](), m.maybe(`format:"ip" `) + m.maybe(`default:"::1" `)
	}
	return reflect.TypeFor[string](), m.maybe(`minLength:"1" `) + m.maybe(`default:"d" `)
}

func (m inMaker) wrapped(t reflect.Type) reflect.Type {
	switch m.r.IntN(5) {
	case 0:
		return reflect.PointerTo(t)
	case 1:
		for _, opt := range []reflect.Type{
			reflect.TypeFor[bind.Opt[int]](), reflect.TypeFor[bind.Opt[uint8]](), reflect.TypeFor[bind.Opt[string]](),
			reflect.TypeFor[bind.Opt[time.Duration]](), reflect.TypeFor[bind.Opt[netip.Addr]](),
		} {
			if shape.Of(opt).Base == t {
				return opt
			}
		}
	}
	return t
}

// field returns a random field, called F and its number.
func (m inMaker) field(i int) reflect.StructField {
	name := "F" + strconv.Itoa(i)
	t, tags := m.scalar()
	source := m.oneOf("path", "query", "query", "query", "header", "cookie")
	options := m.oneOf("", ",optional")
	switch kind := m.r.IntN(6); {
	case kind == 0 && source != "path" && source != "cookie" && t.Kind() != reflect.Uint8:
		t = reflect.SliceOf(t)
		tags += m.maybe(`minItems:"1" `) + m.maybe(`maxItems:"4" `)
		if source == "query" {
			options += m.maybe(",csv")
		}
	case kind == 1 && source == "query":
		t, options = reflect.MapOf(reflect.TypeFor[string](), t), options+",deep"
		if i := strings.Index(tags, "default:"); i >= 0 {
			tags = tags[:i]
		}
	default:
		t = m.wrapped(t)
	}
	tag := source + `:"` + m.oneOf("", "n"+strconv.Itoa(i)) + options + `" ` + tags
	return reflect.StructField{Name: name, Type: t, Tag: reflect.StructTag(tag)}
}

func (m inMaker) make() reflect.Type {
	var fields []reflect.StructField
	for i := range 1 + m.r.IntN(6) {
		fields = append(fields, m.field(i))
	}
	if m.r.IntN(3) == 0 {
		var inner []reflect.StructField
		for i := range 1 + m.r.IntN(3) {
			f := m.field(10 + i)
			if strings.HasPrefix(string(f.Tag), `query`) && !strings.Contains(string(f.Tag), ",deep") {
				inner = append(inner, f)
			}
		}
		if len(inner) > 0 {
			fields = append(fields, reflect.StructField{Name: "Deep", Type: reflect.StructOf(inner), Tag: `query:"deep,deep"`})
		}
	}
	return reflect.StructOf(fields)
}

// texts are what a client may send for each type of the inMaker.
func (m inMaker) text(s shape.Site) string {
	switch s.Type.Base {
	case reflect.TypeFor[int]():
		return strconv.Itoa(2 * m.r.IntN(40))
	case reflect.TypeFor[uint8]():
		return strconv.Itoa(m.r.IntN(200))
	case reflect.TypeFor[float64]():
		return strconv.FormatFloat(m.r.Float64(), 'g', -1, 64)
	case reflect.TypeFor[bool]():
		return m.oneOf("true", "false")
	case reflect.TypeFor[word]():
		return m.oneOf("x", "yy")
	case reflect.TypeFor[time.Duration]():
		return strconv.Itoa(1+m.r.IntN(50)) + "m0s"
	case reflect.TypeFor[netip.Addr]():
		return netip.AddrFrom4([4]byte{1, 2, 3, byte(m.r.IntN(256))}).String()
	case reflect.TypeFor[time.Time]():
		return map[string]string{
			"date": "2021-03-04", "unix": strconv.Itoa(m.r.IntN(1e9)), "http": "Thu, 29 Feb 2024 15:04:05 GMT", "": "2021-03-04T05:06:07Z",
		}[s.Rules.Format]
	}
	return m.oneOf("a", "b", "c d")
}

// A message is what a client sends: values by their parameter.
type message map[int][]string

// request writes the message, without the parameter that is left out.
func (m inMaker) request(in *shape.In, values message, leftOut int) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	query := url.Values{}
	for i := range in.Params {
		p := &in.Params[i]
		for _, text := range values[i] {
			switch {
			case i == leftOut:
			case p.Source == shape.FromPath:
				r.SetPathValue(p.Name, text)
			case p.Source == shape.FromQuery && p.IsDeep:
				query.Add(p.Name+"[k]", text)
			case p.Source == shape.FromQuery:
				query.Add(p.Name, text)
			case p.Source == shape.FromHeader:
				r.Header.Add(p.Name, text)
			default:
				r.AddCookie(&http.Cookie{Name: p.Name, Value: text, Quoted: strings.Contains(text, " ")})
			}
		}
	}
	r.URL.RawQuery = query.Encode()
	return r
}

func (m inMaker) message(in *shape.In) message {
	values := message{}
	for i := range in.Params {
		p := &in.Params[i]
		n := 1
		if p.IsSeveral() {
			n += m.r.IntN(3)
		}
		for range n {
			values[i] = append(values[i], m.text(p.One()))
		}
	}
	return values
}

// boundAs holds a bound In to the message: each field has the values that were sent,
// or its default, or nothing.
func boundAs(t *testing.T, in *shape.In, values message, leftOut int, bound reflect.Value) {
	t.Helper()
	for i := range in.Params {
		p := &in.Params[i]
		codec, err := p.One().Codec()
		require.NoError(t, err)
		texts := values[i]
		if i == leftOut {
			texts = nil
			if p.Default != nil {
				texts = p.Default.Texts
			}
		}
		v, present, err := shape.Open(bound.FieldByIndex(p.Index))
		require.NoError(t, err)
		var got []string
		each := func(v reflect.Value) {
			v, present, err := shape.Open(v)
			require.NoError(t, err)
			require.True(t, present)
			text, err := codec.Format(v)
			require.NoError(t, err)
			got = append(got, text)
		}
		switch {
		case !present:
		case p.IsSeveral():
			for j := range v.Len() {
				each(v.Index(j))
			}
		case p.IsDeep:
			for _, elem := range v.Seq2() {
				each(elem)
			}
		case len(texts) == 0:
			assert.True(t, v.IsZero(), p.Path)
		default:
			each(v)
		}
		var want []string
		for _, text := range texts { // in the form that Format has
			v := reflect.New(p.One().Type.Base).Elem()
			require.Nil(t, codec.Parse(v, text))
			text, err := codec.Format(v)
			require.NoError(t, err)
			want = append(want, text)
		}
		assert.Equal(t, want, got, "%s of %s", p.Path, in.Type)
	}
}

// What shape says of an In is what bind does: it takes what is said to be taken,
// under these names; without a parameter it answers 400 where that is required, and
// has the default or nothing where it is not.
func TestInOf_bind(t *testing.T) {
	t.Parallel()
	m := inMaker{rand.New(rand.NewPCG(7, 8))}
	for range 400 {
		in := shape.InOf(m.make())
		require.Empty(t, in.Faults, in.Type.String())
		binder := bind.ForType(in.Type)
		values := m.message(in)
		for leftOut := -1; leftOut < len(in.Params); leftOut++ {
			got, err := binder.Bind(m.request(in, values, leftOut))
			if leftOut < 0 || !in.Params[leftOut].IsRequired {
				require.NoError(t, err, "%s without %d: %v", in.Type, leftOut, values)
				boundAs(t, in, values, leftOut, got)
				continue
			}
			p := &in.Params[leftOut]
			if p.Source == shape.FromPath && p.Type.Text == text.String {
				continue // a router does not tell an empty text from none
			}
			fault, ok := err.(*bind.Error) //nolint:errorlint // bind wraps no *Error
			require.True(t, ok, "%s without %s", in.Type, p.Name)
			require.Len(t, fault.Fields, 1)
			assert.Equal(t, p.Name, fault.Fields[0].Name)
			assert.Equal(t, p.Source, fault.Fields[0].In)
		}
	}
}

// URL writes the parameters that shape finds, and bind reads them back.
func TestInOf_url(t *testing.T) {
	t.Parallel()
	m := inMaker{rand.New(rand.NewPCG(9, 10))}
	for range 400 {
		in := shape.InOf(m.make())
		values := m.message(in)
		bound, err := bind.ForType(in.Type).Bind(m.request(in, values, -1))
		require.NoError(t, err)
		var b strings.Builder
		for _, p := range in.From(shape.FromPath) {
			b.WriteString("/{" + p.Name + "}")
		}
		pattern := b.String() + "/"
		routes := tenon.Routes{tenon.On(http.MethodGet, pattern+"{$}", http.NotFoundHandler(), tenon.Named("it"))}
		address, err := routes.URL("it", bound.Interface())
		require.NoError(t, err, in.Type.String())

		r := m.request(in, values, -1)
		u, err := url.Parse(address)
		require.NoError(t, err)
		r.URL.RawQuery = u.RawQuery
		mux := http.NewServeMux()
		var again reflect.Value
		mux.HandleFunc(pattern+"{$}", func(_ http.ResponseWriter, routed *http.Request) {
			for _, p := range in.From(shape.FromPath) {
				r.SetPathValue(p.Name, routed.PathValue(p.Name))
			}
			again, err = bind.ForType(in.Type).Bind(r)
		})
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, http.NoBody))
		require.NoError(t, err)
		require.True(t, again.IsValid(), address)
		boundAs(t, in, values, -1, again)
		for name := range u.Query() {
			isParam := func(p shape.Param) bool {
				return p.Source == shape.FromQuery && (p.Name == name || p.IsDeep && p.Name+"[k]" == name)
			}
			assert.True(t, slices.ContainsFunc(in.Params, isParam), "%s of %s", name, in.Type)
		}
	}
}
