package bind_test

import (
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// Types with a Validate method, which others promote.
type (
	Stamp struct {
		By string `json:"by,omitempty"`
	}
	StampPointer struct {
		By string `json:"by,omitempty"`
	}
	StampInline struct {
		By string `json:"by,omitempty"`
	}
	Refuser interface{ Validate() error }
)

func (s Stamp) Validate() error { return refuseBob(s.By) }

func (s *StampPointer) Validate() error { return refuseBob(s.By) }

func (StampInline) Validate() error { return nil }

func refuseBob(by string) error {
	if by == "bob" {
		return errors.New("not bob")
	}
	return nil
}

// What promotes one.
type (
	named struct {
		Name string `json:"name"`
	}
	byPointer struct {
		*Stamp
		named
	}
	byPointerPointer struct {
		Name string `json:"name"`
		*StampPointer
	}
	onlyPointer struct{ *Stamp }
	inlined     struct {
		*StampInline
		Name string `json:"name"`
	}
	deeper struct {
		byPointer
		Also int `json:"also,omitempty"`
	}
	byInterface struct {
		Refuser `json:"-"`
		Name    string `json:"name"`
	}
	asMember struct {
		*Stamp `json:"stamp"`
		Name   string `json:"name"`
	}
	asOptionalMember struct {
		pickyMember
		Name string `json:"name"`
	}
	pickyMember struct {
		PickyStruct `json:"picky,omitzero"`
	}
	PickyStruct    = pickyStruct
	generic[T any] struct {
		*Stamp
		Name T `json:"name"`
	}
	// Declared beside a nil pointer that would promote one.
	overridden struct {
		*Stamp
		Name string `json:"name"`
	}
	overriddenPointer struct {
		*Stamp
		Name string `json:"name"`
	}
	overriddenGeneric[T any] struct {
		*Stamp
		Name T `json:"name"`
	}
	// Two, of which neither is promoted.
	twoEmbedded struct {
		*Stamp
		PickyStruct
		Name string `json:"name"`
	}
)

var errOwn = errors.New("its own")

func (overridden) Validate() error           { return errOwn }
func (*overriddenPointer) Validate() error   { return errOwn }
func (overriddenGeneric[T]) Validate() error { return errOwn }

// A Validate method is never called through a nil that the request has left, and
// always where the type declares it.
func TestPromotedMethods(t *testing.T) {
	t.Parallel()
	body := func(list func(*testing.T, string, ...bind.Option) []string, text string, want ...string) bodyCase {
		return bodyCase{list, text, want}
	}
	const a, bob = `{"name":"a"}`, `{"name":"a","by":"bob"}`
	for _, tc := range []bodyCase{
		body(bodyErrors[struct {
			*Stamp
			Name string `json:"name"`
		}], a),
		body(bodyErrors[struct {
			*Stamp
			Name string `json:"name"`
		}], bob, "# invalid: not bob"),
		body(bodyErrors[byPointer], a),
		body(bodyErrors[byPointer], `{"name":"a","by":"al"}`),
		body(bodyErrors[byPointer], bob, "# invalid: not bob"),
		body(bodyErrors[byPointerPointer], a),
		body(bodyErrors[byPointerPointer], bob, "# invalid: not bob"),
		body(bodyErrors[onlyPointer], `{}`),
		body(bodyErrors[onlyPointer], `{"by":"bob"}`, "# invalid: not bob"),
		body(bodyErrors[inlined], a),
		body(bodyErrors[deeper], a),
		body(bodyErrors[deeper], bob, "# invalid: not bob"),
		body(bodyErrors[byInterface], a),
		body(bodyErrors[asMember], a),
		body(bodyErrors[asMember], `{"name":"a","stamp":null}`),
		body(bodyErrors[asMember], `{"name":"a","stamp":{"by":"bob"}}`, "#/stamp invalid: not bob"),
		body(bodyErrors[asOptionalMember], a),
		body(bodyErrors[asOptionalMember], `{"name":"a","picky":{}}`, "#/picky invalid: must not be zero"),
		body(bodyErrors[generic[string]], a),
		body(bodyErrors[generic[string]], bob, "# invalid: not bob"),
		body(bodyErrors[[]byPointer], "["+a+","+bob+"]", "#/1 invalid: not bob"),
		body(bodyErrors[map[string]*byPointer], `{"x":`+a+`,"y":null}`),
		body(bodyErrors[[1]bind.Opt[byPointer]], "["+a+"]"),
		body(bodyErrors[overridden], a, "# invalid: its own"),
		body(bodyErrors[overriddenPointer], a, "# invalid: its own"),
		body(bodyErrors[overriddenGeneric[string]], a, "# invalid: its own"),
		body(bodyErrors[overriddenGeneric[int]], `{"name":1,"by":"x"}`, "# invalid: its own"),
		body(bodyErrors[twoEmbedded], `{"name":"a","a":1}`),
		body(bodyErrors[twoEmbedded], `{"name":"a"}`, "# invalid: must not be zero"),
		body(bodyErrors[twoEmbedded], `{"name":"a","a":1,"by":"bob"}`, "# invalid: not bob"),
	} {
		tc.run(t)
	}
}

// The same holds for an In of parameters and for forms.
func TestPromotedMethods_params(t *testing.T) {
	t.Parallel()
	type params struct {
		Refuser
		Name string `query:"name,optional"`
	}
	type unread struct {
		*StampInline `json:"-"`
		*Stamped
		Name string `query:"name,optional"`
	}
	type form struct {
		Body struct {
			*Stamped
			Name string `form:"name"`
		} `body:"form"`
	}
	type deepParam struct {
		Deep struct {
			*Stamped
			A string `query:"a"`
		} `query:"deep,deep"`
	}
	type formTwo struct {
		Body struct {
			FormStamp
			PickyForm
		} `body:"form"`
	}
	_, err := bind.For[params]().Bind(queryRequest("name=a"))
	require.NoError(t, err)
	_, err = bind.For[unread]().Bind(queryRequest("name=a"))
	require.NoError(t, err)
	_, err = bind.For[deepParam]().Bind(queryRequest("deep[a]=a"))
	require.NoError(t, err)
	post := func(body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header = typed(urlencoded)
		return r
	}
	_, err = bind.For[form]().Bind(post("name=a"))
	require.NoError(t, err)
	two := bind.For[formTwo]()
	_, err = two.Bind(post("by=al&a=1"))
	require.NoError(t, err)
	_, err = two.Bind(post("by=bob&a=1"))
	require.EqualError(t, err, "bind: not bob")
	_, err = two.Bind(post("by=al&a=0"))
	require.EqualError(t, err, "bind: must not be zero")
}

// Stamped has no fields that look bound.
type Stamped struct{ at time.Time }

func (s *Stamped) Validate() error { return refuseIf(s.at.IsZero()) }

type PickyForm struct {
	A int `form:"a,optional"`
}

type FormStamp struct {
	By string `form:"by,optional"`
}

func (f FormStamp) Validate() error { return refuseBob(f.By) }

func (p PickyForm) Validate() error { return refuseIf(p.A == 0) }

// Types that read themselves by a method of an embedded pointer.
type (
	amount  struct{ *big.Int }
	instant struct{ *time.Time }
	site    struct {
		Note string
		*netip.Addr
	}
	inner  struct{ amount }
	source struct{ encodingText }
	hidden struct{ *hexText }

	encodingText interface {
		UnmarshalText(text []byte) error
	}
	hexText struct{ text string }
	maybe   struct{ *bind.Opt[int] }
)

func (h *hexText) UnmarshalText(text []byte) error {
	h.text = string(text)
	return nil
}

// They get the pointer, in every place where text or JSON is read.
func TestPromotedMethods_readers(t *testing.T) {
	t.Parallel()
	type query struct {
		A amount            `query:"a"`
		B []instant         `query:"b"`
		C *site             `query:"c"`
		D inner             `query:"d" default:"7"`
		M map[string]amount `query:"m,deep"`
	}
	q, err := bind.For[query]().Bind(queryRequest("a=12&b=2006-01-02T15:04:05Z&b=2007-01-02T15:04:05Z&c=::1&m[x]=3"))
	require.NoError(t, err)
	assert.Equal(t, "12 2007 ::1 7 3", fmt.Sprint(q.A, " ", q.B[1].Year(), " ", q.C, " ", q.D, " ", q.M["x"]))
	_, err = bind.For[query]().Bind(queryRequest("a=x&c=x"))
	require.EqualError(t, err, `bind: query "a": is not valid; query "c": is not valid`)

	type body struct {
		A amount          `json:"a"`
		B []instant       `json:"b"`
		C map[string]site `json:"c"`
		D *inner          `json:"d"`
		E map[siteKey]int `json:"e"`
	}
	b, err := bind.For[body]().Bind(jsonRequest(`{"a":12,"b":["2006-01-02T15:04:05Z"],"c":{"x":"::1"},"d":7,"e":{"::2":1}}`))
	require.NoError(t, err)
	assert.Equal(t, "12 2006 ::1 7 1", fmt.Sprint(b.A, " ", b.B[0].Year(), " ", b.C["x"], " ", b.D, " ", len(b.E)))
	assert.Equal(t, []string{"#/a format: is not valid", "#/c/x format: is not valid"},
		bodyErrors[body](t, `{"a":"x","b":null,"c":{"x":"y"},"d":null,"e":null}`))

	type badReaders struct {
		A source `query:"a"`
		B hidden `query:"b"`
		C maybe  `query:"c"`
	}
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.badReaders cannot be bound:",
		"badReaders.A reads itself by the method UnmarshalText of bind_test.source.encodingText, which is nil in a request: " +
			"embed a struct, or declare the method on bind_test.source",
		"badReaders.B reads itself by the method UnmarshalText of bind_test.hidden.hexText, which is nil in a request: " +
			"embed a struct, or declare the method on bind_test.hidden",
		"badReaders.C has type bind_test.maybe, which cannot be read from text: add the option deep and query tags within, or use a type with UnmarshalText",
	}, "\n\t"), declared[badReaders]())
	assert.Contains(t, declared[[]source](), "[]bind_test.source reads itself by the method UnmarshalText")
	assert.Contains(t, declared[map[hidden]int](), "reads itself by the method UnmarshalText")
}

type siteKey struct{ *netip.Addr }
