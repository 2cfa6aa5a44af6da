package drift_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// A callee is a service whose routes change, behind every middleware, with its clients:
// over HTTP/1.1, over HTTP/2 and in process.
type callee struct {
	now     atomic.Pointer[http.ServeMux]
	clients []*client.Client
}

// fullChain is every middleware that a request of a random type can pass.
func fullChain() alice.Chain {
	return alice.New(
		middleware.RequestID(), middleware.AccessLog(slog.New(slog.DiscardHandler)), middleware.Recover(),
		middleware.Timeout(time.Minute), middleware.BodyLimit(1<<20), middleware.Secure(), middleware.NoStore(),
		middleware.Headers(http.Header{"X-Chain": {"yes"}}), compress.New(), middleware.ETag(),
		middleware.TrailingSlash(), middleware.RouterErrors(), compress.Requests(1<<20),
	)
}

// withCallee calls fn with a callee.
func withCallee(t *testing.T, o client.Options, fn func(c *callee)) {
	t.Helper()
	c := &callee{}
	h := fullChain().Then(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.now.Load().ServeHTTP(w, r) }))
	c.clients = append(c.clients, client.InProcess(h, o))
	for _, proto := range []string{"HTTP/1.1", "HTTP/2"} {
		s := kittest.Start(t, h, proto)
		o.HTTP = s.Client
		over, err := client.New(s.URL, o)
		require.NoError(t, err)
		c.clients = append(c.clients, over)
	}
	fn(c)
}

// route makes the callee serve one route.
func (c *callee) route(r tenon.Route) {
	mux := http.NewServeMux()
	tenon.Routes{r}.Mount(mux)
	c.now.Store(mux)
}

// call sends v to the route with every client and checks that it is bound to v, unless
// all refuse it for one reason, which call returns.
func (c *callee) call(t *testing.T, s *tenon.Route, taker *taker, v reflect.Value) (refused string) {
	t.Helper()
	for i, of := range c.clients {
		in := reflect.New(v.Type()).Elem()
		in.Set(v)
		taker.got = reflect.Value{}
		err := client.CallType(t.Context(), of, s.Method, s.Pattern, in, reflect.New(reflect.TypeFor[tenon.None]()).Elem())
		say := fmt.Sprintf("client %d, %+v of %s", i, v, s.In)
		if err != nil {
			_, isAnswer := errors.AsType[*client.Error](err)
			require.False(t, isAnswer, "%s: %v", say, err)
			require.True(t, i == 0 || refused == err.Error(), "%s: %v and %s", say, err, refused)
			refused = err.Error()
			continue
		}
		require.Empty(t, refused, say)
		require.True(t, taker.got.IsValid(), say)
		if where := difference(v, taker.got, ""); where != "" {
			require.Fail(t, "bound to another value", "%s\n%+v\nat %s", say, taker.got, where)
		}
	}
	return refused
}

// difference returns where two values differ, but for what a time loses to its format,
// what is nil and what is empty, and how JSON in it is written.
func difference(a, b reflect.Value, format string) string {
	if x, ok := reflect.TypeAssert[time.Time](a); ok {
		y, _ := reflect.TypeAssert[time.Time](b)
		form, _ := text.TimeFormOf(format)
		sent, _ := form.Append(nil, x)
		got, _ := form.Append(nil, y)
		if string(sent) != string(got) {
			return fmt.Sprintf(": %s, %s", sent, got)
		}
		return ""
	}
	if opt, ok := reflect.TypeAssert[interface{ IsNull() bool }](a); ok {
		one, other := a.MethodByName("Get").Call(nil), b.MethodByName("Get").Call(nil)
		if opt.IsNull() != b.Interface().(interface{ IsNull() bool }).IsNull() || one[1].Bool() != other[1].Bool() {
			return ": Opts that differ"
		}
		return difference(one[0], other[0], format)
	}
	return inKind(a, b, format)
}

// inKind is difference for values without a meaning of their own.
func inKind(a, b reflect.Value, format string) string {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return ": nil and not"
			}
			return ""
		}
		return difference(a.Elem(), b.Elem(), format)
	case reflect.Interface:
		one, _ := json.Marshal(a.Interface())   //nolint:errchkjson // it is of JSON
		other, _ := json.Marshal(b.Interface()) //nolint:errchkjson // as above
		if !sameJSON(one, other) {
			return fmt.Sprintf(": %s, %s", one, other)
		}
		return ""
	case reflect.Slice, reflect.Array:
		if raw, ok := reflect.TypeAssert[json.RawMessage](a); ok {
			if !sameJSON(raw, b.Bytes()) {
				return ": raw"
			}
			return ""
		}
		if a.Len() != b.Len() {
			return ": lengths"
		}
		for i := range a.Len() {
			if where := difference(a.Index(i), b.Index(i), format); where != "" {
				return fmt.Sprintf("[%d]%s", i, where)
			}
		}
		return ""
	case reflect.Map:
		if a.Len() != b.Len() {
			return ": lengths"
		}
		for key, value := range a.Seq2() {
			other := b.MapIndex(key)
			if !other.IsValid() {
				return fmt.Sprintf("[%v]", key)
			}
			if where := difference(value, other, format); where != "" {
				return fmt.Sprintf("[%v]%s", key, where)
			}
		}
		return ""
	case reflect.Struct:
		if a.NumField() > 0 && a.Type().Field(0).IsExported() {
			return inFields(a, b)
		}
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) && fmt.Sprint(a) != fmt.Sprint(b) {
		return fmt.Sprintf(": %v, %v", a, b)
	}
	return ""
}

// inFields is difference for structs.
func inFields(a, b reflect.Value) string {
	if u, ok := reflect.TypeAssert[url.URL](a); ok { // which keeps how its text was escaped
		if other, _ := reflect.TypeAssert[url.URL](b); u.String() != other.String() {
			return ": URLs"
		}
		return ""
	}
	for i := range a.NumField() {
		if strings.HasPrefix(a.Type().Field(i).Name, "Hidden") {
			continue // by another field, so that nothing fills it
		}
		if where := difference(a.Field(i), b.Field(i), a.Type().Field(i).Tag.Get("format")); where != "" {
			return "." + a.Type().Field(i).Name + where
		}
	}
	return ""
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return string(a) == string(b)
	}
	return reflect.DeepEqual(x, y)
}

// A tally counts the calls and why they were refused.
type tally struct {
	made, refused int
	reasons       map[string]int
}

func (y *tally) count(refused string) {
	if refused == "" {
		y.made++
		return
	}
	y.refused++
	if y.reasons == nil {
		y.reasons = map[string]int{}
	}
	words := strings.Fields(refused)
	y.reasons[strings.Join(words[max(0, len(words)-6):], " ")]++
}

// TestProperty_client_bound calls routes of random In types with values that requests
// have been bound to. Each is bound to itself.
func TestProperty_client_bound(t *testing.T) {
	t.Parallel()
	var y tally
	withCallee(t, client.Options{}, func(c *callee) {
		seeded(t, 60, func(t *testing.T, r *rand.Rand) {
			t.Helper()
			s := newSubject(t, r)
			c.route(s.route)
			for range 20 {
				pairs, _ := drawn(r, s.fields, s.seed)
				in, refused := s.bound(t, pairs)
				if refused == "" {
					y.count(c.call(t, &s.route, s.taker, in))
				}
			}
		})
	})
	t.Logf("%+v", y)
	require.Less(t, 20*y.refused, y.made+y.refused, y.reasons)
}

// TestProperty_client_drawn calls them with values of any kind: who is not refused is
// bound to the same.
func TestProperty_client_drawn(t *testing.T) {
	t.Parallel()
	var y tally
	withCallee(t, client.Options{}, func(c *callee) {
		seeded(t, 60, func(t *testing.T, r *rand.Rand) {
			t.Helper()
			s := newSubject(t, r)
			c.route(s.route)
			for range 20 {
				if s.has(reflect.TypeFor[url.URL]()) {
					break
				}
				v := reflect.New(s.route.In).Elem()
				if seeded, refused := s.bound(t, s.seed); refused == "" && r.IntN(2) == 0 {
					v.Set(seeded)
					fill(r, v.Field(r.IntN(v.NumField())), 4)
				} else {
					fill(r, v, 4)
				}
				y.count(c.call(t, &s.route, s.taker, v))
			}
		})
	})
	t.Logf("%+v", y)
	require.Positive(t, y.made)
}

// TestProperty_client_bodies does both with random JSON bodies.
func TestProperty_client_bodies(t *testing.T) {
	t.Parallel()
	var bound, drawn tally
	withCallee(t, client.Options{}, func(c *callee) {
		seeded(t, 60, func(t *testing.T, r *rand.Rand) {
			t.Helper()
			d := &jsonDraw{Rand: r}
			in, members := d.object(2)
			route, h := routeOf("/wire", in)
			seed := []byte(seedOf(members))
			for range 20 {
				tree := decoded(t, seed)
				for range r.IntN(3) {
					tree = mutate(r, tree)
				}
				text, err := json.Marshal(tree)
				require.NoError(t, err)
				v, refused := h.postJSON(t, text)
				c.route(route)
				if refused == "" {
					bound.count(c.call(t, &route, h, v))
				}
				v = reflect.New(in).Elem()
				fill(r, v, 4)
				drawn.count(c.call(t, &route, h, v))
			}
		})
	})
	t.Logf("bound: %+v", bound)
	t.Logf("drawn: %+v", drawn)
	require.Less(t, 20*bound.refused, bound.made+bound.refused, bound.reasons)
	require.Positive(t, drawn.made)
}

// TestProperty_client_answers reads answers of random types: what is read is what was
// written, as far as JSON can say it.
func TestProperty_client_answers(t *testing.T) {
	t.Parallel()
	made := 0
	withCallee(t, client.Options{}, func(c *callee) {
		seeded(t, 60, func(t *testing.T, r *rand.Rand) {
			t.Helper()
			of, _ := (&jsonDraw{Rand: r}).object(2)
			switch r.IntN(6) {
			case 0:
				of = reflect.SliceOf(of)
			case 1:
				of = reflect.PointerTo(of)
			case 2:
				of = reflect.MapOf(reflect.TypeFor[string](), of)
			case 3:
				of = one(r, leaves()).typ
			}
			if of == reflect.TypeFor[url.URL]() {
				return // which has a part that JSON cannot say
			}
			if len(shape.OutFaults(of, "")) > 0 {
				return
			}
			responder := respond.ForType(of)
			for range 10 {
				v := reflect.New(of).Elem()
				fill(r, v, 4)
				c.route(tenon.On(http.MethodGet, "/wire", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_ = responder.Write(w, r, v.Interface())
				})))
				for i, from := range c.clients {
					got := reflect.New(of).Elem()
					say := fmt.Sprintf("client %d, %+v of %s", i, v, of)
					require.NoError(t, client.CallType(t.Context(), from, http.MethodGet, "/wire", reflect.ValueOf(&tenon.None{}).Elem(), got), say)
					sent, err := encode.Marshal(v.Addr().Interface())
					require.NoError(t, err, say)
					back, err := encode.Marshal(got.Addr().Interface())
					require.NoError(t, err, say)
					require.Equal(t, string(sent), string(back), say)
					made++
				}
			}
		})
	})
	require.Positive(t, made)
}
