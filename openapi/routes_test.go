package openapi_test

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/netip"
	"reflect"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// The types of a table that has something of everything.

type draft struct {
	Title string    `doc:"What readers see first" example:"Glue" json:"title"           maxLength:"80"    minLength:"1"`
	Tags  []string  `json:"tags,omitempty"        maxItems:"8"   pattern:"^[a-z]+$" uniqueItems:"true"`
	Due   time.Time `json:"due,omitzero"`
	Level string    `default:"low"                enum:"low,high" json:"level"`
}

type article struct {
	ID int64 `json:"id" minimum:"1"`
	draft
	Author   *author           `json:"author"`
	Related  []article         `json:"related"`
	Meta     map[string]string `json:"meta"`
	Raw      any               `json:"raw"`
	Checksum [4]byte           `json:"checksum"`
}

type author struct {
	Name  string           `json:"name"`
	Email string           `format:"email" json:"email,omitempty"`
	From  netip.Addr       `json:"from"`
	Nick  bind.Opt[string] `json:"nick,omitzero"`
}

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

type forest []tree

type tree struct {
	Name string `json:"name"`
	Kids forest `json:"kids"`
}

// color states its own schema.
type color string

func (color) JSONSchema() string { return `{"type":"string","pattern":"^#[0-9a-f]{6}$"}` }

type filter struct {
	After time.Time `query:"after,optional"`
	Word  string    `query:"word"`
}

type sorting struct {
	By   string `enum:"title,id" query:"by,optional"`
	Down bool   `query:"down,optional"`
}

type listIn struct {
	Limit   int            `default:"20"        doc:"At most so many" maximum:"100" minimum:"1" query:"limit"`
	Tags    []string       `minItems:"1"        query:"tag"`
	IDs     []int          `query:"id,csv"`
	Filter  filter         `query:"filter,deep"`
	Labels  map[string]int `query:"label,deep"`
	Sort    sorting        `doc:"In which order" query:"sort,deep"`
	Since   time.Time      `default:"2026-01-01" format:"date"        query:"since"`
	Wait    time.Duration  `default:"5s"        query:"wait"`
	Trace   string         `header:"X-Trace,optional"`
	Accepts []string       `header:"Accept"`
	Session string         `cookie:"sid"        deprecated:"true"`
}

type one struct {
	ID int64 `minimum:"1" path:"id"`
}

type replaceIn struct {
	ID    int64  `path:"article"`
	Match string `header:"If-Match,optional"`
	Draft draft  `body:"json,form"`
}

type uploadIn struct {
	Title string      `form:"title"`
	Photo bind.File   `contentMediaType:"image/png,image/jpeg" form:"photo" maxSize:"1048576"`
	More  []bind.File `form:"more"                             maxItems:"3"`
}

type textIn struct {
	Path string `path:"path"`
	Body string `body:"text" maxLength:"100"`
}

type streamIn struct {
	Body io.Reader `body:"stream" contentType:"application/vnd.x"`
}

// sequence is what a stream of package stream looks like from outside.
type sequence[T any] struct{ Seq iter.Seq[T] }

func (sequence[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{"application/json", "application/x-ndjson", "text/event-stream"}, reflect.TypeFor[T]()
}

func (sequence[T]) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusOK)
}

type teapot struct{ Short bool }

func (teapot) StatusCode() int { return http.StatusTeapot }

func (teapot) Headers() http.Header { return http.Header{"X-Brew": {"short"}} }

func answer[In, Out any](context.Context, In) (out Out, err error) { return out, nil }

func anybody(*http.Request) (string, error) { return "", nil }

// richRoutes is a table with every kind of input and answer.
func richRoutes() tenon.Routes {
	session := openapi.Guard[string]{Name: "session", Scheme: openapi.CookieKey("sid"), Check: anybody}
	admin := session
	admin.Scopes = []string{"admin"}
	public := tenon.Routes{
		tenon.Get("/articles", answer[listIn, page[article]], tenon.Named("Articles.List")),
		tenon.Post("/articles", answer[draft, respond.Created[article]], tenon.Named("Articles.Create"), tenon.Doc{Tags: []string{"write"}}),
		tenon.Get("/articles/{id}", answer[one, *article], tenon.Named("Articles.Get"), tenon.Doc{Errors: []int{404}, Description: "One article."}),
		tenon.Get("/trees", answer[tenon.None, tree], tenon.Named("Trees")),
		tenon.Get("/forests", answer[tenon.None, forest], tenon.Named("Forests")),
		tenon.Get("/color", answer[tenon.None, map[string]color], tenon.Named("Color")),
		tenon.Get("/{$}", answer[tenon.None, respond.HTML], tenon.Named("Home")),
		tenon.Get("/latest", answer[tenon.None, respond.Redirect], tenon.Named("Latest")),
		tenon.Get("/stream", answer[tenon.None, sequence[author]], tenon.Named("Stream")),
		tenon.Get("/teapot", answer[tenon.None, teapot], tenon.Named("Teapot")),
		tenon.Get("/any", answer[tenon.None, any], tenon.Named("Any")),
		tenon.Get("/several", answer[tenon.None, any], tenon.Named("Several"), tenon.Doc{
			Responses: map[int]any{200: author{}, 202: respond.Accepted[tree]{
				Header: http.Header{"Retry-After": {"5"}}, Cookies: []*http.Cookie{{Name: "job"}, {Name: "seen"}},
			}, 204: nil},
		}),
		tenon.Get("/both", answer[tenon.None, author], tenon.Named("Both"), tenon.Doc{Responses: map[int]any{200: tree{}}}),
		tenon.Get("/formats", answer[tenon.None, author], tenon.Named("Formats"),
			respond.Formats(respond.XML()), respond.AllowNotAcceptable()),
		tenon.On("GET", "/files/", http.NotFoundHandler(), tenon.Named("Files")),
		tenon.Get("/internal", answer[tenon.None, string], tenon.Named("Internal"), tenon.Doc{Hidden: true}),
	}
	private := tenon.Routes{
		tenon.Put("/articles/{article}", answer[replaceIn, article], tenon.Named("Articles.Replace")),
		tenon.Post("/uploads", answer[uploadIn, tenon.None], tenon.Named("Upload")),
		tenon.Put("/notes/{path...}", answer[textIn, string], tenon.Named("Note")),
		tenon.Put("/blobs", answer[streamIn, []byte], tenon.Named("Blob")),
	}
	removal := tenon.Routes{tenon.Delete("/articles/{id}", answer[one, respond.NoContent], tenon.Doc{Deprecated: true}, tenon.Named("Articles.Delete"))}
	return append(append(public, session.Protect(private)...), admin.Protect(removal)...)
}
