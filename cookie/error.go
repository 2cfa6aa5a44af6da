package cookie

import (
	"errors"
	"net/http"
)

// The errors of [Cookie.Get] and [Cookie.Read], besides [http.ErrNoCookie]. All
// three mean that the client is not who it may say it is: treat them as absent,
// then Delete. A handler that returns one of them instead answers 400.
var (
	// ErrInvalid is a cookie that did not come from Set of the same declaration
	// under one of its keys, that has been changed, or that does not fit T, as
	// after a change of the type. Which of these is not told.
	ErrInvalid error = &failure{text: "cookie: the value is invalid"}
	// ErrExpired is a genuine value whose time is over.
	ErrExpired error = &failure{text: "cookie: the value has expired"}
)

// ErrTooLarge is the error of a cookie that browsers would ignore, because its
// name and value are longer than 4096 bytes together.
var ErrTooLarge = errors.New("cookie: name and value are longer than 4096 bytes")

var (
	errAbsent  error = &failure{text: "cookie: the request has no such cookie", is: http.ErrNoCookie}
	errStarted       = errors.New("cookie: the response has started, so its header can no longer change")
)

// A failure is the client's.
type failure struct {
	text string
	is   error
}

func (f *failure) Error() string { return f.text }

// Unwrap returns the error that f stands for.
func (f *failure) Unwrap() error { return f.is }

// StatusCode is what respond.Error answers.
func (*failure) StatusCode() int { return http.StatusBadRequest }
