package bind_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"time"

	"github.com/tenonkit/tenon/bind"
	engine "github.com/tenonkit/tenon/internal/json"
)

// The types of this file are the targets of the JSON tests: one shape each.

type jsonFlat struct {
	Title string        `json:"title" minLength:"2" maxLength:"12"`
	Body  string        `json:"body,omitempty"`
	Count int           `json:"count" minimum:"1" maximum:"1000"`
	Draft bool          `json:"draft"`
	Tags  []string      `json:"tags" maxItems:"3" uniqueItems:"true" minLength:"1"`
	Price float64       `json:"price,omitzero" exclusiveMinimum:"0" multipleOf:"0.01"`
	Kind  string        `json:"kind,omitzero" enum:"post,page"`
	At    time.Time     `json:"at,omitzero"`
	For   time.Duration `json:"for,omitzero" maximum:"1h"`
}

type jsonNested struct {
	Author struct {
		Name  string `json:"name" minLength:"1"`
		Email string `json:"email,omitempty" format:"email"`
	} `json:"author"`
	Comments []jsonComment             `json:"comments" minItems:"1"`
	Meta     map[string]int            `json:"meta,omitempty" minimum:"3"`
	Groups   map[string][]*jsonComment `json:"groups,omitempty"`
}

type jsonComment struct {
	Text  string `json:"text" pattern:"^[a-z ]*$"`
	Likes uint8  `json:"likes" maximum:"100"`
}

type jsonTree struct {
	Name     string               `json:"name"`
	Children []jsonTree           `json:"children,omitempty"`
	Next     *jsonTree            `json:"next"`
	Named    map[string]*jsonTree `json:"named,omitempty"`
}

type jsonPointers struct {
	A *int                  `json:"a" minimum:"2"`
	B **string              `json:"b" maxLength:"3"`
	C *[]int                `json:"c" minItems:"2" maximum:"9"`
	D bind.Opt[int]         `json:"d" maximum:"5"`
	E bind.Opt[*string]     `json:"e"`
	F bind.Opt[[]string]    `json:"f" maxItems:"2"`
	G bind.Opt[jsonComment] `json:"g"`
	H *bind.Opt[int]        `json:"h" minimum:"1"`
	I bind.Opt[int]         `json:"i,string"` //nolint:staticcheck // the engine hands the option on to the number
}

type jsonNumbers struct {
	Int8    int8          `json:"int8,omitzero"`
	Int16   int16         `json:"int16,omitzero"`
	Int32   int32         `json:"int32,omitzero"`
	Int64   int64         `json:"int64,omitzero"`
	Uint8   uint8         `json:"uint8,omitzero"`
	Uint16  uint16        `json:"uint16,omitzero"`
	Uint32  uint32        `json:"uint32,omitzero"`
	Uint64  uint64        `json:"uint64,omitzero"`
	Float32 float32       `json:"float32,omitzero"`
	Float64 float64       `json:"float64,omitzero"`
	Quoted  int           `json:"quoted,string,omitzero"`
	QuotedF *float32      `json:"quotedf,string"`
	Number  json.Number   `json:"number,omitzero"`
	Numbers []json.Number `json:"numbers,omitempty"`
}

type jsonBase struct {
	ID   int    `json:"id"`
	Kind string `json:"kind" enum:"a,b"`
}

// JSONExtra is exported so that JSON can set an embedded pointer to it.
type JSONExtra struct {
	Note  string `json:"note" minLength:"2"`
	Level int    `json:"level"`
}

type jsonShadow struct {
	Kind string `json:"kind"`
	Only bool   `json:"only,omitempty"`
}

type jsonEmbedded struct {
	jsonBase
	*JSONExtra

	Shadow jsonShadow     `json:",embed"`
	Name   string         `json:"na/me~ü,omitempty"`
	Plain  int            `json:",omitempty"`
	Hidden int            `json:"-"`
	Dash   int            `json:"-,omitempty"` //nolint:staticcheck // the name is a dash
	Rest   map[string]any `json:",embed"`
}

type jsonRaw struct {
	ID   int               `json:"id"`
	Rest engine.RawMessage `json:",embed"`
}

type jsonMixed struct {
	Fixed   [3]int                 `json:"fixed" maximum:"9"`
	Bytes   []byte                 `json:"bytes,omitempty"`
	Bytes4  [4]byte                `json:"bytes4,omitzero"`
	Raw     engine.RawMessage      `json:"raw,omitempty"`
	StdRaw  json.RawMessage        `json:"stdraw,omitempty"`
	Any     any                    `json:"any,omitempty"`
	Addr    netip.Addr             `json:"addr,omitzero" format:"ip"`
	Big     *big.Int               `json:"big"`
	Self    jsonSelf               `json:"self,omitzero"`
	ByInt   map[int8][]string      `json:"byint,omitempty" maxLength:"3"`
	ByUint  map[uint]bool          `json:"byuint,omitempty"`
	ByFloat map[float64]int        `json:"byfloat,omitempty"`
	ByAddr  map[netip.Addr]string  `json:"byaddr,omitempty"`
	ByTime  map[time.Time]int      `json:"bytime,omitempty"`
	ByName  map[jsonName]*jsonName `json:"byname,omitempty"`
	Lists   [][]int                `json:"lists,omitempty" maxItems:"3" maximum:"9"`
	Anys    []any                  `json:"anys,omitempty"`
	Empty   struct{}               `json:"empty,omitzero"`
}

type jsonName string

// A jsonSelf reads true and 1 as one, by itself.
type jsonSelf struct{ on bool }

func (s *jsonSelf) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", "1":
		s.on = true
	case "false", "0", "null":
		s.on = false
	default:
		return errors.New("SECRET: cannot read " + string(data))
	}
	return nil
}

func (s jsonSelf) MarshalJSON() ([]byte, error) {
	if s.on {
		return []byte("true"), nil
	}
	return []byte("false"), nil
}

type jsonDefaults struct {
	Page  int      `json:"page" default:"1" minimum:"1"`
	Sort  string   `json:"sort" default:"date" enum:"date,name"`
	Ratio float32  `json:"ratio" default:"0.5"`
	Open  bool     `json:"open" default:"true"`
	Kinds []string `json:"kinds" default:"a,b" minItems:"1"`
	Limit *int     `json:"limit" default:"20"`
}
