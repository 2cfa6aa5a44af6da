package cookie

import (
	"net/http"
	"time"
)

// Set sets c as it is, after [Check]. It replaces a cookie of the same name,
// path, domain and partitioning that this response sets already, and touches no
// other. With an error nothing is set. It is also an error if the response has
// started, as far as w can tell, which it can behind the middleware of this
// module.
func Set(w http.ResponseWriter, c *http.Cookie) error {
	if err := Check(c); err != nil {
		return err
	}
	return put(w, identityOf(c), c.String())
}

// Delete makes the browser drop the cookie of c's name, path, domain and
// partitioning, and takes back a Set of it in this response. The other
// attributes are sent too, because the prefix of a name may need them; value,
// MaxAge and Expires of c do not count. Errors are those of [Set].
func Delete(w http.ResponseWriter, c *http.Cookie) error {
	if c == nil {
		return Check(nil)
	}
	return Set(w, deletion(c))
}

// deletion gives both attributes that end a cookie, as some clients know only
// Expires.
func deletion(c *http.Cookie) *http.Cookie {
	gone := *c //nolint:gosec // G124: the attributes are those of the cookie to delete
	gone.Value, gone.Quoted, gone.MaxAge, gone.Expires = "", false, -1, time.Unix(0, 0).UTC()
	return &gone
}
