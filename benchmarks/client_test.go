package benchmarks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/respond"
)

type (
	callGet struct {
		ID    int      `path:"id"       minimum:"1"`
		Limit int      `query:"limit"   default:"20"`
		Tags  []string `query:"tag"`
		Token string   `header:"X-Token"`
	}
	callDraft struct {
		Title string   `json:"title" minLength:"1"`
		Body  string   `json:"body"`
		Tags  []string `json:"tags"`
	}
	callPost struct {
		ID    int       `path:"id"`
		Draft callDraft `body:"json"`
	}
)

var (
	callGetOp  = tenon.Op[callGet, callDraft]{Method: http.MethodGet, Pattern: "/articles/{id}"}
	callPostOp = tenon.Op[callPost, respond.Created[callDraft]]{Method: http.MethodPost, Pattern: "/articles/{id}"}
)

// BenchmarkCall has calls of a service by package client and the same by hand: over a
// connection, with NewRequest, Marshal, Do and Decode, and in the process, with package
// httptest.
func BenchmarkCall(b *testing.B) {
	draft := callDraft{"Mortise and tenon", "A joint that needs no glue.", []string{"joints", "wood"}}
	mux := http.NewServeMux()
	tenon.Routes{
		callGetOp.Route(func(context.Context, callGet) (callDraft, error) { return draft, nil }),
		callPostOp.Route(func(_ context.Context, in callPost) (respond.Created[callDraft], error) {
			return respond.Created[callDraft]{Location: "/articles/7", Body: in.Draft}, nil
		}),
	}.Mount(mux)
	server := httptest.NewServer(mux)
	defer server.Close()
	over, err := client.New(server.URL, client.Options{})
	if err != nil {
		b.Fatal(err)
	}
	within := client.InProcess(mux, client.Options{})
	send := func(r *http.Request) (*http.Response, error) { return http.DefaultClient.Do(r) }
	serve := func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Result(), nil
	}
	byClient := func(c *client.Client) [2]func() error {
		return [2]func() error{
			func() error {
				_, err := client.Call(b.Context(), c, callGetOp, callGet{7000, 50, draft.Tags, "t"})
				return err
			},
			func() error {
				_, err := client.Call(b.Context(), c, callPostOp, callPost{7000, draft})
				return err
			},
		}
	}
	for _, row := range []struct {
		name  string
		calls [2]func() error
	}{
		{"network/%s/tenon", byClient(over)},
		{"network/%s/hand", callsByHand(send, func(method, path string, body []byte) (*http.Request, error) {
			return http.NewRequestWithContext(b.Context(), method, server.URL+path, bytes.NewReader(body))
		}, draft)},
		{"process/%s/tenon", byClient(within)},
		{"process/%s/hand", callsByHand(serve, func(method, path string, body []byte) (*http.Request, error) {
			return httptest.NewRequest(method, path, bytes.NewReader(body)), nil
		}, draft)},
	} {
		for i, method := range []string{"get", "post"} {
			b.Run(fmt.Sprintf(row.name, method), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := row.calls[i](); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// callsByHand are the two calls as one writes them without a client.
func callsByHand(do func(r *http.Request) (*http.Response, error), request func(method, path string, body []byte) (*http.Request, error), draft callDraft) [2]func() error {
	read := func(r *http.Request) error {
		answer, err := do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		var out callDraft
		return json.NewDecoder(answer.Body).Decode(&out)
	}
	return [2]func() error{
		func() error {
			r, err := request(http.MethodGet, "/articles/"+strconv.Itoa(7000)+"?limit=50&tag=joints&tag=wood", nil)
			if err != nil {
				return err
			}
			r.Header.Set("X-Token", "t")
			return read(r)
		},
		func() error {
			body, err := json.Marshal(draft)
			if err != nil {
				return err
			}
			r, err := request(http.MethodPost, "/articles/"+strconv.Itoa(7000), body)
			if err != nil {
				return err
			}
			r.Header.Set("Content-Type", "application/json")
			return read(r)
		},
	}
}
