package respond

import "net/http"

// Write answers r with v, by the table in the package documentation. It is
// Write of a Responder without options.
//
// If v cannot be sent, Write answers with a 500, or with a 406 under
// [AllowNotAcceptable], and returns the reason; a reason that came up after the
// response had started, such as a connection that is gone, is returned too. In
// every case the request has had its answer: passing the error to [Error] does
// nothing more.
func Write(w http.ResponseWriter, r *http.Request, v any) error {
	return standard.Write(w, r, v)
}

//nolint:gochecknoglobals // has no options; what it caches are the plans of types
var standard Responder

// Func is an [http.Handler] that answers with the value it returns, as [Write]
// does, or with the error, as [Error] does; then the value is ignored. Use
// [Responder.Func] for options.
type Func func(r *http.Request) (any, error)

// ServeHTTP calls f and sends what it returns.
func (f Func) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	standard.answer(w, r, f)
}
