package cookie_test

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
)

// The budgets of Set are the field and the slice that holds it, of Issue the
// cookie and its value, of Get the value.
func TestCookie_allocs(t *testing.T) {
	keys := keysOf(t, 3, 2, 1)
	text := "a payload of a hundred bytes, which is what a session of a user with some claims in it takes: 0123456"
	for name, c := range map[string]stringCookie{
		"plain":  cookie.Plain[string]("v"),
		"signed": cookie.Signed[string](keys, "v"),
		"sealed": cookie.Sealed[string](keys, "v"),
	} {
		good := requestOf("other=x; v=" + rawOf(t, c, text))
		t.Run(name+" set", func(t *testing.T) {
			var sink kittest.Sink
			kittest.Allocs(t, 2, func() {
				sink.Reset()
				if err := c.Set(&sink, text); err != nil {
					t.Error(err)
				}
			})
		})
		t.Run(name+" replace", func(t *testing.T) {
			var sink kittest.Sink
			kittest.Allocs(t, 2, func() { _ = c.Set(&sink, text) })
		})
		t.Run(name+" issue", func(t *testing.T) {
			kittest.Allocs(t, 2, func() {
				if _, err := c.Issue(text); err != nil {
					t.Error(err)
				}
			})
		})
		t.Run(name+" get", func(t *testing.T) {
			kittest.Allocs(t, 1, func() {
				if _, err := c.Get(good); err != nil {
					t.Error(err)
				}
			})
		})
		t.Run(name+" delete", func(t *testing.T) {
			var sink kittest.Sink
			kittest.Allocs(t, 1, func() { _ = c.Delete(&sink) })
		})
	}
	for name, c := range authentic(keys, "v") {
		forged := requestOf("v="+rawOf(t, authentic(keysOf(t, 9), "v")[name], text), "v=; v=junk; v=AQAA.AQAA")
		t.Run(name+" forged", func(t *testing.T) {
			kittest.Allocs(t, 0, func() {
				if _, err := c.Get(forged); !errors.Is(err, cookie.ErrInvalid) {
					t.Error(err)
				}
			})
		})
		t.Run(name+" absent", func(t *testing.T) {
			none := requestOf("other=x")
			kittest.Allocs(t, 0, func() { _, _ = c.Get(none) })
		})
	}
}

// TestSealed_remembersDays holds that the key of today is derived once, however
// much time has passed and whichever days a client makes up. Deriving a key
// allocates.
func TestSealed_remembersDays(t *testing.T) {
	kittest.Measures(t)
	synctest.Test(t, func(t *testing.T) {
		c := cookie.Sealed[string](keysOf(t, 1), "v")
		rawOf(t, c, "before")
		time.Sleep(32 * day)
		r := requestOf("v=" + rawOf(t, c, "today"))
		for _, days := range []int64{-64, -32, 32, 64, 3200} {
			made := binary.BigEndian.AppendUint32([]byte{1}, uint32(time.Now().Unix()/86400+days))
			made = append(made, make([]byte, 64)...)
			forged := requestOf("v=" + base64.RawURLEncoding.EncodeToString(made))
			_, err := c.Get(forged)
			require.ErrorIs(t, err, cookie.ErrInvalid)
			alone := testing.AllocsPerRun(100, func() { _, _ = c.Get(forged) })
			kittest.Allocs(t, alone+1, func() {
				_, _ = c.Get(forged)
				_, _ = c.Get(r)
			})
		}
	})
}
