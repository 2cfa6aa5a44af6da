package respond

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
)

// plan answers with a value of type T. It is compiled once, so that a request does not inspect
// the type and does not box the value.
type plan[T any] func(w http.ResponseWriter, r *http.Request, v T, env envelope) error

// compiler collects the faults of all types that a plan may write.
type compiler struct {
	responder *Responder
	faults    []string
	wrappers  map[reflect.Type]bool // around the type that is compiled
}

// compile returns the plan of T and adds the faults of T to c. Go compiles it, and the functions
// of T below, for each T of a program. What does not need T stands in [compiler.way].
func compile[T any](c *compiler) plan[T] {
	way := c.way(reflect.TypeFor[T]())
	if boxed := way.boxed; boxed != nil {
		return func(w http.ResponseWriter, r *http.Request, v T, env envelope) error { return boxed(w, r, v, env) }
	}
	if way.leaf != nil {
		return pointerPlan[T](c.responder, way.leaf)
	}
	p, _ := way.plan.(plan[T])
	return p
}

// A way is how values of a type are answered with: one of these.
type way struct {
	plan  any       // a plan[T]
	boxed plan[any] // of interfaces and pointers, which are boxed without an allocation
	leaf  *leaf     // of values that are sent through a pointer
}

// way returns the way of t and adds the faults of t to c.
func (c *compiler) way(t reflect.Type) way {
	rs := c.responder
	isPointer := t.Kind() == reflect.Pointer
	switch {
	case t.Kind() == reflect.Interface:
		return way{boxed: rs.dynamic}
	case isPointer:
		if _, ok := c.wrapperPlan(t.Elem()); ok {
			return way{boxed: rs.dynamic}
		}
	default:
		if p, ok := c.wrapperPlan(t); ok {
			return way{plan: p}
		}
	}
	if short, ok := rs.shorthands[t]; ok && !isPointer && t.Kind() != reflect.Func {
		return way{plan: short.plan}
	}
	if p := exactPlan(t); p != nil {
		return way{plan: p}
	}
	c.check(t)
	lf := rs.leaf(t)
	if !isPointer {
		return way{leaf: lf}
	}
	null := reflect.Zero(t).Interface()
	return way{boxed: func(w http.ResponseWriter, r *http.Request, p any, env envelope) error {
		if p == null {
			return sendNothing(w, r, &env)
		}
		return rs.send(lf, w, r, p, env)
	}}
}

// pointerPlan is for values that are sent through a pointer. If nobody can keep it, a pool
// reuses what it points to. A panic of the writer loses it.
func pointerPlan[T any](rs *Responder, lf *leaf) plan[T] {
	isReused := lf.isPure() && rs.usesJSONAlone()
	places := &sync.Pool{New: func() any { return new(T) }}
	return func(w http.ResponseWriter, r *http.Request, v T, env envelope) error {
		if !isReused {
			place := new(T)
			*place = v
			return rs.send(lf, w, r, place, env)
		}
		place, _ := places.Get().(*T)
		*place = v
		err := rs.sendValue(lf, w, r, place, &env)
		*place = *new(T)
		places.Put(place)
		return err
	}
}

// wrapperPlan returns the plan[W] of the wrapper type t and adds the faults of its body.
func (c *compiler) wrapperPlan(t reflect.Type) (any, bool) {
	x, ok := reflect.TypeAssert[wrapper](reflect.Zero(t))
	if !ok {
		return nil, false
	}
	if c.wrappers[t] {
		c.faults = append(c.faults, wrapsItself(t))
		return nil, true
	}
	if c.wrappers == nil {
		c.wrappers = map[reflect.Type]bool{}
	}
	c.wrappers[t] = true
	p := x.plan(c)
	delete(c.wrappers, t)
	if reflect.TypeOf(p).In(2) != t {
		c.faults = append(c.faults, fmt.Sprintf("%s embeds a wrapper, so that its other fields would be lost: put the wrapper around the struct", t))
	}
	return p, true
}

// wrapsItself returns the fault of a type such as type T *OK[T].
func wrapsItself(t reflect.Type) string { return fmt.Sprintf("%s wraps only itself: wrap a value", t) }

// varyingPlan is p for answers that depend on Accept.
func varyingPlan[T any](rs *Responder, p plan[T]) plan[T] {
	return func(w http.ResponseWriter, r *http.Request, v T, env envelope) error {
		rs.vary(w)
		return p(w, r, v, env)
	}
}

// exactPlan returns the plan[T] of a type that needs no pointer to the value, or nil.
func exactPlan(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[string]():
		return plan[string](func(w http.ResponseWriter, r *http.Request, v string, env envelope) error {
			return sendText(w, r, &env, textType, v)
		})
	case reflect.TypeFor[HTML]():
		return plan[HTML](func(w http.ResponseWriter, r *http.Request, v HTML, env envelope) error {
			return sendText(w, r, &env, htmlType, string(v))
		})
	case reflect.TypeFor[[]byte]():
		return plan[[]byte](func(w http.ResponseWriter, r *http.Request, v []byte, env envelope) error {
			return sendBytes(w, r, &env, bytesType, v)
		})
	case reflect.TypeFor[None]():
		return plan[None](func(w http.ResponseWriter, r *http.Request, _ None, env envelope) error {
			return sendNothing(w, r, &env)
		})
	}
	return nil
}

// checkType is check for a type that may be a wrapper.
func (c *compiler) checkType(t reflect.Type) {
	elem := t
	if t.Kind() == reflect.Pointer {
		elem = t.Elem()
	}
	if _, wraps := c.wrapperPlan(elem); !wraps && t.Kind() != reflect.Interface {
		c.check(t)
	}
}

// check adds the faults of t.
func (c *compiler) check(t reflect.Type) {
	k := c.responder.leaf(t).kind
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case k == describe.OneOf:
		c.checkChoices(t)
	case k == describe.Problem && embedsProblem(t):
		c.checkExtensions(t)
	case k == describe.Value:
		if c.responder.usesJSON() {
			c.faults = append(c.faults, shape.OutFaults(t, t.String()).Lines()...)
		}
		c.faults = append(c.faults, shape.Answer.Faults(t, t.String()).Lines()...)
	default:
		c.checkItself(t)
		if words := shape.Hijacked(t, decisive(k)...); words != "" {
			c.faults = append(c.faults, t.String()+" "+words)
		}
	}
}

// checkItself adds the faults that t, which serves itself, reports.
func (c *compiler) checkItself(t reflect.Type) {
	if x, ok := reflect.TypeAssert[describe.Checked](reflect.New(t)); ok {
		for _, words := range x.DescribeFaults() {
			c.faults = append(c.faults, t.String()+": "+words)
		}
	}
}

// checkExtensions adds the faults of the members of t, a type that embeds a problem.
func (c *compiler) checkExtensions(t reflect.Type) {
	var faults shape.Faults
	members := shape.WrittenMembers(t, reflect.TypeFor[Problem]())
	for i := range members.List {
		m := &members.List[i]
		if slices.Contains(describe.ProblemMembers(), m.Name) {
			faults.Add(m.Path, "has the JSON name %q, which is a member of every problem: give it another name", m.Name)
		}
		if !m.IsExported {
			faults.Add(m.Path, "is of a type that is not exported, and cannot be sent: name the field")
		}
		faults.Append(shape.OutFaults(m.Type.Go, m.Path)...)
	}
	faults.Append(shape.Answer.ExtensionFaults(t, reflect.TypeFor[Problem]())...)
	c.faults = append(c.faults, faults.Lines()...)
}

// decisive returns the methods that put a type into kind k, the most important first. k is not
// describe.Value.
func decisive(k describe.Kind) []method.Method {
	switch k {
	case describe.Handler:
		return []method.Method{{
			By:     reflect.TypeFor[http.Handler](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("ServeHTTP") },
		}}
	case describe.Problem:
		return []method.Method{{
			By:     reflect.TypeFor[error](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Error") },
		}}
	case describe.Reader:
		return []method.Method{{
			By:     reflect.TypeFor[io.Reader](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Read") },
		}, {
			By:     reflect.TypeFor[io.WriterTo](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("WriteTo") },
		}}
	}
	return nil
}
