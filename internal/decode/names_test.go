package decode_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/shape"
)

// objectOf writes an object with names of a few letters, some of them with escapes, so that
// the more it has the likelier is a repeated one.
func objectOf(r *rand.Rand, members, letters, depth int) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		for range 1 + r.IntN(letters) {
			c := 'a' + r.IntN(26)
			if r.IntN(40) == 0 {
				fmt.Fprintf(&b, `\u%04x`, c)
			} else {
				b.WriteByte(byte(c))
			}
		}
		b.WriteString(`":`)
		if depth > 0 && r.IntN(3) == 0 {
			b.WriteString(objectOf(r, r.IntN(2*members), letters, depth-1))
		} else {
			b.WriteByte('1')
		}
	}
	b.WriteByte('}')
	return b.String()
}

// Repeated names are found in small and large objects, inside others too, and whatever the
// working space held before.
func TestRead_repeatedNames(t *testing.T) {
	skipUnderRace(t)
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	into := []target{targetOf[struct{}](false), targetOf[map[string]any](false), targetOf[flat](false), targetOf[restRaw](false)}
	repeated, all := 0, kittest.Rounds(2000)
	for i := range all {
		body := objectOf(r, 1+r.IntN(40), 2+r.IntN(12), r.IntN(4))
		verdict := into[i%len(into)].agree(t, body)
		if strings.Contains(fmt.Sprint(verdict.wrong), "duplicate") {
			repeated++
		}
	}
	assert.Greater(t, repeated, all/10)
	assert.Less(t, repeated, all*9/10)

	for _, size := range []int{15, 16, 17, 18, 40, 3000} {
		names := make([]string, size)
		for i := range names {
			names[i] = fmt.Sprintf(`"name %d":%d`, i, i)
		}
		body := `{` + strings.Join(names, ",") + `,"last":{"name 0":1}`
		for _, target := range into[:1] {
			assert.Empty(t, target.agree(t, body+`}`).wrong)
			for _, again := range []int{0, 1, size / 2, size - 1} {
				got := target.agree(t, fmt.Sprintf(`%s,"\u006eame %d":1}`, body, again))
				assert.Equal(t, []string{fmt.Sprintf("#/name%%20%d duplicate: is a repeated name", again)}, got.wrong)
			}
		}
	}
}

// hardBodies take the most work for their size.
func hardBodies(size int) map[string]string {
	fill := func(open, piece, end string) string { return open + strings.Repeat(piece, size/len(piece)) + end }
	var names, escaped, objects, twenty strings.Builder
	for i := 0; names.Len() < size; i++ {
		fmt.Fprintf(&names, `"%x":0,`, i)
	}
	for i := 0; escaped.Len() < size; i++ {
		fmt.Fprintf(&escaped, `"\u0061%x":0,`, i)
	}
	for i := range 20 {
		fmt.Fprintf(&twenty, `"%x":0,`, i)
	}
	for objects.Len() < size {
		objects.WriteString(`{` + twenty.String() + `"z":0},`)
	}
	return map[string]string{
		"names":          `{` + names.String() + `"z":1}`,
		"escaped names":  `{` + escaped.String() + `"z":1}`,
		"objects":        `{"x":[` + objects.String() + `0]}`,
		"large and many": `{"x":[{` + names.String() + `"z":0},` + objects.String() + `0]}`,
		"empty objects":  fill(`{"x":[`, `{},`, `0]}`),
		"deep":           `{"x":[` + strings.Repeat(strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+",", max(1, size/18000)) + `0]}`,
		"escapes":        fill(`{"x":"`, `\u00e9`, `"}`),
		"digits":         fill(`{"x":`, `1`, `}`),
		"spaces":         fill(`{"x":`, " ", `1}`),
		"empty texts":    fill(`{"x":[`, `"",`, `0]}`),
	}
}

// The working space is bounded by a constant times the body.
func TestRead_memory(t *testing.T) {
	kittest.Measures(t)
	const size = 256 << 10
	for name, body := range hardBodies(size) {
		for into, plan := range map[string]*decode.Plan{"a struct": planOf[struct{}](), "lists": planOf[struct {
			X []string `json:"x"`
		}]()} {
			dst, data := reflect.New(typeOf[into]).Elem(), []byte(body)
			used := kittest.TotalAlloc(func() { _ = plan.Read(data, dst, &verdict{}) })
			assert.Less(t, used, uint64(32*len(body)+64<<10), "%s into %s", name, into)
		}
	}
}

var typeOf = map[string]reflect.Type{"a struct": reflect.TypeFor[struct{}](), "lists": reflect.TypeFor[struct {
	X []string `json:"x"`
}]()}

func planOf[T any]() *decode.Plan {
	plan, _ := decode.Compile(shape.SiteOf(reflect.TypeFor[T]()), decode.Options{})
	return plan
}

// Sixteen times the body takes about sixteen times the time, and not 256.
func TestRead_linear(t *testing.T) {
	skipUnderRace(t)
	least := func(body string) time.Duration {
		plan, least := planOf[struct{}](), time.Hour
		data := append([]byte(body), make([]byte, 16)...)[:len(body)]
		for range 3 {
			began := time.Now()
			_ = plan.Read(data, reflect.New(reflect.TypeFor[struct{}]()).Elem(), &verdict{})
			least = min(least, time.Since(began))
		}
		return least
	}
	small, large := hardBodies(16<<10), hardBodies(256<<10)
	for name := range small {
		var took, longer time.Duration
		for range 20 { // another try where the machine is busy
			took, longer = least(small[name]), least(large[name])
			if longer <= 100*took {
				break
			}
		}
		assert.LessOrEqual(t, longer, 100*took, name)
	}
}

// Members are found by their names in any order, of any length and with any letters.
func TestRead_knownNames(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for _, members := range []int{0, 1, 2, 7, 8, 9, 63, 64, 65, 300} {
		fields := make([]reflect.StructField, members)
		for i := range fields {
			name := strings.Repeat("ü", r.IntN(3)) + strconv.Itoa(i) + strings.Repeat("-", r.IntN(30))
			tag := reflect.StructTag(fmt.Sprintf(`json:"%s"`, name))
			fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[int](), Tag: tag}
		}
		typ := reflect.StructOf(fields)
		plan, faults := decode.Compile(shape.SiteOf(typ), decode.Options{Strict: true})
		require.Empty(t, faults)
		for range 3 {
			sent := make([]string, members)
			for at, i := range r.Perm(members) {
				name := fields[i].Tag.Get("json")
				if r.IntN(4) == 0 {
					name = fmt.Sprintf(`\u%04x`, []rune(name)[0]) + string([]rune(name)[1:])
				}
				sent[at] = fmt.Sprintf(`"%s":%d`, name, i)
			}
			dst, got := reflect.New(typ).Elem(), &verdict{}
			require.NoError(t, plan.Read([]byte(`{`+strings.Join(sent, ",")+`}`), dst, got))
			require.Empty(t, got.wrong)
			for i := range members {
				require.Equal(t, int64(i), dst.Field(i).Int())
			}
		}
	}
}
