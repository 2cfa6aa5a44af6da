package tenon

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
)

// URL returns the address of the route called name: the escaped path, and the
// query if there is one. The values come from args, which are
//
//	"id", 42, "tag", []string{"a", "b"}   names of wildcards and of query parameters of In, each with its value
//	In{ID: 42, Tags: []string{"a", "b"}}  the In of the route, or a pointer to it
//
// For a plain handler only wildcards have names, and an In is any struct that
// package bind takes. Values are written as package bind reads them, so that
// binding the address yields the In again, but for what a time loses to its
// format. What an absent parameter would be bound to anyway is left out. Fields
// from other sources are not part of an address. A pattern with a host yields
// "//host/path".
//
// It is an error if there is no such route, if a value is left over, of a type
// that no text stands for, or one that cannot be sent, as an empty segment, "." and
// ".." are, an Opt that is null or an empty number. What package bind would refuse
// of the address is an error too: what is missing, what breaks a rule, and what a
// Validate method says that sees path values and the query alone.
func (rs Routes) URL(name string, args ...any) (string, error) {
	route, ok := rs.Lookup(name)
	if !ok {
		return "", fmt.Errorf("tenon: there is no route named %q", name)
	}
	text, err := urlOf(&route, args)
	if err != nil {
		return "", fmt.Errorf("tenon: URL of %s: %w", name, err)
	}
	return text, nil
}

// urlOf returns the address of r with the values of args.
func urlOf(r *Route, args []any) (string, error) {
	a := &address{path: map[string]string{}}
	var err error
	if len(args) == 1 {
		err = a.addStruct(r, args[0])
	} else {
		err = a.addPairs(r, args)
	}
	if err != nil {
		return "", err
	}
	return a.build(r.Pattern)
}

// An address gathers the values of a URL.
type address struct {
	reads *describe.Input // whose Address is nil where any address will do
	path  map[string]string
	query []string // escaped pairs
}

// addStruct takes the values from an In.
func (a *address) addStruct(route *Route, in any) (err error) {
	v := reflect.ValueOf(in)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() != reflect.Struct:
		return fmt.Errorf("a single argument is an In, not %T", in)
	case route.In != nil && v.Type() != route.In:
		return fmt.Errorf("the In is %s, not %s", route.In, v.Type())
	}
	if route.In != nil {
		a.reads, err = inputOf(route)
	} else {
		a.reads, err = inputOfType(v.Type())
	}
	if err != nil {
		return err
	}
	for _, input := range inputsOf(a.reads.Params) {
		if err := a.add(&input, v.FieldByIndex(input.Index)); err != nil {
			return err
		}
	}
	return nil
}

// addPairs takes the values from names and values in turn.
func (a *address) addPairs(route *Route, args []any) (err error) {
	if a.reads, err = inputOf(route); err != nil {
		return err
	}
	inputs := inputsOf(a.reads.Params)
	for _, name := range pattern.Names(pattern.Parse(route.Pattern)) {
		known := func(in input) bool { return in.Source == tag.Path && in.name == name }
		if !slices.ContainsFunc(inputs, known) {
			inputs = append(inputs, input{Param: &describe.Param{Source: tag.Path}, name: name})
		}
	}
	given := map[string]bool{}
	for pair := range slices.Chunk(args, 2) {
		name, ok := pair[0].(string)
		i := slices.IndexFunc(inputs, func(in input) bool { return in.name == name })
		switch {
		case !ok || len(pair) == 1:
			return fmt.Errorf("the arguments are pairs of a name and a value, and %v is no such name", pair[0])
		case i < 0:
			return fmt.Errorf("it takes no %q", name)
		case given[name]:
			return fmt.Errorf("%q is given twice", name)
		}
		given[name] = true
		if err := a.add(holding(inputs[i], pair[1]), reflect.ValueOf(pair[1])); err != nil {
			return err
		}
	}
	return nil
}

// holding returns an input for a value of whatever type the caller has given. It
// is sent even where it is the default, since the caller has named it.
func holding(in input, value any) *input {
	t := reflect.TypeOf(value)
	in.isIndirect = t != nil && (t.Kind() == reflect.Pointer || isOpt(t))
	in.isDefault, in.isRequired = false, true
	return &in
}

// add adds the value of one input.
func (a *address) add(in *input, v reflect.Value) error {
	v, present, err := shape.Open(v)
	if err == nil && !present && in.isDefault {
		err = errors.New("is absent, and would be bound to its default")
	}
	if err != nil || !present {
		return in.fault(err)
	}
	if in.Source == tag.Path {
		plain, err := textOf(v, in.format)
		if err == nil && plain == "" && !in.isRequired {
			err = errEmpty
		}
		a.path[in.name] = plain
		return in.fault(err)
	}
	switch {
	case isList(v.Type()):
		err = a.addList(in, v)
	case v.Kind() == reflect.Map && in.Deep:
		err = a.addMap(in, v)
	default:
		err = a.addScalar(in, v)
	}
	return in.fault(err)
}

func (in *input) fault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q %w", in.Source, in.name, err)
}

// build fills the pattern in.
func (a *address) build(template string) (string, error) {
	var b strings.Builder
	host, _ := pattern.Split(template)
	if host != "" {
		b.WriteString("//" + host)
	}
	segments := pattern.Parse(template)
	for _, s := range segments {
		b.WriteByte('/')
		var err error
		switch s.Kind {
		case pattern.Literal:
			b.WriteString(url.PathEscape(s.Text))
		case pattern.Wildcard:
			err = a.writeSegment(&b, s.Text, a.path[s.Text])
		case pattern.Rest:
			err = a.writeRest(&b, s.Text)
		case pattern.End:
		}
		if err != nil {
			return "", err
		}
	}
	wildcards := pattern.Names(segments)
	for name := range a.path {
		if !slices.Contains(wildcards, name) {
			return "", fmt.Errorf("the pattern lacks {%s}", name)
		}
	}
	query := strings.Join(a.query, "&")
	if err := a.refusal(query); err != nil {
		return "", err
	}
	if query != "" {
		b.WriteString("?" + query)
	}
	return b.String(), nil
}

// refusal returns what binding a request for the address would refuse.
func (a *address) refusal(query string) error {
	if a.reads.Address == nil {
		return nil
	}
	var refused *bind.Error
	if err := a.reads.Address(a.path, query); !errors.As(err, &refused) {
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

// writeSegment writes the value of a wildcard. Routers and clients clean dots
// away, also escaped ones (WHATWG URL, section 4.1).
func (*address) writeSegment(b *strings.Builder, name, value string) error {
	switch value {
	case "":
		return fmt.Errorf("it needs a value for {%s}", name)
	case ".", "..":
		return fmt.Errorf("{%s} cannot be %q, which clients clean away", name, value)
	}
	b.WriteString(url.PathEscape(value))
	return nil
}

// writeRest writes what is left of the path, segment by segment. It may be empty
// and may end in a slash; a subtree has nothing left.
func (a *address) writeRest(b *strings.Builder, name string) error {
	value, given := a.path[name]
	if name != "" && !given {
		return fmt.Errorf("it needs a value for {%s}", name)
	}
	if value == "" {
		return nil
	}
	value, slash := strings.CutSuffix(value, "/")
	for i, part := range strings.Split(value, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		if part == "" {
			return fmt.Errorf("{%s} has an empty segment", name)
		}
		if err := a.writeSegment(b, name, part); err != nil {
			return err
		}
	}
	if slash {
		b.WriteByte('/')
	}
	return nil
}
