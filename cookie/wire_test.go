package cookie_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

// The clock of a synctest bubble starts at 2000-01-01, which is this day.
const bubbleDay = 10957

// TestSealed_wire opens a value by what is written about the format, and has
// the package open one that is made so.
func TestSealed_wire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw := rawOf(t, cookie.Sealed[string](keysOf(t, 1), "session", cookie.Context("eu"), cookie.MaxAge(time.Hour)), "user=42")
		b, err := base64.RawURLEncoding.DecodeString(raw)
		require.NoError(t, err)
		assert.Equal(t, []byte{1, 0, 0, bubbleDay >> 8, bubbleDay & 0xff}, b[:5])

		subkey, err := hkdf.Key(sha256.New, secret(1), nil, "github.com/tenonkit/tenon/cookie seal\x00session", 32)
		require.NoError(t, err)
		daily, err := hkdf.Expand(sha256.New, subkey, "day"+string(b[1:5]), 32)
		require.NoError(t, err)
		block, err := aes.NewCipher(daily)
		require.NoError(t, err)
		gcm, err := cipher.NewGCM(block)
		require.NoError(t, err)
		plain, err := gcm.Open(nil, b[5:17], b[17:], []byte("\x01\x00\x07session\x00\x02eu"))
		require.NoError(t, err)

		stamp := binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()))
		stamp = binary.BigEndian.AppendUint32(stamp, 3600)
		assert.Equal(t, string(stamp)+"user=42", string(plain))
	})
}

func TestSigned_wire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw := rawOf(t, cookie.Signed[string](keysOf(t, 1), "session", cookie.Context("eu"), cookie.MaxAge(time.Hour)), "user=42")
		stamp := binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()))
		stamp = binary.BigEndian.AppendUint32(stamp, 3600)
		subkey, err := hkdf.Key(sha256.New, secret(1), nil, "github.com/tenonkit/tenon/cookie sign\x00session", 32)
		require.NoError(t, err)
		mac := hmac.New(sha256.New, subkey)
		mac.Write([]byte("\x01\x00\x07session\x00\x02eu" + string(stamp) + "user=42"))
		tail := mac.Sum(append([]byte{1}, stamp...))
		base64url := base64.RawURLEncoding.EncodeToString
		assert.Equal(t, base64url([]byte("user=42"))+"."+base64url(tail), raw)
	})
}

// TestCookie_kept opens values that an earlier build has set: the format of a
// version does not change.
func TestCookie_kept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for form, raw := range map[string]string{
			"signed": "dXNlcj00Mg.AQAAAAA4bUOAAAAOEBErvOWB6jUcuBFR1jV3bT_EOwDu5nK112Vf0WGB2Njv",
			"sealed": "AQAAKs0EOtAzHMPGHoOcREqNi8LwzyhQ_slJIyW9J4Q7m9XYTVzQ1-H39Ay4qjnwpaeaSg",
		} {
			c := authentic(keysOf(t, 1), "session", cookie.Context("eu"), cookie.MaxAge(time.Hour))[form]
			got, meta, err := c.Read(requestOf("session=" + raw))
			require.NoError(t, err, form)
			assert.Equal(t, "user=42", got)
			assert.Equal(t, cookie.Meta{Issued: time.Now().UTC(), Expires: time.Now().UTC().Add(time.Hour)}, meta)
		}
	})
}

// TestCookie_unversioned refuses every other first byte, so that another
// version can be told apart.
func TestCookie_unversioned(t *testing.T) {
	t.Parallel()
	for form, c := range authentic(keysOf(t, 1), "session") {
		raw := rawOf(t, c, "x")
		head := strings.LastIndexByte(raw, '.') + 1
		b, err := base64.RawURLEncoding.DecodeString(raw[head:])
		require.NoError(t, err)
		require.Equal(t, byte(1), b[0])
		for version := range 256 {
			b[0] = byte(version)
			_, err := c.Get(requestOf("session=" + raw[:head] + base64.RawURLEncoding.EncodeToString(b)))
			if version == 1 {
				require.NoError(t, err, form)
			} else {
				require.ErrorIs(t, err, cookie.ErrInvalid, "%s, version %d", form, version)
			}
		}
	}
}

// TestSealed_hides shows nothing of the payload, and each value anew.
func TestSealed_hides(t *testing.T) {
	t.Parallel()
	c := cookie.Sealed[string](keysOf(t, 1), "session")
	seen := map[string]bool{}
	for range 100 {
		raw := rawOf(t, c, "secret text")
		b, err := base64.RawURLEncoding.DecodeString(raw)
		require.NoError(t, err)
		assert.NotContains(t, string(b), "secret")
		assert.False(t, seen[raw])
		seen[raw] = true
	}
}
