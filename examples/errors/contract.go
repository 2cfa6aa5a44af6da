package main

import (
	"cmp"
	"database/sql"
	"errors"
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// A Contract is the body of every failure: sentences by the field that they are about,
// or under base.
type Contract struct {
	Errors map[string][]string `json:"errors"`
}

// newErrorBody returns the form of failures, for the chain and for the document.
func newErrorBody() *respond.ErrorBody[Contract] {
	return respond.NewErrorBody("application/json", func(p *respond.Problem) Contract {
		all := map[string][]string{}
		for _, f := range p.Errors {
			field := cmp.Or(f.Name, strings.TrimPrefix(f.Pointer, "#/"), "body")
			all[field] = append(all[field], f.Detail)
		}
		if len(all) == 0 {
			all["base"] = []string{cmp.Or(p.Detail, p.Title)}
		}
		return Contract{all}
	})
}

// mapErrors says what the errors of the store mean, for all handlers.
func mapErrors(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return respond.NotFound("there is no such order").WithCause(err)
	}
	return nil
}

// token lets the bearer of a token in.
var token = openapi.Guard[string]{Name: "token", Scheme: openapi.Bearer(""), Check: func(r *http.Request) (string, error) {
	if given, err := openapi.BearerToken(r); err != nil || !middleware.SameSecret(given, "ada") {
		return "", respond.Unauthorized(`Bearer realm="orders"`, "a token is needed")
	}
	return "ada", nil
}}
