package params

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/shape"
)

// An Address gathers the path values and the query of an address. The zero Address has
// none. It is for one goroutine.
type Address struct {
	Query Pairs

	path []pathValue
}

type pathValue struct{ name, text string }

// Add adds the parameter p of the value v, which is one of the path or of the query. An
// error has the source and the name.
func (a *Address) Add(p *shape.Param, v reflect.Value) error {
	if p.Source != shape.FromPath {
		return a.Query.Add(p, v)
	}
	v, present, err := open(p, v)
	if err == nil && present {
		var plain string
		plain, err = textOf(p, v)
		if err == nil && plain == "" && !p.IsRequired {
			err = errEmpty
		}
		a.SetPath(p.Name, plain)
	}
	if err != nil {
		return Name(p, err)
	}
	return nil
}

// AddValues adds the fields of the value v that have a method MarshalRequest. Each field that
// is not absent writes into r, and AddValues adds the path values and the query of r.
func (a *Address) AddValues(r *http.Request, in *shape.In, v reflect.Value) error {
	for i := range in.Values {
		of := &in.Values[i]
		if of.Name != "" {
			continue
		}
		field, present, _ := shape.Open(v.FieldByIndex(of.Index))
		if !present {
			continue
		}
		self := reflect.New(field.Type())
		self.Elem().Set(field)
		writer, ok := reflect.TypeAssert[interface{ MarshalRequest(r *http.Request) error }](self)
		if !ok {
			continue
		}
		if err := failure.WithoutNils(writer.MarshalRequest(r)); err != nil {
			return fmt.Errorf("%s: %w", of.Path, err)
		}
		for _, p := range of.Reads {
			if value := r.PathValue(p.Name); p.Source == shape.FromPath && value != "" {
				a.SetPath(p.Name, value)
			}
		}
	}
	a.Query.Append(r.URL.RawQuery)
	return nil
}

// SetPath sets the value of a wildcard.
func (a *Address) SetPath(name, plain string) {
	for i := range a.path {
		if a.path[i].name == name {
			a.path[i].text = plain
			return
		}
	}
	a.path = append(a.path, pathValue{name, plain})
}

func (a *Address) value(name string) (text string, isGiven bool) {
	for i := range a.path {
		if a.path[i].name == name {
			return a.path[i].text, true
		}
	}
	return "", false
}

// PathValues returns the values of the wildcards by their names.
func (a *Address) PathValues() map[string]string {
	values := make(map[string]string, len(a.path))
	for _, v := range a.path {
		values[v.name] = v.text
	}
	return values
}

// AppendPath appends the escaped path to b. It returns an error for a value without a wildcard,
// a wildcard without a value, and a value that a path cannot have.
func (a *Address) AppendPath(b []byte, segments []pattern.Segment) ([]byte, error) {
	for i := range segments {
		s := &segments[i]
		b = append(b, '/')
		var err error
		switch s.Kind {
		case pattern.Literal:
			b = append(b, url.PathEscape(s.Text)...)
		case pattern.Wildcard:
			text, _ := a.value(s.Text)
			b, err = appendSegment(b, s.Text, text)
		case pattern.Rest:
			b, err = a.appendRest(b, s.Text)
		case pattern.End:
		}
		if err != nil {
			return nil, err
		}
	}
	for _, v := range a.path {
		isNamed := func(s pattern.Segment) bool { return s.Kind != pattern.Literal && s.Text == v.name }
		if !slices.ContainsFunc(segments, isNamed) {
			return nil, fmt.Errorf("the pattern lacks {%s}", v.name)
		}
	}
	return b, nil
}

// appendSegment appends the value of a wildcard. Routers and clients remove the segments . and
// .., escaped ones too (WHATWG URL, section 4.1).
func appendSegment(b []byte, name, value string) ([]byte, error) {
	switch value {
	case "":
		return b, fmt.Errorf("it needs a value for {%s}", name)
	case ".", "..":
		return b, fmt.Errorf("{%s} cannot be %q, which clients clean away", name, value)
	}
	return append(b, url.PathEscape(value)...), nil
}

// appendRest appends the value of a final wildcard, segment by segment. The value may be empty and
// may end in a slash. A final slash without a name has no value.
func (a *Address) appendRest(b []byte, name string) ([]byte, error) {
	value, given := a.value(name)
	if name != "" && !given {
		return b, fmt.Errorf("it needs a value for {%s}", name)
	}
	if value == "" {
		return b, nil
	}
	value, slash := strings.CutSuffix(value, "/")
	for i, part := range strings.Split(value, "/") {
		if i > 0 {
			b = append(b, '/')
		}
		if part == "" {
			return b, fmt.Errorf("{%s} has an empty segment", name)
		}
		var err error
		if b, err = appendSegment(b, name, part); err != nil {
			return b, err
		}
	}
	if slash {
		b = append(b, '/')
	}
	return b, nil
}

// Reset removes all values.
func (a *Address) Reset() {
	clear(a.path)
	a.path = a.path[:0]
	a.Query.Reset()
}
