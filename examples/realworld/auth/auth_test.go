package auth_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"github.com/tenonkit/tenon/examples/realworld/auth"
)

const secret = "a secret of tests, and of nothing else"

func TestTokens(t *testing.T) {
	t.Parallel()
	_, err := auth.NewTokens("short")
	require.Error(t, err)
	tokens, err := auth.NewTokens(secret)
	require.NoError(t, err)
	token, err := tokens.Make(7)
	require.NoError(t, err)
	user, err := tokens.User(token)
	require.NoError(t, err)
	assert.EqualValues(t, 7, user)

	foreign, err := auth.NewTokens("")
	require.NoError(t, err)
	_, err = foreign.User(token)
	require.ErrorIs(t, err, jwt.ErrTokenSignatureInvalid)
	hour := jwt.NewNumericDate(time.Now().Add(time.Hour))
	for name, tc := range map[string]struct {
		method jwt.SigningMethod
		key    any
		claims jwt.RegisteredClaims
	}{
		"none":            {jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, jwt.RegisteredClaims{Subject: "7", ExpiresAt: hour}},
		"another method":  {jwt.SigningMethodHS512, []byte(secret), jwt.RegisteredClaims{Subject: "7", ExpiresAt: hour}},
		"expired":         {jwt.SigningMethodHS256, []byte(secret), jwt.RegisteredClaims{Subject: "7", ExpiresAt: jwt.NewNumericDate(time.Now().Add(-time.Minute))}},
		"without an end":  {jwt.SigningMethodHS256, []byte(secret), jwt.RegisteredClaims{Subject: "7"}},
		"without a user":  {jwt.SigningMethodHS256, []byte(secret), jwt.RegisteredClaims{ExpiresAt: hour}},
		"of another kind": {jwt.SigningMethodHS256, []byte(secret), jwt.RegisteredClaims{Subject: "ada", ExpiresAt: hour}},
	} {
		text, err := jwt.NewWithClaims(tc.method, tc.claims).SignedString(tc.key)
		require.NoError(t, err)
		_, err = tokens.User(text)
		require.Error(t, err, name)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	passwords := auth.NewPasswords()
	hash := passwords.Hash("a joint without glue")
	assert.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, hash)
	assert.NotEqual(t, hash, passwords.Hash("a joint without glue"))
	assert.True(t, passwords.Match(hash, "a joint without glue"))
	assert.False(t, passwords.Match(hash, "a joint without glue "))
	assert.False(t, passwords.Match("", "a joint without glue"))
	for _, bad := range []string{"x", "$argon2id$", strings.Replace(hash, "argon2id", "argon2i", 1), strings.Replace(hash, "t=2", "t=x", 1), hash[:len(hash)-1] + "!"} {
		assert.False(t, passwords.Match(bad, "a joint without glue"), bad)
	}
	// A hash with costs of before is still one.
	key := argon2.IDKey([]byte("x"), []byte("somesalt"), 1, 64, 1, 16)
	cheap := "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + base64.RawStdEncoding.EncodeToString(key)
	assert.True(t, passwords.Match(cheap, "x"))
	for _, bad := range []string{cheap[:len(cheap)-22], strings.Replace(cheap, "t=1", "t=0", 1), strings.Replace(cheap, "p=1", "p=0", 1)} {
		assert.False(t, passwords.Match(bad, "x"), bad)
	}
}
