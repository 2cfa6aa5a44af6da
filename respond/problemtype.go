package respond

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
)

// A ProblemType is a kind of failure with a type URI of its own (RFC 9457, section
// 4). It is declared once, for handlers that answer it, for the document, by
// tenon.Fails, and for clients that look for it:
//
//	type Credit struct {
//		Balance int `json:"balance"`
//	}
//
//	var OutOfCredit = respond.ProblemType[Credit]{
//		URI: "https://example.com/out-of-credit", Title: "Out of credit", Status: http.StatusForbidden,
//	}
//
//	return nil, OutOfCredit.New("the balance is 30, and that costs 50", Credit{Balance: 30})
//
// The members of T, as JSON names them, are extensions of the problem. A T without
// any is a struct{}. Faults of the declaration are an empty URI and about:blank, which
// problems of no kind have, a Status outside 400..599, a T that is no struct, and a
// member that is called as one of every problem or cannot be encoded.
type ProblemType[T any] struct {
	// URI is a URI reference that identifies the kind.
	URI string
	// Title is a short text that is the same for every problem of the kind.
	Title string
	// Status is the status of the response, of 400 to 599.
	Status int
}

// Kind is every [ProblemType].
type Kind interface {
	// DescribeProblem says what the kind declares, for the family alone.
	DescribeProblem() describe.ProblemType
}

// New returns a problem of the kind. An ext has the values of its extensions; there
// is one at most. New panics with the faults of the declaration, at the first call
// that a program makes.
func (k ProblemType[T]) New(detail string, ext ...T) *Problem {
	plan := extensionOf(reflect.TypeFor[T]())
	if faults := k.faults(plan); len(faults) > 0 {
		panic(report(k.String(), faults).Error())
	}
	p := &Problem{Type: k.URI, Title: k.Title, Status: k.Status, Detail: detail}
	switch len(ext) {
	case 0:
		return p
	case 1:
	default:
		panic("respond: " + k.String() + ": New takes one ext at most")
	}
	p.ext, p.Extensions = ext[0], map[string]any{}
	maps.Insert(p.Extensions, plan.members.All(reflect.ValueOf(&ext[0]).Elem()))
	return p
}

// From returns the extensions of the first problem of the kind, by its URI, in the
// tree of err as [errors.As] walks it, causes included, and the failures that package
// client has received. The value is zero where the
// problem was made without them. One that was not made by New has those of its
// Extensions that fit T.
func (k ProblemType[T]) From(err error) (T, bool) {
	var found *Problem
	var tree failure.Meaning
	tree.Inspect(err, func(inner error) bool {
		for _, p := range problemsIn(inner) {
			if found == nil && p != nil && p.Type == k.URI {
				found = p
			}
		}
		return found != nil
	})
	if found == nil || !k.isKind() {
		return *new(T), false
	}
	if ext, ok := found.ext.(T); ok || len(found.Extensions) == 0 {
		return ext, true
	}
	var buf bytes.Buffer
	var ext T
	if encode.Dynamic().Encode(&buf, &found.Extensions) != nil || encode.For(reflect.TypeFor[T]()).Decode(buf.Bytes(), &ext) != nil {
		return *new(T), true
	}
	return ext, true
}

// A receivedError is that of package client: a failure of another server, which does not
// answer for this one.
type receivedError interface {
	error
	ReceivedProblem() *Problem
}

// problemsIn returns the problems that one error of a tree is or stands for.
func problemsIn(err error) (found [3]*Problem) {
	if p, ok := err.(problemError); ok { //nolint:errorlint // one step of the walk
		found[0] = problemOf(p)
	}
	if p, ok := err.(problemSource); ok { //nolint:errorlint // one step of the walk
		found[1] = p.Problem()
	}
	if p, ok := err.(receivedError); ok { //nolint:errorlint // one step of the walk
		found[2] = p.ReceivedProblem()
	}
	return found
}

// String names the kind in faults.
func (k ProblemType[T]) String() string {
	return fmt.Sprintf("ProblemType[%s]{%q}", reflect.TypeFor[T](), k.URI)
}

// DescribeProblem implements [Kind].
func (k ProblemType[T]) DescribeProblem() describe.ProblemType {
	t := reflect.TypeFor[T]()
	d := describe.ProblemType{URI: k.URI, Status: k.Status, Extension: t}
	for _, words := range k.faults(extensionOf(t)) {
		d.Faults = append(d.Faults, k.String()+": "+words)
	}
	return d
}

// isKind reports whether k has a URI that tells its problems from others.
func (k ProblemType[T]) isKind() bool { return k.URI != "" && k.URI != blankType }

func (k ProblemType[T]) faults(plan *extension) []string {
	if k.isKind() && k.Status >= http.StatusBadRequest && k.Status <= 599 {
		return plan.faults
	}
	var faults []string
	switch k.URI {
	case "":
		faults = append(faults, "has no URI: give it one, by which a client knows it")
	case blankType:
		faults = append(faults, "has the URI of problems without a kind: give it another, or take NewProblem")
	}
	if k.Status < http.StatusBadRequest || k.Status > 599 {
		faults = append(faults, "has the status "+strconv.Itoa(k.Status)+": a failure has one of 400 to 599")
	}
	return append(faults, plan.faults...)
}

// An extension is what a type of extensions is written by.
type extension struct {
	members *encode.Members
	faults  []string
}

// extensions has the plans of types, of which there are no more than in the program.
var extensions sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

func extensionOf(t reflect.Type) *extension {
	if found, ok := extensions.Load(t); ok {
		plan, _ := found.(*extension)
		return plan
	}
	plan := &extension{}
	if t.Kind() != reflect.Struct || shape.Of(t).Writes != shape.Struct {
		plan.faults = []string{t.String() + " is no struct whose members are the extensions: declare one, or take struct{}"}
	} else {
		c := compiler{responder: &standard}
		c.checkExtensions(t)
		plan.faults, plan.members = c.faults, encode.MembersOf(t, reflect.TypeFor[Problem]())
	}
	extensions.Store(t, plan)
	return plan
}
