package client

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/respond"
)

// problemOf returns the problem details (RFC 9457) in a body, or nil if there are none.
// Its status is that of the answer. A member with a wrong type is ignored (section 3.1).
// The member errors is an extension of this module: with another type it is kept as an
// extension of the other service.
func problemOf(status int, contentType string, body []byte) *respond.Problem {
	media, ok := header.ParseMediaType(contentType)
	if !ok || media.Essence() != "application/problem+json" {
		return nil
	}
	var members map[string]json.RawMessage
	if encode.Unmarshal(body, &members) != nil || members == nil {
		return nil //nolint:nilerr // Body has what came
	}
	p := &respond.Problem{Status: status}
	for name, value := range members {
		switch name {
		case "status":
		case "type":
			p.Type = textOf(value)
		case "title":
			p.Title = textOf(value)
		case "detail":
			p.Detail = textOf(value)
		case "instance":
			p.Instance = textOf(value)
		case "errors":
			if encode.Unmarshal(value, &p.Errors) == nil {
				continue
			}
			p.Errors = nil
			fallthrough
		default:
			var extension any
			if encode.Unmarshal(value, &extension) != nil {
				continue
			}
			if p.Extensions == nil {
				p.Extensions = map[string]any{}
			}
			p.Extensions[name] = extension
		}
	}
	if p.Title == "" {
		p.Title = http.StatusText(status)
	}
	return p
}

func textOf(value json.RawMessage) string {
	var text string
	if encode.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}
