// Package cookie declares cookies once, with the type of their value and their
// attributes, and sets, reads and deletes them by that declaration.
//
//	Plain    anybody reads and changes it: a theme, a language
//	Signed   clients read it, but cannot change it: a flash message
//	Sealed   clients can neither read nor change it: a session
//
// [Cookie.Set], [Cookie.Get] and [Cookie.Delete] share one set of attributes,
// so a deletion always meets its cookie. [Cookie.Issue] and [Cookie.Expire]
// return what the first and the last would send, for a typed handler to return in
// a wrapper of package respond. [Set], [Delete] and [Check] are for an
// [http.Cookie] of your own.
//
// # Attributes
//
// By default a cookie is Secure, HttpOnly, SameSite=Lax and Path=/, goes to the
// host that set it alone and ends with the session of the browser. A name that
// begins with __Host- keeps other hosts of the domain from setting it too.
//
//	MaxAge           how long browser and server keep it, together
//	Path, Domain     where it is sent
//	SameSite         which requests from other sites carry it
//	ScriptReadable   no HttpOnly
//	Insecure         no Secure, for development
//	Partitioned      a jar for each embedding site
//	Purpose          values of another purpose are invalid
//
// # Values
//
// The first row that fits T decides:
//
//	pointers and interfaces                     JSON
//	types with MarshalText and UnmarshalText    their text
//	types that marshal themselves to JSON       that JSON
//	strings and types of their kind             the text
//	[]byte and types of its kind                the bytes
//	everything else                             JSON
//
// # Rules
//
//	wrong declaration     panics at start-up, with every fault
//	wrong value           Get and Read return http.ErrNoCookie, ErrInvalid or ErrExpired:
//	                      treat all three as absent
//	too large             over 4096 bytes of name and value, ErrTooLarge from Set; signed
//	                      and sealed values carry some 3,000 bytes
//	set twice             the last one counts; a deletion after Set is all that is sent;
//	                      cookies of Issue and Expire take nothing back
//	several of one name   the genuine one that was issued last, within one second the first; of
//	                      plain ones the first that can be read; eight are looked at
//	no cookie at all      a request with more than 3,000, as in net/http
//	response has started  Set and Delete return an error, where the middleware of this
//	                      module tells; nothing is dropped silently
//
// # Signing and sealing
//
// Each cookie name has its own key, by HKDF-SHA256 from a secret of [Keys].
// Name and purpose, the time of issue, the time to live and a version are
// authenticated with the payload, before a byte of it is decoded. A value has
// one spelling. Signed is HMAC-SHA256, compared in constant time; the payload
// is the base64url before the dot. Sealed is AES-256-GCM with random nonces,
// under a key for each name and day of issue: [Sealed] states the limit of
// messages. Everything is the standard library's and runs with
// GODEBUG=fips140=only. Nothing is compressed, so that the length tells no more
// than the length of the payload.
//
// New secrets go first in [NewKeys]; cookies under the others are read with
// OldKey set in [Meta]. Expiry is to the second by the clock of the process that
// reads; a value from more than 60 seconds in the future is invalid.
//
// # Limits
//
// A client can keep a value and send it again after a deletion, until it
// expires. Compare Issued of [Meta] with a time since when sessions count, or
// keep sessions that must be revocable at once in a store.
//
// Browsers keep cookies of one name side by side if Path or Domain differ. A login
// is safe from an older one, because the newest counts; a logout is not: when the
// newest is deleted, an older one counts again. So change the name together with
// Path or Domain. Against cookies that other hosts of the domain set, a name that
// begins with __Host- helps, and against every older value a comparison of Issued.
//
// The tag cookie of package bind reads the text of a cookie as it was sent. Plain
// writes what a cookie cannot carry, and %, as %XX, and the tag cannot tell that
// from a foreign cookie that has %XX in its value: a theme "dark blue" reads back
// as "dark%20blue". What this package has set is read from the request with Get.
package cookie
