// Package systems holds the same service once for each system that is measured,
// written as the system's own documentation recommends, and the requests that
// measure it. Its tests hold that all systems give the same answers.
package systems

import (
	"net/http"
	"slices"
	"strconv"
)

// A System is one way to write the service.
type System struct {
	Name    string
	Version string // the module and its version, where it is not net/http or tenon
	// Handler returns the service, with the files of a directory where it is not "".
	Handler func(files string) http.Handler
	// Only and Lacks name workloads: all that the system is for, and what it
	// has no means for.
	Only  string
	Lacks []string
	// Names is how many of the two invalid inputs of the workload 400 the
	// answer names.
	Names int
}

// All returns the systems that are a [http.Handler], tenon first and net/http by hand
// second.
func All() []System {
	return []System{
		{Name: "tenon", Handler: tenonService, Names: 2},
		{Name: "hand", Handler: handService, Names: 2},
		{Name: "chi+httpin+render", Version: "github.com/ggicci/httpin", Handler: chiService, Names: 1},
		{Name: "echo", Version: "github.com/labstack/echo/v5", Handler: echoService},
		{Name: "gin", Version: "github.com/gin-gonic/gin", Handler: ginService},
		{Name: "huma", Version: "github.com/danielgtaylor/huma/v2", Handler: humaService, Names: 2, Lacks: []string{"form", "file-2KB", "file-1MB"}},
		{Name: "gorilla/schema", Version: "github.com/gorilla/schema", Handler: schemaService, Only: "form"},
		{Name: "go-playground/form", Version: "github.com/go-playground/form/v4", Handler: playgroundService, Only: "form"},
	}
}

// Serves reports whether the system has the workload.
func (s System) Serves(w Workload) bool {
	return !slices.Contains(s.Lacks, w.Name) && (s.Only == "" || s.Only == w.Name)
}

// Article is the answer of most requests.
type Article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"`
	Draft bool     `json:"draft"`
}

// Draft is a JSON body. The tags of the systems that check it stand side by
// side: tenon's and huma's, go-playground/validator's, and gin's.
type Draft struct {
	Title string   `json:"title" minLength:"1" maxLength:"80" binding:"required,max=80" validate:"required,max=80"`
	Body  string   `json:"body" minLength:"1" binding:"required" validate:"required"`
	Tags  []string `json:"tags" maxItems:"8" binding:"max=8" validate:"max=8"`
	Stars int      `json:"stars" minimum:"0" maximum:"5" binding:"min=0,max=5" validate:"min=0,max=5"`
	Draft bool     `json:"draft"`
}

// valid is what the tags of Draft say, for those who have no tags.
func (d *Draft) valid() bool {
	return d.Title != "" && len(d.Title) <= 80 && d.Body != "" && len(d.Tags) <= 8 && d.Stars >= 0 && d.Stars <= 5
}

func (d *Draft) article() Article {
	return Article{ID: d.Stars, Title: d.Title, Body: d.Body, Tags: d.Tags, Draft: d.Draft}
}

// Order is a JSON body of any size, of many small fields.
type Order struct {
	ID       string            `json:"id"`
	Customer int64             `json:"customer"`
	Paid     bool              `json:"paid"`
	Total    float64           `json:"total"`
	Items    []OrderItem       `json:"items" binding:"dive" validate:"dive"`
	Labels   map[string]string `json:"labels"`
}

// OrderItem is one of an Order.
type OrderItem struct {
	SKU      string   `json:"sku" maxLength:"20" binding:"max=20" validate:"max=20"`
	Name     string   `json:"name"`
	Quantity int      `json:"quantity" minimum:"1" binding:"min=1" validate:"min=1"`
	Price    float64  `json:"price" minimum:"0" binding:"min=0" validate:"min=0"`
	Gift     bool     `json:"gift"`
	Tags     []string `json:"tags" maxItems:"8" binding:"max=8" validate:"max=8"`
	Note     string   `json:"note,omitempty"`
}

// valid is what the tags of OrderItem say.
func (i *OrderItem) valid() bool {
	return len(i.SKU) <= 20 && i.Quantity >= 1 && i.Price >= 0 && len(i.Tags) <= 8
}

// Sum is the answer to an Order.
type Sum struct {
	Count    int `json:"count"`
	Quantity int `json:"quantity"`
}

func (o *Order) sum() Sum {
	sum := Sum{Count: len(o.Items)}
	for i := range o.Items {
		sum.Quantity += o.Items[i].Quantity
	}
	return sum
}

// Greeting is the small JSON answer.
type Greeting struct {
	Message string `json:"message"`
}

var greeting = Greeting{"A joint that needs no glue"}

// Shelf is the answer that has a path value and two query parameters.
type Shelf struct {
	ID   int  `json:"id"`
	Page int  `json:"page"`
	Full bool `json:"full"`
}

// allLines are the stream, of 64 bytes each. Whoever streams by hand flushes each.
var allLines = slices.Repeat([]string{"A joint that needs no glue at all, and one that needs no nails.\n"}, 1000)

// limit is the most bytes of a body.
const limit = 4 << 20

const robots = "User-agent: *\nDisallow:\n"

// articles are the list that every system sends.
var articles = func() []Article {
	list := make([]Article, 100)
	for i := range list {
		list[i] = Article{ID: i + 1, Title: "Joint " + strconv.Itoa(i+1), Body: "A joint that needs no glue at all.", Tags: []string{"joints", "wood"}}
	}
	return list
}()
