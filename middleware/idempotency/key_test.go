package idempotency_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/middleware/idempotency"
)

// keys are field values with the key that they are, or with the words of the fault.
var keys = []struct {
	value, key, fault string
}{
	{`"abc"`, "abc", ""},
	{`abc`, "abc", ""},
	{` "abc" `, "abc", ""},
	{"\tabc ", "abc", ""},
	{`"a b"`, "a b", ""},
	{`"a,b;c"`, "a,b;c", ""},
	{`"\"\\"`, `"\`, ""},
	{`" "`, " ", ""},
	{`a'b(c)/+=:@?`, `a'b(c)/+=:@?`, ""},
	{`:YWJj:`, ":YWJj:", ""},
	{strings.Repeat("k", 255), strings.Repeat("k", 255), ""},
	{`"` + strings.Repeat(`\"`, 255) + `"`, strings.Repeat(`"`, 255), ""},

	{``, "", "is empty"},
	{`  `, "", "is empty"},
	{`""`, "", "is empty"},
	{strings.Repeat("k", 256), "", "is longer than 255 bytes"},
	{`"` + strings.Repeat("k", 256) + `"`, "", "is longer than 255 bytes"},
	{`"a", "b"`, "", "has more than one string"},
	{`"a";x=1`, "", "has more than one string"},
	{`"a"b`, "", "has more than one string"},
	{`"a`, "", "has no quotation mark at its end"},
	{`"`, "", "has no quotation mark at its end"},
	{`"a\"`, "", "has no quotation mark at its end"},
	{`"a\n"`, "", "has a backslash before a character other"},
	{`"a\`, "", "has a backslash before a character other"},
	{`a"b`, "", "has a space or one of"},
	{`a, b`, "", "has a space or one of"},
	{`a,b`, "", "has a space or one of"},
	{`a b`, "", "has a space or one of"},
	{`a;b`, "", "has a space or one of"},
	{`a\b`, "", "has a space or one of"},
	{"é", "", "has a character that is not printable ASCII"},
	{`"é"`, "", "has a character that is not printable ASCII"},
	{"a\x00", "", "has a character that is not printable ASCII"},
	{"\"a\tb\"", "", "has a character that is not printable ASCII"},
	{"a\x7f", "", "has a character that is not printable ASCII"},
}

// quote writes a key as a string of RFC 9651, section 4.1.6.
func quote(key string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key) + `"`
}

func TestNew_keys(t *testing.T) {
	t.Parallel()
	for _, tc := range keys {
		s := &service{do: creates}
		h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
		w := send(t.Context(), h, http.MethodPost, "/", "", keyed(tc.value))
		if tc.fault != "" {
			assert.Equal(t, http.StatusBadRequest, w.Code, tc.value)
			assert.Contains(t, detailOf(t, w.Body.String()), "Idempotency-Key "+tc.fault)
			assert.Zero(t, s.ran())
			continue
		}
		require.Equal(t, http.StatusCreated, w.Code, tc.value)
		assert.Equal(t, []string{tc.key}, s.keys)
	}
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(creates))
	w := send(t.Context(), h, http.MethodPost, "/", "", http.Header{"Idempotency-Key": {"a", "a"}})
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, detailOf(t, w.Body.String()), "was sent 2 times")
}

// FuzzKey sends a field value and the same text in quotation marks.
func FuzzKey(f *testing.F) {
	for _, tc := range keys {
		f.Add(tc.value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s := &service{do: creates}
		h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
		post := func(value string) (code int, replayed bool) {
			w := send(t.Context(), h, http.MethodPost, "/", "", keyed(value))
			return w.Code, w.Header().Get("Idempotency-Replayed") == "true"
		}
		code, replayed := post(value)
		require.False(t, replayed)
		if code != http.StatusCreated {
			require.Equal(t, http.StatusBadRequest, code)
			require.Zero(t, s.runs)
		} else {
			key := s.keys[0]
			require.True(t, isKey(key), "%q", key)
			if !strings.Contains(value, `"`) {
				require.Equal(t, strings.Trim(value, " \t"), key)
			}
			_, replayed = post(quote(key))
			require.True(t, replayed, "the same text in quotation marks is the same key")
		}
		if isKey(value) { // as a text
			code, _ = post(quote(value))
			require.Equal(t, http.StatusCreated, code)
			require.Contains(t, s.keys, value)
		}
	})
}

func isKey(key string) bool {
	return key != "" && len(key) <= 255 && !strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' })
}
