// Package fileserve serves files as RFC 9110 describes: with ranges, preconditions,
// entity tags and precompressed files.
//
// A [Dir] is a handler for a directory, an [embed.FS] or any other [fs.FS]. A handler
// returns a [File] for one file, or a [Content] for bytes that it has:
//
//	mux := http.NewServeMux()
//	report := tenon.Handle(func(_ context.Context, in reportIn) (fileserve.File, error) {
//		return fileserve.File{FS: reports, Path: in.Year + ".pdf", Name: "Report.pdf"}, nil
//	})
//	mux.Handle("GET /reports/{year}", report)
//
//	files, err := fileserve.Open(dir, fileserve.Options{Browse: true})
//	if err != nil {
//		log.Fatal(err)
//	}
//	mux.Handle("/files/", http.StripPrefix("/files", files))
//
// # Requests
//
//	GET, HEAD                  the file; HEAD gets the header fields of GET
//	OPTIONS                    204 with Allow
//	another method             405 with Allow; a Content is sent as a whole
//	If-Match, If-None-Match    all lines of the field are one list
//	If-(Un)modified-Since      ignored if sent twice or not a valid date
//	If-Range                   a strong entity tag, or the exact time if it is at least two
//	                           seconds old; otherwise the whole file is sent
//	Range                      206 with one range, or several as multipart/byteranges
//	Accept-Encoding            the best of the Precompressed files
//
// Preconditions are checked in the order of RFC 9110, section 13.2.2, before the range:
// 412 and 304 come before 416.
//
// # Ranges
//
// Where RFC 9110 leaves a choice or servers differ, these rules hold:
//
//	Range with HEAD                            ignored (section 14.2)
//	another unit, or a second line             ignored
//	an invalid part, as +0-4, 5-4 or 1 - 2     the whole field is ignored: 200
//	a number of any length                     counts as the largest number
//	no range within the file, and -0           416 with Content-Range, also if If-Range matches
//	any range of an empty file                 200
//	overlapping, or at most 80 bytes apart     joined, at the place of the first one
//	more than 16 parts, or parts that cost     the whole file
//	more than the file
//	more than 64 ranges or 2 KiB               the whole file
//
// Ranges are those of the stored bytes. A precompressed file has ranges of its own.
//
// # Validators
//
// If a file cannot change, its entity tag is a hash of its content: in an [embed.FS], and
// with Immutable. Otherwise the entity tag is made of size and time of modification. It
// is weak at first: while the time is less than 50 ms old, or two seconds if it has no
// fraction, or is in the future of this clock. After that it is strong and changes only
// with the file.
//
// A time before 1980-01-03, as archives and reproducible builds write it, gives neither
// an entity tag nor a Last-Modified. Each precompressed file has its own entity tag.
//
// # Names
//
//	not there, or it leads out of the directory                    404
//	an empty element, "." or "..", not UTF-8, too long             404
//	a FIFO or a device                                             404
//	begins with a dot, except .well-known at the top               404, unless Hidden
//	a file without permission to read                              403
//	a directory with an index, or with Browse                      the index, or a listing
//	the path of such a directory without the last slash            302 to the path with it, also
//	                                                               if the slash is written as %2F
//	another directory                                              404
//
// # Media types
//
// The extension gives the media type; the content is not looked at. The first match counts:
// [Options].ContentTypes, a table that is the same on every system, the table of the system,
// application/octet-stream. Every file has X-Content-Type-Options: nosniff.
//
// A header field that is already set on the response is kept, unless a field of the File, the
// Content or the Options sets another value.
//
// # Sending
//
// A file or range of up to 16 KiB is read and written at once. A larger one is sent by
// sendfile(2) if the system has it, also through the middleware of this module. HTTP/2,
// TLS and writers without ReadFrom copy the bytes.
//
// A Dir of [Open], of [os.DirFS] or of [os.Root.FS] keeps files of up to 16 KiB in
// memory, within [Options].MemoryLimit. For each request a stat compares the device, the
// inode, the size, and the nanoseconds of the last modification and of the last change of
// the inode. If one of them differs, the file is opened and read again. So a change that
// the file system reports shows at once, and so does a change of permissions.
//
// A large body has its own write deadline, which moves on while the client receives. If a
// file becomes shorter or cannot be read to its end, the connection is aborted: the
// client sees an error and never a wrong file.
package fileserve
