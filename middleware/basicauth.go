package middleware

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"unicode"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// BasicAuth lets a request pass if verify accepts the user and the password of
// its Authorization field (RFC 7617); [BasicAuthUser] tells the handler who it
// is. Any other request, one with two Authorization fields or with control
// characters in the user or the password too, is answered with 401 by
// [respond.Error], with a WWW-Authenticate that names the realm and asks for
// UTF-8. The preflight requests of CORS carry no password: put what answers them
// outside of BasicAuth.
//
// Compare with [SameSecret], not with ==. Text in other than ASCII reaches
// verify as the client composed it, without Unicode normalization. Basic
// authentication sends the password with every request: use it over TLS. Many
// requests call verify at once.
//
// BasicAuth panics, with all the faults at once, if verify is nil or the realm
// holds control characters.
func BasicAuth(realm string, verify func(user, password string) bool) func(http.Handler) http.Handler {
	var faults faults
	if !header.IsValue(realm) {
		faults.add("control character in the realm: leave it out")
	}
	if verify == nil {
		faults.add("nil function to verify: give it one that knows the passwords")
	}
	faults.refuse("BasicAuth")
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(realm)
	refusal := respond.NewProblem(http.StatusUnauthorized, "").
		WithHeader("WWW-Authenticate", `Basic realm="`+quoted+`", charset="UTF-8"`)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			user, password, ok := credentials(r)
			if !ok || !verify(user, password) {
				respond.Error(w, r, refusal)
				return
			}
			inner := r.WithContext(context.WithValue(r.Context(), userKey{}, user))
			rw.RecordCopy(w, inner)
			defer rw.BringBack(r, inner)
			next.ServeHTTP(w, inner)
		})
	}
}

// credentials reads what RFC 7617, section 2 allows.
func credentials(r *http.Request) (user, password string, ok bool) {
	if len(r.Header["Authorization"]) != 1 {
		return "", "", false
	}
	user, password, ok = r.BasicAuth()
	ok = ok && !strings.ContainsFunc(user, unicode.IsControl) && !strings.ContainsFunc(password, unicode.IsControl)
	return user, password, ok
}

type userKey struct{}

// BasicAuthUser returns the user that [BasicAuth] has accepted for the request
// of ctx, and false if none was asked for.
func BasicAuthUser(ctx context.Context) (user string, ok bool) {
	user, ok = ctx.Value(userKey{}).(string)
	return user, ok
}

// SameSecret reports whether given, which a client has sent, is the secret. How
// long it takes depends neither on where they differ nor on whether they have
// the same length. It compares digests, so it is for what is stored as plain
// text; passwords that people chose belong in a store of slow hashes, which
// compares by itself.
func SameSecret(given, secret string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
