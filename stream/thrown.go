package stream

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

var (
	errThrown   = errors.New("stream: the writer has panicked")
	errPanicked = errors.New("stream: the sequence or the writer has panicked")
)

// A thrown is a panic that is on its way to another goroutine, where its own
// stack is not seen.
type thrown struct {
	value any
	stack []byte
}

// withStack wraps what was recovered, except for [http.ErrAbortHandler], which
// net/http and middleware compare by identity.
func withStack(recovered any) any {
	if recovered == http.ErrAbortHandler { //nolint:errorlint // identity is meant
		return recovered
	}
	return &thrown{recovered, debug.Stack()}
}

// Error implements error, so that net/http prints it.
func (t *thrown) Error() string { return fmt.Sprintf("%v\n\n%s", t.value, t.stack) }

// Unwrap returns the panic's value if it is an error.
func (t *thrown) Unwrap() error {
	err, _ := t.value.(error)
	return err
}
