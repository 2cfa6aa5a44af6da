// Package openapi writes an OpenAPI 3.1 document from [tenon.Routes], so that the document
// says what the routes do. It also has a documentation page ([Docs]), authentication that
// documents itself ([Guard]) and a check of responses against the document ([Verify]).
//
//	routes := tenon.Routes{
//		tenon.Get("/articles/{id}", getArticle, tenon.Doc{Errors: []int{404}}),
//	}
//	doc, err := openapi.New(openapi.Info{Title: "Articles", Version: "1.0.0"}, routes)
//	if err != nil {
//		log.Fatal(err)
//	}
//	mux := http.NewServeMux()
//	routes.Mount(mux)
//	mux.Handle("GET /openapi.json", doc)
//	mux.Handle("GET /docs", openapi.Docs(doc))
//
// # What the document contains
//
// The document comes from the struct tags and from the plans by which package bind reads
// requests and package respond writes responses:
//
//	in the code               in the document
//	In                        parameters with style and explode, request bodies by
//	                          media type, forms, files
//	Out                       its status, header fields and media types; 204 for nil
//	tags                      doc is the description; default, example, deprecated,
//	                          minimum, pattern, enum and the other rules are keywords
//	function                  Articles.Get has the operation id ArticlesGet and the
//	                          summary "Articles Get"
//	tenon.Named               the operation id, unchanged
//	tenon.Doc                 summary, description, tags; statuses of failures; further
//	                          responses with the header fields and cookies of their values
//	In and options            400, the status of bind.InvalidStatus, 413, 415 and 406,
//	                          where the route can answer with them
//	every typed function      default: any other failure
//	failures                  problem details, or the form of ErrorBody
//	an error type as Out      problem details; the members of the type too, if it embeds
//	or in tenon.Doc           a respond.Problem
//	tenon.Fails               the type URI and the extensions of a kind of failure; no
//	                          extension is required
//	respond.OneOf             the status of each field
//	RequestParameters         for a type that binds itself: parameters from the tags of the
//	                          struct that the method returns
//	Guard                     its security scheme, 401 and 403
//
// # Components
//
// A named struct is a component of the same name. The name of a generic type includes its
// type arguments:
//
//	Page[Article]            Page_Article
//	Page[*Article]           Page_ArticleOrNull
//	Page[[]Article]          Page_ArticleList
//	Page[[2]Article]         Page_ArticleArray2
//	Page[map[string]Article] Page_ArticleMap
//	Page[map[int]Article]    Page_ArticleMapByint
//
// If several types have one name, each gets its package in front, as in blog.Article. Types
// that functions of one package declare get an operation id in front instead. It is the
// first id, by the alphabet, of the operations that use the type.
//
// A type that points only to itself is a fault. A method that panics on the zero value of
// its type is a fault too, because New calls methods on zero values.
//
// # Requests and answers
//
// A type whose schema is the same in requests and answers is one component. Otherwise
// Article is the component for answers and ArticleInput the one for requests. A type that
// only one side uses keeps its plain name. If your code has a type ArticleInput, that type
// keeps its name, and the component for requests is Article_Input.
//
//	member                          in a request             in an answer
//	Name  string                    required, never null     required, never null
//	Bio   *string                   optional, may be null    required, may be null
//	Bio   *string json:",omitempty" optional, may be null    optional, may be null
//	Nick  *string json:",omitempty"
//	      nullable:"false"          optional, never null     optional, never null
//	Level string  default:"low"     optional                 required
//	ID    int     readOnly:"true"   left out                 required, readOnly
//	Key   string  writeOnly:"true"  required, writeOnly      left out
//	Tags  []string                  required, may be null    required, never null
//
// Further rules:
//
//   - Package bind reads null for a slice or map as an empty one. That alone makes no second
//     component: the component allows null, although no answer has it.
//   - Under bind.Strict a readOnly member is {"readOnly": true} in requests. It takes any
//     value, which package bind skips.
//   - additionalProperties is false for types that only routes with bind.Strict read, and
//     for the forms and deep parameters of these routes.
//   - Package respond does not enforce limits in answers. [Verify] reports an answer that
//     breaks one.
//   - The tag pattern is an expression of package regexp. The document has an expression of
//     ECMA-262 with the flag u that matches the same texts. [Verify] uses the tag.
//   - maxLength of a file counts bytes.
//   - The format of an int64 or uint64 implies its limits. If the tag format gives another
//     format, the document has the limits as minimum and maximum.
//   - An unknown format is a fault.
//   - A type with a method UnmarshalText or MarshalText is a string in the document. A type
//     with UnmarshalJSON or MarshalJSON is any value. Its method JSONSchema() string, or the
//     option [Schema], states a narrower schema.
//
// # Limits
//
// The document allows more than package bind accepts where JSON Schema has no keyword:
//
//   - what Validate methods and the methods of a type refuse
//   - limits of a number that is written in a string, and whether such a number with an
//     exponent is an integer
//   - the number of digits of a number of [math/big] in JSON
//   - limits of a [time.Duration] in a parameter
//   - floats beyond 64 bits in an any
//
// The document allows less than package bind accepts in parameters: true and false for a
// bool, numbers as JSON writes them, integers as digits, and no empty text unless the
// parameter is a string.
//
// OpenAPI cannot describe the items of a stream:
//
//   - The schema of an NDJSON body is that of one line.
//   - x-event-data is the schema of the data of each event. If the items embed a
//     respond.OneOf, x-event-types has one schema for each type of event.
//   - The event of type reset with the data {}, which package feed sends, has no schema.
//
// The document leaves out:
//
//   - HEAD and OPTIONS, unless a route is declared for them
//   - header parameters named Accept, Content-Type and Authorization, which OpenAPI ignores
//   - what an [http.Handler] that is not a typed function reads and answers, beyond its
//     pattern and its [tenon.Doc]
package openapi
