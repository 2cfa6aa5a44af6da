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

// Keys is an ordered list of secrets. The first one signs and seals; all of them read.
// [NewKeys] makes it. It never changes and may be used by many goroutines at once.
// [Signed] and [Sealed] panic with the zero value, which has no secret.
type Keys struct{ secrets [][]byte }

// NewKeys returns Keys with the current secret and the previous ones, the latest first.
// Cookies under a previous secret are still read, with OldKey set in [Meta]. A secret is
// at least 32 random bytes, such as those of [GenerateKey]; do not use a password. The
// bytes are copied. The error lists short secrets, a secret that is given twice, and more
// than eight secrets.
//
// To rotate, put the new secret first. Remove the last one when its cookies have expired.
func NewKeys(current []byte, previous ...[]byte) (*Keys, error) {
	var faults []error
	if len(previous) >= maxKeys {
		faults = append(faults, fmt.Errorf("cookie: NewKeys: %d secrets: give at most %d", len(previous)+1, maxKeys))
	}
	keys := &Keys{}
	for i, secret := range append([][]byte{current}, previous...) {
		if len(secret) < minSecret {
			faults = append(faults, fmt.Errorf("cookie: NewKeys: secret %d has %d bytes: give at least %d random ones", i, len(secret), minSecret))
		}
		for j, other := range keys.secrets {
			if bytes.Equal(secret, other) {
				faults = append(faults, fmt.Errorf("cookie: NewKeys: secrets %d and %d are the same: remove one", j, i))
			}
		}
		keys.secrets = append(keys.secrets, bytes.Clone(secret))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return keys, nil
}

// GenerateKey returns 32 random bytes, a secret for [NewKeys]. Store it where every
// process of the service can read it: cookies are invalid without their secret.
func GenerateKey() []byte {
	secret := make([]byte, minSecret)
	_, _ = rand.Read(secret) // never fails, by its documentation
	return secret
}

// Format writes the name of the type for every verb, so that no log shows the secrets.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "cookie.Keys") }

// subkeys returns a key for one purpose and cookie name from each secret.
func subkeys(k *Keys, purpose, name string) ([][]byte, error) {
	if k == nil || len(k.secrets) == 0 {
		return nil, errors.New("no keys: give it those of NewKeys")
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
