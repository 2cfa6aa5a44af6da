package mcp

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon"
)

// Hints tell a client what a call of a tool may do, so that it knows what to ask its
// user. A nil hint has the default of the method (RFC 9110, section 9.2):
//
//	method                     hints
//	GET, HEAD, OPTIONS, TRACE  read-only, idempotent
//	PUT, DELETE                destructive, idempotent
//	others                     destructive
//
// A search by POST changes nothing, and some POSTs only add:
//
//	routes := append(mcp.Hints{ReadOnly: new(true)}.On(search), mcp.Hints{Destructive: new(false)}.On(create)...)
type Hints struct {
	// ReadOnly says that a call changes nothing. Destructive and Idempotent then mean
	// nothing.
	ReadOnly *bool
	// Destructive says that a call may change or remove something. False means that it
	// only adds.
	Destructive *bool
	// Idempotent says that a second call with the same arguments changes nothing more.
	Idempotent *bool
	// OpenWorld says that a call reaches beyond the service, such as a search of the web.
	// If it is nil the tool says nothing, which clients read as true.
	OpenWorld *bool
}

// On returns the routes with the hints. The routes keep them wherever they are mounted.
// If there are two calls for one route, the later one wins, hint by hint.
func (h Hints) On(routes tenon.Routes) tenon.Routes {
	hinted := slices.Clone(routes)
	for i := range hinted {
		hinted[i].Meta = append(slices.Clip(hinted[i].Meta), h)
	}
	return hinted
}

// annotations returns the hints of a route.
func annotations(r *tenon.Route) *mcp.ToolAnnotations {
	var h Hints
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodTrace, http.MethodOptions:
		h = Hints{ReadOnly: new(true), Idempotent: new(true)}
	case http.MethodPut, http.MethodDelete:
		h = Hints{ReadOnly: new(false), Destructive: new(true), Idempotent: new(true)}
	default:
		h = Hints{ReadOnly: new(false), Destructive: new(true), Idempotent: new(false)}
	}
	for _, meta := range r.Meta {
		if later, ok := meta.(Hints); ok {
			h.ReadOnly = cmp.Or(later.ReadOnly, h.ReadOnly)
			h.Destructive = cmp.Or(later.Destructive, h.Destructive)
			h.Idempotent = cmp.Or(later.Idempotent, h.Idempotent)
			h.OpenWorld = cmp.Or(later.OpenWorld, h.OpenWorld)
		}
	}
	a := &mcp.ToolAnnotations{ReadOnlyHint: *h.ReadOnly, IdempotentHint: *h.Idempotent, OpenWorldHint: h.OpenWorld}
	if !*h.ReadOnly {
		a.DestructiveHint = cmp.Or(h.Destructive, new(true))
	}
	return a
}
