package bind

import (
	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
)

type open = decode.Open

// openOf returns what opens the pointers and Opts of t, nil where there are none.
func openOf(t shape.Type) open {
	if len(t.Wraps) == 0 {
		return nil
	}
	return decode.Through(t, openOpt)
}
