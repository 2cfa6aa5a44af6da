// Package openapi writes the OpenAPI 3.1 document of [tenon.Routes], and tells
// whether what they send is what the document says.
//
//	doc, err := openapi.New(openapi.Info{Title: "Articles", Version: "1.0.0"}, routes)
//	mux.Handle("GET /openapi.json", doc)
//
// The document comes from the plans by which package bind reads requests and
// package respond writes responses, and from the same struct tags:
//
//	In            parameters with style and explode, bodies by media type, forms, files
//	Out           the status, headers and media types of its type; nil is 204
//	tags          default, minimum, pattern, enum and the other constraints; doc is the
//	              description, example and deprecated are what they say
//	Doc           further responses with the fields and cookies that their values
//	              have, the failures of the function itself, words
//	errors        in Doc or as Out: problem details, with the members of a type that
//	              embeds a respond.Problem
//	name          the summary (Articles Get) and the operation id: one that was given
//	              by tenon.Named letter for letter, else made of the function's
//	              (ArticlesGet)
//	In, options   400, that of bind.InvalidStatus, 413, 415 and 406, where the route can
//	              answer them
//	Fails         kinds of failures: their type URI and their extensions, which a problem
//	              may lack
//	OneOf         the status of each field
//	any failure   default: problem details, or the form that ErrorBody has
//	RequestParameters  what a type that binds itself reads: the tags of the struct that
//	              the method returns
//	Guard         its check, its value, its security scheme, 401 and 403
//
// # Types
//
// A struct with a name becomes a component of its name. Those of a generic type say
// what their arguments are:
//
//	Page[Article]            Page_Article
//	Page[*Article]           Page_ArticleOrNull
//	Page[[]Article]          Page_ArticleList
//	Page[[2]Article]         Page_ArticleArray2
//	Page[map[string]Article] Page_ArticleMap
//	Page[map[int]Article]    Page_ArticleMapByint
//
// Types that share a name are qualified by their packages, all of them, and those
// that functions declare by the first operation that has them.
//
// A type that is nothing but a pointer to itself is a fault, and so is a method
// that panics on the zero value of its type: a document is made of such values.
//
// Requests and answers have directions. A type whose schema is the same in both is one
// component; where it differs, Article is for answers and ArticleInput for requests. A type
// that only one side has keeps its plain name, a type of yours that is called ArticleInput
// keeps its own, and the other is then Article_Input.
//
//		member                      in a request                        in an answer
//		Name string                 required                            always there
//		Bio *string                 may be missing or null              required, may be null
//		Bio *string ,omitempty      may be missing or null              may be missing or null
//		Level string default:"low"  may be missing                      required
//		ID int readOnly:"true"      left out; under bind.Strict {"readOnly": true}, which
//		                            takes anything                      required, readOnly
//		Key string writeOnly:"true" required, writeOnly                 left out
//		Nick *string ,omitempty nullable:"false"
//		                            may be missing, never null          may be missing, never null
//		Tags []string               required; null is an empty one      required, never null
//
//	  - Null for a slice or map, which package bind reads as an empty one and no answer
//	    has, makes no second component: the one that there is offers it.
//	  - additionalProperties is false for a type that no route without bind.Strict
//	    reads, and for the forms and deep parameters of routes with it.
//	  - Constraints are promises of the type, which the encoder does not enforce:
//	    [Verify] reports an answer that breaks one.
//
// What a request may hold is what package bind accepts, and no more, with these
// exceptions, of which JSON Schema has no words: Validate methods, what the
// methods of a type read and write (state it by a method JSONSchema() string, or
// by [Schema]), limits of a number that is written in a string and whether one
// with an exponent is an integer, the digits of a number of [math/big] in JSON,
// limits of a [time.Duration] in a parameter, and floats beyond 64 bits in an any.
// Of the texts that a parameter takes for a bool or a number, a document knows
// those of JSON, for an integer those in digits alone; and an empty text, of which
// a parameter that is no string says that it was not sent, is no value in it. A
// file counts its bytes in maxLength. Integers of 64 bits have their limits in
// their format, and state them where the tag format gives another. A format that
// nobody knows is a fault.
//
// A pattern is written in the language of JSON Schema, as ECMA-262 reads it under
// the flag u, and matches there what it matches in package regexp. [Verify] reads
// it as it stands in the tag.
//
// # Limits
//
// OpenAPI has no word for the items of a stream. The schema of one line stands
// for that of an NDJSON body, and that of the data of an event in x-event-data, or of the data of each type of
// event in x-event-types where the items embed a respond.OneOf. An
// event of the type reset with the data {}, which package feed sends, has no schema.
// HEAD and OPTIONS that no route is for are left out, and so are header
// parameters called Accept, Content-Type and Authorization, which OpenAPI
// ignores. A route whose handler is no typed function is described by its Doc and
// its pattern.
package openapi
