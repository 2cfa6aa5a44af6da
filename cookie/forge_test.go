package cookie_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

// texts are payloads of which some straddle what base64 takes at a time.
var texts = []string{"", "a", "ab", "abc", "user=42", "naïve 日本 \U0001F36A", "\x00\xff\";\\, %", strings.Repeat("long ", 60)}

// TestCookie_forged changes every byte of a value to every other that a header
// field can hold, and cuts the value at every place.
func TestCookie_forged(t *testing.T) {
	t.Parallel()
	for name, c := range authentic(keysOf(t, 1, 2), "session") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, text := range []string{"", "user=42", "naïve 日本 \U0001F36A"} {
				raw := rawOf(t, c, text)
				invalid := func(raw string) {
					got, err := c.Get(requestOf("session=" + raw))
					require.ErrorIs(t, err, cookie.ErrInvalid, raw)
					require.Empty(t, got)
				}
				for i := range len(raw) {
					for b := range 256 {
						if byte(b) == raw[i] {
							continue
						}
						invalid(raw[:i] + string([]byte{byte(b)}) + raw[i+1:])
					}
					invalid(raw[:i])
					invalid(raw[i+1:])
					invalid(raw[:i] + raw[i:i+1] + raw[i:])
				}
			}
		})
	}
}

// TestCookie_spelling gives a value the other forms that base64 or quotes allow,
// and more bytes.
func TestCookie_spelling(t *testing.T) {
	t.Parallel()
	for name, c := range authentic(keysOf(t, 1), "session") {
		for _, text := range texts {
			raw := rawOf(t, c, text)
			respelled := []string{
				raw + "=", raw + "==", `"` + raw + `"`, raw[:5] + "\n" + raw[5:], raw[:5] + "\r" + raw[5:], "%" + raw,
				strings.Replace(raw, ".", "=.", 1), strings.Replace(raw, ".", "..", 1), raw + ".", "." + raw,
				raw + "AA", raw + "AAAA", "AAAA" + raw, raw + ".AAAA", strings.ReplaceAll(raw, "-", "+"), strings.ReplaceAll(raw, "_", "/"),
			}
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			for i := range alphabet {
				// Base64 without Strict ignores the last bits.
				respelled = append(respelled, raw[:len(raw)-1]+alphabet[i:i+1])
				if head, tail, ok := strings.Cut(raw, "."); ok && head != "" {
					respelled = append(respelled, head[:len(head)-1]+alphabet[i:i+1]+"."+tail)
				}
			}
			for _, other := range respelled {
				if other == raw {
					continue
				}
				_, err := c.Get(requestOf("session=" + other))
				require.ErrorIs(t, err, cookie.ErrInvalid, "%s: %q for %q", name, other, raw)
			}
		}
	}
}

// TestCookie_moved takes values to where they do not belong.
func TestCookie_moved(t *testing.T) {
	t.Parallel()
	from := authentic(keysOf(t, 1), "session", cookie.Purpose("a"))
	for _, to := range []struct {
		where, name, purpose string
		keys                 []byte
	}{
		{"another name", "sessio", "a", []byte{1}},
		{"another case", "Session", "a", []byte{1}},
		{"another purpose", "session", "b", []byte{1}},
		{"no purpose", "session", "", []byte{1}},
		{"a longer purpose", "session", "a\x00", []byte{1}},
		{"a byte of the name in the purpose", "sessio", "na", []byte{1}},
		{"another key", "session", "a", []byte{2}},
		{"other keys", "session", "a", []byte{2, 3, 4}},
	} {
		others := authentic(keysOf(t, to.keys...), to.name, cookie.Purpose(to.purpose))
		for form, c := range from {
			for _, text := range texts {
				raw := rawOf(t, c, text)
				got, err := c.Get(requestOf("session=" + raw))
				require.NoError(t, err)
				require.Equal(t, text, got)
				_, err = others[form].Get(requestOf(to.name + "=" + raw))
				require.ErrorIs(t, err, cookie.ErrInvalid, "%s, %s", form, to.where)
			}
		}
	}
}

// TestCookie_otherForm reads a signed value as sealed, a sealed one as signed,
// and a signed payload behind a tail of another.
func TestCookie_otherForm(t *testing.T) {
	t.Parallel()
	both := authentic(keysOf(t, 1), "session")
	signed, sealed := both["signed"], both["sealed"]
	for _, text := range texts {
		_, err := sealed.Get(requestOf("session=" + rawOf(t, signed, text)))
		require.ErrorIs(t, err, cookie.ErrInvalid)
		_, err = signed.Get(requestOf("session=" + rawOf(t, sealed, text)))
		require.ErrorIs(t, err, cookie.ErrInvalid)
		_, tail, _ := strings.Cut(rawOf(t, signed, text), ".")
		head, _, _ := strings.Cut(rawOf(t, signed, text+"x"), ".")
		_, err = signed.Get(requestOf("session=" + head + "." + tail))
		require.ErrorIs(t, err, cookie.ErrInvalid)
	}
}

// A probe panics when a value reaches its decoder.
type probe struct{}

// MarshalText implements [encoding.TextMarshaler].
func (probe) MarshalText() ([]byte, error) { return []byte("text"), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (probe) UnmarshalText([]byte) error { panic("decoded before it was authentic") }

func TestCookie_authenticatesFirst(t *testing.T) {
	t.Parallel()
	keys, others := keysOf(t, 1), keysOf(t, 2)
	for _, pair := range [][2]*cookie.Cookie[probe]{
		{cookie.Signed[probe](keys, "p"), cookie.Signed[probe](others, "p")},
		{cookie.Sealed[probe](keys, "p"), cookie.Sealed[probe](others, "p")},
	} {
		raw := rawOf(t, pair[0], probe{})
		assert.Panics(t, func() { _, _ = pair[0].Get(requestOf("p=" + raw)) }, "the probe works")
		_, err := pair[1].Get(requestOf("p=" + raw))
		require.ErrorIs(t, err, cookie.ErrInvalid)
		for i := range raw {
			_, err := pair[0].Get(requestOf("p=" + raw[:i]))
			require.ErrorIs(t, err, cookie.ErrInvalid)
		}
	}
}

// TestSigned_comparesInConstantTime holds the code to the one comparison of
// the standard library that does not tell where two MACs differ. A clock could
// not: the difference of two bytes is below its noise.
func TestSigned_comparesInConstantTime(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "signed.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var compared []string
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if fn, ok := call.Fun.(*ast.SelectorExpr); ok && (fn.Sel.Name == "Equal" || fn.Sel.Name == "Compare") {
			pkg, _ := fn.X.(*ast.Ident)
			compared = append(compared, pkg.Name+"."+fn.Sel.Name)
		}
		if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == "string" {
			compared = append(compared, "string(...)")
		}
		return true
	})
	assert.Equal(t, []string{"hmac.Equal"}, compared)
}

func TestCookie_absent(t *testing.T) {
	t.Parallel()
	for name, c := range authentic(keysOf(t, 1), "session") {
		for _, r := range []*http.Request{requestOf(), requestOf(""), requestOf("Session=x; sessions=y; sess=z", "; ;")} {
			_, err := c.Get(r)
			require.ErrorIs(t, err, http.ErrNoCookie, name)
			require.NotErrorIs(t, err, cookie.ErrInvalid)
		}
	}
}
