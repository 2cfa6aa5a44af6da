package benchmarks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/internal/kittest"
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

func callInputs() (callGet, callPost) {
	draft := callDraft{"Mortise and tenon", strings.Repeat("A joint that needs no glue. ", 8), []string{"joints", "wood"}}
	return callGet{7000, 50, []string{"a", "b c"}, "t"}, callPost{7000, draft}
}

// calledService answers the calls.
func calledService() http.Handler {
	_, post := callInputs()
	mux := http.NewServeMux()
	tenon.Routes{
		callGetOp.Route(func(context.Context, callGet) (callDraft, error) { return post.Draft, nil }),
		callPostOp.Route(func(_ context.Context, in callPost) (respond.Created[callDraft], error) {
			return respond.Created[callDraft]{Location: "/articles/7", Body: in.Draft}, nil
		}),
	}.Mount(mux)
	return mux
}

// Calls are the same two by a client and by hand.
type calls map[string]func() error

// callsByClient are the calls by package client.
func callsByClient(ctx context.Context, c *client.Client) calls {
	get, post := callInputs()
	return calls{
		"get":  func() error { _, err := client.Call(ctx, c, callGetOp, get); return err },
		"post": func() error { _, err := client.Call(ctx, c, callPostOp, post); return err },
	}
}

// callsByHand are the calls of the service at base as one writes them without a client.
func callsByHand(base string, do func(r *http.Request) (*http.Response, error), request func(method, url string, body io.Reader) (*http.Request, error)) calls {
	get, post := callInputs()
	read := func(r *http.Request) error {
		answer, err := do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		var out callDraft
		return json.NewDecoder(answer.Body).Decode(&out)
	}
	return calls{
		"get": func() error {
			query := map[string][]string{"limit": {strconv.Itoa(get.Limit)}, "tag": get.Tags}
			r, err := request(http.MethodGet, base+"/articles/"+strconv.Itoa(get.ID)+"?"+encodedByHand(query), http.NoBody)
			if err != nil {
				return err
			}
			r.Header.Set("X-Token", get.Token)
			return read(r)
		},
		"post": func() error {
			body, err := json.Marshal(post.Draft)
			if err != nil {
				return err
			}
			r, err := request(http.MethodPost, base+"/articles/"+strconv.Itoa(post.ID), bytes.NewReader(body))
			if err != nil {
				return err
			}
			r.Header.Set("Content-Type", "application/json")
			return read(r)
		},
	}
}

func encodedByHand(query map[string][]string) string {
	var b strings.Builder
	for i, name := range []string{"limit", "tag"} {
		for j, value := range query[name] {
			if i+j > 0 {
				b.WriteByte('&')
			}
			b.WriteString(name + "=" + strings.ReplaceAll(value, " ", "+"))
		}
	}
	return b.String()
}

// overNetwork are the calls through h to the service at base, by hand with NewRequest,
// Marshal, Do and Decode.
func overNetwork(tb testing.TB, h *http.Client, base string) (byClient, byHand calls) {
	tb.Helper()
	c, err := client.New(base, client.Options{HTTP: h})
	require.NoError(tb, err)
	return callsByClient(tb.Context(), c), callsByHand(base, h.Do, func(method, url string, body io.Reader) (*http.Request, error) {
		return http.NewRequestWithContext(tb.Context(), method, url, body)
	})
}

// inProcess are the calls of a handler, by hand with package httptest.
func inProcess(tb testing.TB, h http.Handler) (byClient, byHand calls) {
	tb.Helper()
	serve := func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), nil
	}
	return callsByClient(tb.Context(), client.InProcess(h, client.Options{})), callsByHand("", serve, func(method, url string, body io.Reader) (*http.Request, error) {
		return httptest.NewRequest(method, url, body), nil
	})
}

// BenchmarkCall has calls of a service by package client and the same by hand, over a
// connection and in the process.
func BenchmarkCall(b *testing.B) {
	service := calledService()
	server := httptest.NewServer(service)
	defer server.Close()
	networkClient, networkHand := overNetwork(b, server.Client(), server.URL)
	processClient, processHand := inProcess(b, service)
	for _, row := range []struct {
		name  string
		calls calls
	}{
		{"network/%s/tenon", networkClient},
		{"network/%s/hand", networkHand},
		{"process/%s/tenon", processClient},
		{"process/%s/hand", processHand},
	} {
		for _, method := range []string{"get", "post"} {
			b.Run(fmt.Sprintf(row.name, method), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := row.calls[method](); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// A canned transport answers every request alike, after it has read its body.
type canned string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	status := http.StatusOK
	if r.Method == http.MethodPost {
		status = http.StatusCreated
	}
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}, "Location": {"/x"}},
		ContentLength: int64(len(c)), Body: io.NopCloser(strings.NewReader(string(c))), Request: r,
	}, nil
}

// A call allocates at most what the same call by hand does.
func TestCall_allocs(t *testing.T) {
	_, post := callInputs()
	answer, err := json.Marshal(post.Draft)
	require.NoError(t, err)
	byClient, byHand := overNetwork(t, &http.Client{Transport: canned(answer)}, "http://service.test")
	for _, method := range []string{"get", "post"} {
		t.Run(method, func(t *testing.T) {
			require.NoError(t, byHand[method]())
			hand := testing.AllocsPerRun(200, func() { _ = byHand[method]() })
			require.NoError(t, byClient[method]())
			kittest.Allocs(t, hand, func() { _ = byClient[method]() })
			t.Logf("by hand %v, by client %v", hand, testing.AllocsPerRun(200, func() { _ = byClient[method]() }))
		})
	}
}

// In process a call has a budget of its own: package httptest allocates as often on Go 1.26,
// and less on later ones. BenchmarkCall has the time of both.
func TestCall_allocsInProcess(t *testing.T) {
	budgets := map[string]float64{"get": 48, "post": 52}
	byClient, byHand := inProcess(t, calledService())
	for method, budget := range budgets {
		t.Run(method, func(t *testing.T) {
			require.NoError(t, byHand[method]())
			require.NoError(t, byClient[method]())
			kittest.Allocs(t, budget, func() { _ = byClient[method]() })
			t.Logf("by hand %v", testing.AllocsPerRun(200, func() { _ = byHand[method]() }))
		})
	}
}
