package bind_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	engine "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
)

func jsonRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// engineOnly are the codes of what the engine accepts and bind refuses.
var engineOnly = map[string]bool{
	"null": true, "required": true, "depth": true, "unknown": true,
	"minimum": true, "maximum": true, "exclusiveMinimum": true, "exclusiveMaximum": true, "multipleOf": true,
	"minLength": true, "maxLength": true, "pattern": true, "enum": true, "format": true,
	"minItems": true, "maxItems": true, "uniqueItems": true,
}

// aJSONTarget holds what bind promises about every body against one type.
type aJSONTarget func(t *testing.T, body string)

func jsonTarget[T any](initial T, opts ...bind.Option) aJSONTarget {
	binder := bind.For[T](opts...)
	var stored T
	again := bind.For[T](bind.Formats(bind.Format{Type: "test/stored", Decode: func(_ io.Reader, v any) error {
		*v.(*T) = stored
		return nil
	}}))
	return func(t *testing.T, body string) {
		t.Helper()
		var got T
		var err error
		limit := uint64(len(body))*400 + 256<<10
		used := kittest.Least(limit, func() uint64 { return heapOf(func() { got, err = binder.Bind(jsonRequest(body)) }) })
		assert.LessOrEqual(t, used, limit, "memory is bounded by the body")
		var want T
		reflect.ValueOf(&want).Elem().Set(deepCopy(reflect.ValueOf(&initial).Elem()))
		engineErr := engine.Unmarshal([]byte(body), &want)
		if err != nil {
			checkRefusal(t, body, err, engineErr)
			return
		}
		if engineErr != nil {
			// Integers may be written as 1.0, 1e2 and -0, and times with t and z,
			// of which the engine knows nothing: it then reads what bind has read.
			require.Regexp(t, `[.eEtz]|-0`, body, "the engine refuses: %v", engineErr)
			text, err := engine.Marshal(&got)
			require.NoError(t, err)
			want = *new(T)
			require.NoError(t, engine.Unmarshal(text, &want), "%s", text)
			again, err := engine.Marshal(&want)
			require.NoError(t, err)
			require.Equal(t, string(text), string(again), "the engine reads the same")
		} else {
			require.Equal(t, want, got, "the engine reads the same")
		}
		stored = got
		r := jsonRequest("{}")
		r.Header.Set("Content-Type", "test/stored")
		_, err = again.Bind(r)
		require.NoError(t, err, "every constraint holds on the stored value")
	}
}

var plainDetail = regexp.MustCompile(`^(is|must|has) `)

// checkRefusal checks the errors of a body that bind refuses.
func checkRefusal(t *testing.T, body string, err, engineErr error) {
	t.Helper()
	var refused *bind.Error
	require.ErrorAs(t, err, &refused)
	require.NotEmpty(t, refused.Fields)
	require.LessOrEqual(t, len(refused.Fields), 32)
	for _, field := range refused.Fields {
		require.Equal(t, "body", field.In)
		require.Regexp(t, plainDetail, field.Detail)
		require.NotContains(t, field.Detail, "SECRET")
		require.NotContains(t, field.Detail, "7777777")
		require.LessOrEqual(t, len(field.Pointer), 512)
		require.Regexp(t, `^#|^$`, field.Pointer)
		if engineErr == nil {
			require.True(t, engineOnly[field.Code], "only bind refuses %q with %+v", body, field)
		}
	}
}

// heapOf returns about how many bytes f allocates. It does not stop the world, as
// kittest.TotalAlloc does, so that fuzzing stays fast.
func heapOf(f func()) uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	f()
	metrics.Read(sample)
	return sample[0].Value.Uint64() - before
}

// deepCopy returns v with slices and pointers of its own, which the engine would
// write through.
func deepCopy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				copied.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
		return copied
	case reflect.Pointer:
		if !v.IsNil() {
			copied := reflect.New(v.Type().Elem())
			copied.Elem().Set(deepCopy(v.Elem()))
			return copied
		}
	case reflect.Slice:
		if !v.IsNil() {
			return reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)
		}
	}
	return v
}

func jsonTargets() []aJSONTarget {
	return []aJSONTarget{
		jsonTarget(jsonFlat{}),
		jsonTarget(jsonFlat{}, bind.Strict()),
		jsonTarget(jsonNested{}),
		jsonTarget(jsonTree{}),
		jsonTarget(jsonPointers{}),
		jsonTarget(jsonNumbers{}),
		jsonTarget(jsonEmbedded{}),
		jsonTarget(jsonRaw{}),
		jsonTarget(jsonMixed{}),
		jsonTarget(jsonDefaults{Page: 1, Sort: "date", Ratio: 0.5, Open: true, Kinds: []string{"a", "b"}, Limit: new(20)}),
		jsonTarget[map[string]int](nil),
		jsonTarget[[]jsonComment](nil),
		jsonTarget[any](nil),
		jsonTarget(""),
	}
}

func jsonSeeds() []string {
	return []string{
		``, ` `, `null`, `{}`, `[]`, `""`, `1`, `{`, `{"a"`, `{"a":}`, `{"a":1,}`, `{1:2}`, `{[]:2}`, `[1,]`, `{} {}`, `{}x`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`,
		`{"title":"abc","count":12,"draft":true,"tags":["x","y"],"price":1.23,"kind":"post","at":"2024-02-03T04:05:06Z","for":7}`,
		`{"title":"abc","count":12,"draft":true,"tags":["x"],"at":"2024-02-03t04:05:06z"}`,
		`{"title":"SECRETSECRET!","count":7777777,"draft":"SECRET","tags":["","x","x","y"],"price":-1,"kind":"SECRET","at":"SECRET","for":1e30,"more":1}`,
		`{"title":"abc","title":"abc"}`, `{"title":"a","TITLE":"b"}`, `{"\u0074itle":"caf\u00e9","count":1e2,"draft":false,"tags":null}`,
		`{"author":{"name":"n","email":"a@b.c"},"comments":[{"text":"a","likes":1}],"meta":{"x":5},"groups":{"g":[null,{"text":"b","likes":2}]}}`,
		`{"author":{"email":"SECRET"},"comments":[],"meta":{"x":1,"y":null},"groups":{"g":[{"likes":300}]}}`,
		`{"name":"a","children":[{"name":"b","next":null}],"next":{"name":"c"},"named":{"x":{"name":"y"}}}`,
		`{"a":2,"b":"x","c":[1,2],"d":5,"e":"s","f":["a"],"g":{"text":"a","likes":1},"h":3,"i":"4"}`, `{"a":1,"b":"xxxx","c":[1],"d":6,"e":null,"f":["a","b","c"],"g":{},"h":0,"i":4}`,
		`{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null,"h":null,"i":null}`,
		`{"int8":127,"int16":-32768,"int32":1e3,"int64":-9223372036854775808,"uint8":255,"uint64":18446744073709551615,"float32":3.4e38,"float64":1e308,"quoted":"12","number":1.50,"numbers":[1,"2"]}`,
		`{"int8":128,"int16":-32769,"int32":1.5,"int64":9223372036854775808,"uint8":-1,"uint64":18446744073709551616,"float32":1e39,"float64":1e309,"quoted":12,"number":"x","quotedf":"1.5"}`,
		`{"int8":1.0,"int16":10e-1,"int32":1e1000000000000000000000,"int64":0e99999999999,"uint8":-0,"uint16":0.00000001e8,"uint32":100000000000000000000e-18,"uint64":1.8446744073709551615e19}`,
		`{"id":1,"kind":"a","note":"nn","level":2,"na/me~ü":"x","Plain":3,"-":4,"only":true,"extra":[1,{"x":null}]}`, `{"id":1,"kind":"c","note":"n"}`, `{"id":1,"b":2,"c":{"d":[]}}`,
		`{"fixed":[1,2,3],"bytes":"aGk=","bytes4":"AAECAw==","raw":{"x":[1]},"stdraw":[1],"any":{"a":[1,"b",null]},"addr":"::1","big":123456789012345678901234567890,"self":1}`,
		`{"fixed":[1,2],"bytes":"SECRET","bytes4":"AAEC","addr":"SECRET","big":"SECRET","self":"SECRET","byint":{"SECRET":[],"300":[]},"anys":[1e999]}`,
		`{"fixed":[1,2,3,4],"bytes":"aG\nk=","byint":{"1":["a"],"-0":["b"],"0":["c"]},"byuint":{"1":true},"byfloat":{"1.0":1,"1":2},"byaddr":{"::1":"x"},"bytime":{"2024-02-03T04:05:06Z":1},"byname":{"a":"b"},"lists":[[1],[2,3],null]}`,
		`{"lists":[[10],[],[],[],[]],"fixed":null,"empty":{"x":1},"any":1e999,"byint":{"1":["long"]}}`,
		`{"page":0,"sort":"size","kinds":[]}`, `{"page":2,"limit":null,"kinds":["c"]}`, `{"a":1,"b":2}`, `[{"text":"a","likes":1},{"text":"A","likes":101},{}]`,
	}
}

// hugeBodies are too large to fuzz with.
func hugeBodies() []string {
	return []string{
		strings.Repeat(`{"next":`, 1001) + "null" + strings.Repeat("}", 1001),
		strings.Repeat("[", 20000),
		strings.Repeat(`{"a":`, 11000),
		`{"tags":[` + strings.Repeat(`"x",`, 10000) + `"x"]}`,
		`{"` + strings.Repeat("x", 20000) + `":` + strings.Repeat("1", 20000) + `}`,
		`[` + strings.Repeat(`{"text":"a","likes":1},`, 5000) + `{}]`,
		`{"title":"` + strings.Repeat(`\u00e9`, 5000) + `","n":0.` + strings.Repeat("0", 5000) + `1e5001}`,
	}
}

func TestJSONSeeds(t *testing.T) {
	targets := jsonTargets()
	for _, seed := range append(jsonSeeds(), hugeBodies()...) {
		for _, target := range targets {
			target(t, seed)
		}
	}
}

// FuzzJSON holds, for every body and type: bind does not panic, takes memory in
// proportion to the body, reads what the engine reads, and lets no unmet
// constraint pass.
func FuzzJSON(f *testing.F) {
	for _, seed := range jsonSeeds() {
		f.Add([]byte(seed))
	}
	targets := jsonTargets()
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, target := range targets {
			target(t, string(body))
		}
	})
}
