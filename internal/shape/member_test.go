package shape_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	Base struct {
		ID    int `json:"id"`
		Outer int
	}
	hiddenBase struct{ ID int }
	article    struct {
		Base
		Title   string            `json:"title" minLength:"1" doc:"What it is called"`
		Tags    []string          `json:"tags,omitempty" maxItems:"3" maxLength:"5" default:"a,b"`
		Price   *float64          `json:"price" minimum:"0.5"`
		Draft   bind.Opt[bool]    `json:"draft,omitzero" deprecated:"true"`
		Count   uint8             `json:"count,string" maximum:"9" example:"3"`
		Wait    time.Duration     `json:"wait" minimum:"1s" default:"1m"`
		Day     time.Time         `json:"day" format:"date" default:"2024-02-29"`
		Skipped int               `json:"-"`
		Outer   int               // hides that of Base
		Rest    map[string]*int   `json:",embed" minimum:"1"`
		Nested  map[string][]word `json:"nested" enum:"x,y"`
	}
	badMembers struct {
		*hiddenBase
		Quoted string    `json:"quoted,string"`
		Fold   int       `json:"fold,case:ignore"`
		Min    int       `json:"min" min:"1"`
		Req    int       `json:"req" required:"true"`
		Silent int       `json:"-" Minimum:"1"`
		Wrong  bool      `json:"wrong" minimum:"1"`
		Many   int       `json:"many" default:"x"`
		Object Base      `json:"object" default:"{}"`
		Empty  int       `json:"empty" minimum:"3" maximum:"2"`
		When   time.Time `json:"when" format:"2006"`
	}
)

func memberNamed(t *testing.T, members shape.Members, name string) shape.Member {
	t.Helper()
	for _, m := range members.List {
		if m.Name == name {
			return m
		}
	}
	require.Fail(t, "there is no member "+name)
	return shape.Member{}
}

func TestSite_Members(t *testing.T) {
	t.Parallel()
	members := shape.SiteOf(reflect.TypeFor[article]()).Members()
	require.NoError(t, members.Malformed)
	require.Empty(t, members.Faults)
	var names, required []string
	for _, m := range members.List {
		names = append(names, m.Name)
		if m.IsRequired {
			required = append(required, m.Name)
		}
	}
	assert.Equal(t, []string{"id", "title", "tags", "price", "draft", "count", "wait", "day", "Outer", "nested"}, names)
	assert.Equal(t, []string{"id", "title", "count", "Outer", "nested"}, required)

	title := memberNamed(t, members, "title")
	assert.Equal(t, "article.Title", title.Path)
	assert.Equal(t, 1, *title.Rules.MinLength)
	assert.Equal(t, "What it is called", title.Doc)

	tags := memberNamed(t, members, "tags")
	assert.True(t, tags.OmitEmpty)
	assert.True(t, tags.IsList())
	assert.Equal(t, 3, *tags.Rules.MaxItems)
	assert.Nil(t, tags.Elem().Rules.MaxItems)
	assert.Equal(t, 5, *tags.Elem().Rules.MaxLength)
	assert.True(t, tags.Default.IsList)
	assert.Equal(t, []string{"a", "b"}, tags.Default.Texts)
	assert.Equal(t, "b", tags.Default.Values[1].Interface())

	price := memberNamed(t, members, "price")
	assert.Equal(t, "minimum", price.Rules.Limits[0].Keyword)
	assert.InDelta(t, 0.5, price.Rules.Limits[0].Value.Interface(), 0)

	assert.True(t, memberNamed(t, members, "draft").Deprecated)
	count := memberNamed(t, members, "count")
	assert.True(t, count.Quoted)
	assert.Equal(t, uint8(9), count.Rules.Limits[0].Value.Interface())
	assert.Equal(t, "3", *count.Example)

	wait := memberNamed(t, members, "wait")
	assert.Equal(t, time.Second, wait.Rules.Limits[0].Value.Interface())
	assert.Equal(t, time.Minute, wait.Default.Values[0].Interface())

	day := memberNamed(t, members, "day")
	assert.Equal(t, "date", day.Rules.Format)
	assert.Equal(t, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), day.Default.Values[0].Interface())

	nested := memberNamed(t, members, "nested").Elem().Elem()
	assert.Equal(t, shape.String, nested.Type.Reads)
	assert.Equal(t, "y", nested.Rules.Enum[1].Value.Interface())

	require.NotNil(t, members.Rest)
	assert.False(t, members.Rest.IsRaw)
	assert.Equal(t, reflect.TypeFor[*int](), members.Rest.Values.Type.Go)
	assert.Equal(t, int(1), members.Rest.Values.Rules.Limits[0].Value.Interface())
}

func TestSite_Members_faults(t *testing.T) {
	t.Parallel()
	members := shape.SiteOf(reflect.TypeFor[badMembers]()).Members()
	require.NoError(t, members.Malformed)
	assert.Equal(t, []string{
		"badMembers.hiddenBase is an embedded pointer to a type that is not exported, which JSON cannot set: embed the struct itself",
		"badMembers.Fold has the json option case:ignore, but names are case-sensitive: remove it",
		"badMembers.Quoted has the json option string, which is for numbers: remove it",
		"badMembers.Min has the tag min, which nothing reads: write minimum",
		"badMembers.Req has the tag required, which nothing reads: remove it, because a value is required unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty",
		`badMembers.Wrong has minimum:"1", which does not apply to type bool: remove it`,
		`badMembers.Many has default:"x": it must be an integer`,
		`badMembers.Object has default:"{}": it does not apply to type shape_test.Base: remove it, and use a pointer or a bind.Opt if the value may be absent`,
		`badMembers.Empty has minimum:"3" and maximum:"2", which no value satisfies: change one of them`,
		`badMembers.When has format:"2006": use one of the formats of a time: date-time, date, time, date-time-local, http, unix`,
	}, members.Faults.Lines())
	field := func(name string) reflect.StructField {
		return reflect.StructField{Name: name, Type: reflect.TypeFor[int](), Tag: `json:"a"`}
	}
	twins := reflect.StructOf([]reflect.StructField{field("A"), field("B")})
	malformed := shape.SiteOf(twins).Members()
	require.ErrorContains(t, malformed.Malformed, "conflict over JSON object name")
	assert.Empty(t, malformed.List)
	inner := reflect.StructOf([]reflect.StructField{{Name: "Inner", Type: twins, Anonymous: true}})
	require.ErrorContains(t, shape.SiteOf(inner).Members().Malformed, "conflict over JSON object name", "an embedded one counts")
}

// Sites of one type and rules have one key, whatever stands around them.
func TestSite_Key(t *testing.T) {
	t.Parallel()
	members := shape.SiteOf(reflect.TypeFor[struct {
		A []string `json:"a" minItems:"1" maxLength:"3" doc:"a"`
		B []string `json:"b" maxLength:"3" minItems:"1"`
		C []string `json:"c" maxLength:"3"`
		D string   `json:"d" maxLength:"3"`
		E string   `json:"e" maxLength:"4"`
		F int      `json:"f"`
		G int      `json:"g,string"`
	}]()).Members()
	require.Empty(t, members.Faults)
	m := members.List
	assert.Equal(t, m[0].Key(), m[1].Key())
	assert.NotEqual(t, m[1].Key(), m[2].Key())
	assert.Equal(t, m[0].Elem().Key(), m[2].Elem().Key())
	assert.Equal(t, m[0].Elem().Key(), m[3].Key())
	assert.NotEqual(t, m[3].Key(), m[4].Key())
	assert.NotEqual(t, m[5].Key(), m[6].Key())
}

// A structMaker makes random struct types, of which some fields have one name.
type structMaker struct{ r *rand.Rand }

func (m structMaker) pick(list ...string) string { return list[m.r.IntN(len(list))] }

// embeddable are structs that reflect can embed, exported as it demands.
type (
	Plain  struct{ A, B int }
	Tagged struct {
		A int `json:"a"`
		C int `json:"B,omitempty"`
	}
	Within struct {
		Plain
		*Tagged
		D int
	}
	Loop struct {
		*Loop
		Z int
	}
)

func (m structMaker) make(depth int) reflect.Type {
	var fields []reflect.StructField
	used := map[string]bool{}
	for range 1 + m.r.IntN(5) {
		name := m.pick("A", "B", "C", "D", "E")
		f := reflect.StructField{Name: name, Type: reflect.TypeFor[int]()}
		switch m.r.IntN(5) {
		case 0:
			embedded := []reflect.Type{
				reflect.TypeFor[Plain](), reflect.TypeFor[*Plain](), reflect.TypeFor[Tagged](), reflect.TypeFor[*Tagged](),
				reflect.TypeFor[Within](), reflect.TypeFor[*Within](), reflect.TypeFor[*Loop](),
			}
			f.Type, f.Anonymous = embedded[m.r.IntN(len(embedded))], true
			f.Name = strings.TrimPrefix(f.Type.String(), "*")
			f.Name = f.Name[strings.LastIndexByte(f.Name, '.')+1:]
		case 1:
			if depth > 0 {
				f.Type, f.Tag = m.make(depth-1), `json:",embed"`
			}
		}
		if f.Tag == "" && m.r.IntN(2) == 0 {
			f.Tag = reflect.StructTag(`json:"` + m.pick("", "a", "B", "C", "-") + m.pick("", "", ",omitzero", ",omitempty", ",string", ",omitzero,omitempty") + `"`)
		}
		if !used[f.Name] {
			fields = append(fields, f)
		}
		used[f.Name] = true
	}
	return reflect.StructOf(fields)
}

// fill gives each integer in v another value and makes the pointers, which may lead
// to their own type, to this depth.
func fill(v reflect.Value, n *int, depth int) {
	switch v.Kind() {
	case reflect.Int:
		*n++
		v.SetInt(int64(*n))
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), n, depth-1)
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(f, n, depth)
		}
	}
}

// The members are those that the engine writes, in its order and from the same
// fields; and where it refuses a struct there are none.
func TestSite_Members_engine(t *testing.T) {
	t.Parallel()
	m := structMaker{rand.New(rand.NewPCG(5, 6))}
	compared := 0
	for range 3000 {
		typ := m.make(2)
		p, n := reflect.New(typ), 0
		fill(p.Elem(), &n, 5)
		written, err := json.Marshal(p.Interface())
		members := shape.SiteOf(typ).Members()
		if err != nil {
			require.True(t, members.Malformed != nil || members.Faults != nil, "%s: %v", typ, err)
			continue
		}
		require.NoError(t, members.Malformed, typ.String())
		compared++
		var want bytes.Buffer
		want.WriteByte('{')
		for i, member := range members.List {
			if i > 0 {
				want.WriteByte(',')
			}
			value, err := p.Elem().FieldByIndexErr(member.Index)
			require.NoError(t, err)
			text, err := json.Marshal(value.Addr().Interface())
			require.NoError(t, err)
			if member.Quoted {
				text = strconv.AppendQuote(nil, string(text))
			}
			want.WriteString(strconv.Quote(member.Name) + ":" + string(text))
		}
		want.WriteByte('}')
		require.Equal(t, want.String(), string(written), typ.String())
	}
	assert.Greater(t, compared, 1000)
}
