// Package bind reads HTTP requests into typed structs.
//
// The tags of a struct name the source and the rules of each field. A request that breaks
// a rule is answered with a 400 that names the field:
//
//	type search struct {
//		Shelf string   `path:"shelf"`
//		Tags  []string `query:"tag"`
//		Limit int      `query:"limit" default:"20" minimum:"1" maximum:"100"`
//		Draft *bool    `query:"draft"`
//	}
//	mux := http.NewServeMux()
//	mux.Handle("GET /shelves/{shelf}", bind.Func(func(w http.ResponseWriter, _ *http.Request, in search) {
//		fmt.Fprintf(w, "%s %q limit %d", in.Shelf, in.Tags, in.Limit)
//	}))
//
// [Func] makes a handler from a function that takes the struct. [For] compiles the struct,
// and [Binder.Bind] reads one request into it. Call For and Func at start-up: they panic
// with every fault of the declaration. [Request] reads the request that a handler already
// has. [Valid] checks a value that did not come from a request.
//
// # Sources
//
//	tag                    the field holds
//	path:"id"              a path value of http.ServeMux or chi, or of the option PathValue
//	query:"tag"            a parameter of the URL query
//	query:"tag,csv"        the same; commas separate values of a slice
//	query:"filter,deep"    filter[key]=value, one level of it, in a map or a struct
//	header:"X-Token"       a header field; Host is one too
//	cookie:"session"       a cookie
//	form:"title"           a field of an urlencoded or multipart body, never of the URL
//	form:"tag,csv"         the same; commas separate values of a slice
//	form:"tree,json"       a form field whose text is a JSON value
//	value:"user"           the result of the option Value with this name
//	body:"json"            the whole body: see Bodies
//
// Four types need no tag:
//
//	*http.Request          the request
//	Raw                    the body as it was sent
//	MergePatch             a body of application/merge-patch+json
//	RequestUnmarshaler     what the type reads from the request itself
//
// These rules hold:
//
//   - A field has one source. Other fields keep their zero value.
//   - A type without any source is the JSON body itself. A struct{} reads nothing.
//   - The fields of an embedded struct count as fields of the outer struct. As in Go, a
//     field hides the embedded fields of its source and name.
//   - An empty name is derived from the Go name: UserID reads user_id, in a header User-Id.
//   - Names are case-sensitive, except those of header fields.
//
// # Order
//
// A body that its header fields already refuse (413, 415) is answered first. Then the
// parameters are read, then the value fields and RequestUnmarshalers are filled in the order
// of declaration, then the body is read.
//
// In a struct with value fields or RequestUnmarshalers, invalid parameters are answered before
// those are filled and before the body is read. The first error of such a field is the whole
// answer. In other structs one answer lists the faults of the parameters and the body.
//
// Authentication that must come before the 400 is middleware, such as a Guard of package
// openapi, which passes its result on as a value.
//
// # Unbound fields
//
// A field that looks bound but is not is a fault. In a struct that has sources, these are
// faults:
//
//   - a json tag, a default or a constraint on a field without a source
//   - a field without a source whose struct, or the structs in it, have a source, a json tag
//     or a constraint, unless it is embedded
//   - a field without a source that is called Body or RawBody, or whose type belongs to
//     requests or answers: an [Opt], a [File], an [io.Reader], an [http.Header], an
//     [http.ResponseWriter], a [context.Context] and the like
//   - a tag key that is almost one of this package, in case or with one letter wrong: Minimum,
//     minlength, patern, pth, min, max, required; and param and uri, which are path values elsewhere
//   - schema or in as the only tag of a field without a source, as gorilla/schema and httpin
//     write them
//   - a json tag on a RequestUnmarshaler
//   - the tag value in a body, or in a struct that is not embedded; a path, query, header or
//     cookie tag without a json tag in a JSON body
//   - the tags validate and binding: on a field without a source, and on a bound field unless
//     its constraints say the same; the fault says which constraints to write
//
// The tag json:"-" allows the first five. The keys min, max and required are also allowed
// beside the tag of a library that gives them a meaning: env, envconfig, split_words, flag,
// long, short, arg, cmd, help, kong, type, location, locationName, locationNameList. The tags
// validate and binding are allowed under [ValidateFunc] and in a struct with a Validate
// method, which may run the library that they belong to.
//
// # Required
//
// A value is required, except:
//
//   - one with a default tag
//   - a pointer or an [Opt]
//   - a parameter or form field with the option ",optional"
//   - a parameter or form field that is a slice or map; minItems may refuse an empty slice
//   - a JSON member with ",omitempty" or ",omitzero", or in an embedded pointer
//
// A value counts as sent if its name is there: 0, false and "" are values. Empty text counts
// as not sent for every type but a string. An empty path value counts as not sent if it may
// be missing. If the pattern of the request has no wildcard for a required path value, the
// program is wrong and not the client: it is a 500, and the log names the wildcard.
//
// # Values
//
//	string             any text that is valid UTF-8
//	bool               the words of strconv.ParseBool, on and off; a bare ?name is true
//	integers           decimal, in the range of the type; no plus sign
//	floats             decimal, in the range of the type; no NaN, infinity or hexadecimal
//	time.Time          RFC 3339, with T and Z in either case, or by the tag format:
//	                   date (2006-01-02), time (15:04:05 or 15:04),
//	                   date-time-local (2006-01-02T15:04:05 or 2006-01-02T15:04),
//	                   http (RFC 9110, section 5.6.7), unix (seconds)
//	time.Duration      the text of time.ParseDuration
//	url.URL            the text of url.Parse
//	UnmarshalText      whatever the method reads, also in a slice or behind a pointer;
//	                   minLength and maxLength check the text before the method runs
//	slices             one element for each time the name is sent; a header field is a list
//	                   (RFC 9110, section 5.6.1) whose quoted strings keep their quotes
//
// If a scalar or a key of a map is sent several times, the first value counts. The option csv
// splits before unescaping, so %2C is a comma within a value.
//
// Cookies are read as net/http reads them: one pair of quotes is removed, and a cookie is
// skipped if its value has a quote, a backslash, a control character or a byte outside of
// ASCII (RFC 6265, section 4.1.1). Nothing is unescaped. A theme "dark blue" that cookie.Plain
// has set reads as "dark%20blue": read it with the Get method of the cookie, from a field of
// type [*http.Request].
//
// # Bodies
//
//	tag                 type of the field                         media type
//	body:"json"         any type that JSON fits                   application/json, +json, Formats
//	body:"form"         a struct with form tags or JSON names     urlencoded or multipart/form-data
//	body:"json,form"    the same                                  either
//	body:"multipart"    Parts, which the handler reads            multipart/form-data
//	body:"text"         a string, or a type with UnmarshalText    any
//	body:"bytes"        a []byte                                  any
//	body:"stream"       an io.Reader or io.ReadCloser, which the  any
//	                    handler reads
//
// Another media type is a 415. The tag contentType asks for another one, and
// contentType:"*" accepts any. A Content-Encoding is a 415 too, except for text, bytes and
// stream; the middleware [github.com/tenonkit/tenon/middleware/compress.Requests] decodes the
// body before.
//
// GET, HEAD, CONNECT and TRACE have no body (RFC 9110, section 9.3). A route of package tenon
// for one of them whose In reads the body is a fault. [Func] and [Binder.Bind] do not know the
// method before a request, and read what it has.
//
// An empty body counts as not sent, except that an empty form is a form without fields. For
// json,form the Content-Type tells which it is.
//
// A [File] comes in multipart/form-data only. A form field with the option json follows the
// rules of a JSON body, so a slice or map is required too. Empty text counts as not sent. An
// error has the name of the field and a pointer into its value. The Content-Type of the part
// is ignored.
//
// # JSON
//
//   - Names are exact and not repeated. Text is UTF-8. Nothing follows the value.
//   - An integer is any number with an integral value, such as 1.0 or 1e2.
//   - Pointers, slices, maps, an [Opt] and any accept null. nullable:"false" on such a member
//     refuses it.
//   - The option string of a json tag reads a JSON number from a string: "1e2" is an integer.
//   - The tag format of a time means the same as in a parameter, but unix is a number.
//     Package respond writes the time in the same form.
//   - The strings of a value share copies of the body of up to 4 KiB. A string that outlives
//     its request keeps its copy in memory; [strings.Clone] releases it.
//
// A member with readOnly:"true" belongs to the server: bind skips any JSON value that a
// request sends there, and [Strict] knows its name. A member with writeOnly:"true" is
// read, and package respond leaves it out of answers. On an embedded struct these tags
// apply to all its fields. So a row of a database can be the body:
//
//	type Article struct {
//		ID        int64     `json:"id" readOnly:"true"`
//		CreatedAt time.Time `json:"createdAt" readOnly:"true"`
//		Title     string    `json:"title" minLength:"1"`
//	}
//
// A PUT leaves ID and CreatedAt zero. Do not store them: update the other columns by name
// (UPDATE articles SET title = ? WHERE id = ?), with the id of the path. For a PATCH use a
// [MergePatch].
//
// What a [Format] decodes into a readOnly member is set to zero. Parameters cannot have these
// tags, nor can the members of a type with its own UnmarshalJSON or UnmarshalText. Cookies and
// logs keep all members.
//
// # Merge patches
//
// A [MergePatch] holds the members that change (RFC 7396), and [MergePatch.Apply] returns
// a changed copy of a value. Members that are not sent stay. An object is merged. Any
// other value is replaced, such as a list or a type that reads itself. Null removes:
//
//	null for                         result
//	a required member                an error
//	a member with a default tag      the default
//	an Opt                           absent
//	any other member                 the zero value
//	a key of a map or interface      the key is removed
//
// # Constraints
//
// The tags have the meaning of JSON Schema and are checked on the stored value. On a slice or
// a map, the rules for one value are checked on each element.
//
//	minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf     numbers
//	minLength, maxLength (in characters), pattern (RE2, not anchored)    strings
//	enum (a,b without spaces), format                                    strings and numbers
//	minItems, maxItems, uniqueItems                                      slices
//	maxSize (in bytes), contentMediaType                                 a File
//
// multipleOf is exact. A whole unit is compared with the float itself, any other unit with
// the shortest decimal text of the float: 1.15 is a multiple of 0.01.
//
// These formats are checked: date-time, date, time, date-time-local, email, hostname,
// ipv4, ipv6, uri, uri-reference, uuid, json-pointer. In a string a time has the offset
// of RFC 3339, as in 15:04:05Z; a [time.Time] reads it without one. The other formats of
// the OpenAPI format registry, such as password or int32, are written in the document and
// not checked. A type with UnmarshalText may have a format of its own, which its errors
// name.
//
// # Validate methods
//
// A type with the method Validate() error checks itself once all constraints hold. Inner
// values, and keys of maps, are checked before the value around them. The method is called for
// a value that was sent or has a default, and not through an embedded nil pointer. The option
// [ValidateFunc] adds a check of the whole struct.
//
// Write the error for the client: its text is sent as the detail of the value. If it is an
// [*Error], its fields are placed below the value: #/name, returned for the value at
// #/authors/1, is sent as #/authors/1/name. An error with an answer of its own, such as a
// [respond.Problem], is the whole answer. A nil of any type is success.
//
// # Errors
//
// A request that does not fit is a 400, or the status of [InvalidStatus] if it is well-formed.
// The [*Error] lists up to 32 fields, each with its place, a code, the limit of the rule and a
// sentence. It never repeats a value. The place is a name, such as limit or filter[key], or a
// JSON Pointer into a JSON body (RFC 6901, section 6).
//
//	code                        meaning
//	required                    the value is missing
//	type, range                 the value does not fit the type; the number is outside of its range
//	minimum, enum, ...          the value breaks the constraint of this name
//	format                      also: UnmarshalText or UnmarshalJSON refused it
//	invalid                     a Validate method refused it
//	unknown                     no field has this name, under Strict
//	syntax                      the query, form, body or text is malformed, or not UTF-8
//	null, duplicate, depth      in JSON: null is not allowed, a repeated name, nested too deep
//	pairs, entries, cookies     over a limit below
//	boundary, headers, parts    a multipart form is malformed, or over a limit below
//	read                        the body broke off
//
// If a check of the whole struct refuses, its text is the detail of the answer and no field is
// listed.
//
// # Limits
//
//	10,000     pairs of a query or form; a part between commas of csv counts as one
//	1,000      entries of the maps in a query
//	10,000     items of a list in a header
//	3,000      cookies of a request
//	1,000      levels of nested JSON
//	1,000      parts of a multipart body
//	10,000     header fields in all parts, with at most 16 KiB in one part
//	4,096      characters of a number of math/big, unless a maxLength says otherwise; a
//	           math/big.Rat counts the zeros of its exponent too
//
// More is a 400. So is a malformed escape or a semicolon anywhere in a query that In
// reads, and a part whose Content-Disposition cannot be read or gives no name (RFC 7578,
// section 4.2). A slice is read no further than its maxItems.
//
// A body has at most 1 MiB, or [MaxBody], and the text of a multipart form at most 10
// MiB. More is a 413. A maxSize above [MaxBody] is a fault. The files of a form are kept in
// memory up to [MaxMemory], then in a temporary file.
package bind
