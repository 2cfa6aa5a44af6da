package encode_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

var textCodec = encode.For(reflect.TypeFor[string]())

// sameText writes text by a plan and by the engine's own quoting.
func sameText(t *testing.T, buf *bytes.Buffer, text string) {
	t.Helper()
	buf.Reset()
	buf.WriteString("before")
	err := textCodec.Encode(buf, &text)
	want, refused := json.AppendQuote([]byte("before"), text)
	if refused != nil {
		require.Error(t, err, "%q", text)
		require.Equal(t, "before", buf.String())
		return
	}
	require.NoError(t, err, "%q", text)
	require.Equal(t, string(want), buf.String())
}

// Each byte at each place of a text, alone and beside another that stands out.
func TestAppendText_anyByte(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	for _, n := range []int{1, 7, 8, 9, 15, 16, 17, 70} {
		for at := range n {
			for c := range 256 {
				text := bytes.Repeat([]byte("x"), n)
				text[at] = byte(c)
				sameText(t, &buf, string(text))
				if c%16 == 0 {
					text[(at+3)%n] = '"'
					sameText(t, &buf, string(text))
				}
			}
		}
	}
}

// Characters of several bytes at each place, whole and cut off, in any company.
func TestAppendText_anyCharacter(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	for _, character := range []string{
		"\u0080", "é", "\u07ff", "\u0800", "ほ", "\u2028", "\u2029", "\ufffd", "\uffff", "\U0001F600", "\U0010ffff",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xe0\x80\x80", "\x7f", "\r\n", "\\u0041",
	} {
		for n := range 20 {
			for _, around := range []string{"x", "\n", "\\", "ü"} {
				text := strings.Repeat(around, n) + character + strings.Repeat("y", 20-n)
				sameText(t, &buf, text)
				sameText(t, &buf, text[:strings.Index(text, character)+len(character)-1])
			}
		}
	}
}

// What a buffer held before is not taken for text.
func TestAppendText_usedBuffer(t *testing.T) {
	t.Parallel()
	for _, left := range []string{"\x00", "\"", "\\", "\xff"} {
		var buf bytes.Buffer
		buf.WriteString(strings.Repeat(left, 4096))
		for n := range 30 {
			text := strings.Repeat("a", n)
			buf.Reset()
			require.NoError(t, textCodec.Encode(&buf, &text))
			assert.Equal(t, `"`+text+`"`, buf.String())
		}
	}
}

func FuzzAppendText(f *testing.F) {
	for _, text := range []string{"", "plain", "tab\tand \"quote\"", "é\u2028\U0001F600\\", "cut \xe3\x81", strings.Repeat("long ", 30) + "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var buf bytes.Buffer
		sameText(t, &buf, text)
	})
}

// BenchmarkAppendText has text that needs no escapes and text that does.
func BenchmarkAppendText(b *testing.B) {
	for name, text := range map[string]string{
		"text=7":           "article",
		"text=150":         strings.Repeat("A joint needs no glue at all. ", 5),
		"text=150-escaped": strings.Repeat("A joint needs no \"glue\" at all. ", 5),
		"text=150-umlauts": strings.Repeat("Zapfenlöcher brauchen keinen. ", 5),
	} {
		b.Run(name, func(b *testing.B) {
			var buf bytes.Buffer
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				buf.Reset()
				_ = textCodec.Encode(&buf, &text)
			}
		})
	}
}
