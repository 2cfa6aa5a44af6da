// Package bind reads requests into typed structs.
//
// The tags of a struct say where each field comes from. [For] compiles them
// once and panics with every fault of the declaration; [Binder.Bind] reads a
// request. [Func] makes a handler of a function that takes the struct, and
// [Request] is for a handler that has the request already.
//
//	tag               reads
//	path:"id"         a path value, of http.ServeMux, chi or the option PathValue
//	query:"tag"       the URL query; ,csv splits at commas too; ,deep reads name[key]=value
//	header:"X-Token"  a header field, Host too
//	cookie:"session"  a cookie
//	form:"title"      a field of an urlencoded or multipart body, never the URL; ,json reads JSON in it
//	value:"user"      what the option Value of this name returns
//	body:"json"       the whole body: json, form, text, bytes, stream, multipart or a list of these
//
// A field of type *[http.Request] is the request, one of type [Raw] the body as it
// came, one of type [MergePatch] a body of application/merge-patch+json, and one whose
// type is a [RequestUnmarshaler] reads itself. Other fields without a tag
// are left alone, fields of an embedded struct count as those of the outer one,
// and a type without any source is the JSON body itself. An empty name is
// derived from the Go name, as in user_id, for a header as in User-Id. Names
// are exact, except that the case of a header's does not count. A field has one
// source. As in Go, a field hides those of its source and name in embedded
// structs.
//
// Values and fields that read themselves are filled in the order of declaration, once
// the parameters are valid and before the body is read; the first error is the whole
// answer. So the parameter faults of such a struct come without those of its body, and
// the body of a request that is refused is not read. Authentication that is to come
// before a 400 is middleware, such as a Guard of package openapi, and a value hands its
// result on. In a body and in structs that are not embedded, the tag value is a fault
// and UnmarshalRequest is not called; a json tag on a field that reads itself is a fault.
//
// Nothing that looks bound is left unbound. In a struct of fields with a source,
// a field without one is a fault if it has a json tag, a default or a constraint;
// if it is a struct that is not embedded, or holds some, and has a field with one of
// these or a source inside; if it is called Body or RawBody; or if its type is one of
// requests or their answers: an [Opt], a [File], an [io.Reader], an [http.Header],
// an [http.ResponseWriter], a [context.Context] and the like. On a field that is
// bound, a key that is almost one of ours is a fault: Minimum, minlength, min, max,
// required. The tag json:"-" says that either is meant. A field with a key of a
// library that gives required, min and max a meaning of its own keeps them: env,
// envconfig, split_words, flag, long, short, arg, cmd, help, kong, type, location,
// locationName, locationNameList.
//
// The tags validate and binding, of go-playground/validator and gin, are faults too,
// with the constraints to write instead, because nothing here checks them. They pass
// under [ValidateFunc], and where a struct around the field, such as In, declares a
// Validate method, which may run that library: so a type is shared with gin.
//
// # Required
//
// A value is required unless its declaration says how to live without it: a
// default tag, a pointer, an [Opt], the option ",optional", in JSON
// ",omitempty" or ",omitzero", or, of a parameter, a slice or a map; an empty
// slice is what minItems may refuse. A value counts as sent if its name is
// there: 0, false and "" are values. Empty text is none for any type but a
// string, and an empty path value none where it may be missing.
//
// # Merge patches
//
// A [MergePatch] brings the members of a value that change (RFC 7396), and
// [MergePatch.Apply] makes them of a value that it leaves alone. What is not sent
// stays. An object is merged; all else, a list or what reads itself, is replaced as a
// whole. Null takes away:
//
//	a required member               refused
//	a member with a default tag     the default
//	an Opt                          absent
//	another member                  its zero value
//	a name of a map or interface    no longer there
//
// # Values
//
//	string              the text as it is, which must be UTF-8
//	bool                the words of strconv.ParseBool, on and off; a bare ?name is true
//	integers            decimal, in the range of the type; no plus sign
//	floats              decimal, in the range of the type; no NaN, infinity or hexadecimal
//	time.Time           RFC 3339 with T and Z in either case, or with the tag format:
//	                    date (2006-01-02), time (15:04:05 or 15:04),
//	                    date-time-local (2006-01-02T15:04:05 or 2006-01-02T15:04),
//	                    http (RFC 9110, section 5.6.7), unix (seconds)
//	time.Duration       the text of time.ParseDuration
//	url.URL             the text of url.Parse
//	UnmarshalText       whatever the method reads, also in a slice or behind a pointer;
//	                    minLength and maxLength look at the text before the method does
//	slices              each repeated name; a header as a list of RFC 9110, section 5.6.1, whose
//	                    quoted strings keep their quotes
//	maps, structs       in a query with ,deep: one level of name[key]=value
//
// A scalar that is sent more than once takes the first value, and so does a key
// of a map. A comma of ,csv separates before unescaping, so that %2C is data.
//
// A cookie is read as net/http reads it, which takes off one pair of quotes and passes
// over a cookie whose value has a byte that RFC 6265, section 4.1.1, excludes: one
// outside of ASCII, a control, a quote or a backslash. Nothing is unescaped. Package
// cookie writes what a cookie cannot carry, and %, as %XX, which no reader can tell from
// a value that has %XX itself: a cookie that cookie.Plain set reads back escaped through
// cookie:"theme". Take the request into In and read the cookie with its Get.
//
// # JSON
//
// A JSON body is read in one pass. Names are exact and not repeated, text is
// UTF-8, and nothing follows the value. An integer is any number with an
// integral value, such as 1.0 or 1e2. Pointers, slices, maps, an Opt and any
// hold null; for other types it is an error. Values are nested at most 1,000
// levels deep.
//
// The option string of a json tag reads a number from a string, which holds it as
// JSON writes it: "1e2" is an integer. The tag format of a time means the same as
// in a parameter, except that unix is a number; package respond writes the time in
// the same form.
//
// The strings of a value are parts of copies of the body, up to 4 KiB long. One
// that outlives its request keeps its copy alive; [strings.Clone] sets it free.
//
// A member with the tag readOnly:"true" is the server's: what a request sends there is
// skipped, whatever its type, though it counts as JSON and [Strict] knows its name. One with
// writeOnly:"true" is read, and no answer of package respond has it. On an embedded struct
// the tags are about all of its fields. So a row of a database is a body as it stands:
//
//	type Article struct {
//		ID        int64     `json:"id" readOnly:"true"`
//		CreatedAt time.Time `json:"createdAt" readOnly:"true"`
//		Title     string    `json:"title" minLength:"1"`
//	}
//
// A PUT of it has a zero ID and a zero CreatedAt, which are not to be stored: name the
// columns that are (UPDATE articles SET title = ? WHERE id = ?), with the id of the path. A
// PATCH of a few members is a merge patch. After a Format of yours has decoded a body,
// what is readOnly in it is made zero; a type with an UnmarshalJSON or UnmarshalText of its
// own cannot have such members, and neither can parameters. Cookies and logs keep all.
//
// The tag nullable:"false" refuses null for a member whose type could hold it: a pointer
// or an Opt that may be missing, but not null; a slice or map that is not.
//
// # Constraints
//
// The tags minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf,
// minLength, maxLength (in characters), pattern (not anchored, RE2), enum
// (a,b without spaces), minItems, maxItems, uniqueItems and format (date-time, date, time,
// date-time-local, email, hostname, ipv4, ipv6, uri, uri-reference, uuid,
// json-pointer) have the meaning of JSON Schema and are checked on the stored
// value, those of one value on each element of a slice or map. On a string time is
// that of RFC 3339 with its offset, as in 15:04:05Z; on a [time.Time] it has none.
//
// multipleOf is exact. Of a float it looks at the float where the unit is whole,
// and otherwise at the shortest decimal text that stands for it: 1.15 is a
// multiple of 0.01. The other formats of the OpenAPI format registry (password,
// byte, int32, float, ...) are written in the document and not checked; a type
// with UnmarshalText may have a format of its own, which its errors name.
//
// A type with a Validate() error method checks itself, once all constraints
// hold: what is inside before what is around it, keys of maps too. The method is
// called for what was sent or has a default, and never for what was not, nor
// through an embedded pointer that is nil. The option [ValidateFunc] adds a check of
// the whole, and [Valid] makes all these checks of a value that no request has brought.
//
// The error of a Validate method is written for the client: its text becomes the
// sentence of the value's place. The fields of an [*Error] are placed below the value:
// one with the pointer #/name, returned for the value at #/authors/1, is sent as
// #/authors/1/name. An error with an answer of its own, such as a [respond.Problem], is
// the answer. A nil of any type is no error.
//
// # Errors
//
// A request that does not fit is a 400, or what [InvalidStatus] says where it is
// well-formed: an [*Error] lists up to 32 fields by place, code, the limit of the
// rule and a sentence, and never repeats a value. The place is a name, for a map in
// a query name[key], and within a JSON body a JSON Pointer (RFC 6901, section 6).
//
// The codes are the constraint's name, required, type, range, format (what
// UnmarshalText or UnmarshalJSON refuses), invalid (a value that checks
// itself), unknown (by [Strict]), syntax, pairs, entries and cookies; in JSON
// also null, duplicate and depth, in multipart forms boundary, headers, parts,
// maxSize and contentMediaType, and read for a body that breaks off. The text
// of an error that a check of the whole returns is sent in such an answer, unless
// [respond.Error] has an answer of its own to it.
//
// # Bodies
//
// Form fields come urlencoded or as multipart/form-data, a [File] only as the
// latter. The kind form reads a struct by its form tags or, if it has none, by
// its JSON names, so that body:"json,form" takes either. text is for a string
// or a type with UnmarshalText, bytes for a []byte, stream for an [io.Reader]
// or [io.ReadCloser], multipart for [Parts]; the last two are read by the
// handler. text, bytes and stream take any media type, the others answer 415;
// the tag contentType asks for another type, or with "*" for none. The others
// take no Content-Encoding either: that is a 415, and decoding is for the
// middleware [github.com/tenonkit/tenon/middleware/compress.Requests]. An empty body
// is missing, unless its field is a pointer or an Opt, or it is a form: by its kind, or
// in json,form by its Content-Type.
//
// A form field with the option json holds one JSON value, read by the rules of a JSON
// body: slices and maps are required too, empty text is none, and an error has the name
// of the field and a pointer into its value. The Content-Type of a part does not count.
//
// # Limits
//
// A query or form has at most 10,000 pairs, a part between commas of ,csv
// counted as one, and 1,000 entries of maps; a header has at most 10,000 items
// of a list, and a request 3,000 cookies. A multipart body has at most 1,000
// parts, 10,000 header fields in all and 16 KiB of header in one part. More is a
// 400. So is a part whose Content-Disposition cannot be read or gives no name (RFC
// 7578, section 4.2), and so is a malformed escape or a semicolon anywhere in a query
// that In reads. A slice is read no further than maxItems. The text of a number of [math/big] has at most 4,096
// characters unless a maxLength says otherwise, that of a [math/big.Rat] with the
// zeros that its exponent stands for.
//
// A body has at most 1 MiB or [MaxBody], the text of a multipart form at most
// 10 MiB; more is a 413. The files of a form take as much memory as [MaxMemory]
// says, and beyond that a temporary file.
package bind
