package openapi

import (
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
)

// A model is an OpenAPI 3.1 document. Its structs are the objects of the
// specification, with what this package uses of them.
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

// A requirement names the security schemes that all have to be met, with the
// scopes of each.
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

	// isUnion says that the schema has the bodies of several types in anyOf.
	isUnion bool
	// isNeverEmpty says that it is a form of failures in which each has a body,
	// unless the response says otherwise.
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

	// mayBeEmpty says that the content may be missing, for which OpenAPI has no
	// word.
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

// Info is what a document says about the service as a whole.
type Info struct {
	// Title is the name of the service; it is required.
	Title string `json:"title"`
	// Summary is one line about it.
	Summary string `json:"summary,omitempty"`
	// Description is longer, in CommonMark.
	Description string `json:"description,omitempty"`
	// TermsOfService is a URL.
	TermsOfService string `json:"termsOfService,omitempty"`
	// Contact is nil for none.
	Contact *Contact `json:"contact,omitempty"`
	// License is nil for none.
	License *License `json:"license,omitempty"`
	// Version is that of the service, not of OpenAPI; it is required.
	Version string `json:"version"`
}

// A Contact says who answers questions about the service.
type Contact struct {
	Name  string `json:"name,omitempty"`
	URL   string `json:"url,omitempty"`
	Email string `json:"email,omitempty"`
}

// A License says under which terms the service may be used.
type License struct {
	// Name is required.
	Name string `json:"name"`
	// Identifier is an SPDX expression. It excludes URL.
	Identifier string `json:"identifier,omitempty"`
	// URL is where the license can be read.
	URL string `json:"url,omitempty"`
}

// A Server is where the service can be reached.
type Server struct {
	// URL may be relative to that of the document: "/" is its host, "." the
	// directory of the document, for a service that is mounted under a prefix.
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

// A Tag describes one of the tags that group routes.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}
