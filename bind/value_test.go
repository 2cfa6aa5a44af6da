package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
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
	provided := manyValues()
	ada, french := with("User", "ada"), with("Accept-Language", "fr")
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

// with is a request with a field in its header.
func with(name, value string) *http.Request {
	r := queryRequest("page=3")
	r.Header.Set(name, value)
	return r
}

// manyValues provides one of each kind.
func manyValues() []bind.Option {
	return []bind.Option{
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
	},
	) {
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
