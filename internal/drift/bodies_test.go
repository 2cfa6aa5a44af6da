package drift_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A member is a field of a random JSON object, with what is to follow from its
// declaration.
type member struct {
	name     string
	field    reflect.StructField
	seed     string // JSON
	required bool
	isOpaque bool
}

// jsonDraw draws the members of JSON objects.
type jsonDraw struct {
	*rand.Rand

	isOpaque bool // a type refuses more than a document can say
	n        int
	// Members have directions, and some are never null. Of two draws of one seed they are
	// the same but for the tags of directions, where one of them asks for those.
	hasDirections, isDirected bool
	hidden                    [3][]string // the names of members, by what leaves them out
}

// object draws an object, the struct of which may embed another, with a field that one of
// its own hides.
func (d *jsonDraw) object(depth int) (reflect.Type, []member) {
	var fields, embedded []reflect.StructField
	var members []member
	for range 1 + d.IntN(4) {
		m := d.member(depth)
		members = append(members, m)
		if d.IntN(5) == 0 {
			embedded = append(embedded, m.field)
		} else {
			fields = append(fields, m.field)
		}
	}
	if len(fields) > 0 && d.IntN(4) == 0 {
		d.n++
		tag := fmt.Sprintf(`json:"%s"`, fields[0].Tag.Get("json"))
		embedded = append(embedded, reflect.StructField{Name: "Hidden" + strconv.Itoa(d.n), Type: reflect.TypeFor[bool](), Tag: reflect.StructTag(tag)})
	}
	if len(embedded) > 0 {
		d.n++
		base := reflect.StructOf(embedded)
		fields = append(fields, reflect.StructField{Name: "Base" + strconv.Itoa(d.n), Type: base, Anonymous: true})
	}
	return reflect.StructOf(fields), members
}

// member draws a member.
func (d *jsonDraw) member(depth int) member {
	l := one(d.Rand, leaves())
	for len(l.json) == 0 {
		l = one(d.Rand, leaves())
	}
	d.n++
	d.isOpaque = d.isOpaque || l.isOpaque
	m := member{name: "m" + strconv.Itoa(d.n), required: true, isOpaque: l.isOpaque, seed: one(d.Rand, l.json)}
	t, rules, options := l.typ, l.rules, ""
	kinds := 9
	if depth == 0 {
		kinds = 7
	}
	switch d.IntN(kinds) {
	case 1:
		t, m.required = reflect.PointerTo(t), false
	case 2:
		t, m.required = l.opt, false
	case 3:
		t, m.seed = reflect.SliceOf(t), "["+m.seed+"]"
		if t.Elem() == reflect.TypeFor[uint8]() {
			t, m.seed, rules = reflect.TypeFor[[]byte](), `"AQID"`, ""
		} else if d.IntN(2) == 0 {
			rules += ` minItems:"1" maxItems:"2"`
		}
	case 4:
		t, m.seed = reflect.MapOf(reflect.TypeFor[string](), reflect.PointerTo(t)), `{"a":`+m.seed+`}`
	case 5:
		// A document cannot say the limits of a number in a string.
		if _, err := strconv.Atoi(m.seed); err == nil && l.typ.Kind() != reflect.Struct && rules == "" {
			options, m.seed = ",string", strconv.Quote(m.seed)
		}
	case 6:
		if !l.isOpaque {
			rules += " default:" + strconv.Quote(l.inTag(one(d.Rand, l.texts)))
			m.required = false
		}
	case 7, 8:
		inner, members := d.object(depth - 1)
		t, rules, m.seed = inner, "", seedOf(members)
		if d.IntN(2) == 0 {
			t, m.seed = reflect.SliceOf(inner), "["+m.seed+"]"
		}
	}
	if d.IntN(4) == 0 {
		options, m.required = options+one(d.Rand, []string{",omitempty", ",omitzero"}), false
	}
	if d.hasDirections {
		rules += d.directions(&m, t, rules)
	}
	m.field = reflect.StructField{
		Name: "F" + strings.TrimPrefix(m.name, "m"), Type: t, Tag: reflect.StructTag(fmt.Sprintf(`json:"%s%s" %s`, m.name, options, rules)),
	}
	return m
}

// seedOf returns an object that is accepted.
func seedOf(members []member) string {
	texts := make([]string, 0, len(members))
	for _, m := range members {
		texts = append(texts, strconv.Quote(m.name)+":"+m.seed)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// postJSON returns what a body is bound to, and the answer if it is refused.
func (h *taker) postJSON(t *testing.T, body []byte) (in reflect.Value, refused string) {
	t.Helper()
	h.got = reflect.Value{}
	r := httptest.NewRequest(http.MethodPost, "/wire", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code == http.StatusNoContent {
		return h.got, ""
	}
	require.Equal(t, http.StatusBadRequest, w.Code)
	return reflect.Value{}, w.Body.String()
}

// TestProperty_bodies draws JSON objects and bodies of them: bind takes what the
// document does, and what is required and what a default stands for are the same
// in both.
func TestProperty_bodies(t *testing.T) {
	t.Parallel()
	accepted, refusals := 0, 0
	seeded(t, 100, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		d := &jsonDraw{Rand: r}
		in, members := d.object(2)
		var opts []bind.Option
		if r.IntN(3) == 0 {
			opts = append(opts, bind.Strict())
		}
		route, h := routeOf("/wire", in, opts...)
		doc := document(t, tenon.Routes{route})
		schema, err := kittest.NewSchema(doc, "#/paths/~1wire/post/requestBody/content/application~1json/schema")
		require.NoError(t, err)
		seed := []byte(seedOf(members))
		_, refused := h.postJSON(t, seed)
		require.Empty(t, refused, "%s of %s", seed, in)
		checkMembers(t, doc, h, members)
		for range 40 {
			tree := decoded(t, seed)
			for range r.IntN(4) {
				tree = mutate(r, tree)
			}
			text, err := json.Marshal(tree)
			require.NoError(t, err)
			say := fmt.Sprintf("%s of %s", text, in)
			documented := schema.Check(text)
			_, refused := h.postJSON(t, text)
			if refused == "" {
				accepted++
				require.NoError(t, documented, "bind takes %s", say)
			} else {
				refusals++
				require.False(t, documented == nil && !d.isOpaque, "bind refuses %s: %s", say, refused)
			}
		}
	})
	require.Positive(t, accepted)
	require.Positive(t, refusals)
	t.Logf("%d accepted, %d refused", accepted, refusals)
}

func decoded(t *testing.T, text []byte) (tree any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	require.NoError(t, d.Decode(&tree))
	return tree
}

// checkMembers checks what becomes of the members that are not sent.
func checkMembers(t *testing.T, doc []byte, h *taker, members []member) {
	t.Helper()
	var parsed struct {
		Paths map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct {
						Schema struct {
							Required   []string
							Properties map[string]struct{ Default json.RawMessage }
						}
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(doc, &parsed))
	x := parsed.Paths["/wire"].Post.RequestBody.Content["application/json"].Schema
	require.Len(t, x.Properties, len(members))
	for i := range members {
		m := &members[i]
		say := fmt.Sprintf("%s %s", m.field.Type, m.field.Tag)
		require.Equal(t, m.required, slices.Contains(x.Required, m.name), say)
		others := slices.Delete(slices.Clone(members), i, i+1)
		without, refused := h.postJSON(t, []byte(seedOf(others)))
		require.Equal(t, m.required, refused != "", "%s: %s", say, refused)
		if refused != "" {
			require.Contains(t, refused, `"pointer":"#/`+m.name+`"`)
			continue
		}
		if text, ok := m.field.Tag.Lookup("default"); ok {
			require.NotEmpty(t, x.Properties[m.name].Default, "%s: %s", say, text)
			sent := append(slices.Clone(others), member{name: m.name, seed: string(x.Properties[m.name].Default)})
			with, refused := h.postJSON(t, []byte(seedOf(sent)))
			require.Empty(t, refused, say)
			require.Equal(t, with.Interface(), without.Interface(), say)
		}
	}
}

// TestProperty_tags writes rules on types that they may not be for. What bind takes
// has a document, and what it refuses is a fault of Check and of URL, and never a
// panic of theirs.
func TestProperty_tags(t *testing.T) {
	t.Parallel()
	args := []string{"", "0", "1", "-1", "1.5", "300", "1e2", "99999999999999999999", "true", "x", "a,b", "1,2", "red", "^a$", "(", "5s", "2026-01-02", "date", "email", "unix"}
	keys := []string{
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "enum", "format",
		"minItems", "maxItems", "uniqueItems", "default", "doc",
	}
	taken, refused := 0, 0
	seeded(t, 3000, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		l := one(r, leaves())
		source := one(r, []string{"path", "query", "header", "cookie", "form", "json"})
		options := one(r, []string{"", "", "", "", "", ",optional", ",csv", ",deep", ",omitempty", ",string"})
		rules := fmt.Sprintf(`%s:"p%s"`, source, options)
		rule := func() string {
			return fmt.Sprintf(` %s:%q`, one(r, keys), one(r, append(slices.Clip(l.texts), args...)))
		}
		if rules += rule(); r.IntN(4) == 0 {
			rules += rule()
		}
		types := []reflect.Type{l.typ, l.typ, l.opt, reflect.PointerTo(l.typ), reflect.SliceOf(l.typ), reflect.MapOf(reflect.TypeFor[string](), l.typ)}
		in := reflect.StructOf([]reflect.StructField{{Name: "P", Type: one(r, types), Tag: reflect.StructTag(rules)}})
		pattern := "/wire"
		if source == "path" {
			pattern += "/{p}"
		}
		byHand := tenon.Routes{tenon.On(http.MethodPost, pattern, http.NotFoundHandler(), tenon.Named("Take"))}
		byHand[0].In = in
		route, fault := tryRoute(pattern, in)
		if fault == "" {
			taken++
			require.NoError(t, tenon.Routes{route}.Check(), in)
			require.NoError(t, byHand.Check(), in)
			document(t, tenon.Routes{route})
			return
		}
		refused++
		require.Contains(t, fault, "struct.P", in)
		require.ErrorContains(t, byHand.Check(), "struct.P", in)
		_, err := byHand.URL("Take", reflect.Zero(in).Interface())
		require.ErrorContains(t, err, "struct.P", in)
	})
	require.Positive(t, taken)
	require.Positive(t, refused)
	t.Logf("%d taken, %d refused", taken, refused)
}

// tryRoute is routeOf with the faults of t in place of a panic.
func tryRoute(pattern string, t reflect.Type) (route tenon.Route, fault string) {
	defer func() {
		if found := recover(); found != nil {
			fault = fmt.Sprint(found)
		}
	}()
	route, _ = routeOf(pattern, t)
	return route, ""
}
