package drift_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// The properties of random types take their numbers from the environment:
// DRIFT_TYPES is how many types there are, DRIFT_SEED the first of their seeds. A
// failure names the seed of its type.
const (
	typesKey = "DRIFT_TYPES"
	seedKey  = "DRIFT_SEED"
)

// seeded calls f for the rounds of that many random types, or for as many as the environment
// says.
func seeded(t *testing.T, all int, f func(t *testing.T, r *rand.Rand)) {
	t.Helper()
	first, n := 0, kittest.Rounds(all)
	for key, dst := range map[string]*int{typesKey: &n, seedKey: &first} {
		if text := os.Getenv(key); text != "" {
			var err error
			*dst, err = strconv.Atoi(text)
			require.NoError(t, err, key)
		}
	}
	for seed := first; seed < first+n && !t.Failed(); seed++ {
		f(t, rand.New(rand.NewPCG(uint64(seed), 0)))
		if t.Failed() {
			t.Logf("%s=%d", seedKey, seed)
		}
	}
}

// A subject is a random In on a route, and what its document says.
type subject struct {
	wire

	taker  *taker
	params []param
	fields []field
	schema *kittest.Schema
}

func newSubject(t *testing.T, r *rand.Rand) *subject {
	t.Helper()
	in, params, media := randomIn(r)
	segments := []string{"/wire"}
	s := &subject{params: params}
	s.media, s.reads = media, map[string]bool{}
	for _, p := range params {
		if p.in == "path" {
			segments = append(segments, "{"+p.name+"}")
		}
		if p.isMap {
			s.reads[p.name] = !p.isText
		} else {
			s.reads[p.pair("").full()] = !p.isText
		}
		for _, text := range p.seeds() {
			s.seed = append(s.seed, p.pair(text))
		}
	}
	require.NotPanics(t, func() { s.route, s.taker = routeOf(strings.Join(segments, "/"), in) }, in)
	require.NoError(t, tenon.Routes{s.route}.Check())
	s.fields, s.schema = s.described(t)
	return s
}

// has reports whether a parameter is of type t. A [url.URL] keeps how its text was
// escaped, and reads some texts of its own making otherwise.
func (s *subject) has(t reflect.Type) bool {
	return slices.ContainsFunc(s.params, func(p param) bool { return p.typ == t })
}

// pair returns the pair of a text for p.
func (p *param) pair(text string) pair { return pair{p.in, p.name, p.key, text, ""} }

// seeds returns the texts with which a request is accepted.
func (p *param) seeds() []string {
	if p.csv {
		return []string{strings.Join(p.seed, ",")}
	}
	return p.seed
}

// bound returns the In that pairs are bound to, and the answer if they are refused.
func (s *subject) bound(t *testing.T, pairs []pair) (in reflect.Value, refused string) {
	t.Helper()
	s.taker.got = reflect.Value{}
	w := httptest.NewRecorder()
	s.taker.ServeHTTP(w, s.request(t, s.fields, pairs))
	if w.Code == http.StatusNoContent {
		return s.taker.got, ""
	}
	require.Equal(t, http.StatusBadRequest, w.Code)
	return reflect.Value{}, w.Body.String()
}

// TestProperty_declarations holds names, defaults and what is required of random
// In types against what their tags say: in the document, and in what bind takes.
func TestProperty_declarations(t *testing.T) {
	t.Parallel()
	seeded(t, 100, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		s := newSubject(t, r)
		want, got := map[string]bool{}, map[string]bool{}
		for i := range s.params {
			p := &s.params[i]
			want[p.in+" "+p.name] = true
			s.checkDeclared(t, p)
		}
		for _, f := range s.fields {
			got[f.place()] = true
		}
		require.Equal(t, want, got, s.route.In)
	})
}

// checkDeclared checks one parameter.
func (s *subject) checkDeclared(t *testing.T, p *param) {
	t.Helper()
	say := fmt.Sprintf("%s of %s", p.pair("").full(), s.route.In)
	i := slices.IndexFunc(s.fields, func(f field) bool { return f.has(p.pair("")) })
	require.GreaterOrEqual(t, i, 0, say)
	f := s.fields[i]
	x, required := &f.Schema, f.Required
	if x.Type == "object" && !p.isMap {
		x, required = f.Schema.Properties[p.key], slices.Contains(f.Schema.Required, p.key)
		require.NotNil(t, x, say)
	}
	require.Equal(t, p.required, required, say)
	require.Equal(t, p.csv, f.csv(), say)
	if p.fallback == nil {
		require.Empty(t, x.Default, say)
	} else {
		value, _ := x.value(slices.Clone(p.seed), p.isText)
		text, err := json.Marshal(value)
		require.NoError(t, err)
		require.JSONEq(t, string(text), string(x.Default), say)
	}
	if p.in == "path" {
		return
	}
	absent := slices.DeleteFunc(slices.Clone(s.seed), func(q pair) bool {
		return q.full() == p.pair("").full() && q.in == p.in
	})
	without, refused := s.bound(t, absent)
	require.Equal(t, p.required, refused != "", "%s: %s", say, refused)
	if p.fallback != nil {
		with, refused := s.bound(t, s.seed)
		require.Empty(t, refused, say)
		require.Equal(t, with.Interface(), without.Interface(), say)
	}
}

// TestProperty_requests draws requests for random In types: bind takes what the
// document does, a refusal names the field at fault, and what is bound has an
// address that is bound to the same.
func TestProperty_requests(t *testing.T) {
	t.Parallel()
	accepted, refusals := 0, 0
	seeded(t, 100, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		s := newSubject(t, r)
		mux := http.NewServeMux()
		tenon.Routes{s.route}.Mount(mux)
		isOpaque := slices.ContainsFunc(s.params, func(p param) bool { return p.isOpaque })
		_, refused := s.bound(t, s.seed)
		require.Empty(t, refused, "%v of %s", s.seed, s.route.In)
		for range 40 {
			pairs, touched := drawn(r, s.fields, s.seed)
			say := fmt.Sprintf("%v of %s", pairs, s.route.In)
			whole, err := object(s.wire, s.fields, pairs)
			require.NoError(t, err)
			text, err := json.Marshal(whole)
			require.NoError(t, err)
			documented := s.schema.Check(text)
			in, refused := s.bound(t, pairs)
			if refused != "" {
				refusals++
				require.False(t, documented == nil && !isOpaque, "bind refuses %s: %s", say, refused)
				if len(touched) == 1 {
					requireNames(t, refused, touched[0], say)
				}
				continue
			}
			accepted++
			require.NoError(t, documented, "bind takes %s", say)
			s.checkAddress(t, mux, pairs, in)
		}
	})
	require.Positive(t, accepted)
	require.Positive(t, refusals)
	t.Logf("%d accepted, %d refused", accepted, refusals)
}

// requireNames checks that an answer blames the field at a place alone.
func requireNames(t *testing.T, refused, place, say string) {
	t.Helper()
	var answer struct {
		Errors []struct{ In, Name string }
	}
	require.NoError(t, json.Unmarshal([]byte(refused), &answer))
	require.NotEmpty(t, answer.Errors, say)
	for _, e := range answer.Errors {
		name, _, _ := strings.Cut(e.Name, "[")
		require.Equal(t, place, e.In+" "+name, "%s: %s", say, refused)
	}
}

// checkAddress checks that the address of in, which pairs are bound to, is bound
// to in again, where the rest of the request is the same.
func (s *subject) checkAddress(t *testing.T, mux *http.ServeMux, pairs []pair, in reflect.Value) {
	t.Helper()
	say := fmt.Sprintf("%+v of %s", in, s.route.In)
	address, err := tenon.Routes{s.route}.URL("Take", in.Interface())
	require.NoError(t, err, say)
	r := s.request(t, s.fields, pairs)
	r.URL, err = url.Parse(address)
	require.NoError(t, err, say)
	s.taker.got = reflect.Value{}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	require.Equal(t, http.StatusNoContent, w.Code, "%s of %s: %s", address, say, w.Body)
	if s.has(reflect.TypeFor[url.URL]()) {
		again, err := tenon.Routes{s.route}.URL("Take", s.taker.got.Interface())
		require.NoError(t, err, say)
		require.Equal(t, address, again, say)
		return
	}
	require.Equal(t, in.Interface(), s.taker.got.Interface(), address)
}

// TestProperty_addresses makes addresses of random values of random In types. Who
// gets one gets an address that bind takes, and the same from what it is bound to.
func TestProperty_addresses(t *testing.T) {
	t.Parallel()
	made, refused := 0, 0
	seeded(t, 100, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		s := newSubject(t, r)
		mux := http.NewServeMux()
		routes := tenon.Routes{s.route}
		routes.Mount(mux)
		for range 20 {
			if s.has(reflect.TypeFor[url.URL]()) {
				break
			}
			v := reflect.New(s.route.In).Elem()
			fill(r, v, 4)
			address, err := routes.URL("Take", v.Interface())
			if err != nil {
				refused++
				continue
			}
			made++
			say := fmt.Sprintf("%s of %+v of %s", address, v, s.route.In)
			pairs := slices.DeleteFunc(slices.Clone(s.seed), func(p pair) bool { return p.in == "query" || p.in == "path" })
			q := s.request(t, s.fields, pairs)
			q.URL, err = url.Parse(address)
			require.NoError(t, err, say)
			s.taker.got = reflect.Value{}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, q)
			require.Equal(t, http.StatusNoContent, w.Code, "%s: %s", say, w.Body)
			again, err := routes.URL("Take", s.taker.got.Interface())
			require.NoError(t, err, say)
			require.Equal(t, address, again, say)
		}
	})
	require.Positive(t, made)
	require.Positive(t, refused)
	t.Logf("%d made, %d refused", made, refused)
}
