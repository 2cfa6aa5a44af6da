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

// sealingKeyOf returns the AEAD that seals session on a day, by what is written
// about the format.
func sealingKeyOf(t *testing.T, day uint32) cipher.AEAD {
	t.Helper()
	subkey, err := hkdf.Key(sha256.New, secret(1), nil, "github.com/tenonkit/tenon/cookie seal\x00session", 32)
	require.NoError(t, err)
	daily, err := hkdf.Expand(sha256.New, subkey, "day"+string(binary.BigEndian.AppendUint32(nil, day)), 32)
	require.NoError(t, err)
	block, err := aes.NewCipher(daily)
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	return gcm
}

const boundToSession = "\x01\x00\x07session\x00\x02eu"

// stampOf returns when a value was issued, and for how long it lives.
func stampOf(issued time.Time, seconds uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, uint64(issued.Unix())), seconds)
}

// TestSealed_wire opens a value by what is written about the format.
func TestSealed_wire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw := rawOf(t, cookie.Sealed[string](keysOf(t, 1), "session", cookie.Purpose("eu"), cookie.MaxAge(time.Hour)), "user=42")
		b, err := base64.RawURLEncoding.DecodeString(raw)
		require.NoError(t, err)
		assert.Equal(t, []byte{1, 0, 0, bubbleDay >> 8, bubbleDay & 0xff}, b[:5])
		plain, err := sealingKeyOf(t, bubbleDay).Open(nil, b[5:17], b[17:], []byte(boundToSession))
		require.NoError(t, err)
		assert.Equal(t, string(stampOf(time.Now(), 3600))+"user=42", string(plain))
	})
}

// TestSealed_madeElsewhere has the package open values that are sealed with its
// key, of which only the first is one that it makes.
func TestSealed_madeElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cookie.Sealed[string](keysOf(t, 1), "session", cookie.Purpose("eu"))
		time.Sleep(day)
		now, today := time.Now(), uint32(bubbleDay+1)
		for name, tc := range map[string]struct {
			day   uint32
			plain []byte
			want  error
		}{
			"genuine":                 {today, append(stampOf(now, 3600), "user=42"...), nil},
			"expired":                 {today, append(stampOf(now, 0), "user=42"...), cookie.ErrExpired},
			"key of the day before":   {today - 1, append(stampOf(now, 3600), "user=42"...), cookie.ErrInvalid},
			"stamp of the day before": {today, append(stampOf(now.Add(-time.Second), 3600), "user=42"...), cookie.ErrInvalid},
			"nothing":                 {today, nil, cookie.ErrInvalid},
			"half a stamp":            {today, stampOf(now, 3600)[:11], cookie.ErrInvalid},
		} {
			raw := binary.BigEndian.AppendUint32([]byte{1}, tc.day)
			nonce := []byte("some 12 byte")
			raw = sealingKeyOf(t, tc.day).Seal(append(raw, nonce...), nonce, tc.plain, []byte(boundToSession))
			got, err := c.Get(requestOf("session=" + base64.RawURLEncoding.EncodeToString(raw)))
			require.ErrorIs(t, err, tc.want, name)
			if tc.want == nil {
				assert.Equal(t, "user=42", got)
			}
		}
	})
}

func TestSigned_wire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw := rawOf(t, cookie.Signed[string](keysOf(t, 1), "session", cookie.Purpose("eu"), cookie.MaxAge(time.Hour)), "user=42")
		stamp := stampOf(time.Now(), 3600)
		subkey, err := hkdf.Key(sha256.New, secret(1), nil, "github.com/tenonkit/tenon/cookie sign\x00session", 32)
		require.NoError(t, err)
		mac := hmac.New(sha256.New, subkey)
		mac.Write([]byte(boundToSession + string(stamp) + "user=42"))
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
			c := authentic(keysOf(t, 1), "session", cookie.Purpose("eu"), cookie.MaxAge(time.Hour))[form]
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
