package respond

import "reflect"

// ForType returns a Responder for values of type t, which is known at run time
// only. It panics where [For] does: ForType is [New] with the check of the type
// that For makes. Values of other types may be written too.
func ForType(t reflect.Type, opts ...Option) *Responder {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	elem := t
	if t.Kind() == reflect.Pointer {
		elem = t.Elem()
	}
	if _, wraps := c.wrapperPlan(elem); !wraps && t.Kind() != reflect.Interface {
		c.check(t)
	}
	if len(c.faults) > 0 {
		panic(report("For["+t.String()+"]", c.faults))
	}
	return rs
}
