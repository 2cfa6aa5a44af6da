package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

// Errors is the body of every failure: sentences by the value or thing that they are about.
type Errors struct {
	Errors map[string][]string `json:"errors"`
}

// NewErrorBody returns the form of failures, for the chain, the document and clients.
func NewErrorBody() *respond.ErrorBody[Errors] {
	return respond.NewErrorBody("application/json", func(p *respond.Problem) Errors {
		all := map[string][]string{}
		for _, f := range p.Errors {
			if f.Code == "required" || f.Code == "minLength" && f.Limit == "1" {
				f.Detail = blank
			}
			// A member is two levels down: #/article/title.
			parts := strings.Split(strings.TrimPrefix(f.Pointer, "#"), "/")
			subject := cmp.Or(f.Name, parts[min(2, len(parts)-1)], "body")
			all[subject] = append(all[subject], f.Detail)
		}
		if len(all) == 0 {
			all["request"] = []string{cmp.Or(p.Detail, strings.ToLower(p.Title))}
		}
		return Errors{all}
	}).Read(func(status int, e Errors) *respond.Problem {
		p := respond.NewProblem(status, "")
		for _, name := range slices.Sorted(maps.Keys(e.Errors)) {
			for _, text := range e.Errors[name] {
				p.Errors = append(p.Errors, respond.FieldError{Name: name, Detail: text})
			}
		}
		return p
	})
}
