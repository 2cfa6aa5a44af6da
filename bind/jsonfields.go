package bind

import (
	"errors"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
)

// structFields returns the fields of the struct t that stand for members of an
// object. What the engine refuses at run time is a fault.
func (c *jsonCompiler) structFields(path string, t reflect.Type) tag.Members {
	err := json.Dynamic().Decode([]byte("{}"), reflect.New(t).Interface())
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		c.faults.add(path, "cannot be JSON: %v", semantic.Err)
		return tag.Members{}
	}
	members := tag.MembersOf(t)
	for _, words := range members.Faults {
		at, what, _ := strings.Cut(words, " ")
		c.faults.list.Append(shape.Fault{Path: path + at, Words: what})
	}
	return members
}
