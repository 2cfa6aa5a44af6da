// Package auth makes and checks tokens and the hashes of passwords.
package auth

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/argon2"
)

// lifetime is how long a token is valid.
const lifetime = 30 * 24 * time.Hour

// Tokens are JSON Web Tokens under one secret (RFC 7519), which name a user.
type Tokens struct{ secret []byte }

// NewTokens returns Tokens under a secret of at least 32 bytes (RFC 7518, section 3.2).
// Without a secret it makes one, and the tokens end with the process.
func NewTokens(secret string) (*Tokens, error) {
	if secret == "" {
		secret = rand.Text() + rand.Text()
	}
	if len(secret) < 32 {
		return nil, errors.New("the secret of the tokens needs at least 32 bytes")
	}
	return &Tokens{[]byte(secret)}, nil
}

// Make returns a token of a user.
func (t *Tokens) Make(user int64) (string, error) {
	now := time.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   strconv.FormatInt(user, 10),
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(lifetime)),
	}).SignedString(t.secret)
}

// User returns the user of a token. A token that is not genuine or no more valid is an
// error.
func (t *Tokens) User(token string) (int64, error) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Name}), jwt.WithExpirationRequired())
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(claims.Subject, 10, 64)
}

// The costs of a hash: what the OWASP Password Storage Cheat Sheet asks for at least.
const (
	rounds  = 2
	memory  = 19 << 10 // KiB
	threads = 1
)

// Passwords hash by argon2id (RFC 9106). No more run at once than there are processors, so
// that many logins at once do not take the memory of the machine.
type Passwords struct {
	running chan struct{}
	unknown string
}

// NewPasswords returns Passwords.
func NewPasswords() *Passwords {
	p := &Passwords{running: make(chan struct{}, runtime.GOMAXPROCS(0))}
	p.unknown = p.Hash(rand.Text())
	return p
}

// Hash returns the hash of a password with its salt and costs, in the form of the PHC.
func (p *Passwords) Hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, rounds, threads,
		base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(p.key(password, salt, rounds, memory, threads, 32)))
}

func (p *Passwords) key(password string, salt []byte, rounds, memory uint32, threads uint8, length int) []byte {
	p.running <- struct{}{}
	defer func() { <-p.running }()
	return argon2.IDKey([]byte(password), salt, rounds, memory, threads, uint32(length))
}

// Match reports whether a hash is that of the password. With an empty hash, of a user who
// does not exist, it takes as long, so that nobody can tell who does. A hash that Hash has
// not made matches nothing.
func (p *Passwords) Match(hash, password string) bool {
	known := cmp.Or(hash, p.unknown)
	var version int
	var memory, rounds uint32
	var threads uint8
	parts := strings.Split(known, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	_, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &rounds, &threads)
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if errors.Join(err, saltErr, keyErr) != nil || rounds == 0 || threads == 0 || len(key) == 0 {
		return false
	}
	got := p.key(password, salt, rounds, memory, threads, len(key))
	return subtle.ConstantTimeCompare(got, key) == 1 && hash != ""
}
