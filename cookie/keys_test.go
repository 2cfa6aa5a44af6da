package cookie_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

func TestNewKeys_faults(t *testing.T) {
	t.Parallel()
	many := make([][]byte, 8)
	for i := range many {
		many[i] = secret(byte(i))
	}
	for _, tc := range []struct {
		name    string
		secrets [][]byte
		want    string
	}{
		{"nil", [][]byte{nil}, "cookie: NewKeys: secret 0 has 0 bytes: give at least 32 random ones"},
		{"short", [][]byte{secret(1)[:31]}, "cookie: NewKeys: secret 0 has 31 bytes: give at least 32 random ones"},
		{"short before", [][]byte{secret(1), []byte("password")}, "cookie: NewKeys: secret 1 has 8 bytes: give at least 32 random ones"},
		{"twice", [][]byte{secret(1), secret(2), secret(1)}, "cookie: NewKeys: secrets 0 and 2 are the same: remove one"},
		{"many", slices.Concat(many, [][]byte{secret(9)}), "cookie: NewKeys: 9 secrets: give at most 8"},
		{"all at once", [][]byte{nil, nil}, "secret 0 has 0 bytes: give at least 32 random ones\n" +
			"cookie: NewKeys: secret 1 has 0 bytes: give at least 32 random ones\ncookie: NewKeys: secrets 0 and 1 are the same: remove one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			keys, err := cookie.NewKeys(tc.secrets[0], tc.secrets[1:]...)
			require.ErrorContains(t, err, tc.want)
			assert.Nil(t, keys)
		})
	}
	_, err := cookie.NewKeys(many[0], many[1:]...)
	assert.NoError(t, err, "eight are allowed")
}

func TestGenerateKey(t *testing.T) {
	t.Parallel()
	one, other := cookie.GenerateKey(), cookie.GenerateKey()
	assert.Len(t, one, 32)
	assert.NotEqual(t, one, other)
	_, err := cookie.NewKeys(one, other)
	assert.NoError(t, err)
}

// TestKeys_rotation follows values through the life of their key.
func TestKeys_rotation(t *testing.T) {
	t.Parallel()
	before := authentic(keysOf(t, 1), "session")
	during := authentic(keysOf(t, 3, 2, 1), "session")
	after := authentic(keysOf(t, 3), "session")
	for form := range before {
		r := requestOf("session=" + rawOf(t, before[form], "text"))
		got, meta, err := during[form].Read(r)
		require.NoError(t, err)
		assert.Equal(t, "text", got)
		assert.True(t, meta.OldKey)
		_, err = after[form].Get(r)
		require.ErrorIs(t, err, cookie.ErrInvalid)

		r = requestOf("session=" + rawOf(t, during[form], "text"))
		for _, c := range []stringCookie{during[form], after[form]} {
			got, meta, err = c.Read(r)
			require.NoError(t, err)
			assert.Equal(t, "text", got)
			assert.False(t, meta.OldKey)
		}
		_, err = before[form].Get(r)
		require.ErrorIs(t, err, cookie.ErrInvalid, "the first key is the one that sets")
	}
}

// TestNewKeys_copies lets the caller use the slices again, also those with room
// behind their end.
func TestNewKeys_copies(t *testing.T) {
	t.Parallel()
	current, previous := append(make([]byte, 0, 64), secret(1)...), [][]byte{secret(2)}
	keys, err := cookie.NewKeys(current, previous...)
	require.NoError(t, err)
	clear(current)
	clear(previous[0])
	clear(previous)
	for form, c := range authentic(keys, "session") {
		for key := byte(1); key <= 2; key++ {
			raw := rawOf(t, authentic(keysOf(t, key), "session")[form], "text")
			_, err := c.Get(requestOf("session=" + raw))
			require.NoError(t, err, form)
		}
	}
}

// TestKeys_hidden prints keys in every way that a log does.
func TestKeys_hidden(t *testing.T) {
	t.Parallel()
	secret := []byte(strings.Repeat("ABCD", 8))
	keys, err := cookie.NewKeys(secret)
	require.NoError(t, err)
	declared := cookie.Sealed[string](keys, "session")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "keys", keys, "value", *keys, "cookie", declared)
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "keys", keys, "value", *keys, "cookie", declared)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		fmt.Fprintf(&log, verb, keys)
		fmt.Fprintf(&log, verb, *keys)
		fmt.Fprintf(&log, verb, declared)
	}
	for _, shown := range []string{"ABCD", "65 66 67 68", "41424344", "0x41, 0x42", "QUJD"} {
		assert.NotContains(t, log.String(), shown)
	}
}
