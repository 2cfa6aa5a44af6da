package drift_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// document returns the document of routes.
func document(t *testing.T, routes tenon.Routes) []byte {
	t.Helper()
	doc, err := openapi.New(openapi.Info{Title: "Drift", Version: "1"}, routes)
	require.NoError(t, err)
	return doc.JSON()
}

// compile returns the schema at a JSON Pointer of the document of routes.
func compile(t *testing.T, routes tenon.Routes, pointer string) *kittest.Schema {
	t.Helper()
	x, err := kittest.NewSchema(document(t, routes), pointer)
	require.NoError(t, err, pointer)
	return x
}

func inPointer(name string) string {
	return "/paths/~1in~1" + name + "/post/requestBody/content/application~1json/schema"
}

func outPointer(name string) string {
	return "/paths/~1out~1" + name + "/get/responses/200/content/application~1json/schema"
}

// rounds is how often a specimen is drawn.
var rounds = kittest.Rounds(80)

// What a handler sends fits the document: of the type in responses alone, and of
// the type in requests too.
func TestDrift_output(t *testing.T) {
	t.Parallel()
	all := specimens()
	require.GreaterOrEqual(t, len(all), 40)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			current := reflect.New(s.typ).Elem()
			route := s.out(current)
			alone := compile(t, tenon.Routes{route}, outPointer(s.name))
			both := compile(t, tenon.Routes{route, s.in}, outPointer(s.name))
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.out(current).Handler().ServeHTTP(w, r)
			}))
			defer server.Close()
			checked := 0
			for i := range rounds {
				current = reflect.New(s.typ).Elem()
				if i > 0 {
					fill(r, current, 4)
				}
				if s.seed != "" && i%2 == 0 {
					require.NoError(t, json.Unmarshal([]byte(s.seed), current.Addr().Interface()))
				}
				text := get(t, server)
				if status := post(s, text); status == http.StatusBadRequest {
					continue // the value breaks a constraint
				}
				checked++
				require.NoError(t, alone.Check(text), "%s", text)
				require.NoError(t, both.Check(text), "%s", text)
			}
			require.Positive(t, checked)
		})
	}
}

func get(t *testing.T, server *httptest.Server) []byte {
	t.Helper()
	response, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, body.String())
	return body.Bytes()
}

// post returns the status with which the route that takes s answers.
func post(s specimen, body []byte) int {
	r := httptest.NewRequest(http.MethodPost, "/in/"+s.name, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.in.Handler().ServeHTTP(w, r)
	return w.Code
}

// The document accepts exactly what package bind accepts.
func TestDrift_input(t *testing.T) {
	t.Parallel()
	for _, s := range specimens() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(3, 4))
			x := compile(t, tenon.Routes{s.in}, inPointer(s.name))
			accepted, refused := 0, 0
			for range 4 * rounds {
				v := reflect.New(s.typ)
				fill(r, v.Elem(), 4)
				if s.seed != "" {
					require.NoError(t, json.Unmarshal([]byte(s.seed), v.Interface()))
				}
				text := mutated(t, r, v)
				status := post(s, text)
				err := x.Check(text)
				switch {
				case status == http.StatusNoContent:
					accepted++
					require.NoError(t, err, "bind takes %s", text)
				case isKnownGap(s.name, text):
				default:
					refused++
					require.Error(t, err, "bind refuses %s", text)
				}
			}
			t.Logf("%d accepted, %d refused", accepted, refused)
			require.Positive(t, accepted)
		})
	}
}

// mutated returns what a handler would send of v, changed in up to three places.
func mutated(t *testing.T, r *rand.Rand, v reflect.Value) []byte {
	t.Helper()
	var text bytes.Buffer
	w := httptest.NewRecorder()
	w.Body = &text
	require.NoError(t, respond.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), v.Elem().Interface()))
	var tree any
	dec := json.NewDecoder(strings.NewReader(text.String()))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&tree))
	for range r.IntN(4) {
		tree = mutate(r, tree)
	}
	changed, err := json.Marshal(tree)
	require.NoError(t, err)
	return changed
}

// isKnownGap reports whether bind may refuse a text that the document accepts: a
// schema cannot say what a method of a type reads, nor that an any holds floats
// of 64 bits.
func isKnownGap(name string, text []byte) bool {
	switch name {
	case "addr", "map-addr", "big":
		return true
	case "any", "anys":
		return bytes.Contains(text, []byte("1e400"))
	}
	return false
}
