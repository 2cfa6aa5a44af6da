package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/shape"
)

// Check returns one error with everything that keeps the routes from being mounted, or
// nil:
//
//   - functions with types that cannot be bound or written, and options that cannot work
//   - methods and patterns that match nothing, and wildcards as other routers write them,
//     such as :id
//   - two routes for the same requests, and routes that conflict because neither is more
//     specific
//   - two routes with one name
//   - guards of package openapi with one name and two schemes
//   - wildcards that the In of a typed route does not bind, unless the In has a field of
//     type [*http.Request]
//   - path values of an In that the pattern lacks
//   - an In that reads the body on a route for GET, HEAD, CONNECT or TRACE, which have none
//     (RFC 9110, section 9.3)
//
// The last two are found for a handler of [Handle] on a route of [On] too.
//
// Check makes the handlers. Mount reuses them.
func (rs Routes) Check() error {
	faults := rs.compile()
	return faults.error()
}

// routeFaults are the faults of a table.
type routeFaults []string

func (f *routeFaults) add(r *Route, format string, args ...any) {
	*f = append(*f, labelOf(r)+" "+fmt.Sprintf(format, args...))
}

// labelOf names a route, even if half of it is missing.
func labelOf(r *Route) string {
	label := placeOf(r)
	if r.Name != "" && r.Name != r.String() {
		label += " (" + r.Name + ")"
	}
	return label
}

// placeOf names a route by its method and pattern, if it has them.
func placeOf(r *Route) string { return cmp.Or(strings.TrimSpace(r.String()), "a route") }

func (f *routeFaults) error() error {
	if len(*f) == 0 {
		return nil
	}
	return errors.New("tenon: the routes cannot be mounted:\n\t" + strings.Join(*f, "\n\t"))
}

// compile returns the faults of the routes. It registers them on a separate mux, which
// knows all rules of patterns.
func (rs Routes) compile() routeFaults {
	var faults routeFaults
	mux := http.NewServeMux()
	names, agreed := map[string]*Route{}, map[string]any{}
	for i := range rs {
		r := &rs[i]
		faults.checkAgreements(r, agreed)
		if words := methodFault(r.Method); words != "" {
			faults.add(r, "%s", words)
		}
		_, wrong := r.handler()
		for _, words := range wrong {
			faults.add(r, "%s", words)
		}
		twin := rs[:i].compilePattern(r, mux, &faults)
		if other := names[r.Name]; other == nil {
			names[r.Name] = r
		} else if r.Name != "" && !twin {
			faults.add(r, "has the name %s, which %s has too: give one of them another by Named", r.Name, placeOf(other))
		}
	}
	return faults
}

// methodFault returns what is wrong with a method, or "". Methods are case-sensitive (RFC
// 9110, section 9.1): a pattern with "get" would never match GET.
func methodFault(method string) string {
	if method == "" {
		return "has no method: write one, such as GET"
	}
	if upper := strings.ToUpper(method); upper != method && slices.Contains(standardMethods(), upper) {
		return "has the method " + method + ": write " + upper
	}
	if register(http.NewServeMux(), method+" /") != nil || strings.ContainsAny(method, " \t") {
		return "has an invalid method: write one, such as GET"
	}
	return ""
}

func standardMethods() []string {
	return []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
	}
}

// compilePattern adds r to the mux of the routes before it. It reports whether one of
// those has the same method and pattern.
func (rs Routes) compilePattern(r *Route, mux *http.ServeMux, faults *routeFaults) (twin bool) {
	if r.Pattern == "" {
		faults.add(r, "has no pattern: write one, such as /users/{id}")
		return false
	}
	if host, _ := pattern.Split(r.Pattern); strings.ContainsAny(host, " \t") {
		faults.add(r, "has a space before its path: pass the method apart from the pattern")
		return false
	}
	alone := register(http.NewServeMux(), defaultName(http.MethodGet, r.Pattern))
	if alone != nil {
		faults.add(r, "has an invalid pattern: %s", nethttp.PatternFault(alone))
		return false
	}
	for _, segment := range pattern.Parse(r.Pattern) {
		if text := segment.Fixed(); text != "" && strings.Contains(":*", text[:1]) {
			faults.add(r, "has the segment %s, which matches only itself: write {name} for one segment, and {name...} for the rest of the path", text)
		}
	}
	faults.checkInputs(r)
	if methodFault(r.Method) != "" || register(mux, r.String()) == nil {
		return false
	}
	for i := range rs {
		other := &rs[i]
		if other.Method == r.Method && other.Pattern == r.Pattern {
			words := "is declared twice"
			if other.Name != r.Name {
				words += ", the first time as " + other.Name
			}
			faults.add(r, "%s: remove one", words)
			return true
		}
		if methodFault(other.Method) != "" {
			continue
		}
		if reason := conflict(other.String(), r.String()); reason != "" {
			faults.add(r, "conflicts with %s: %s", other, reason)
		}
	}
	return false
}

// conflict returns why two patterns cannot be on one mux, or "". The first pattern is
// known to be valid.
func conflict(first, second string) string {
	mux := http.NewServeMux()
	_ = register(mux, first)
	err := register(mux, second)
	if err == nil {
		return ""
	}
	c, _ := nethttp.ConflictOf(err)
	return c.Reason
}

// register adds a pattern to a mux that serves only to check patterns.
func register(mux *http.ServeMux, pattern string) error {
	return nethttp.Register(mux.Handle, pattern, http.NotFoundHandler())
}

// checkAgreements compares what the options of a route say with those of the routes before it.
func (f *routeFaults) checkAgreements(r *Route, agreed map[string]any) {
	if r.serving == nil {
		return
	}
	for _, a := range option.Of[option.Agreement](option.Lists(r.serving.lists...)) {
		if known, ok := agreed[a.Key]; ok && !reflect.DeepEqual(known, a.Value) {
			f.add(r, "%s", a.Otherwise)
		} else {
			agreed[a.Key] = a.Value
		}
	}
}

// checkInputs compares what In reads with the pattern and the method. It does so also where
// the handler has faults, so that all come at once.
func (f *routeFaults) checkInputs(r *Route) {
	reads, err := inputOf(r)
	if err != nil {
		f.add(r, "has a faulty In: %v", err)
	}
	in := handlerIn(r)
	switch {
	case r.In != nil && reads != nil:
		in = reads.In
	case r.In != nil:
		in = shape.InOf(r.In)
	case in == nil:
		return
	}
	wildcards := pattern.Names(pattern.Parse(r.Pattern))
	bound := slices.Clone(in.PathNames)
	for _, v := range in.Values {
		for _, p := range v.Reads {
			if p.Source == shape.FromPath {
				bound = append(bound, p.Name)
			}
		}
	}
	for _, name := range wildcards {
		if r.In != nil && !slices.Contains(bound, name) && len(in.Requests) == 0 {
			f.add(r, "has the wildcard {%s}, which %s does not bind: give it a field with path:%q", name, inName(r.In), name)
		}
	}
	for _, name := range bound {
		if !slices.Contains(wildcards, name) {
			f.add(r, "lacks the wildcard {%s}, which %s binds: write it in the pattern", name, inName(in.Type))
		}
	}
	if words := bodyFault(r.Method, in); words != "" {
		f.add(r, "%s", words)
	}
}

// handlerIn returns what a handler of [On] reads if it is one of [Handle], else nil.
func handlerIn(r *Route) *shape.In {
	if r.serving == nil {
		return nil
	}
	h, _ := r.serving.inside()
	return inOfHandler(h)
}

// inOfHandler returns what h reads if it is a handler of [Handle], else nil.
func inOfHandler(h http.Handler) *shape.In {
	if described, ok := h.(describe.Describer); ok {
		return described.Input().In
	}
	return nil
}

// bodyFault returns what is wrong with an In that reads the body of a request whose method
// gives a body no meaning (RFC 9110, section 9.3), as words that follow the route, or "".
// Browsers do not send one with GET, and proxies may drop it. DELETE is not among these
// methods, because many services and clients agree on one there. A nil In has no fault.
func bodyFault(method string, in *shape.In) string {
	bodiless := []string{http.MethodGet, http.MethodHead, http.MethodConnect, http.MethodTrace}
	if in == nil || in.Body == nil || !slices.Contains(bodiless, method) {
		return ""
	}
	words := fmt.Sprintf("reads %s from the body, which a %s does not have: ", strings.Join(in.Body.Readers(), ", "), method)
	if len(in.Body.Index) == 0 && in.Body.Takes(shape.KindJSON) && in.Body.Type.Reads == shape.Struct {
		return words + `give its fields a source, such as query:"name", or use the method POST`
	}
	return words + "read it from the query, or use the method POST"
}

// inputOf returns what the In of a route is bound from. It takes the plan of the route's
// handler, so that Check and URL agree with what happens. Without one it takes the plan
// of the type. The result is nil if the handler has faults, which are reported elsewhere.
// The error is a fault of In.
func inputOf(r *Route) (*describe.Input, error) {
	if r.serving != nil && r.In != nil {
		h, faults := r.serving.inside()
		if len(faults) > 0 {
			return nil, nil
		}
		if described, ok := h.(describe.Describer); ok {
			return described.Input(), nil
		}
	}
	return inputOfType(r.In)
}

// inputOfType returns what a value of type t would be bound from.
func inputOfType(t reflect.Type) (*describe.Input, error) {
	if t == nil {
		return &describe.Input{In: &shape.In{}}, nil
	}
	return bind.DescribeType(t)
}

func inName(t reflect.Type) string {
	if t.Name() == "" {
		return "its In"
	}
	return t.String()
}
