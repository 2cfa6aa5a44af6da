// Package cookie declares a cookie once, with the type of its value and its attributes, and
// then sets, reads and deletes it:
//
//	keys, err := cookie.NewKeys(secret) // 32 random bytes from the configuration
//	session := cookie.Sealed[Session](keys, "__Host-session", cookie.MaxAge(12*time.Hour))
//
//	err = session.Set(w, Session{User: "ada"})
//	s, err := session.Get(r) // an error means: no valid cookie
//	err = session.Delete(w)
//
// There are three kinds of declarations:
//
//	Plain     client and scripts can read and change the value: a theme, a language
//	Signed    clients can read the value but not change it: a flash message
//	Sealed    clients can neither read nor change the value: a session
//
// [Cookie.Issue] and [Cookie.Expire] return the cookie that Set and Delete would send, for a
// typed handler that returns its cookies. [Set], [Delete] and [Check] are for an
// [http.Cookie] of your own.
//
// # Attributes
//
// By default a cookie is Secure, HttpOnly, SameSite=Lax and Path=/. It goes to the host that
// set it and ends with the session of the browser. A name that begins with __Host- keeps other
// hosts of the domain from setting the cookie.
//
//	MaxAge            how long the browser keeps the cookie and the server accepts its value
//	Path, Domain      where the cookie is sent
//	SameSite          which requests from other sites carry it
//	ScriptReadable    no HttpOnly
//	Insecure          no Secure, for development
//	Partitioned       a separate cookie for each site that embeds this one
//	Purpose           a value of another purpose is invalid
//
// # Values
//
// The first row that fits T counts:
//
//	T                                           the cookie holds
//	a pointer or an interface                   JSON
//	a type with MarshalText and UnmarshalText   its text
//	a type that marshals itself to JSON         that JSON
//	a string or a type of this kind             the text
//	a []byte or a type of this kind             the bytes
//	any other type                              JSON
//
// # Rules
//
//	wrong declaration       Plain, Signed and Sealed panic with every fault
//	no, wrong or old value  Get returns http.ErrNoCookie, ErrInvalid or ErrExpired: treat all
//	                        three as no cookie
//	too large               Set returns ErrTooLarge for more than 4096 bytes of name and
//	                        value; a signed or sealed cookie holds about 3,000 bytes of value
//	set twice               the last Set or Delete counts; a cookie of Issue or Expire is added
//	several of one name     the valid one that was issued last counts, in the same second the
//	                        first; of plain ones the first that can be read; eight are tried
//	more than 3,000         the request counts as one without cookies, as in net/http
//	response has started    Set and Delete return an error, behind the middleware of this module
//
// # Signing and sealing
//
// Each cookie name has its own key, derived by HKDF-SHA256 from a secret of [Keys]. The
// signature or seal covers the value, the name, the purpose, the time of issue, the
// lifetime and a version. It is checked before a byte of the value is decoded. A value
// has one valid encoding.
//
// Signed is HMAC-SHA256, compared in constant time. The text before the dot is the value
// in base64url. Sealed is AES-256-GCM with random nonces and a key for each name and day
// of issue: [Sealed] states how many values are safe. All of it is the standard library
// and runs with GODEBUG=fips140=only. Nothing is compressed, so the length of a cookie
// tells only the length of its value.
//
// To rotate, put the new secret first in [NewKeys]. Cookies under the older secrets are
// still read, with OldKey set in [Meta]. A value expires by the clock of the process that
// reads it, to the second. A value from more than 60 seconds in the future is invalid.
//
// # Limits
//
// A client can keep a value and send it again after a deletion, until it expires. To end
// sessions early, compare Issued of [Meta] with a time that you store for the user, or
// keep the sessions in a store.
//
// A browser keeps two cookies of one name if their Path or Domain differ. A login is
// safe, because the newest cookie counts. A logout is not: when the newest is deleted,
// the older one counts again. So change the name together with Path or Domain. A name
// that begins with __Host- protects against cookies of other hosts of the domain. A
// comparison of Issued protects against every older value.
//
// The tag cookie of package bind reads the text of a cookie as it was sent, so it reads
// the %XX that Plain writes: a theme "dark blue" is "dark%20blue". Read a cookie of this
// package from the request, with Get.
package cookie
