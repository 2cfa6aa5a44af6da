// Package precondition keeps concurrent writes from overwriting each other, and answers
// 304 to clients that have the current version: If-Match and its siblings for typed
// functions (RFC 9110, section 13).
//
//	type putIn struct {
//		If   precondition.Required
//		Note string `body:"text"`
//	}
//
//	put := func(_ context.Context, in putIn) (respond.NoContent, error) {
//		_, version := notes.Load()
//		if err := in.If.Check(precondition.Tag(version), time.Time{}); err != nil {
//			return respond.NoContent{}, err
//		}
//		if !notes.Swap(version, in.Note) { // UPDATE ... WHERE version = $1 has changed no row
//			return respond.NoContent{}, precondition.Failed()
//		}
//		return respond.NoContent{}, nil
//	}
//
// [Headers] are the conditions that the client sends. [Required] refuses a request
// without any. The GET sends the tag, with WithETag of package respond, and the client
// sends it back in If-Match.
//
// Check alone is not safe: another write may happen between the check and the write. The
// store must compare the version within the write. If it finds another version, return
// [Failed].
//
// # Rules
//
// The conditions are evaluated in this order. The first that fails decides the answer:
//
//	If-Match             strong comparison; * is any version                412
//	If-Unmodified-Since  without an If-Match                                412
//	If-None-Match        weak comparison; * is any version                  304 to GET and HEAD, else 412
//	If-Modified-Since    GET and HEAD without an If-None-Match              304
//
// Several lines of If-Match or of If-None-Match are one list. A member that is not an
// entity tag matches nothing. An empty list fails If-Match and passes If-None-Match. A
// date has one of the three forms of RFC 9110, section 5.6.7. A date is ignored if it is
// invalid, sent twice, or if there is nothing to compare it with. OPTIONS, TRACE and
// CONNECT have no conditions.
//
//	a parameter is invalid                     400, before any 428
//	Required, and no condition that protects   428, before the body is read
//	the handler creates what does not exist    CheckAbsent: If-None-Match: * passes
//	the handler does not create it             404, from the handler
//	the tag given to Check is invalid          500, logged
//
// A 412 and a 428 tell the client what to do: read again, send If-Match.
//
// # Which tags to send
//
// Send a tag with the answer to a PUT in two cases: what is stored is byte for byte what
// was sent (RFC 9110, section 9.3.4), or the answer brings the stored representation with
// its URL in Content-Location. Otherwise send no tag, for instance if a readOnly member
// or a time of change differs. The client then reads again. If a route answers in several
// formats, give each its own tag.
//
// Middleware compress adds a suffix to the tags of what it compresses. It removes the
// suffix from If-Match and If-None-Match, for every method. Middleware ETag uses the tag
// that the handler has set, and else makes one that Check does not know. So behind ETag,
// call WithETag in each GET handler that calls Check.
//
// # Limits
//
// A proxy that compresses may send a weak tag, which never matches in If-Match. The 412
// says so. A client that did not get the answer to its write gets a 412 when it repeats
// the write. It finds its change when it reads again. Middleware idempotency avoids that.
// Package fileserve evaluates If-Range, ranges and the conditions of files by itself,
// with the same code.
package precondition
