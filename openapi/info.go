package openapi

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
