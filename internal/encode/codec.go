// Package encode writes Go values as JSON, for answers, requests and storage. What it
// writes is what the engine of package json writes, byte for byte, with two additions: a
// time has the form that the tag format of its field chooses, through pointers, slices,
// arrays, maps and Opts; and an answer lacks the members that are writeOnly, as a request
// lacks those that are readOnly.
//
// A [Codec] has a plan where that is faster: closures that are compiled from package
// shape, once per type. The engine writes what a plan does not know (types that write
// themselves, interfaces, embedded pointers), and it is the one that has the error where
// a value has no JSON form.
//
//	codec.go    Codec, which of the two writes a value, and the buffers to write into
//	plan.go     the plan of a type: pointers, types with a text
//	object.go   that of a struct, and its members one by one
//	list.go     those of lists and maps
//	scalar.go   bools, integers, bytes
//	string.go   strings
//	number.go   floats
//	times.go    the forms of times where the engine writes or reads
//	direction.go  what a direction leaves out where the engine writes
//	blank.go    copies of values without it, for formats of others
package encode

import (
	"bytes"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

// A Codec encodes values of one Go type, and decodes what it has written. Make it with
// [For] at start-up; it may be used by many goroutines at once.
type Codec struct {
	engine *engine
	typ    reflect.Type
	plan   appender // nil where the engine encodes by itself
	pure   bool
}

//nolint:gochecknoglobals // made once, because the engine caches per set of options
var (
	dynamic       = Codec{engine: newEngine(json.Dynamic(), shape.Storage)}
	dynamicAnswer = Codec{engine: newEngine(json.Dynamic(), shape.Answer)}
)

// For returns the codec of type t for storage, which leaves out nothing. Use the interface
// type any for values whose type is known only at run time.
func For(t reflect.Type) Codec { return Toward(shape.Storage, t) }

// Toward returns the codec of type t that writes values in a direction. It reads all that
// it is given.
func Toward(to shape.Direction, t reflect.Type) Codec {
	plan, pure := newPlan(t, to)
	if alwaysEngine {
		plan = nil
	}
	return Codec{newEngine(json.For(t), to), t, plan, pure}
}

// Dynamic returns the codec of any type for storage. A codec from [For] can be faster for
// the type that it was made for.
func Dynamic() Codec { return dynamic }

// DynamicAnswer is Dynamic for answers.
func DynamicAnswer() Codec { return dynamicAnswer }

// Marshal returns the JSON form of *p.
func Marshal(p any) ([]byte, error) {
	var buf bytes.Buffer
	if err := dynamic.Encode(&buf, p); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// Unmarshal reads the one JSON value that data holds into *p.
func Unmarshal(data []byte, p any) error { return dynamic.Decode(data, p) }

// IsPure reports whether Encode calls no method of the value and of what it
// holds, so that nobody can keep its pointer.
func (c Codec) IsPure() bool { return c.pure }

// Encode appends the JSON form of *p to buf. p is a pointer, so that methods
// with pointer receivers apply. After an error the contents of buf are as before.
func (c Codec) Encode(buf *bytes.Buffer, p any) error {
	if c.plan != nil && c.byPlan(buf, p) {
		return nil
	}
	opts := c.engine.plain
	if v := reflect.ValueOf(p); v.Kind() == reflect.Pointer && !v.IsNil() {
		opts = c.engine.writing(v.Elem())
	}
	return json.Encode(buf, p, opts)
}

// byPlan encodes *p by the plan of its type.
func (c Codec) byPlan(buf *bytes.Buffer, p any) bool {
	v := reflect.ValueOf(p)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Type().Elem() != c.typ {
		return false
	}
	b, ok := c.plan(buf.Bytes(), v.Elem(), 0)
	if ok {
		*buf = *bytes.NewBuffer(b) // without a copy of what has outgrown buf
	}
	return ok
}

// Decode reads the one JSON value that data holds into *p.
func (c Codec) Decode(data []byte, p any) error {
	opts := c.engine.plain
	if t := reflect.TypeOf(p); t != nil && t.Kind() == reflect.Pointer {
		opts = c.engine.reading(t.Elem())
	}
	return json.Decode(data, p, opts)
}

// pooledCap is the largest buffer that is kept in any case, and largestCap one of which
// the last user has used a quarter: large buffers stay as long as values are large. There
// are about as many of them as values at once, and the garbage collector takes those that
// were not used since it ran last.
const (
	pooledCap  = 64 << 10
	largestCap = 4 << 20
)

//nolint:gochecknoglobals // a pool of private buffers has to outlive its users
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Buffer returns an empty buffer to encode into. [Release] takes it back.
func Buffer() *bytes.Buffer {
	buf, _ := buffers.Get().(*bytes.Buffer)
	return buf
}

// Release takes a buffer back that nobody uses any more. It is never deferred: a marshaler
// that panicked may still hold the buffer.
func Release(buf *bytes.Buffer) {
	if size := buf.Cap(); size <= pooledCap || size <= largestCap && buf.Len() >= size/4 {
		buf.Reset()
		buffers.Put(buf)
	}
}

// A SizeHint remembers how long the last two values of one type were, where they were
// large. Without it a buffer that the garbage collector has taken would be found again by
// doubling, with a copy each time. The zero SizeHint remembers nothing. It may be used by
// many goroutines at once.
type SizeHint struct{ last, before atomic.Int64 }

// Reserve makes buf a little larger than the smaller of the two, so that values which are
// large now and then cost the others nothing.
func (x *SizeHint) Reserve(buf *bytes.Buffer) {
	if size := int(min(x.last.Load(), x.before.Load(), largestCap)); size > buf.Cap() {
		buf.Grow(min(size+size/8, largestCap))
	}
}

// Note remembers the size of a value.
func (x *SizeHint) Note(size int) {
	last := x.last.Load()
	if size <= pooledCap {
		size = 0
	}
	if int64(size) != last || last != x.before.Load() {
		x.before.Store(last)
		x.last.Store(int64(size))
	}
}
