package drift_test

import (
	"context"
	"encoding/json"
	"math/big"
	"net/netip"
	"reflect"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

// A box has a value of some type as a member, since text and bytes alone are no
// JSON.
type box[T any] struct {
	V T `json:"v"`
}

// A specimen is a type that documents are held against.
type specimen struct {
	patcher

	name string
	typ  reflect.Type // of a value that is sent
	seed string       // JSON of a value that meets all constraints, where few do
	// in, change and out are routes that take, patch and send a value.
	in     tenon.Route
	change func() tenon.Route
	out    func(v reflect.Value) tenon.Route
}

func of[T any](name string, opts ...bind.Option) specimen {
	in := []tenon.Option{tenon.Named("In." + name)}
	for _, opt := range opts {
		in = append(in, opt)
	}
	return specimen{
		patcher: patcherOf[T](opts...),
		name:    name,
		typ:     reflect.TypeFor[T](),
		change: func() tenon.Route {
			return tenon.Patch("/change/"+name, func(context.Context, bind.MergePatch[T]) (tenon.None, error) {
				return tenon.None{}, nil
			}, append([]tenon.Option{tenon.Named("Change." + name)}, in[1:]...)...)
		},
		in: tenon.Post("/in/"+name, func(context.Context, T) (tenon.None, error) {
			return tenon.None{}, nil
		}, in...),
		out: func(v reflect.Value) tenon.Route {
			return tenon.Get("/out/"+name, func(context.Context, tenon.None) (T, error) {
				return v.Interface().(T), nil
			}, tenon.Named("Out."+name))
		},
	}
}

type (
	shade       string
	count       int
	Matrix      [][]float64
	Page[T any] struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty"`
	}
	Node struct {
		Name string           `json:"name"`
		Left *Node            `json:"left"`
		Kids []Node           `json:"kids,omitempty"`
		By   map[string]*Node `json:"by"`
	}
	Forest []Forest
	Deep   map[string]Deep
	Plain  struct {
		A int
		B string `json:"b"`
		C bool   `json:"-"`
		D bool   `json:"a-b c"`
	}
	Omitted struct {
		S string         `json:"s,omitempty"`
		L []int          `json:"l,omitempty"`
		M map[string]int `json:"m,omitempty"`
		P *int           `json:"p,omitempty"`
		Z int            `json:"z,omitzero"`
		T time.Time      `json:"t,omitzero"`
		O bind.Opt[int]  `json:"o,omitzero"`
	}
	Base struct {
		ID   int    `json:"id"`
		Name string `json:"name"`
	}
	Embedded struct {
		Base
		Name bool `json:"name"`
	}
	EmbeddedPointer struct {
		*Base
		Extra string `json:"extra"`
	}
	NamedEmbedded struct {
		Base `json:"base"`
	}
	Rest struct {
		Known string         `json:"known"`
		Other map[string]int `json:",embed"`
	}
	Quoted struct {
		I int64    `json:"i,string"`
		U uint8    `json:"u,string"`
		F *float64 `json:"f,string"`
	}
	Defaults struct {
		N int      `default:"7"       json:"n"`
		S string   `default:"x"       json:"s"`
		L []string `default:"a,b"     json:"l"`
	}
	Limits struct {
		N int      `json:"n" maximum:"10" minimum:"1"`
		X float64  `exclusiveMaximum:"1" exclusiveMinimum:"0" json:"x"`
		E int      `json:"e" multipleOf:"5"`
		S string   `json:"s" maxLength:"5" minLength:"2"`
		P string   `json:"p" pattern:"^[a-c]*$"`
		C string   `enum:"red,green" json:"c"`
		K int8     `enum:"1,2,3" json:"k"`
		L []int    `json:"l" maxItems:"3" minItems:"1" uniqueItems:"true"`
		M []string `json:"m" minLength:"1"`
	}
	Formats struct {
		Mail string `format:"email" json:"mail"`
		Host string `format:"hostname" json:"host"`
		Day  string `format:"date" json:"day"`
		ID   string `format:"uuid" json:"id"`
		V4   string `format:"ipv4" json:"v4"`
	}
	Clocks struct {
		Day   time.Time             `format:"date"            json:"day"`
		Clock *time.Time            `format:"time"            json:"clock"`
		Local time.Time             `format:"date-time-local" json:"local"`
		HTTP  time.Time             `format:"http"            json:"http"`
		Unix  time.Time             `format:"unix"            json:"unix"`
		Days  []time.Time           `format:"date"            json:"days"`
		Map   map[string]*time.Time `format:"unix"            json:"map"`
		Opt   bind.Opt[time.Time]   `format:"date"            json:"opt,omitzero"`
	}
	Annotated struct {
		Password string  `format:"password" json:"password"`
		Byte     []byte  `format:"byte"     json:"byte"`
		Small    int64   `format:"int32"    json:"small"`
		Money    float64 `format:"decimal"  json:"money"    multipleOf:"0.01"`
		Even     float64 `json:"even"       multipleOf:"2"`
	}
	Optional struct {
		P *int             `json:"p"`
		L *[]string        `json:"l"`
		M *map[string]bool `json:"m"`
		S **string         `json:"s"`
		N *Base            `json:"n"`
		E *string          `enum:"a,b" json:"e"`
	}
)

// from returns s with a seed.
func (s specimen) from(seed string) specimen {
	s.seed = seed
	return s
}

// specimens are the types of the drift property.
func specimens() []specimen {
	return []specimen{
		of[box[bool]]("bool"), of[box[string]]("string"), of[box[shade]]("named-string"), of[box[count]]("named-int"),
		of[box[int]]("int"), of[box[int8]]("int8"), of[box[int16]]("int16"), of[box[int32]]("int32"), of[box[int64]]("int64"),
		of[box[uint]]("uint"), of[box[uint8]]("uint8"), of[box[uint16]]("uint16"), of[box[uint32]]("uint32"), of[box[uint64]]("uint64"),
		of[box[float32]]("float32"), of[box[float64]]("float64"),
		of[box[time.Time]]("time"), of[box[time.Duration]]("duration"), of[box[json.Number]]("number"),
		of[box[any]]("any"), of[box[json.RawMessage]]("raw"),
		of[box[[]byte]]("bytes"), of[box[[4]byte]]("byte-array"), of[box[[][]byte]]("list-of-bytes"),
		of[box[[]string]]("strings"), of[box[[3]int]]("array"), of[box[[]*int]]("pointers"), of[box[[]any]]("anys"),
		of[box[Matrix]]("matrix"), of[[]Base]("list"), of[map[string]Base]("object"),
		of[box[map[string]int]]("map"), of[box[map[int]string]]("map-int"), of[box[map[uint64]bool]]("map-uint"),
		of[box[map[shade][]int]]("map-named"), of[box[map[string]*Base]]("map-pointers"),
		of[box[netip.Addr]]("addr"), of[box[big.Int]]("big"), of[box[map[netip.Addr]int]]("map-addr"),
		of[box[*int]]("pointer"), of[box[**string]]("pointer2"), of[box[bind.Opt[string]]]("opt"), of[box[bind.Opt[[]int]]]("opt-list"),
		of[box[struct{}]]("empty"), of[box[struct {
			A int `json:"a"`
		}]]("anonymous"),
		of[Page[Base]]("page"), of[Page[Page[int]]]("page2"), of[Node]("node"), of[box[Forest]]("forest"), of[box[Deep]]("deep"),
		of[Plain]("plain"), of[Omitted]("omitted"), of[Embedded]("embedded"), of[EmbeddedPointer]("embedded-pointer"),
		of[NamedEmbedded]("named-embedded"), of[Rest]("rest"), of[Quoted]("quoted"), of[Defaults]("defaults"),

		of[Limits]("limits").from(`{"n":5,"x":0.5,"e":10,"s":"abc","p":"abc","c":"red","k":2,"l":[1,2],"m":["a"]}`),
		of[Formats]("formats").from(`{"mail":"x@example.com","host":"example.com","day":"2026-01-02","id":"8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11","v4":"192.0.2.1"}`),
		of[Optional]("optional"), of[Clocks]("clocks"),
		of[Annotated]("annotated").from(`{"password":"x","byte":"aGk=","small":5,"money":20000000000000.02,"even":9007199254740992}`),
		of[box[Plain]]("strict", bind.Strict()),
	}
}
