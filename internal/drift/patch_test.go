package drift_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/encode"
)

// merged is the function MergePatch of RFC 7396, section 2, letter for letter.
func merged(target, patch any) any {
	sent, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	result := map[string]any{}
	if old, ok := target.(map[string]any); ok {
		maps.Copy(result, old)
	}
	for name, value := range sent {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = merged(result[name], value)
		}
	}
	return result
}

func written(t *testing.T, v reflect.Value) []byte {
	t.Helper()
	b, err := encode.Marshal(decode.Addressable(v).Addr().Interface())
	require.NoError(t, err)
	return b
}

// checkPatch checks that a patch of v, which was read from the text from, is what RFC 7396
// makes of the text, and that it leaves v alone.
func (p *patcher) checkPatch(t *testing.T, v reflect.Value, from, patch []byte) (isTaken bool) {
	t.Helper()
	target, err := json.Marshal(merged(decoded(t, from), decoded(t, patch)))
	require.NoError(t, err)
	want, refused := p.read(target)
	got, err := p.patch(v, patch)
	say := v.Type().String() + ": %s of %s is to be %s"
	switch {
	case refused != nil:
		require.Error(t, err, say, patch, from, target)
	case err != nil && strings.Contains(err.Error(), "names"):
		// What can be no key of the map is refused with null as well.
	default:
		require.NoError(t, err, say, patch, from, target)
		require.Equal(t, string(written(t, want)), string(written(t, got)), say, patch, from, target)
		scribble(got)
	}
	again, err := p.read(from)
	require.NoError(t, err)
	require.Equal(t, again.Interface(), v.Interface(), "%s has changed what it patches", patch)
	return refused == nil
}

// A patch of a value does what it would do to the JSON of the value, before that is bound.
func TestPatch_isThatOfRFC7396(t *testing.T) {
	t.Parallel()
	for _, s := range patchable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r, taken := rand.New(rand.NewPCG(5, 6)), 0
			for range 2 * rounds {
				from, v, ok := s.drawn(t, r)
				if !ok {
					continue
				}
				if s.checkPatch(t, v, from, mutated(t, r, drawnLike(t, r, s, v))) {
					taken++
				}
			}
			require.Positive(t, taken)
		})
	}
}

// patchable are the specimens whose patches are what RFC 7396 makes of their JSON. Those of
// raw values replace the whole, and a list cannot be patched. An embedded struct that is
// not there is left out of JSON with all that it requires. Strict refuses what null removes.
func patchable() []specimen {
	return slices.DeleteFunc(specimens(), func(s specimen) bool {
		return slices.Contains([]string{"raw", "list", "embedded-pointer", "strict"}, s.name)
	})
}

// drawn draws a value as a request could bring it, with its JSON.
func (s specimen) drawn(t *testing.T, r *rand.Rand) (from []byte, v reflect.Value, ok bool) {
	t.Helper()
	v = reflect.New(s.typ).Elem()
	fill(r, v, 4)
	if s.seed != "" && r.IntN(3) > 0 {
		require.NoError(t, json.Unmarshal([]byte(s.seed), v.Addr().Interface()))
	}
	v, err := s.read(written(t, v))
	if err != nil {
		return nil, v, false
	}
	return written(t, v), v, true
}

// drawnLike draws a value that is like v, or another.
func drawnLike(t *testing.T, r *rand.Rand, s specimen, v reflect.Value) reflect.Value {
	t.Helper()
	if r.IntN(2) == 0 {
		if _, other, ok := s.drawn(t, r); ok {
			v = other
		}
	}
	return decode.Addressable(v).Addr()
}

// The same of types that are drawn.
func TestPatchProperty(t *testing.T) {
	t.Parallel()
	taken, refused := 0, 0
	seeded(t, 100, func(t *testing.T, r *rand.Rand) {
		t.Helper()
		d := &jsonDraw{Rand: r}
		typ, members := d.object(2)
		for strings.Contains(typ.String(), "bind.Opt[") {
			typ, members = d.object(2)
		}
		p := patcherOfType(t, typ)
		sent, err := p.read([]byte(seedOf(members)))
		require.NoError(t, err, typ)
		from := written(t, sent) // where zero values may be left out
		for range 40 {
			v, err := p.read(from)
			require.NoError(t, err, "%s of %s", from, typ)
			tree := decoded(t, from)
			for range r.IntN(4) {
				tree = mutate(r, tree)
			}
			patch, err := json.Marshal(tree)
			require.NoError(t, err)
			if p.checkPatch(t, v, from, patch) {
				taken++
			} else {
				refused++
			}
		}
	})
	require.Positive(t, taken)
	require.Positive(t, refused)
	t.Logf("%d taken, %d refused", taken, refused)
}

// The difference of two values makes the second of the first, or says where it cannot: at a
// null of an interface or a map, or where a default would take the place of what is removed.
func TestPatch_isTheDifference(t *testing.T) {
	t.Parallel()
	for _, s := range specimens() {
		if s.name == "list" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r, said := rand.New(rand.NewPCG(7, 8)), 0
			for range 2 * rounds {
				from, v, ok := s.drawn(t, r)
				to, other, isOther := s.drawn(t, r)
				if r.IntN(2) == 0 {
					body := mutated(t, r, drawnLike(t, r, s, v))
					if changed, err := s.read(body); err == nil {
						to, other, isOther = written(t, changed), changed, true
					}
				}
				if !ok || !isOther {
					continue
				}
				patch, err := s.diff(v, other)
				if err != nil {
					checkUnsaid(t, to, err)
					continue
				}
				said++
				got, err := s.patch(v, patch)
				require.NoError(t, err, "%s of %s", patch, from)
				require.Equal(t, string(to), string(written(t, got)), "%s of %s", patch, from)
			}
			require.Positive(t, said)
		})
	}
}

// checkUnsaid checks that the place which Diff names has a null, or nothing at all.
func checkUnsaid(t *testing.T, to []byte, err error) {
	t.Helper()
	_, pointer, ok := strings.Cut(err.Error(), "no merge patch can produce the new value at #")
	require.True(t, ok, err)
	tree := decoded(t, to)
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, _ := tree.(map[string]any)
		tree = object[strings.NewReplacer("%C3%A9", "é", "%E6%BC%A2", "漢", "~1", "/").Replace(name)]
	}
	require.Nil(t, tree, "%s of %s", pointer, to)
}

// The document accepts exactly the patches that package bind accepts.
func TestPatch_isDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range specimens() {
		if s.name == "list" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r, accepted := rand.New(rand.NewPCG(11, 12)), 0
			change := s.change()
			x := compile(t, tenon.Routes{change}, "/paths/~1change~1"+s.name+"/patch/requestBody/content/application~1merge-patch+json/schema")
			for range 2 * rounds {
				v := reflect.New(s.typ)
				fill(r, v.Elem(), 4)
				if s.seed != "" {
					require.NoError(t, json.Unmarshal([]byte(s.seed), v.Interface()))
				}
				patch := mutated(t, r, v)
				w := httptest.NewRecorder()
				change.Handler().ServeHTTP(w, bodyRequest("application/merge-patch+json", patch))
				switch err := x.Check(patch); {
				case w.Code == http.StatusNoContent:
					accepted++
					require.NoError(t, err, "bind takes %s", patch)
				case isKnownGap(s.name, patch):
				default:
					require.Error(t, err, "bind refuses %s: %s", patch, w.Body)
				}
			}
			require.Positive(t, accepted)
		})
	}
}

// Who patches a value at the same time as others do, or reads it, sees none of them.
func TestPatch_sharesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range patchable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(9, 10))
			for range 10 {
				from, v, ok := s.drawn(t, r)
				if !ok {
					continue
				}
				var all sync.WaitGroup
				for range 4 {
					patch := mutated(t, r, drawnLike(t, r, s, v))
					all.Go(func() {
						if got, err := s.patch(v, patch); err == nil {
							scribble(got)
						}
					})
				}
				all.Wait()
				require.Equal(t, string(from), string(written(t, v)))
			}
		})
	}
}
