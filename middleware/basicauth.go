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

// BasicAuth passes a request on if verify accepts the user and the password of its
// Authorization field (RFC 7617). [BasicAuthUser] returns the user to the handler.
// [respond.Error] answers every other request with 401 and a WWW-Authenticate that names
// the realm and asks for UTF-8. So it does for two Authorization fields, and for control
// characters in the user or the password.
//
// The preflight requests of CORS have no password: put the middleware that answers them
// outside BasicAuth. Compare secrets with [SameSecret], not with ==. verify gets text
// outside ASCII as the client sent it, without Unicode normalization. verify must be safe
// for concurrent use. Basic authentication sends the password with every request: use
// TLS.
//
// BasicAuth panics if verify is nil or the realm has control characters, and names all
// faults at once.
func BasicAuth(realm string, verify func(user, password string) bool) func(http.Handler) http.Handler {
	var faults faults
	if !header.IsValue(realm) {
		faults.add("the realm has a control character: leave it out")
	}
	if verify == nil {
		faults.add("verify is nil: pass a function that checks user and password")
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

// credentials returns the user and the password, by the rules of RFC 7617, section 2.
func credentials(r *http.Request) (user, password string, ok bool) {
	if len(r.Header["Authorization"]) != 1 {
		return "", "", false
	}
	user, password, ok = r.BasicAuth()
	ok = ok && !strings.ContainsFunc(user, unicode.IsControl) && !strings.ContainsFunc(password, unicode.IsControl)
	return user, password, ok
}

type userKey struct{}

// BasicAuthUser returns the user that [BasicAuth] has accepted for the request of ctx. ok
// is false without BasicAuth.
func BasicAuthUser(ctx context.Context) (user string, ok bool) {
	user, ok = ctx.Value(userKey{}).(string)
	return user, ok
}

// SameSecret reports whether given is the secret. The time that it takes depends neither
// on the first difference nor on the lengths. It compares digests, so it is for secrets
// that are stored as plain text. Keep passwords of people as slow hashes, and compare
// them with the package of that hash.
func SameSecret(given, secret string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
