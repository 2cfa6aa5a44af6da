package encode

import (
	"bytes"
	"encoding"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
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
func newPlan(t reflect.Type, to shape.Direction) (plan appender, pure bool) {
	p := planner{known: map[reflect.Type]*planned{}, to: to}
	plan = p.plan(t)
	return plan, plan != nil && !p.calls
}

// A planner compiles appenders. A type is known before those inside it are
// compiled, so that it may refer to itself.
type planner struct {
	known map[reflect.Type]*planned
	to    shape.Direction
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
	x := shape.Of(t)
	switch {
	case x.IsEndless:
		return nil
	case x.IsWrapped() && x.Wraps[0].IsOpt:
		return nil // it writes itself
	case x.IsWrapped():
		return p.pointer(x)
	}
	if write := common(t); write != nil {
		return write
	}
	if p.to.UnreachableIn(t) != "" {
		return nil // The engine has the error.
	}
	switch x.Writes {
	case shape.Time:
		return appendsTime(p.form)
	case shape.Text:
		p.calls = true
		if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextAppender]()) {
			return appendsText(encoding.TextAppender.AppendText)
		}
		return appendsText(func(m encoding.TextMarshaler, b []byte) ([]byte, error) {
			written, err := m.MarshalText()
			return append(b, written...), err
		})
	case shape.Struct:
		return p.object(x)
	case shape.Map:
		return p.mapping(x)
	case shape.List, shape.Array:
		return p.list(x)
	}
	return scalar(x)
}

// byEngine leaves values of type t, which are part of a document, to the engine.
func (p *planner) byEngine(t reflect.Type) appender {
	p.calls = true
	engine := newEngine(json.For(t), p.to)
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		buf := bytes.NewBuffer(b)
		err := json.Encode(buf, v.Addr().Interface(), engine.writing(v))
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

// appendsTime writes a time in the form, or in that of the engine.
func appendsTime(form *text.TimeForm) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		t, ok := reflect.TypeAssert[*time.Time](v.Addr())
		if !ok {
			return b, false
		}
		var err error
		if form != nil {
			b, err = appendTime(b, *form, *t)
			return b, err == nil
		}
		b, err = t.AppendText(append(b, '"'))
		return append(b, '"'), err == nil
	}
}

func (p *planner) pointer(x shape.Type) appender {
	elem := p.plan(x.Wraps[0].Inner)
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
