package rw

import "net/http"

// Lost reports whether net/http has found, when somebody read from it, that the
// connection of r is lost. For HTTP/1 it tells that also where the context of r
// is not its own and lives on.
func Lost(w http.ResponseWriter, r *http.Request) bool {
	if r.ProtoMajor != 1 {
		return false
	}
	//nolint:staticcheck // the context, which CloseNotifier gave way to, is what may be somebody else's
	notifier, ok := Innermost(w).(http.CloseNotifier)
	return ok && len(notifier.CloseNotify()) > 0
}
