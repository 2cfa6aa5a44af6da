package client_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// GreetIn and the rest are of the package that service and client import.
type GreetIn struct {
	Name  string `path:"name"`
	Times int    `query:"times" default:"1" minimum:"1" maximum:"3"`
}

type Greeting struct {
	Message string `json:"message"`
}

var Greet = tenon.Op[GreetIn, Greeting]{Method: "GET", Pattern: "/greet/{name}"}

var Count = tenon.Op[GreetIn, stream.NDJSON[Greeting]]{Method: "GET", Pattern: "/count/{name}"}

func greet(_ context.Context, in GreetIn) (Greeting, error) {
	if in.Name == "Nobody" {
		return Greeting{}, respond.NotFound("there is nobody")
	}
	return Greeting{strings.Repeat("Hello, "+in.Name+". ", in.Times)}, nil
}

// service is what a client calls.
func service() http.Handler {
	count := func(_ context.Context, in GreetIn) (stream.NDJSON[Greeting], error) {
		return stream.NDJSON[Greeting]{Seq: counted(in)}, nil
	}
	mux := http.NewServeMux()
	tenon.Routes{Greet.Route(greet), Count.Route(count)}.Mount(mux)
	return mux
}

func counted(in GreetIn) iter.Seq2[Greeting, error] {
	return func(yield func(Greeting, error) bool) {
		for i := 0; i < in.Times && yield(Greeting{fmt.Sprint(i+1, " ", in.Name)}, nil); i++ {
			continue
		}
	}
}

// This is the program of the package documentation.
func Example() {
	ctx := context.Background()

	// The service:
	mux := http.NewServeMux()
	tenon.Routes{Greet.Route(greet)}.Mount(mux)

	// A test of the service. Over a network, use client.New("https://example.com", client.Options{}).
	c := client.InProcess(mux, client.Options{})
	greeting, err := client.Call(ctx, c, Greet, GreetIn{Name: "Ada", Times: 2})
	fmt.Println(greeting.Message, err)
	// Output:
	// Hello, Ada. Hello, Ada.  <nil>
}

func ExampleCall() {
	ctx := context.Background()
	c := client.InProcess(service(), client.Options{}) // or client.New("https://example.com", ...)

	greeting, err := client.Call(ctx, c, Greet, GreetIn{Name: "Ada", Times: 2})
	fmt.Println(greeting.Message, err)

	// What the service would refuse is not sent.
	_, err = client.Call(ctx, c, Greet, GreetIn{Name: "Ada", Times: 9})
	fmt.Println(err)

	// A failure of the service is an Error with its problem.
	_, err = client.Call(ctx, c, Greet, GreetIn{Name: "Nobody", Times: 1})
	if failure, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(failure.Status, failure.Problem.Detail)
	}
	// Output:
	// Hello, Ada. Hello, Ada.  <nil>
	// client: GET /greet/{name}: bind: query "times": must be at most 3
	// 404 there is nobody
}

func ExampleStream() {
	c := client.InProcess(service(), client.Options{})
	for greeting, err := range client.Stream(context.Background(), c, Count, GreetIn{Name: "Ada", Times: 3}) {
		fmt.Println(greeting.Message, err)
	}
	// Output:
	// 1 Ada <nil>
	// 2 Ada <nil>
	// 3 Ada <nil>
}
