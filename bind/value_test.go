package bind_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// A user comes from the header field User, as a session would.
type user struct {
	Name string `json:"name"`
}

func userOf(r *http.Request) (user, error) {
	switch name := r.Header.Get("User"); name {
	case "":
		return user{}, bind.ErrAbsent
	case "bad":
		return user{}, respond.NewProblem(http.StatusUnauthorized, "who are you?")
	default:
		return user{name}, nil
	}
}

// A locale reads itself.
type locale struct{ tag string }

func (l *locale) UnmarshalRequest(r *http.Request) error {
	l.tag = r.Header.Get("Accept-Language")
	switch l.tag {
	case "":
		return fmt.Errorf("no language: %w", bind.ErrAbsent)
	case "xx":
		return respond.NewProblem(http.StatusNotAcceptable, "")
	}
	return nil
}

type titled interface{ title() string }

func (u user) title() string { return u.Name }

type (
	Provided struct {
		User   user `value:"user"`
		Locale locale
	}
	// Around promotes the method of Dialect, and has fields of its own.
	Around struct {
		Dialect

		Page int `query:"page,optional"`
	}
)

// A Tongue promotes the method of what is embedded in it.
type Tongue struct{ locale }

// A Dialect reads itself, and can be embedded.
type Dialect string

func (d *Dialect) UnmarshalRequest(r *http.Request) error {
	*d = Dialect(r.Header.Get("Accept-Language"))
	return nil
}

// TestValue_kinds is a row for each way in which a value gets into a field.
func TestValue_kinds(t *testing.T) {
	t.Parallel()
	header := func(pairs ...string) *http.Request {
		r := queryRequest("page=3")
		for i := 0; i < len(pairs); i += 2 {
			r.Header.Set(pairs[i], pairs[i+1])
		}
		return r
	}
	provided := []bind.Option{
		bind.Value("user", userOf),
		bind.Value("pointer", func(r *http.Request) (*user, error) {
			u, err := userOf(r)
			return &u, err
		}),
		bind.Value("nothing", func(*http.Request) (*user, error) { return nil, nil }),
		bind.Value("any", func(*http.Request) (any, error) { return nil, nil }),
		bind.Value("typed nil", func(*http.Request) (int, error) { return 1, (*bind.Error)(nil) }),
		bind.Value("unused", func(*http.Request) (int, error) { return 0, errors.New("not called") }),
	}
	ada, french := header("User", "ada"), header("Accept-Language", "fr")
	for _, tc := range []struct {
		name string
		bind func() (any, error)
		want any
	}{
		{"plain", boundOf[struct {
			U user `value:"user"`
		}](ada, provided), user{"ada"}},
		{"a derived name", boundOf[struct {
			User user `value:""`
		}](ada, provided), user{"ada"}},
		{"pointer", boundOf[struct {
			U *user `value:"user"`
		}](ada, provided), &user{"ada"}},
		{"absent pointer", boundOf[struct {
			U *user `value:"user"`
		}](french, provided), (*user)(nil)},
		{"Opt", boundOf[struct {
			U bind.Opt[user] `value:"user"`
		}](ada, provided), bind.Some(user{"ada"})},
		{"absent Opt", boundOf[struct {
			U bind.Opt[user] `value:"user"`
		}](french, provided), bind.Opt[user]{}},
		{"pointer in an Opt", boundOf[struct {
			U bind.Opt[*user] `value:"user"`
		}](ada, provided), bind.Some(&user{"ada"})},
		{"a T that is a pointer", boundOf[struct {
			U *user `value:"pointer"`
		}](ada, provided), &user{"ada"}},
		{"an absent T that is a pointer", boundOf[struct {
			U *user `value:"pointer"`
		}](french, provided), (*user)(nil)},
		{"nil", boundOf[struct {
			U *user `value:"nothing"`
		}](french, provided), (*user)(nil)},
		{"nil of an interface", boundOf[struct {
			U any `value:"any"`
		}](french, provided), nil},
		{"an interface that T has", boundOf[struct {
			U titled `value:"user"`
		}](ada, provided), user{"ada"}},
		{"a typed nil is no error", boundOf[struct {
			N int `value:"typed nil"`
		}](ada, provided), 1},
		{"itself", boundOf[struct {
			L locale
		}](french, nil), locale{"fr"}},
		{"itself behind a pointer", boundOf[struct {
			L *locale
		}](french, nil), &locale{"fr"}},
		{"itself, absent", boundOf[struct {
			L *locale
		}](ada, nil), (*locale)(nil)},
		{"itself in an Opt", boundOf[struct {
			L bind.Opt[locale]
		}](french, nil), bind.Some(locale{"fr"})},
		{"a method from an embedded field", boundOf[struct {
			T Tongue
		}](french, nil), Tongue{locale{"fr"}}},
		{"a tag comes before the method", boundOf[struct {
			T bind.Opt[texted] `query:"page"`
		}](french, nil), bind.Some(texted{"3"})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.bind()
			require.NoError(t, err)
			assert.Equal(t, tc.want, reflect.ValueOf(got).Field(0).Interface())
		})
	}
}

// texted reads itself from a text and from a request.
type texted struct{ text string }

func (t *texted) UnmarshalText(text []byte) error {
	t.text = string(text)
	return nil
}

func (*texted) UnmarshalRequest(*http.Request) error { return errors.New("not called") }

func boundOf[In any](r *http.Request, opts []bind.Option) func() (any, error) {
	return func() (any, error) { return bind.For[In](opts...).Bind(r) }
}

// A struct that has the method from a field inside is not bound by it, but looked into.
func TestRequestUnmarshaler_promoted(t *testing.T) {
	t.Parallel()
	r := queryRequest("page=3")
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("User", "ada")
	in, err := bind.Request[struct{ Around }](r)
	require.NoError(t, err)
	assert.Equal(t, Around{"fr", 3}, in.Around)

	both, err := bind.For[struct {
		Provided

		Again user `value:"user"`
	}](bind.Value("user", userOf)).Bind(r)
	require.NoError(t, err)
	assert.Equal(t, Provided{user{"ada"}, locale{"fr"}}, both.Provided)
	assert.Equal(t, user{"ada"}, both.Again)
}

// Two fields of one value: the function is called once.
func TestValue_once(t *testing.T) {
	t.Parallel()
	var calls []string
	count := func(name string) bind.Option {
		return bind.Value(name, func(*http.Request) (int, error) {
			calls = append(calls, name)
			return len(calls), nil
		})
	}
	in, err := bind.For[struct {
		A  int  `value:"a"`
		B  int  `value:"b"`
		A2 *int `value:"a"`
	}](count("b"), count("a")).Bind(queryRequest(""))
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, calls, "in the order of declaration")
	assert.Equal(t, []int{1, 2, 1}, []int{in.A, in.B, *in.A2})
}

// TestValue_order: parameters, then values, then the body; the first error is the whole
// answer.
func TestValue_order(t *testing.T) {
	t.Parallel()
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in struct {
		ID     odd     `query:"id"`
		Window spanned `query:"w,deep"`
		User   user    `value:"user"`
		Locale *locale
		Item   struct {
			N int `json:"n" minimum:"1"`
		} `body:"json"`
	}) {
		fmt.Fprint(w, in.User, in.Locale, in.Item.N)
	}, bind.Value("user", userOf))
	for _, tc := range []struct {
		query, user, language, body string
		status                      int
		want                        string
	}{
		{"id=1", "ada", "fr", `{"n":1}`, 200, "{ada} &{fr} 1"},
		{"id=x", "bad", "xx", `{`, 400, `"name":"id","code":"type"`},
		{"id=2", "bad", "xx", `{`, 400, `"name":"id","code":"invalid"`},
		{"id=1&w[from]=2&w[to]=1", "bad", "xx", `{`, 400, `"detail":"ends early"`},
		{"id=1", "bad", "xx", `{`, 401, `who are you?`},
		{"id=1", "ada", "xx", `{`, 406, ``},
		{"id=1", "ada", "fr", `{"n":0}`, 400, `"pointer":"#/n"`},
		{"id=1", "", "fr", `{"n":1}`, 500, ``},
	} {
		r := httptest.NewRequest(http.MethodPost, "/?"+tc.query, strings.NewReader(tc.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("User", tc.user)
		r.Header.Set("Accept-Language", tc.language)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, tc.status, w.Code, "%s %s", tc.query, w.Body)
		assert.Contains(t, w.Body.String(), tc.want, tc.query)
		assert.LessOrEqual(t, strings.Count(w.Body.String(), `"code"`), 1, "parameters come without the body")
	}
}

type (
	odd     int
	spanned struct {
		From int `query:"from,optional"`
		To   int `query:"to,optional"`
	}
)

func (n odd) Validate() error {
	if n%2 == 0 {
		return errors.New("must be odd")
	}
	return nil
}

func (w spanned) Validate() error {
	if w.To < w.From {
		return errors.New("ends early")
	}
	return nil
}

// ErrAbsent for a field that has to be there is the program's fault, whatever else the
// error says.
func TestErrAbsent_plainField(t *testing.T) {
	t.Parallel()
	type in struct {
		U user `value:"user"`
	}
	absent := func(*http.Request) (user, error) {
		return user{}, errors.Join(respond.NewProblem(http.StatusNotFound, "secret"), bind.ErrAbsent)
	}
	_, err := bind.For[in](bind.Value("user", absent)).Bind(queryRequest(""))
	require.ErrorIs(t, err, bind.ErrAbsent)
	require.ErrorContains(t, err, "in.U")
	w := httptest.NewRecorder()
	bind.Func(func(http.ResponseWriter, *http.Request, in) {}, bind.Value("user", absent)).ServeHTTP(w, queryRequest(""))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "secret")
}

// A panic of the function is one of the handler, and leaves the binder as it was.
func TestValue_panics(t *testing.T) {
	t.Parallel()
	type in struct {
		Q string `query:"q"`
		U user   `value:"user"`
	}
	b := bind.For[in](bind.Value("user", func(r *http.Request) (user, error) {
		if r.Header.Get("User") == "" {
			panic("no user")
		}
		return userOf(r)
	}))
	assert.PanicsWithValue(t, "no user", func() { _, _ = b.Bind(queryRequest("q=1")) })
	r := queryRequest("q=2")
	r.Header.Set("User", "ada")
	got, err := b.Bind(r)
	require.NoError(t, err)
	assert.Equal(t, in{"2", user{"ada"}}, got)
}

// TestValue_unreachable sends everything that is called like a value field.
func TestValue_unreachable(t *testing.T) {
	t.Parallel()
	const json = `{"user":{"name":"eve"},"User":{"name":"eve"},"Locale":{"tag":"eve"},"locale":"eve","name":"eve","Raw":"ZXZl"}`
	const pairs = "user=eve&User=eve&user[name]=eve&user.name=eve&Locale=eve&locale=eve&value=eve&name=eve"
	opts := []bind.Option{bind.Value("user", userOf)}
	request := func(contentType, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/?"+pairs, strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("User", "ada")
		r.Header.Set("Accept-Language", "fr")
		r.AddCookie(&http.Cookie{Name: "user", Value: "eve"})
		return r
	}
	kit, parts := "application/json", "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\neve\r\n--b--\r\n"
	for _, tc := range []struct {
		name string
		bind func() (any, error)
	}{
		{"JSON beside", boundOf[struct {
			Provided
			Body map[string]any `body:"json"`
		}](request(kit, json), opts)},
		{"nothing but values", boundOf[struct{ Provided }](request(kit, json), opts)},
		{"form", boundOf[struct {
			Provided
			Name string `form:"name"`
		}](request(urlencoded, pairs), opts)},
		{"multipart", boundOf[struct {
			Provided
			Name string `form:"name,optional"`
		}](request("multipart/form-data; boundary=b", parts), opts)},
		{"query", boundOf[struct {
			Provided
			Name  string            `query:"name"`
			Other map[string]string `query:"other,deep"`
		}](request(kit, json), opts)},
	} {
		got, err := tc.bind()
		require.NoError(t, err, tc.name)
		assert.Equal(t, Provided{user{"ada"}, locale{"fr"}}, reflect.ValueOf(got).Field(0).Interface(), tc.name)
	}
	_, err := bind.For[struct{ Provided }](bind.Strict(), opts[0]).Bind(request(kit, json))
	require.ErrorContains(t, err, `query "user": is not known`)
}

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
		l locale
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
		{"another type", func() { bind.For[Provided](number) }, []string{`Provided.User has value:"user" and the type bind_test.user, but the value is a int`}},
		{"a pointer for a value", func() {
			bind.For[Provided](bind.Value("user", func(*http.Request) (*user, error) { return nil, nil }))
		}, []string{"but the value is a *bind_test.user"}},
		{"twice", func() { bind.For[Provided](ofUser, ofUser) }, []string{`bind.Value provides "user" twice in one list of options`}},
		{"no function, no name", func() {
			bind.For[locale2In](bind.Value[int]("n", nil), bind.Value("", userOf))
		}, []string{`bind.Value of "n" needs a name and a function`, `bind.Value of "" needs a name and a function`}},
		{"an option of the tag", func() {
			bind.For[struct {
				U user `value:"user,optional"`
			}](ofUser)
		}, []string{`has the value option "optional": a value has none, and is optional as a pointer or a bind.Opt`}},
		{"In declares the method", func() { bind.For[declares]() }, []string{"declares declares UnmarshalRequest, which nothing calls on what a request is bound to: make it a field of a struct"}},
		{"In is the type", func() { bind.For[locale]() }, []string{"locale declares UnmarshalRequest"}},
		{"in a JSON body", func() { bind.For[valueInBody](ofUser) }, []string{`valueInBody.Body.U has value:"user", but the members of a body are what the client sends: move it out of the body`}},
		{"hidden in a JSON body", func() { bind.For[hiddenInBody](ofUser) }, []string{`valueInBody.Body.Inner.U has value:"user", but the members`}},
		{"in a form", func() { bind.For[inForm](ofUser) }, []string{"inForm.Body.U has a value tag, but the fields of a body are read from the body"}},
		{"in a deep struct", func() { bind.For[inDeep](ofUser) }, []string{"inDeep.Filter.U needs a query tag without deep"}},
		{"beside members", func() { bind.For[besideJSON]() }, []string{"besideJSON.Title has the tag json and no source"}},
		{"not exported", func() { bind.For[valueUnexported]() }, []string{"valueUnexported.l has a type with UnmarshalRequest but is not exported"}},
		{"an embedded pointer", func() { bind.For[pointerEmbedded]() }, []string{"pointerEmbedded.Tongue is an embedded pointer: embed the struct itself"}},
		{"through a nil", func() { bind.For[viaNil]() }, []string{"viaNil.L reads itself by the method UnmarshalRequest of bind_test.behindNil.locale, which is nil in a request"}},
		{"rules", func() { bind.For[valueRuled](ofUser) }, []string{
			`valueRuled.U has default:"ada", which does not apply to a value`, `valueRuled.U has minLength:"3"`, `valueRuled.L has maximum:"3", which does not apply to a field that binds itself`,
		}},
		{"an interface", func() { bind.For[asInterface]() }, []string{"asInterface.L is an interface with UnmarshalRequest, which is nil in a request: use a type that has the method"}},
		{"a key in another case", func() {
			bind.For[struct {
				Q string `query:"q"`
				U user   `Value:"user"` //nolint:tagliatelle // the fault
			}](ofUser)
		}, []string{"struct.U has the tag Value, which nothing reads: write value"}},
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
			"bind.ValidateFunc takes a *bind_test.user, and not a *bind_test.Provided", "bind.ValidateFunc has no function",
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

type locale2In struct{ L *locale }

// told binds itself and says that it reads a T.
type (
	told[T any] struct{}
	toldNil     struct{}
	toldPanic   struct{}
)

func (*told[T]) UnmarshalRequest(*http.Request) error   { return nil }
func (told[T]) RequestParameters() any                  { return *new(T) }
func (*toldNil) UnmarshalRequest(*http.Request) error   { return nil }
func (toldNil) RequestParameters() any                  { return nil }
func (*toldPanic) UnmarshalRequest(*http.Request) error { return nil }
func (toldPanic) RequestParameters() any                { panic("no parameters") }

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
}

// A counted body counts what is read of it.
type counted struct {
	io.Reader

	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func (counted) Close() error { return nil }

// TestValue_refusesBeforeTheBody sends a body of 1 MiB, of which nothing is taken: not by
// the handler and, where the client waits to be asked, not from the client.
func TestValue_refusesBeforeTheBody(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	inner := bind.Func(func(http.ResponseWriter, *http.Request, struct {
		User user           `value:"user"`
		Body map[string]any `body:"json"`
	}) {
		t.Error("called")
	}, bind.Value("user", func(*http.Request) (user, error) {
		return user{}, respond.NewProblem(http.StatusUnauthorized, "")
	}))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// net/http looks in its own request for a body that waits to be asked for.
		copied := *r
		copied.Body = counted{r.Body, &taken}
		inner.ServeHTTP(w, &copied)
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, waits := range []bool{false, true} {
			var sent atomic.Int64
			body := counted{io.LimitReader(zeros{}, 1<<20), &sent}
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.URL, body)
			require.NoError(t, err)
			r.ContentLength = 1 << 20
			r.Header.Set("Content-Type", "application/json")
			if waits {
				r.Header.Set("Expect", "100-continue")
				transport, ok := s.Client.Transport.(*http.Transport)
				require.True(t, ok)
				transport.ExpectContinueTimeout = s.Client.Timeout
			}
			answer, err := s.Client.Do(r)
			require.NoError(t, err, "waits: %t", waits)
			require.NoError(t, answer.Body.Close())
			assert.Equal(t, http.StatusUnauthorized, answer.StatusCode)
			assert.Zero(t, taken.Load())
			if waits {
				assert.Zero(t, sent.Load())
			}
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
