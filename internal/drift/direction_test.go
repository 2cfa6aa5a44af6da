package drift_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

// directions draws the tags of a member for its directions and for null.
func (d *jsonDraw) directions(m *member, t reflect.Type, rules string) (tags string) {
	of, never := d.IntN(6), d.IntN(3) == 0
	if k := t.Kind(); never && (k == reflect.Pointer || k == reflect.Slice || k == reflect.Map || shape.Of(t).IsWrapped()) {
		tags += ` nullable:"false"`
	}
	switch {
	case of == 0 && !strings.Contains(rules, "default:"):
		d.hidden[shape.Request] = append(d.hidden[shape.Request], m.name)
		if d.isDirected {
			m.required = false
			tags += ` readOnly:"true"`
		}
	case of == 1:
		d.hidden[shape.Answer] = append(d.hidden[shape.Answer], m.name)
		if d.isDirected {
			tags += ` writeOnly:"true"`
		}
	}
	return tags
}

// A giver is a taker that answers with a value of a type known at run time only.
type giver struct {
	*taker

	out reflect.Type
}

// Input implements [describe.Describer]: nothing is read.
func (*giver) Input() *describe.Input { return &describe.Input{In: &shape.In{}} }

// Output implements [describe.Describer].
func (h *giver) Output() describe.Output { return h.OutputOf(h.out) }

// schemas returns those of what a route takes and gives.
func schemas(t *testing.T, in reflect.Type, opts ...bind.Option) (h *taker, request, answer *kittest.Schema) {
	t.Helper()
	route, h := routeOf("/wire", in, opts...)
	give := tenon.On(http.MethodGet, "/wire", &giver{h, in}, tenon.Named("Give"))
	give.In, give.Out = reflect.TypeFor[tenon.None](), in
	doc := document(t, tenon.Routes{route, give})
	request, err := kittest.NewSchema(doc, "#/paths/~1wire/post/requestBody/content/application~1json/schema")
	require.NoError(t, err)
	answer, err = kittest.NewSchema(doc, "#/paths/~1wire/get/responses/200/content/application~1json/schema")
	require.NoError(t, err)
	return h, request, answer
}

// TestProperty_directions draws objects with members that are readOnly, writeOnly and never
// null. Bind takes what the document does and stores nothing that is readOnly; what is sent
// fits the document and has nothing that is writeOnly. The values that are sent come from
// a twin of the type without directions, which knows the rules of all members.
func TestProperty_directions(t *testing.T) {
	t.Parallel()
	accepted, refusals, answers, hidden := 0, 0, 0, 0
	seeded(t, 80, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		seed := r.Uint64()
		d := &jsonDraw{Rand: rand.New(rand.NewPCG(seed, 1)), hasDirections: true, isDirected: true}
		in, members := d.object(2)
		twin, _ := (&jsonDraw{Rand: rand.New(rand.NewPCG(seed, 1)), hasDirections: true}).object(2)
		var opts []bind.Option
		if r.IntN(3) == 0 {
			opts = append(opts, bind.Strict())
		}
		h, request, answer := schemas(t, in, opts...)
		_, whole := routeOf("/wire", twin)
		hidden += len(d.hidden[shape.Request]) + len(d.hidden[shape.Answer])
		text := []byte(seedOf(members))
		for i := range 40 {
			if i > 0 {
				tree := decoded(t, []byte(seedOf(members)))
				for range r.IntN(4) {
					tree = mutate(r, tree)
				}
				var err error
				text, err = json.Marshal(tree)
				require.NoError(t, err)
			}
			say := fmt.Sprintf("%s of %s", text, in)
			documented := request.Check(text)
			got, refused := h.postJSON(t, text)
			if refused == "" {
				accepted++
				require.NoError(t, documented, "bind takes %s", say)
				checkZero(t, got, say)
			} else {
				refusals++
				require.False(t, documented == nil && !d.isOpaque, "bind refuses %s: %s", say, refused)
			}
			value, refused := whole.postJSON(t, text)
			if refused == "" { // What was not sent may break a rule.
				_, refused = whole.postJSON(t, answered(t, value))
			}
			if refused == "" {
				answers++
				sent := answered(t, value.Convert(in))
				require.NoError(t, answer.Check(sent), "%s is sent of %s", sent, say)
				for _, name := range d.hidden[shape.Answer] {
					require.NotContains(t, string(sent), strconv.Quote(name)+":", say)
				}
			}
		}
	})
	t.Logf("%d accepted, %d refused, %d answers, %d members with directions", accepted, refusals, answers, hidden)
	for _, count := range []int{accepted, refusals, answers, hidden} {
		require.Positive(t, count)
	}
}

// answered returns the JSON of an answer.
func answered(t *testing.T, v reflect.Value) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	w.Body = new(bytes.Buffer)
	require.NoError(t, respond.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), v.Interface()))
	return w.Body.Bytes()
}

// checkZero checks that nothing in v that is readOnly has a value.
func checkZero(t *testing.T, v reflect.Value, say string) {
	t.Helper()
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			checkZero(t, v.Index(i), say)
		}
	case reflect.Struct:
		for f, field := range v.Fields() {
			if shape.Request.LeavesOut(f) {
				require.True(t, field.IsZero(), "%s is stored: %s", f.Name, say)
			} else if f.IsExported() {
				checkZero(t, field, say)
			}
		}
	}
}

// An either has two outcomes.
type either[A, B any] struct {
	respond.OneOf

	First  *respond.OK[A]
	Second *respond.Created[B]
	None   *respond.None
}

type sealed struct {
	ID     int               `json:"id" readOnly:"true"`
	Secret string            `json:"secret" writeOnly:"true"`
	Note   *string           `json:"note"`
	Never  *int              `json:"never,omitempty" nullable:"false"`
	Level  string            `json:"level" default:"low"`
	Inner  []sealed          `json:"inner"`
	Map    map[string]sealed `json:"map,omitempty"`
}

type outcomeRoute struct {
	route func(v reflect.Value) tenon.Route
	typ   reflect.Type
}

func outcome[A, B any]() outcomeRoute {
	return outcomeRoute{func(v reflect.Value) tenon.Route {
		return tenon.Post("/wire", func(context.Context, A) (either[A, B], error) {
			got, _ := reflect.TypeAssert[either[A, B]](v)
			return got, nil
		}, tenon.Named("Give"))
	}, reflect.TypeFor[either[A, B]]()}
}

// TestProperty_outcomes draws values of a OneOf: each is what the document says under its
// status, beside a request that has the same types.
func TestProperty_outcomes(t *testing.T) {
	t.Parallel()
	outcomes := []outcomeRoute{
		outcome[sealed, sealed](), outcome[sealed, []sealed](), outcome[map[string]sealed, sealed](), outcome[[]*sealed, map[string]int](),
		outcome[sealed, struct{ S sealed }](),
	}
	checked := 0
	seeded(t, 60, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		o := outcomes[r.IntN(len(outcomes))]
		doc := document(t, tenon.Routes{o.route(reflect.Zero(o.typ))})
		for range 10 {
			v := reflect.New(o.typ).Elem()
			set := v.Field(1 + r.IntN(3))
			set.Set(reflect.New(set.Type().Elem()))
			if body := set.Elem(); body.NumField() > 0 {
				fill(r, body.FieldByName("Body"), 5)
			}
			w := httptest.NewRecorder()
			w.Body = new(bytes.Buffer)
			require.NoError(t, respond.Write(w, httptest.NewRequest(http.MethodPost, "/wire", nil), v.Interface()))
			require.NotContains(t, w.Body.String(), `"secret"`)
			if w.Code == http.StatusNoContent {
				continue
			}
			checked++
			x, err := kittest.NewSchema(doc, fmt.Sprintf("#/paths/~1wire/post/responses/%d/content/application~1json/schema", w.Code))
			require.NoError(t, err)
			require.NoError(t, x.Check(w.Body.Bytes()), w.Body.String())
		}
	})
	require.Positive(t, checked)
}
