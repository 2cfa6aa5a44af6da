package openapi

import "github.com/tenonkit/tenon/internal/json"

// A model is an OpenAPI 3.1 document. Its structs are the objects of the
// specification, with what this package uses of them.
type model struct {
	OpenAPI    string             `json:"openapi"`
	Info       Info               `json:"info"`
	Servers    []Server           `json:"servers,omitempty"`
	Security   []requirement      `json:"security"`
	Tags       []Tag              `json:"tags,omitempty"`
	Paths      ordered[*pathItem] `json:"paths"`
	Components components         `json:"components,omitzero"`
}

// A pathItem has the operations of one path, by method in lower case.
type pathItem struct {
	operations ordered[*operation]
}

// MarshalJSON writes the operations as members of the path item.
func (p *pathItem) MarshalJSON() ([]byte, error) { return p.operations.MarshalJSON() }

type operation struct {
	OperationID string             `json:"operationId"`
	Summary     string             `json:"summary,omitempty"`
	Description string             `json:"description,omitempty"`
	Tags        []string           `json:"tags,omitempty"`
	Deprecated  bool               `json:"deprecated,omitzero"`
	Security    []requirement      `json:"security,omitempty"`
	Parameters  []*parameter       `json:"parameters,omitempty"`
	RequestBody *requestBody       `json:"requestBody,omitempty"`
	Responses   ordered[*response] `json:"responses"`
}

// A requirement names the security schemes that all have to be met, with the
// scopes of each.
type requirement = ordered[[]string]

type parameter struct {
	Name        string          `json:"name"`
	In          string          `json:"in"`
	Description string          `json:"description,omitempty"`
	Required    bool            `json:"required,omitzero"`
	Deprecated  bool            `json:"deprecated,omitzero"`
	Style       string          `json:"style,omitempty"`
	Explode     *bool           `json:"explode,omitempty"`
	Schema      *schema         `json:"schema"`
	Example     json.RawMessage `json:"example,omitzero"`
}

type requestBody struct {
	Description string              `json:"description,omitempty"`
	Content     ordered[*mediaType] `json:"content"`
	Required    bool                `json:"required,omitzero"`
}

type mediaType struct {
	Schema   *schema                `json:"schema,omitempty"`
	Encoding ordered[*formEncoding] `json:"encoding,omitempty"`

	// isUnion says that the schema has the bodies of several types in anyOf.
	isUnion bool
}

// A formEncoding says how a field of a form is written.
type formEncoding struct {
	ContentType string `json:"contentType,omitempty"`
	Style       string `json:"style,omitempty"`
	Explode     *bool  `json:"explode,omitempty"`
}

type response struct {
	Description string              `json:"description,omitempty"`
	Headers     ordered[*header]    `json:"headers,omitempty"`
	Content     ordered[*mediaType] `json:"content,omitempty"`

	// mayBeEmpty says that the content may be missing, for which OpenAPI has no
	// word.
	mayBeEmpty bool
}

type header struct {
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitzero"`
	Schema      *schema `json:"schema"`

	Example json.RawMessage `json:"example,omitzero"`
}

type components struct {
	Schemas         ordered[*schema]        `json:"schemas,omitempty"`
	SecuritySchemes ordered[SecurityScheme] `json:"securitySchemes,omitempty"`
}
