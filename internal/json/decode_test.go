package json_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/json"
)

func TestDecodeFrom(t *testing.T) {
	t.Parallel()
	type article struct {
		ID int `json:"id"`
	}
	dec := json.NewDecoder(bytes.NewBufferString(`{"id":1} {"id":2} [`))
	opts := json.For(reflect.TypeFor[article]())
	var got article
	for want := range 2 {
		require.NoError(t, json.DecodeFrom(dec, &got, opts))
		assert.Equal(t, want+1, got.ID)
	}
	require.Error(t, json.DecodeFrom(dec, &got, opts))

	dec.Reset(bytes.NewBufferString(`{"a":{"b":["7"]}}`))
	for range 4 { // up to the array of b
		_, err := dec.ReadToken()
		require.NoError(t, err)
	}
	var numbers []json.Number
	require.NoError(t, json.DecodeFrom(dec, &numbers, json.For(reflect.TypeOf(numbers))))
	assert.Equal(t, []json.Number{"7"}, numbers)

	dec.Reset(strings.NewReader(`{"D":1000}`))
	var timed struct{ D time.Duration }
	require.NoError(t, json.DecodeFrom(dec, &timed, json.For(reflect.TypeOf(timed))))
	assert.Equal(t, time.Microsecond, timed.D)
}
