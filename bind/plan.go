package bind

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
)

// A plan is the compiled declaration of an In type: what to read from where,
// found once at start-up.
type plan struct {
	in                          *shape.In
	path, query, header, cookie source
	body                        *body            // nil where nothing is read from the body
	values                      []value          // what the request as a whole fills
	structs                     []*checkedStruct // what checks itself, other than single values and the body
	isEmpty                     bool             // nothing is read or checked
	plain                       []*param         // of path and header
	isPlain                     bool             // nothing is read or checked but plain, none of which has more to it than its text
	isPlaced                    bool             // an In may point to itself, and has a place of its own in each request
	told                        *description     // to the packages of this module
}

// A source is the parameters of one source, in the order of declaration.
type source struct {
	params []*param
	names  names
	lists  int           // how many of params take several values
	others []shape.Param // what values read; they are not unknown
	// skipped are the names of a form that no field is for and that are not unknown.
	skipped []string
}

func (s *source) add(p *param) {
	s.params = append(s.params, p)
	s.names.add(p.name)
	if p.list || p.deep || p.json != nil {
		s.lists++
	}
}

// compile returns the plan of t, or every fault of t and of the options.
func compile(t reflect.Type, config *config) (*plan, error) {
	p := &plan{in: shape.InOf(t)}
	hasOthers := len(config.validate)+len(config.formats) > 0 // which get a pointer to the whole
	p.isPlaced = shape.IsPlaced(t) || hasOthers && shape.PointsInside(t)
	c := &compiler{in: p.in, config: config, isPlaced: p.isPlaced, faults: slices.Concat(config.faults, p.in.Faults)}
	for i := range p.in.Params {
		of := &p.in.Params[i]
		p.source(of.Source).add(c.param(of))
	}
	if p.in.Body != nil {
		p.body = c.body(p.in.Body)
		if !config.isDescribed && config.maxBody >= 0 {
			c.faults.Append(p.in.Body.Beyond(config.maxBody)...)
		}
	}
	c.values(p)
	for _, v := range p.in.Validators {
		p.structs = append(p.structs, p.checked(v))
	}
	for _, f := range config.validate {
		if f.in != t {
			c.faults.Add("bind.ValidateFunc", "takes a *%s: give it a function that takes a *%s", f.in, t)
		}
	}
	if !config.isDescribed && len(config.validate) == 0 {
		c.faults.Append(p.in.Unchecked()...)
	}
	if lines := c.faults.Lines(); len(lines) > 0 {
		return nil, errors.New("bind: " + t.String() + " cannot be bound:\n\t" + strings.Join(lines, "\n\t"))
	}
	p.plain = slices.Concat(p.path.params, p.header.params)
	p.isPlain = p.body == nil && len(p.query.params)+len(p.cookie.params)+len(p.in.Requests) == 0 &&
		len(p.values)+len(p.structs)+len(config.validate) == 0 && !config.strict &&
		!slices.ContainsFunc(p.plain, func(of *param) bool { return of.plain == nil })
	p.isEmpty = p.isPlain && len(p.plain) == 0
	p.told = &description{of: t, config: config}
	return p, nil
}

func (p *plan) source(name string) *source {
	switch name {
	case shape.FromPath:
		return &p.path
	case shape.FromQuery:
		return &p.query
	case shape.FromHeader:
		return &p.header
	}
	return &p.cookie
}

// checked compiles In, or a struct with the option deep, that checks itself.
func (p *plan) checked(v shape.Validator) *checkedStruct {
	s := &checkedStruct{index: v.Index, calls: v.Calls, always: len(v.Index) == 0}
	for _, param := range p.query.params {
		if around := param.of.Around; around != nil && slices.Equal(around.Index, v.Index) {
			param.noted = true
			s.always = s.always || param.fallback != nil
		}
	}
	return s
}

// A compiler compiles the parts of one In type.
type compiler struct {
	in       *shape.In
	config   *config
	isPlaced bool         // that of the plan
	faults   shape.Faults // all of them, so that a programmer sees them at the first start
}

// names finds the position of a name. Up to linearNames names it compares them one by
// one, which costs less than hashing: BenchmarkBindNames.
type names struct {
	list  []string
	table map[string]int
}

const linearNames = 8

func (n *names) add(name string) {
	n.list = append(n.list, name)
	if len(n.list) <= linearNames {
		return
	}
	if n.table == nil {
		n.table = make(map[string]int, 2*linearNames)
		for i, earlier := range n.list {
			n.table[earlier] = i
		}
	}
	n.table[name] = len(n.list) - 1
}

// find returns the position of name, or -1.
func (n *names) find(name string) int {
	if n.table != nil {
		if i, ok := n.table[name]; ok {
			return i
		}
		return -1
	}
	for i, candidate := range n.list {
		if candidate == name {
			return i
		}
	}
	return -1
}
