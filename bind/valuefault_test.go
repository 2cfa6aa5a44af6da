package bind_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

type (
	declares struct {
		Q string `query:"q"`
	}
	valueInBody struct {
		Body struct {
			U user `value:"user"`
		} `body:"json"`
	}
	hiddenInBody struct {
		Body struct {
			Inner []struct {
				U user `value:"user" json:"-"`
			} `json:"inner"`
		} `body:"json"`
	}
	inForm struct {
		Body struct {
			Title string `form:"title"`
			U     user   `value:"user"`
		} `body:"form"`
	}
	inDeep struct {
		Filter struct {
			Name string `query:"name"`
			U    user   `value:"user"`
		} `query:"filter,deep"`
	}
	besideJSON struct {
		L     locale
		Title string `json:"title"`
	}
	valueUnexported struct {
		Q string `query:"q"`
		l locale //nolint:unused // the fault
	}
	pointerEmbedded struct{ *Tongue }
	viaNil          struct{ L behindNil }
	behindNil       struct{ *locale }
	valueRuled      struct {
		U user   `value:"user" default:"ada" minLength:"3"`
		L locale `maximum:"3"`
	}
	asInterface struct{ L bind.RequestUnmarshaler }
)

func (*declares) UnmarshalRequest(*http.Request) error { return nil }

// What has a source or reads itself is a fault where no request fills it.
func TestValue_faultyPlaces(t *testing.T) {
	t.Parallel()
	ofUser := bind.Value("user", userOf)
	for _, tc := range []struct {
		name    string
		declare func()
		want    []string
	}{
		{"no name alone", func() { bind.For[Provided](bind.Value("", userOf)) }, []string{"add bind.Value, or a guard, of this name"}},
		{"apart", func() {
			bind.For[struct {
				Q string `query:"q"`
				A Provided
				B *Provided
				C []map[string]bind.Opt[struct{ Inner struct{ Provided } }]
				D struct {
					N int `path:"n"`
				}
				E Provided `json:"-"`
			}](ofUser)
		}, []string{
			`struct.A is not embedded, and no request fills its field User, which has a source: embed the struct itself, move the field out of it, or write json:"-"`,
			"struct.B is not embedded", "struct.C is not embedded, and no request fills its field Inner.Provided.User", "struct.D is not embedded, and no request fills its field N",
		}},
		{"apart in a deep struct", func() {
			bind.For[struct {
				F struct {
					Name string `query:"name"`
					A    Provided
				} `query:"f,deep"`
			}](ofUser)
		}, []string{"struct.F.A is not embedded"}},
		{"a member that binds itself", func() {
			bind.For[struct {
				L locale `json:"locale"`
			}]()
		}, []string{`struct.L has the tag json and a type with UnmarshalRequest, which reads the request and not a member of a body: leave the tag out, or move the field into the struct of one with body:"json"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			panicked := panicOf(tc.declare)
			for _, want := range tc.want {
				assert.Contains(t, panicked, want)
			}
			assert.NotContains(t, panicked, "struct.E")
		})
	}
}

func TestValue_faults(t *testing.T) {
	t.Parallel()
	ofUser := bind.Value("user", userOf)
	number := bind.Value("user", func(*http.Request) (int, error) { return 0, nil })
	for _, tc := range []struct {
		name    string
		declare func()
		want    []string
	}{
		{"nothing provided", func() { bind.For[Provided]() }, []string{`Provided.User has value:"user", which no option provides: add bind.Value, or a guard, of this name`}},
		{"a default binder", func() { _, _ = bind.Request[Provided](queryRequest("")) }, []string{"which no option provides"}},
		{"another name", func() { bind.For[Provided](bind.Value("User", userOf), bind.Value("b", userOf)) }, []string{`no option provides: the options provide User, b`}},
		{"another type", func() { bind.For[Provided](number) }, []string{`Provided.User has value:"user" and the type bind_test.user, but the value has the type int: use int`}},
		{"a pointer for a value", func() {
			bind.For[Provided](bind.Value("user", func(*http.Request) (*user, error) { return nil, nil }))
		}, []string{"but the value has the type *bind_test.user: use *bind_test.user"}},
		{"twice", func() { bind.For[Provided](ofUser, ofUser) }, []string{`bind.Value provides "user" twice in one list of options`}},
		{"no function, no name", func() {
			bind.For[locale2In](bind.Value[int]("n", nil), bind.Value("", userOf))
		}, []string{`bind.Value has a nil function for "n": give it one that returns the value`, "bind.Value has no name: give it the name of a value tag, such as user"}},
		{"an option of the tag", func() {
			bind.For[struct {
				U user `value:"user,optional"`
			}](ofUser)
		}, []string{`has the value option "optional": remove it, and use a pointer or a bind.Opt if the value may be absent`}},
		{"In declares the method", func() { bind.For[declares]() }, []string{"declares UnmarshalRequest, but an In cannot read itself: make it a field of a struct"}},
		{"In is the type", func() { bind.For[locale]() }, []string{"locale declares UnmarshalRequest"}},
		{"in a JSON body", func() { bind.For[valueInBody](ofUser) }, []string{`valueInBody.Body.U has value:"user", but the members of a body come from the client: move the field out of the body`}},
		{"hidden in a JSON body", func() { bind.For[hiddenInBody](ofUser) }, []string{`valueInBody.Body.Inner.U has value:"user", but the members`}},
		{"in a form", func() { bind.For[inForm](ofUser) }, []string{"inForm.Body.U has a value tag, but the fields of a body are read from the body"}},
		{"in a deep struct", func() { bind.For[inDeep](ofUser) }, []string{"inDeep.Filter.U needs a query tag without deep"}},
		{"beside members", func() { bind.For[besideJSON]() }, []string{"besideJSON.Title has the tag json and no source"}},
		{"not exported", func() { bind.For[valueUnexported]() }, []string{"valueUnexported.l has a type with UnmarshalRequest but is not exported"}},
		{"an embedded pointer", func() { bind.For[pointerEmbedded]() }, []string{"pointerEmbedded.Tongue is an embedded pointer: embed the struct itself"}},
		{"through a nil", func() { bind.For[viaNil]() }, []string{"viaNil.L reads itself by the method UnmarshalRequest of bind_test.behindNil.locale, which is nil in a request"}},
		{"rules", func() { bind.For[valueRuled](ofUser) }, []string{
			`valueRuled.U has default:"ada", which does not apply to a value: remove it, and check the value in the function that provides it`, `valueRuled.U has minLength:"3"`, `valueRuled.L has maximum:"3", which does not apply to a field that reads itself: remove it, and check in UnmarshalRequest what is read`,
		}},
		{"an interface", func() { bind.For[asInterface]() }, []string{"asInterface.L is an interface with UnmarshalRequest, which is nil in a request: use a type that has the method"}},
		{"what is told", func() {
			bind.For[struct {
				A told[struct {
					N int `query:"n" minimum:"x"`
				}]
				B told[int]
				C told[struct{ L locale }]
				D told[struct {
					N int `form:"n"`
				}]
				E toldNil
				F toldPanic
			}]()
		}, []string{
			`struct.A has type`, `whose RequestParameters returns a struct { N int "query:\"n\" minimum:\"x\"" }: struct.N has minimum:"x"`,
			"struct.B has type", "returns a int: use a struct of fields with path, query, header or cookie tags alone",
			"struct.C has type", "struct.D has type",
			"struct.E has type bind_test.toldNil, whose RequestParameters returns nil: return a struct",
			"struct.F has type bind_test.toldPanic, whose RequestParameters panics: no parameters",
		}},
		{"another In for ValidateFunc", func() {
			bind.For[Provided](ofUser, bind.ValidateFunc(func(*user) error { return nil }), bind.ValidateFunc[Provided](nil))
		}, []string{
			"bind.ValidateFunc takes a *bind_test.user: give it a function that takes a *bind_test.Provided", "bind.ValidateFunc has a nil function",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			panicked := panicOf(tc.declare)
			for _, want := range tc.want {
				assert.Contains(t, panicked, strings.Replace(want, "valueInBody.Body.Inner", "hiddenInBody.Body.Inner", 1))
			}
		})
	}
}

// A key that is almost that of a source never leaves a field to the JSON body.
func TestValue_nearMisses(t *testing.T) {
	t.Parallel()
	ofUser := bind.Value("user", userOf)
	for _, tc := range []struct {
		name    string
		declare func()
		want    []string
	}{
		{"a key in another case", func() {
			bind.For[struct {
				Q string `query:"q"`
				U user   `Value:"user"` //nolint:tagliatelle // the fault
			}](ofUser)
		}, []string{"struct.U has the tag Value, which nothing reads: write value"}},
		{"almost the key, and no source", func() {
			bind.For[struct {
				U user `Value:"user"`  //nolint:tagliatelle // the fault
				V user `values:"user"` //nolint:tagliatelle // the fault
			}](ofUser)
		}, []string{"struct.U has the tag Value, which nothing reads: write value", "struct.V has the tag values, which nothing reads: write value"}},
		{"the plural of a source", func() {
			bind.For[struct {
				Q string `query:"q"   Headers:"q"`
				U user   `values:"user"`
			}](ofUser)
		}, []string{"struct.Q has the tag Headers, which nothing reads: write header", "struct.U has the tag values, which nothing reads: write value"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			panicked := panicOf(tc.declare)
			for _, want := range tc.want {
				assert.Contains(t, panicked, want)
			}
		})
	}
}

type locale2In struct{ L *locale }

// told binds itself and says that it reads a T.
type (
	told[T any] struct{}
	toldNil     struct{}
	toldPanic   struct{}
)

func (*told[T]) UnmarshalRequest(*http.Request) error   { return nil }
func (*told[T]) RequestParameters() any                 { return *new(T) }
func (*toldNil) UnmarshalRequest(*http.Request) error   { return nil }
func (*toldNil) RequestParameters() any                 { return nil }
func (*toldPanic) UnmarshalRequest(*http.Request) error { return nil }
func (*toldPanic) RequestParameters() any               { panic("no parameters") }

func panicOf(f func()) (panicked string) {
	defer func() { panicked = fmt.Sprint(cmp.Or(recover(), any("nothing"))) }()
	f()
	return ""
}

// Strict knows the names that a type says it reads.
func TestStrict_told(t *testing.T) {
	t.Parallel()
	b := bind.For[struct {
		P told[struct {
			After  string            `query:"after,optional"`
			Filter map[string]string `query:"filter,deep"`
		}]
	}](bind.Strict())
	_, err := b.Bind(queryRequest("after=1&filter[a]=b"))
	require.NoError(t, err)
	_, err = b.Bind(queryRequest("after=1&before=2&filters[a]=b"))
	assert.Equal(t, []string{"before unknown", "filters[a] unknown"}, faultsOf(t, err))
	_, err = b.Bind(queryRequest("filter=b&filter[a=b&filter[]=b&filter[a][b]=c&after[a]=b"))
	assert.Equal(t, []string{"filter unknown", "filter[a unknown", "filter[] unknown", "filter[a][b] unknown", "after[a] unknown"}, faultsOf(t, err))
}
