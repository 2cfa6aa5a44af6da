package service

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/examples/realworld/api"
	"github.com/tenonkit/tenon/examples/realworld/store"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// guard finds who sends a request.
func (s *service) guard(isOptional bool) openapi.Guard[api.Me] {
	scheme := openapi.HeaderKey("Authorization")
	scheme.Description = "The word Token, a space, and the token that a login answers with."
	return openapi.Guard[api.Me]{Name: "Token", Scheme: scheme, Optional: isOptional, Check: s.whoIs}
}

func (s *service) whoIs(r *http.Request) (api.Me, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme == "" {
		return api.Me{}, openapi.ErrNoCredentials
	}
	id, err := s.tokens.User(token)
	if err != nil || !strings.EqualFold(scheme, "Token") {
		return api.Me{}, refusal(http.StatusUnauthorized, "token", "is invalid")
	}
	me, err := s.User(r.Context(), id)
	if me.Token = token; err == nil && me.ID == 0 {
		err = refusal(http.StatusUnauthorized, "token", "is of nobody")
	}
	return me, err
}

// refusal is a failure in the words of the contract. A 401 tells how to do better (RFC
// 9110, section 15.5.2).
func refusal(status int, subject, text string) *respond.Problem {
	p := respond.NewProblem(status, "")
	p.Errors = []respond.FieldError{{Name: subject, Detail: text}}
	if status == http.StatusUnauthorized {
		p = p.WithHeader("WWW-Authenticate", `Token realm="conduit"`)
	}
	return p
}

var statuses = map[store.Kind]int{
	store.NotFound: http.StatusNotFound, store.Forbidden: http.StatusForbidden,
	store.Taken: http.StatusConflict, store.Invalid: http.StatusUnprocessableEntity,
}

// mapErrors says what the errors of the store and of a missing token are for a client.
func mapErrors(err error) error {
	if errors.Is(err, openapi.ErrNoCredentials) {
		return refusal(http.StatusUnauthorized, "token", "is missing")
	}
	if e, ok := errors.AsType[*store.Error](err); ok {
		return refusal(statuses[e.Kind], e.Subject, e.Text())
	}
	return nil
}
