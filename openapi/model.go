package openapi

import (
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
)

// A model is an OpenAPI 3.1 document. Its structs are the objects of the specification, with
// the members that this package uses.
type model struct {
	OpenAPI    string                    `json:"openapi"`
	Info       Info                      `json:"info"`
	Servers    []Server                  `json:"servers,omitempty"`
	Security   []requirement             `json:"security"`
	Tags       []Tag                     `json:"tags,omitempty"`
	Paths      schema.Ordered[*pathItem] `json:"paths"`
	Components components                `json:"components,omitzero"`
}

// A pathItem has the operations of one path, by method in lower case.
type pathItem struct {
	operations schema.Ordered[*operation]
}

// MarshalJSON writes the operations as members of the path item.
func (p *pathItem) MarshalJSON() ([]byte, error) { return p.operations.MarshalJSON() }

type operation struct {
	OperationID string                    `json:"operationId"`
	Summary     string                    `json:"summary,omitempty"`
	Description string                    `json:"description,omitempty"`
	Tags        []string                  `json:"tags,omitempty"`
	Deprecated  bool                      `json:"deprecated,omitzero"`
	Security    []requirement             `json:"security,omitempty"`
	Parameters  []*parameter              `json:"parameters,omitempty"`
	RequestBody *requestBody              `json:"requestBody,omitempty"`
	Responses   schema.Ordered[*response] `json:"responses"`
}

// A requirement names security schemes, with the scopes of each. A request has to meet all
// of them.
type requirement = schema.Ordered[[]string]

type parameter struct {
	Name        string          `json:"name"`
	In          string          `json:"in"`
	Description string          `json:"description,omitempty"`
	Required    bool            `json:"required,omitzero"`
	Deprecated  bool            `json:"deprecated,omitzero"`
	Style       string          `json:"style,omitempty"`
	Explode     *bool           `json:"explode,omitempty"`
	Schema      *schema.Schema  `json:"schema"`
	Example     json.RawMessage `json:"example,omitzero"`
}

type requestBody struct {
	Description string                     `json:"description,omitempty"`
	Content     schema.Ordered[*mediaType] `json:"content"`
	Required    bool                       `json:"required,omitzero"`
}

type mediaType struct {
	Schema   *schema.Schema                `json:"schema,omitempty"`
	Encoding schema.Ordered[*formEncoding] `json:"encoding,omitempty"`

	// isUnion means that the schema has the bodies of several types in anyOf.
	isUnion bool
	// isNeverEmpty means that it is a form of failures that always has a body, unless the
	// response has mayBeEmpty.
	isNeverEmpty bool
}

// A formEncoding says how a field of a form is written.
type formEncoding struct {
	ContentType string `json:"contentType,omitempty"`
	Style       string `json:"style,omitempty"`
	Explode     *bool  `json:"explode,omitempty"`
}

type response struct {
	Description string                     `json:"description,omitempty"`
	Headers     schema.Ordered[*header]    `json:"headers,omitempty"`
	Content     schema.Ordered[*mediaType] `json:"content,omitempty"`

	// mayBeEmpty means that the content may be missing. OpenAPI cannot express it.
	mayBeEmpty bool
}

type header struct {
	Description string         `json:"description,omitempty"`
	Required    bool           `json:"required,omitzero"`
	Schema      *schema.Schema `json:"schema"`

	Example json.RawMessage `json:"example,omitzero"`
}

type components struct {
	Schemas         schema.Ordered[*schema.Schema] `json:"schemas,omitempty"`
	SecuritySchemes schema.Ordered[SecurityScheme] `json:"securitySchemes,omitempty"`
}

// Info describes the service as a whole.
type Info struct {
	// Title is the name of the service. It is required.
	Title string `json:"title"`
	// Summary is one line about the service.
	Summary string `json:"summary,omitempty"`
	// Description is a longer text in CommonMark.
	Description string `json:"description,omitempty"`
	// TermsOfService is a URL.
	TermsOfService string `json:"termsOfService,omitempty"`
	// Contact says whom to ask about the service. Nil means nobody.
	Contact *Contact `json:"contact,omitempty"`
	// License is the license of the service. Nil means none.
	License *License `json:"license,omitempty"`
	// Version is the version of the service, not of OpenAPI. It is required.
	Version string `json:"version"`
}

// A Contact says whom to ask about the service.
type Contact struct {
	Name  string `json:"name,omitempty"`
	URL   string `json:"url,omitempty"`
	Email string `json:"email,omitempty"`
}

// A License is the license of the service.
type License struct {
	// Name is the name of the license. It is required.
	Name string `json:"name"`
	// Identifier is an SPDX license expression. Set Identifier or URL, not both.
	Identifier string `json:"identifier,omitempty"`
	// URL is the address of the license text.
	URL string `json:"url,omitempty"`
}

// A Server is an address of the service.
type Server struct {
	// URL may be relative to the URL of the document: "/" is the root of its host, "." its
	// directory. Use "." for a service that is mounted under a prefix.
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

// A Tag describes a tag that groups routes.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}
