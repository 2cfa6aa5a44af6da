package benchmarks_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
)

// cookieText is a payload of 100 bytes.
var cookieText = strings.Repeat("0123456789", 10)

const handTag = 12 // Unix time and lifetime before the payload

// handStamp writes when the value was made and how long it lives.
func handStamp(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(time.Now().Unix()))
	return binary.BigEndian.AppendUint32(dst, 3600)
}

func handFresh(plain []byte) (string, error) {
	if len(plain) < handTag {
		return "", errors.New("short")
	}
	issued, lifetime := binary.BigEndian.Uint64(plain), binary.BigEndian.Uint32(plain[8:])
	if time.Now().Unix() >= int64(issued)+int64(lifetime) {
		return "", errors.New("expired")
	}
	return string(plain[handTag:]), nil
}

// An aeadOf returns the AEAD for the salt of one value.
type aeadOf func(salt []byte) (cipher.AEAD, error)

// handSeal is a sealed cookie as a careful handler writes it.
func handSeal(w http.ResponseWriter, aead aeadOf, salt []byte, text string) error {
	gcm, err := aead(salt)
	if err != nil {
		return err
	}
	raw := gcm.Seal(append([]byte{1}, salt...), nil, append(handStamp(nil), text...), []byte("session"))
	http.SetCookie(w, &http.Cookie{
		Name: "session", Value: base64.RawURLEncoding.EncodeToString(raw),
		Path: "/", MaxAge: 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

func handOpen(r *http.Request, aead aeadOf, saltSize int) (string, error) {
	c, err := r.Cookie("session")
	if err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(raw) < 1+saltSize {
		return "", errors.New("invalid")
	}
	gcm, err := aead(raw[1 : 1+saltSize])
	if err != nil {
		return "", err
	}
	plain, err := gcm.Open(nil, nil, raw[1+saltSize:], []byte("session"))
	if err != nil {
		return "", err
	}
	return handFresh(plain)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// BenchmarkSealing sets and reads a sealed cookie. by=hand keeps one AES key for
// good, which is for 2^32 values in all; by=hand/key=message derives a key for
// each value, which has no limit in practice.
func BenchmarkSealing(b *testing.B) {
	secret := cookie.GenerateKey()
	keys, err := cookie.NewKeys(secret)
	if err != nil {
		b.Fatal(err)
	}
	session := cookie.Sealed[string](keys, "session", cookie.MaxAge(time.Hour))
	runCookie(b, "by=tenon", session.Set, session.Get)

	one, err := newGCM(secret)
	if err != nil {
		b.Fatal(err)
	}
	same := func([]byte) (cipher.AEAD, error) { return one, nil }
	runCookie(b, "by=hand",
		func(w http.ResponseWriter, text string) error { return handSeal(w, same, nil, text) },
		func(r *http.Request) (string, error) { return handOpen(r, same, 0) })

	each := func(salt []byte) (cipher.AEAD, error) {
		key, err := hkdf.Expand(sha256.New, secret, string(salt), 32)
		if err != nil {
			return nil, err
		}
		return newGCM(key)
	}
	runCookie(b, "by=hand/key=message",
		func(w http.ResponseWriter, text string) error {
			salt := make([]byte, 16)
			_, _ = rand.Read(salt)
			return handSeal(w, each, salt, text)
		},
		func(r *http.Request) (string, error) { return handOpen(r, each, 16) })
}

// BenchmarkSigning sets and reads a signed cookie.
func BenchmarkSigning(b *testing.B) {
	secret := cookie.GenerateKey()
	keys, err := cookie.NewKeys(secret)
	if err != nil {
		b.Fatal(err)
	}
	flash := cookie.Signed[string](keys, "session", cookie.MaxAge(time.Hour))
	runCookie(b, "by=tenon", flash.Set, flash.Get)
	runCookie(b, "by=hand",
		func(w http.ResponseWriter, text string) error {
			raw := append(handStamp(nil), text...)
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte("session\x00"))
			mac.Write(raw)
			http.SetCookie(w, &http.Cookie{
				Name: "session", Value: base64.RawURLEncoding.EncodeToString(mac.Sum(raw)),
				Path: "/", MaxAge: 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			})
			return nil
		},
		func(r *http.Request) (string, error) {
			c, err := r.Cookie("session")
			if err != nil {
				return "", err
			}
			raw, err := base64.RawURLEncoding.DecodeString(c.Value)
			if err != nil || len(raw) < sha256.Size {
				return "", errors.New("invalid")
			}
			end := len(raw) - sha256.Size
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte("session\x00"))
			mac.Write(raw[:end])
			if !hmac.Equal(mac.Sum(nil), raw[end:]) {
				return "", errors.New("invalid")
			}
			return handFresh(raw[:end])
		})
}

// runCookie measures what sets and what reads the cookie session, and reports
// how many bytes its value has.
func runCookie(b *testing.B, by string, set func(http.ResponseWriter, string) error, get func(*http.Request) (string, error)) {
	b.Helper()
	w := httptest.NewRecorder()
	if err := set(w, cookieText); err != nil {
		b.Fatal(err)
	}
	sent := w.Result().Cookies()[0]
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(sent)
	if got, err := get(r); err != nil || got != cookieText {
		b.Fatal(got, err)
	}
	b.Run("op=set/"+by, func(b *testing.B) {
		var sink kittest.Sink
		b.ReportAllocs()
		b.ReportMetric(float64(len(sent.Value)), "B/value")
		for b.Loop() {
			sink.Reset()
			if err := set(&sink, cookieText); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("op=get/"+by, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := get(r); err != nil {
				b.Fatal(err)
			}
		}
	})
}
