// Package fileserve serves files as RFC 9110 means them, by sendfile(2) where the
// system has it.
//
// [File] answers with one file and [Content] with bytes that a handler has at
// hand. Both are values to return from a handler, and handlers. [Open] and [New]
// make a [Dir], a handler for the files of a directory, of an [embed.FS] or of
// any other [fs.FS]; [Options] say how.
//
// # Requests
//
//	GET, HEAD                     the file; HEAD gets the header of GET
//	OPTIONS                       204 with Allow
//	another method                405 with Allow; a Content answers it with the whole
//	If-Match, If-None-Match       all lines of the field are one list
//	If-(Un)modified-Since         ignored if sent twice, or if no date
//	                                  in one of the three forms
//	If-Range                      a strong entity tag or the exact time, which is at
//	                                  least two seconds old; else the whole file
//	Range: bytes=                 206 with one range, or several as
//	                                  multipart/byteranges
//	Accept-Encoding               the best of the Precompressed files
//
// Preconditions come in the order of RFC 9110, section 13.2.2: 412 and 304 go
// before 416.
//
// # Ranges
//
// Where RFC 9110 leaves a choice, or servers differ, this holds:
//
//	a Range with HEAD                       ignored (section 14.2)
//	another unit, a second line             ignored
//	anything invalid in the field, such as  the whole field is ignored: 200
//	    +0-4, 5-4, 1 - 2
//	numbers of any length                   count as the largest one
//	no range within the file, -0 too        416 with Content-Range, after an If-Range
//	                                            that holds too
//	any range of an empty file              200
//	ranges that overlap, touch, or are      joined, at the place of the first one
//	    at most 80 bytes apart
//	more than 16 parts, or parts that cost  the whole file
//	    more than the file
//	more than 64 ranges or 2 KiB of field   the whole file
//
// Ranges are those of the stored bytes: of a precompressed file, its own.
//
// # Validators
//
// An entity tag is made of the content where it cannot change: in an [embed.FS],
// and with Immutable. Elsewhere it is made of size and time of modification. It is
// weak while that time is less than 50 ms old, or two seconds where it has no
// fraction, or lies in the future of this clock; then it is strong, and changes
// only with the file. A time before 1980-01-03, which is what archives and
// reproducible builds write, makes neither an entity tag nor a Last-Modified. Each
// precompressed file has its own entity tag.
//
// # Names
//
// A name that cannot be served is a 404: one that is not there, leads out of the
// directory, has an empty element, "." or "..", or is not UTF-8; a FIFO, a device,
// a name that is too long. Names that begin with a dot are not there either, but
// for .well-known at the top. A file that may not be read is a 403.
//
// A directory is served by its index or, with Browse, as a listing; its path
// without the slash at the end is redirected, by 302, and so is one whose slash at
// the end is written as %2F. One with neither is not there.
//
// # Media types
//
// The extension tells, never the content: from Options.ContentTypes, a table that
// is the same on every system, then the table of the system. What none of them
// knows is application/octet-stream. Every file has X-Content-Type-Options:
// nosniff.
//
// A field that is set on the response already is kept, unless a field of the
// File, the Content or the Options names another value.
//
// # Sending
//
// Up to 16 KiB are read and written at once. More goes by sendfile(2): of a whole
// file, of a range, and of each of several ranges, also through the writers of
// this module's middleware. HTTP/2, TLS and writers without ReadFrom get copies.
//
// A Dir of [Open], of [os.DirFS] or of [os.Root.FS] keeps files of that size in
// memory, as far as Options.MemoryLimit allows. For each request a stat tells that
// device, inode, size, and the nanoseconds of the last modification and of the last
// change of the inode are what they were; else the file is opened and read again.
// So every change that the file system tells of shows at once, and so does one of
// the right to read.
//
// While it is sent, a large body has a write deadline of its own, which moves on
// as long as the client takes something. A file that becomes shorter, or that
// cannot be read to its end, breaks the connection off, so that the client sees
// an error and not a wrong file.
package fileserve
