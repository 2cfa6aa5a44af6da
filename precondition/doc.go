// Package precondition keeps writes from undoing one another, and answers 304 to who has
// the current version, for typed functions: RFC 9110, section 13.
//
//	type PutIn struct {
//		ID  int `path:"id"`
//		If  precondition.Required
//		New Article `body:"json"`
//	}
//
//	func (s *Service) Put(ctx context.Context, in PutIn) (respond.NoContent, error) {
//		old, err := s.load(ctx, in.ID)
//		if err == nil {
//			err = in.If.Check(precondition.Tag(old.Version), old.Modified)
//		}
//		if err != nil {
//			return respond.NoContent{}, err
//		}
//		return respond.NoContent{}, s.swap(ctx, old, in.New) // Failed() if WHERE version = $1 finds no row
//	}
//
// A [Headers] checks what the client sends, and a [Required] insists that it sends something.
// Who reads gets the tag by WithETag of package respond, and sends it back in If-Match.
//
// Check only saves work: between it and the write another write may come. It is the store
// that decides, by a comparison of the version within the write itself. Where that finds
// another version, the answer is that of [Failed].
//
// # Rules
//
// The conditions are evaluated in this order, and the first that fails answers:
//
//	If-Match                strong comparison, * is any version    412
//	If-Unmodified-Since     where there is no If-Match             412
//	If-None-Match           weak comparison, * is any version      304 to GET and HEAD, else 412
//	If-Modified-Since       GET and HEAD without an If-None-Match  304
//
// All lines of If-Match and of If-None-Match are one list; a member that is no entity tag
// matches nothing, and an empty list fails If-Match and passes If-None-Match. A date has one
// of the three forms of RFC 9110, section 5.6.7. One that is none, is sent twice, or has
// nothing to be compared with is ignored. OPTIONS, TRACE and CONNECT have no conditions.
//
//	a parameter is invalid                        400, before any 428
//	Required, and nothing that protects is sent   428, before the body is read
//	nothing is there, and the handler creates     CheckAbsent: If-None-Match: * passes
//	nothing is there, and it does not create      404, from the handler
//	the tag given to Check is no entity tag       500, logged
//
// A 412 and a 428 say what to do: read again, send If-Match.
//
// # Which tags to send
//
// The answer to a PUT has a tag only if what is stored is byte for byte what was sent (RFC
// 9110, section 9.3.4), or if it brings the representation as stored, with its URL in
// Content-Location. Where a readOnly member or a time of change differs from what was sent,
// send no tag, and the client reads again. Where a route answers in several formats, each
// has its own tag.
//
// Middleware compress adds a suffix to the tags of what it compresses, and takes it off what
// comes back in If-Match and If-None-Match, for every method. Middleware ETag uses the tag
// that the handler has set. Without one it makes its own, which no Check knows: behind it,
// call WithETag wherever you call Check for a GET.
//
// # Limits
//
// A proxy that compresses by itself may send a weak tag, which never matches in If-Match;
// the 412 says so. A client that did not see the answer to its write gets a 412 when it
// sends the same again, and finds its change when it reads: middleware idempotency is for
// that. If-Range and ranges are those of package fileserve, which evaluates the conditions of
// files by itself, by the same code.
package precondition
