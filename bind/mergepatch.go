package bind

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

const mergePatchType = "application/merge-patch+json"

// A MergePatch is a body of application/merge-patch+json (RFC 7396): the changes to a T.
// T is a struct, a map, an interface or a pointer to one. The field needs no tag, and a
// pointer makes the body optional:
//
//	struct {
//		ID    int `path:"id"`
//		Patch bind.MergePatch[Article]
//	}
//
// Another media type is a 415 with Accept-Patch (RFC 5789, section 2.2).
//
// bind checks the patch before the handler runs: its syntax, types and constraints, the
// Validate methods of values that are not objects, null for a required member, and with
// [Strict] unknown names. [MergePatch.Apply] checks what depends on the value that is
// changed.
//
// The zero MergePatch is {}, which changes nothing in an object. Many goroutines may use one
// MergePatch at once.
type MergePatch[T any] struct {
	_ shape.Patched[T]

	text []byte // JSON without capacity behind it; nil is {}
	plan *patchPlan
}

// Apply returns a copy of v with the changes. The package documentation says what null does.
//
//   - A member that is sent replaces the old value.
//   - An object is merged into a struct, a map, or an object in an interface.
//   - A slice, an array and a type with its own UnmarshalJSON are replaced as a whole.
//   - What is not sent stays, and so do fields that JSON leaves out.
//
// The result is checked like a body: first the constraints of all members, then their
// Validate methods, inner ones first. Required members that a new object lacks are
// missing. The error is the one that bind would answer on the route of the patch, and the
// T is then zero: an [*Error] with a pointer for each field and the status of
// [InvalidStatus], or the error that [OnBodyError] or a Validate method chose.
//
// Apply does not change what v points to. The result shares no pointer, slice or map with
// v, except in interfaces and in types that read themselves. Validate methods see only
// the result.
//
// Other errors are those of the server: v points to itself or is nested more than 10,000
// levels deep, or an interface to be merged holds a value without a JSON form. A value in
// an interface takes up to 64 times the memory of its text, as in any body.
func (p MergePatch[T]) Apply(v T) (T, error) {
	plan := p.plan
	if plan == nil {
		plan = patchPlanFor(reflect.TypeFor[T]())
	}
	b := &request{config: plan.config, payload: p.json()}
	dst := reflect.ValueOf(&v).Elem()
	err := plan.json.Duplicate(dst)
	if err == nil {
		err = plan.json.Merge(p.json(), dst, false, b)
	}
	if err != nil {
		return *new(T), fmt.Errorf("bind: the value to patch: %w", err)
	}
	plan.json.Check(dst, besides{b, b.errs.list})
	if len(b.errs.list) == 0 {
		plan.json.Validate(dst, b)
	}
	err = b.asked(0, "", nil)
	b.errs.join(&b.late)
	if err == nil {
		err = b.refusal()
	}
	if err != nil {
		return *new(T), err
	}
	return v, nil
}

// MarshalJSON returns the patch as it was sent, or as [Diff] made it. Its error is always nil.
func (p MergePatch[T]) MarshalJSON() ([]byte, error) { return bytes.Clone(p.json()), nil }

func (p MergePatch[T]) json() []byte {
	if p.text == nil {
		return []byte("{}")
	}
	return p.text
}

// read reads the body of b, which is the patch. A method is linked where a program has a
// MergePatch, as is all that reads one.
func (p *MergePatch[T]) read(b *request, plan *patchPlan) error {
	text, first := slices.Clip(bytes.Clone(b.buf.Bytes())), len(b.errs.list)
	cause := plan.json.Merge(b.buf.Bytes(), reflect.New(reflect.TypeFor[T]()).Elem(), true, b)
	p.text, p.plan = text, plan
	return b.asked(first, "", cause)
}

// Diff returns the patch that changes old into new. It compares their JSON forms. A
// member that new lacks is null in the patch. Members with readOnly are not compared,
// because a request cannot change them. The constraints of T are not checked.
//
// No merge patch can set a member to null, as in map[string]any{"x": nil}: the error then
// names the JSON Pointer of the member. A value that cannot be encoded is an error too.
// Diff panics as [For] does.
func Diff[T any](old, new T) (MergePatch[T], error) { //nolint:predeclared // as the two are called
	plan := patchPlanFor(reflect.TypeFor[T]())
	from, err := sentJSON(&old)
	if err != nil {
		return MergePatch[T]{}, fmt.Errorf("bind: the old value: %w", err)
	}
	to, err := sentJSON(&new)
	if err != nil {
		return MergePatch[T]{}, fmt.Errorf("bind: the new value: %w", err)
	}
	patch, _ := plan.json.Diff(from, to)
	switch isObject := len(to) > 0 && to[0] == '{'; {
	case patch == nil && isObject:
		return MergePatch[T]{plan: plan}, nil
	case patch == nil:
		patch = to // {} would turn another value into an object
	}
	patch = bytes.Clone(patch)
	patch = slices.Clip(patch)
	result, missing := old, unsaid("")
	dst := reflect.ValueOf(&result).Elem()
	err = plan.json.Duplicate(dst)
	if err == nil {
		err = plan.json.Merge(patch, dst, false, &missing)
	}
	if err != nil {
		return MergePatch[T]{}, fmt.Errorf("bind: the old value: %w", err)
	}
	reached, err := sentJSON(&result)
	if err != nil {
		return MergePatch[T]{}, fmt.Errorf("bind: the patched value: %w", err)
	}
	left, pointer := plan.json.Diff(reached, to)
	if missing != "" || left != nil {
		return MergePatch[T]{}, fmt.Errorf("bind: no merge patch can produce the new value at %s", cmp.Or(string(missing), pointer))
	}
	return MergePatch[T]{text: patch, plan: plan}, nil
}

// sentJSON returns the JSON form that a request has of *p.
func sentJSON[T any](p *T) ([]byte, error) {
	var buf bytes.Buffer
	err := encode.Toward(shape.Request, reflect.TypeFor[T]()).Encode(&buf, p)
	return buf.Bytes(), err
}

// An unsaid is the first place where a patch removes a required member. It ignores all other
// rules: Diff compares the result instead.
type unsaid string

func (u *unsaid) Wrong(pointer string, wrong *text.Wrong) bool {
	if wrong.Code == text.Missing().Code {
		*u = cmp.Or(*u, unsaid(pointer))
	}
	return true
}
func (*unsaid) Invalid(string, error) {}
func (*unsaid) IsSound() bool         { return false }

// A patchPlan is what patches of one type on one route have in common.
type patchPlan struct {
	json   *decode.Plan
	config *config
}

// patchPlans caches the plans of patches that did not come with a request, as binders does.
var patchPlans sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

func patchPlanFor(t reflect.Type) *patchPlan {
	cached, ok := patchPlans.Load(t)
	if !ok {
		c := &compiler{config: &config{invalidStatus: http.StatusBadRequest}}
		plan := c.patchPlan(shape.SiteOf(t))
		if lines := c.faults.Lines(); len(lines) > 0 {
			panic("bind: " + t.String() + " cannot be patched:\n\t" + strings.Join(lines, "\n\t"))
		}
		cached, _ = patchPlans.LoadOrStore(t, plan)
	}
	plan, _ := cached.(*patchPlan)
	return plan
}

func (c *compiler) patchPlan(s shape.Site) *patchPlan {
	options := decode.Options{Strict: c.config.strict, Open: openOpt, Null: nullOpt, Patch: true}
	plan, wrong := decode.Compile(s, options)
	c.faults.Append(wrong...)
	return &patchPlan{plan, c.config}
}

// patchMode compiles a body that is a merge patch.
func (c *compiler) patchMode(of *shape.Body) mode {
	plan, open := c.patchPlan(of.Site), openOf(of.Field)
	read := func(b *request, dst reflect.Value) error {
		patch, _ := reflect.TypeAssert[interface {
			read(*request, *patchPlan) error
		}](open.into(dst).Addr())
		return patch.read(b, plan)
	}
	return mode{accepts: only(mergePatchType), types: mergePatchType, read: read}
}

// besides reports what is wrong with a value, except at or below the known places: a missing
// value breaks no further rule.
type besides struct {
	*request

	known []respond.FieldError
}

func (r besides) Wrong(pointer string, wrong *text.Wrong) (more bool) {
	for _, f := range r.known {
		if pointer == f.Pointer || strings.HasPrefix(pointer, f.Pointer+"/") {
			return !r.errs.full()
		}
	}
	return r.request.Wrong(pointer, wrong)
}
