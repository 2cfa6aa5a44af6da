package cookie

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

const (
	minSecret = 32
	maxKeys   = 8
)

// Keys is an ordered list of secrets: the first seals and signs, all of them
// open. It is not changed after [NewKeys] and may be used by many goroutines at
// once. The zero value has no secret and is refused by [Signed] and [Sealed].
type Keys struct{ secrets [][]byte }

// NewKeys makes Keys of the secret that is in use and of those before it, the
// latest first, whose cookies are still read, with [Meta] OldKey set. A secret
// is at least 32 random bytes, such as [GenerateKey] returns; a password is none.
// The bytes are copied. Short secrets, one secret twice and more than eight
// secrets are errors, reported together.
//
// To rotate, put the new secret first, and drop the last once the cookies made
// with it have expired.
func NewKeys(current []byte, previous ...[]byte) (*Keys, error) {
	var faults []error
	if len(previous) >= maxKeys {
		faults = append(faults, fmt.Errorf("cookie: NewKeys: %d secrets, at most %d", len(previous)+1, maxKeys))
	}
	keys := &Keys{}
	for i, secret := range append([][]byte{current}, previous...) {
		if len(secret) < minSecret {
			faults = append(faults, fmt.Errorf("cookie: NewKeys: secret %d has %d bytes, at least %d", i, len(secret), minSecret))
		}
		for j, other := range keys.secrets {
			if bytes.Equal(secret, other) {
				faults = append(faults, fmt.Errorf("cookie: NewKeys: secrets %d and %d are the same", j, i))
			}
		}
		keys.secrets = append(keys.secrets, bytes.Clone(secret))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return keys, nil
}

// GenerateKey returns 32 random bytes, a secret for [NewKeys]. Keep it where
// every process of the service finds it again: cookies do not outlive their keys.
func GenerateKey() []byte {
	secret := make([]byte, minSecret)
	_, _ = rand.Read(secret) // never fails, by its documentation
	return secret
}

// Format writes the name of the type whatever the verb, so that no log shows
// the secrets.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "cookie.Keys") }

// subkeys returns a key for one purpose and cookie name from each secret.
func subkeys(k *Keys, purpose, name string) ([][]byte, error) {
	if k == nil || len(k.secrets) == 0 {
		return nil, errors.New("no keys")
	}
	derived := make([][]byte, len(k.secrets))
	for i, secret := range k.secrets {
		subkey, err := hkdf.Key(sha256.New, secret, nil, "github.com/tenonkit/tenon/cookie "+purpose+"\x00"+name, 32)
		if err != nil {
			return nil, err
		}
		derived[i] = subkey
	}
	return derived, nil
}
