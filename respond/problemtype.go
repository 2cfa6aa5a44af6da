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

// A ProblemType is a kind of failure with its own type URI (RFC 9457, section 4). Declare it
// once: handlers answer with it, tenon.Fails puts it into the document, and clients recognize
// it:
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
// The members of T, with their names in JSON, are extensions of the problem. If there are
// none, T is struct{}. Faults of the declaration are:
//
//   - the URI is empty or about:blank
//   - the Status is outside 400..599
//   - T is not a struct
//   - a member of T cannot be encoded, or has the name of a member of every problem
type ProblemType[T any] struct {
	// URI is a URI reference that identifies the kind.
	URI string
	// Title is a short text that is the same for all problems of the kind.
	Title string
	// Status is the status of the response, 400 to 599.
	Status int
}

// A Kind is any [ProblemType].
type Kind interface {
	// DescribeProblem returns the declaration. It is for the packages of this module only.
	DescribeProblem() describe.ProblemType
}

// New returns a problem of the kind, with ext as its extensions. There is at most one ext. New
// panics if the declaration has faults.
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
		panic("respond: " + k.String() + ": New has more than one ext: write one at most")
	}
	p.ext, p.Extensions = ext[0], map[string]any{}
	maps.Insert(p.Extensions, plan.members.All(reflect.ValueOf(&ext[0]).Elem()))
	return p
}

// From returns the extensions of the first problem in err that has the URI of the kind, and
// whether there is one. It walks err as [errors.As] does, with the causes of problems and the
// failures that package client has received. If New has not made the problem, its Extensions
// are decoded into T. The result is zero if there are none or they do not fit T.
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

// A receivedError is an error of package client: a failure of another server. Error does not
// answer with its problem.
type receivedError interface {
	error
	ReceivedProblem() *Problem
}

// problemsIn returns the problems of one error of a tree.
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

// String returns the name of the kind in messages of faults.
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

// isKind reports whether k has a URI of its own.
func (k ProblemType[T]) isKind() bool { return k.URI != "" && k.URI != blankType }

func (k ProblemType[T]) faults(plan *extension) []string {
	if k.isKind() && k.Status >= http.StatusBadRequest && k.Status <= 599 {
		return plan.faults
	}
	var faults []string
	switch k.URI {
	case "":
		faults = append(faults, "has no URI: write one, by which clients recognize the kind")
	case blankType:
		faults = append(faults, "has the URI about:blank, which means no kind: write another, or use NewProblem")
	}
	if k.Status < http.StatusBadRequest || k.Status > 599 {
		faults = append(faults, "has the status "+strconv.Itoa(k.Status)+": use one of 400 to 599")
	}
	return append(faults, plan.faults...)
}

// An extension is the plan that writes a type of extensions.
type extension struct {
	members *encode.Members
	faults  []string
}

// extensions has the plan of each type that the program uses.
var extensions sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

func extensionOf(t reflect.Type) *extension {
	if found, ok := extensions.Load(t); ok {
		plan, _ := found.(*extension)
		return plan
	}
	plan := &extension{}
	if t.Kind() != reflect.Struct || shape.Of(t).Writes != shape.Struct {
		plan.faults = []string{t.String() + " is not a struct: declare one whose members are the extensions, or use struct{}"}
	} else {
		c := compiler{responder: &standard}
		c.checkExtensions(t)
		plan.faults, plan.members = c.faults, encode.MembersOf(t, reflect.TypeFor[Problem]())
	}
	extensions.Store(t, plan)
	return plan
}
