package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/params"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// URL returns the address of the route called name: the escaped path, and the query if
// there is one. The values come from in:
//
//	In{ID: 42, Tags: []string{"a", "b"}}                    the In of the route, or a pointer to it
//	map[string]any{"id": 42, "tag": []string{"a", "b"}}     by the names of wildcards and query parameters
//	nil                                                     no values
//
// Values are written as package bind reads them: binding the address gives the In again.
// A time loses what its format has no place for. A value is left out if absence means the
// same value. Fields from other sources are not part of an address. A pattern with a host
// gives "//host/path".
//
// A map suits templates and plain handlers. A value in a map is sent even if it is the
// default, and may have another type than the field. A nil value counts as absent. If a
// field has the method RequestParameters, the map may name its parameters too. A plain
// handler has only the names of its wildcards; in may also be any struct that package
// bind accepts.
//
// URL returns an error in these cases:
//
//   - no route has this name: the error lists the names that there are
//   - the map has a name that the route does not know
//   - a value has a type without a text form
//   - a value cannot be sent: an empty path segment, "." or ".."; a null [bind.Opt]; a
//     number that is not finite; an empty text of a type other than string
//   - package bind would refuse the address: a value is missing or breaks a rule, or the
//     method Validate of a struct that has only path values and query parameters refuses
//     it
//
// The function [URL] does the same with types that the compiler checks.
func (rs Routes) URL(name string, in any) (string, error) {
	route, ok := rs.Lookup(name)
	if !ok {
		return "", fmt.Errorf("tenon: there is no route named %q: %s", name, rs.knownNames())
	}
	return route.url(in)
}

// knownNames returns the names that a route may be looked up by, in words. It stops after a
// few, so that the error of a large table can be read.
func (rs Routes) knownNames() string {
	const shown = 20
	var names []string
	for i := range rs {
		if rs[i].Name != "" {
			names = append(names, rs[i].Name)
		}
	}
	switch n := len(names); {
	case n == 0:
		return "no route has a name"
	case n > shown:
		return fmt.Sprintf("the names are %s and %d more", strings.Join(names[:shown], ", "), n-shown)
	}
	return "the names are " + strings.Join(names, ", ")
}

// url returns the address of r with the values of in.
func (r Route) url(in any) (string, error) {
	a := &address{}
	err := a.fill(&r, in)
	if err == nil {
		var u string
		if u, err = a.build(r.Pattern); err == nil {
			return u, nil
		}
	}
	return "", fmt.Errorf("tenon: URL of %s: %w", cmp.Or(r.Name, r.String()), err)
}

// An address collects the values of a URL.
type address struct {
	params.Address

	reads *describe.Input // whose Address is nil where any address will do
}

// fill takes the values from in.
func (a *address) fill(route *Route, in any) (err error) {
	if values, isMap := in.(map[string]any); isMap || in == nil {
		return a.fillFromMap(route, values)
	}
	v := reflect.ValueOf(in)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct:
		return fmt.Errorf("the In is a nil %T: pass nil for no values", in)
	case v.Kind() != reflect.Struct:
		return fmt.Errorf("the values have the type %T: pass an In, a pointer to one or a map[string]any", in)
	case route.In != nil && v.Type() != route.In:
		return fmt.Errorf("the In of the route is %s, not %s", route.In, v.Type())
	}
	if route.In != nil {
		err = a.readBy(inputOf(route))
	} else {
		err = a.readBy(inputOfType(v.Type()))
	}
	if err != nil {
		return err
	}
	for i := range a.reads.In.Params {
		p := &a.reads.In.Params[i]
		if !isOfAddress(p) {
			continue
		}
		if err := a.Add(p, v.FieldByIndex(p.Index)); err != nil {
			return err
		}
	}
	r := &http.Request{Method: route.Method, URL: &url.URL{}, Header: http.Header{}}
	return a.AddValues(r, a.reads.In, v)
}

// readBy sets how the address is read.
func (a *address) readBy(reads *describe.Input, err error) error {
	if err == nil && reads == nil {
		err = errors.New("the route has faults, which Check reports")
	}
	a.reads = reads
	return err
}

// fillFromMap takes the values from a map: first those of fields, in their order, then
// those of wildcards that no field binds.
func (a *address) fillFromMap(route *Route, values map[string]any) error {
	if err := a.readBy(inputOf(route)); err != nil {
		return err
	}
	left := maps.Clone(values)
	params := slices.Clone(a.reads.In.Params)
	for _, of := range a.reads.In.Values {
		params = append(params, of.Reads...)
	}
	for _, p := range params {
		v, isGiven := left[p.Name]
		if !isOfAddress(&p) || !isGiven {
			continue
		}
		delete(left, p.Name)
		if err := a.addNamed(p, v); err != nil {
			return err
		}
	}
	wildcards := pattern.Names(pattern.Parse(route.Pattern))
	for _, name := range wildcards {
		v, isGiven := left[name]
		if !isGiven {
			continue
		}
		delete(left, name)
		if err := a.addNamed(shape.Param{Source: shape.FromPath, Name: name}, v); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return unknownNames(left, params, wildcards)
	}
	return nil
}

// unknownNames returns the error for the names that are left, with those that the route
// knows.
func unknownNames(left map[string]any, params []shape.Param, wildcards []string) error {
	unknown := make([]string, 0, len(left))
	var known []string
	for _, p := range params {
		if isOfAddress(&p) {
			known = append(known, strconv.Quote(p.Name))
		}
	}
	for _, name := range wildcards {
		known = append(known, strconv.Quote(name))
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		unknown = append(unknown, strconv.Quote(name))
	}
	takes := "no values"
	if len(known) > 0 {
		takes = "only " + strings.Join(union(known, nil), ", ")
	}
	return fmt.Errorf("it takes %s, not %s", takes, strings.Join(unknown, ", "))
}

// addNamed adds a value from a map.
func (a *address) addNamed(p shape.Param, v any) error {
	if v == nil {
		return nil
	}
	if t := reflect.TypeOf(v); t != p.Type.Go {
		p.Type, p.Text = shape.Of(t), text.Codec{}
	}
	p.Default, p.IsRequired = nil, true
	return a.Add(&p, reflect.ValueOf(v))
}

func isOfAddress(p *shape.Param) bool {
	return p.Source == shape.FromPath || p.Source == shape.FromQuery
}

// build fills the values into the pattern.
func (a *address) build(template string) (string, error) {
	var b []byte
	if host, _ := pattern.Split(template); host != "" {
		b = append(b, "//"+host...)
	}
	b, err := a.AppendPath(b, pattern.Parse(template))
	if err != nil {
		return "", err
	}
	query := a.Query.String()
	if err := a.refusal(query); err != nil {
		return "", err
	}
	if query != "" {
		b = append(append(b, '?'), query...)
	}
	return string(b), nil
}

// refusal returns the error that binding a request for the address would give.
func (a *address) refusal(query string) error {
	if a.reads.Address == nil {
		return nil
	}
	var refused *bind.Error
	if err := a.reads.Address(a.PathValues(), query); !errors.As(err, &refused) {
		return err
	}
	if len(refused.Fields) == 0 {
		return errors.New(refused.Detail()) // by the Validate method of a struct
	}
	words := make([]string, 0, len(refused.Fields))
	for _, f := range refused.Fields {
		switch {
		case f.Name == "":
			words = append(words, f.Detail)
		case f.Code == "required":
			words = append(words, fmt.Sprintf("it needs a value for %q", f.Name))
		default:
			words = append(words, fmt.Sprintf("%s %q %s", f.In, f.Name, f.Detail))
		}
	}
	return errors.New(strings.Join(words, "; "))
}
