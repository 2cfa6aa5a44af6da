package json

import (
	"bytes"
	"encoding"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/text"
)

// An appender appends the JSON form of v, which is addressable, to b, as the
// engine would. Without ok it leaves the whole document to the engine, which
// then writes it or has the error that says why it cannot. The depth counts how
// often a type has been inside itself.
type appender func(b []byte, v reflect.Value, depth int) (_ []byte, ok bool)

// maxDepth bounds recursion. What is nested deeper may be a cycle, which the
// engine detects.
const maxDepth = 1000

// newPlan returns the appender of a type, and nil where that could do no more
// than call the engine. The engine decides per value what a plan decides once:
// BenchmarkCodec has both.
//
// It is pure where no method of a value is called either, that of [time.Time]
// aside.
func newPlan(t reflect.Type) (plan appender, pure bool) {
	p := planner{known: map[reflect.Type]*planned{}}
	plan = p.plan(t)
	return plan, plan != nil && !p.calls
}

// A planner compiles appenders. A type is known before those inside it are
// compiled, so that it may refer to itself.
type planner struct {
	known map[reflect.Type]*planned
	calls bool           // methods of values
	form  *text.TimeForm // of times, nil for that of the engine
}

type planned struct {
	append appender // nil for the engine
	done   bool
}

func (p *planner) plan(t reflect.Type) appender {
	self := p.known[t]
	switch {
	case self == nil:
		self = &planned{}
		p.known[t] = self
		self.append = p.compile(t)
		self.done = true
	case !self.done:
		return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
			if self.append == nil || depth >= maxDepth {
				return b, false
			}
			return self.append(b, v, depth+1)
		}
	}
	return self.append
}

func (p *planner) compile(t reflect.Type) appender {
	switch {
	case t == reflect.TypeFor[time.Time]() && p.form != nil:
		return appendsTime(*p.form)
	case t == reflect.TypeFor[time.Time]():
		return appendsText(encoding.TextAppender.AppendText)
	case t == reflect.TypeFor[Number](), implements[MarshalerTo](t), implements[Marshaler](t):
		return nil
	case implements[encoding.TextAppender](t):
		p.calls = true
		return appendsText(encoding.TextAppender.AppendText)
	case implements[encoding.TextMarshaler](t):
		p.calls = true
		return appendsText(func(m encoding.TextMarshaler, b []byte) ([]byte, error) {
			text, err := m.MarshalText()
			return append(b, text...), err
		})
	}
	switch t.Kind() {
	case reflect.Struct:
		return p.object(t)
	case reflect.Map:
		return p.mapping(t)
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && t.Elem().PkgPath() == "" {
			return appendBase64
		}
		return p.list(t)
	case reflect.Pointer:
		return p.pointer(t)
	}
	return scalar(t)
}

// implements reports whether the engine calls the methods of I on values of type
// t. It never calls them on a pointer or an interface, which may be nil.
func implements[I any](t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[I]())
}

// byEngine leaves values of type t, which are part of a document, to the engine.
func (p *planner) byEngine(t reflect.Type) appender {
	p.calls = true
	engine := newWire(mayHoldNumber(t, map[reflect.Type]bool{}))
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		buf := bytes.NewBuffer(b)
		err := marshalWrite(buf, v.Addr().Interface(), engine.writing(v))
		return buf.Bytes(), err == nil
	}
}

// appendsText writes a string by a method. Text that needs escapes is left to
// the engine.
func appendsText[T any](appendTo func(T, []byte) ([]byte, error)) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		of, ok := reflect.TypeAssert[T](v.Addr())
		if !ok {
			return b, false
		}
		start := len(b) + 1
		b, err := appendTo(of, append(b, '"'))
		if err != nil || len(b) < start || !isVerbatim(b[start:]) {
			return b, false
		}
		return append(b, '"'), true
	}
}

// appendsTime writes a time in the form.
func appendsTime(form text.TimeForm) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		t, ok := reflect.TypeAssert[*time.Time](v.Addr())
		if !ok {
			return b, false
		}
		b, err := appendTime(b, form, *t)
		return b, err == nil
	}
}

// list compiles a slice or array. Each item gets a comma before it, the first of
// which then becomes the bracket.
func (p *planner) list(t reflect.Type) appender {
	item := p.plan(t.Elem())
	if item == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		n, start := v.Len(), len(b)
		if n == 0 {
			return append(b, "[]"...), true
		}
		var ok bool
		for i := range n {
			if b, ok = item(append(b, ','), v.Index(i), depth); !ok {
				return b, false
			}
		}
		b[start] = '['
		return append(b, ']'), true
	}
}

func (p *planner) pointer(t reflect.Type) appender {
	elem := p.plan(t.Elem())
	if elem == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		if v.IsNil() {
			return append(b, "null"...), true
		}
		return elem(b, v.Elem(), depth)
	}
}
