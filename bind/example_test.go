package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"time"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// serve prints the answer of h to a GET request.
func serve(h http.Handler, target string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	fmt.Println(w.Code, w.Body)
}

func ExampleFunc() {
	type search struct {
		Shelf string   `path:"shelf"`
		Tags  []string `query:"tag"`
		Limit int      `query:"limit" default:"20" minimum:"1" maximum:"100"`
		Draft *bool    `query:"draft"`
	}
	mux := http.NewServeMux()
	mux.Handle("GET /shelves/{shelf}", bind.Func(func(w http.ResponseWriter, _ *http.Request, in search) {
		fmt.Fprintf(w, "%s %q limit %d", in.Shelf, in.Tags, in.Limit)
	}))
	serve(mux, "/shelves/go?tag=http&tag=json")
	serve(mux, "/shelves/go?limit=500&draft=maybe")
	// Output:
	// 200 go ["http" "json"] limit 20
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"2 fields are invalid","errors":[{"in":"query","name":"limit","code":"maximum","limit":"100","detail":"must be at most 100"},{"in":"query","name":"draft","code":"type","detail":"must be true or false"}]}
}

// A handler that has its request already binds it where it stands.
func ExampleRequest() {
	type paging struct {
		Page int `query:"page" default:"1"`
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := bind.Request[paging](r)
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		fmt.Fprint(w, "page ", in.Page)
	})
	serve(h, "/?page=3")
	// Output: 200 page 3
}

// A declaration that cannot work panics at start-up, with all its faults.
func ExampleFor_faults() {
	type search struct {
		Limit int       `query:"limit" default:"500" maximum:"100"`
		Since time.Time `query:"since" minLength:"10"`
		Token string    `header:"X-Token" cookie:"token"`
	}
	defer func() { fmt.Println(recover()) }()
	bind.For[search]()
	// Output:
	// bind: bind_test.search cannot be bound:
	// 	search.Since has minLength:"10", which does not apply to type time.Time: remove it, and check the value in a method Validate() error of the struct
	// 	search.Token has more than one source: header, cookie; keep one of them
	// 	search.Limit has default:"500": it must be at most 100
}

// A type that checks itself does so once every field is valid.
func ExampleBinder_Bind() {
	b := bind.For[period]()
	for _, query := range []string{"from=2026-01-01&to=2026-02-01", "from=2026-02-01&to=2026-01-01", "from=2026-02-01"} {
		in, err := b.Bind(httptest.NewRequest(http.MethodGet, "/?"+query, http.NoBody))
		fmt.Println(in.To.Sub(in.From), err)
	}
	// Output:
	// 744h0m0s <nil>
	// 0s bind: from must not be after to
	// 0s bind: query "to": is required
}

type period struct {
	From time.Time `query:"from" format:"date"`
	To   time.Time `query:"to" format:"date"`
}

func (p period) Validate() error {
	if p.From.After(p.To) {
		return errors.New("from must not be after to")
	}
	return nil
}

// playground stands for a library such as github.com/go-playground/validator/v10,
// whose Validate has the same method and whose errors name field and rule.
type playground struct{}

type ruleError struct{ Field, Rule string }

func (e ruleError) Error() string { return e.Field + " breaks the rule " + e.Rule }

func (playground) Struct(v any) error {
	s := reflect.ValueOf(v).Elem()
	for field, value := range s.Fields() {
		if field.Tag.Get("validate") == "lowercase" && value.String() != strings.ToLower(value.String()) {
			return ruleError{field.Name, "lowercase"}
		}
	}
	return nil
}

// A validator library checks the bound value. What the client may see of its
// errors is put into an Error; other errors would be sent with their text.
func ExampleValidateFunc() {
	type search struct {
		User string `query:"user" validate:"lowercase"`
	}
	library := playground{}
	check := bind.ValidateFunc(func(in *search) error {
		err := library.Struct(in)
		if broken, ok := errors.AsType[ruleError](err); ok {
			return &bind.Error{Fields: []respond.FieldError{{
				In: "query", Name: strings.ToLower(broken.Field), Code: broken.Rule, Detail: "must be " + broken.Rule,
			}}}
		}
		return err
	})
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in search) { fmt.Fprint(w, in.User) }, check)
	serve(h, "/?user=ada")
	serve(h, "/?user=Ada")
	// Output:
	// 200 ada
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"query","name":"user","code":"lowercase","detail":"must be lowercase"}]}
}

func ExampleStrict() {
	type search struct {
		Limit int `query:"limit,optional"`
	}
	_, err := bind.For[search](bind.Strict()).Bind(httptest.NewRequest(http.MethodGet, "/?limmit=5", http.NoBody))
	fmt.Println(err)
	// Output: bind: query "limmit": is not known
}

// A router that keeps its path values elsewhere is read through a function.
func ExamplePathValue() {
	type article struct {
		ID int `path:"id"`
	}
	lastSegment := func(r *http.Request, _ string) string { return r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] }
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in article) {
		fmt.Fprint(w, "article ", in.ID)
	}, bind.PathValue(lastSegment))
	serve(h, "/articles/42")
	// Output: 200 article 42
}

// A patch changes what it names, and the result keeps the rules of its type.
func ExampleMergePatch() {
	type article struct {
		Title string  `json:"title" minLength:"1"`
		Note  *string `json:"note,omitempty"`
	}
	type in struct{ Patch bind.MergePatch[article] }
	h := bind.Func(func(w http.ResponseWriter, r *http.Request, in in) {
		stored := article{Title: "Tenons", Note: new("draft")}
		changed, err := in.Patch.Apply(stored)
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		fmt.Fprintf(w, "%q, has a note: %t", changed.Title, changed.Note != nil)
	})
	for _, body := range []string{`{"note":null}`, `{"title":null}`} {
		r := httptest.NewRequest(http.MethodPatch, "/articles/1", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/merge-patch+json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 "Tenons", has a note: false
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/title","code":"required","detail":"is required"}]}
}
