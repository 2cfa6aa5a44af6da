package encode_test

import (
	"bytes"
	v1 "encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

// FuzzCodec holds that what Decode accepts is JSON, and that it comes back
// from Encode as the same value and, from then on, as the same bytes.
func FuzzCodec(f *testing.F) {
	for _, tc := range golden {
		f.Add([]byte(tc.want))
	}
	for _, tc := range accepted {
		f.Add([]byte(tc.text))
	}
	for _, tc := range rejected {
		if len(tc.text) < 1000 {
			f.Add([]byte(tc.text))
		}
	}
	codec := encode.For(reflect.TypeFor[any]())
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second any
		if codec.Decode(data, &first) != nil {
			return
		}
		require.True(t, utf8.Valid(data))
		require.True(t, v1.Valid(data))

		var once, twice bytes.Buffer
		require.NoError(t, codec.Encode(&once, &first))
		require.NoError(t, codec.Decode(once.Bytes(), &second))
		require.Equal(t, first, second)
		require.NoError(t, codec.Encode(&twice, &second))
		require.Equal(t, once.String(), twice.String())
	})
}

// FuzzNumber holds that a Number is written as it is or not at all, and read
// back as it was, as a value, as a name and in quotes.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-1.5e+3", "1E400", "", " 1", "1\n", "01", "1.", ".5", "+1", "0x1", "NaN", "true", `"1"`, "1,2", "١"} {
		f.Add(text)
	}
	type shapes struct {
		N json.Number
		Q json.Number `json:",string"`
		M map[json.Number]json.Number
	}
	codec := encode.For(reflect.TypeFor[shapes]())
	f.Fuzz(func(t *testing.T, text string) {
		n := json.Number(text)
		in := shapes{n, n, map[json.Number]json.Number{n: n}}
		var buf bytes.Buffer
		err := codec.Encode(&buf, &in)
		if text == "" {
			text = "0"
		}
		// Only a number is JSON, begins like one and is free of white space.
		valid := v1.Valid([]byte(text)) && strings.Trim(text, "-0123456789.eE+") == ""
		require.Equal(t, valid, err == nil, "%q: %v", text, err)
		if err != nil {
			return
		}
		assert.Equal(t, `{"N":`+text+`,"Q":"`+text+`","M":{"`+text+`":`+text+`}}`, buf.String())
		var out shapes
		require.NoError(t, codec.Decode(buf.Bytes(), &out))
		n = json.Number(text)
		assert.Equal(t, shapes{n, n, map[json.Number]json.Number{n: n}}, out)
	})
}
