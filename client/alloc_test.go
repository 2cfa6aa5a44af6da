package client_test

import (
	"bytes"
	"context"
	"encoding/json"
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
	getIn struct {
		ID    int      `path:"id" minimum:"1"`
		Limit int      `query:"limit" default:"20"`
		Tags  []string `query:"tag"`
		Token string   `header:"X-Token"`
	}
	draft struct {
		Title string   `json:"title" minLength:"1"`
		Body  string   `json:"body"`
		Tags  []string `json:"tags"`
	}
	postIn struct {
		ID    int   `path:"id"`
		Draft draft `body:"json"`
	}
)

var (
	getOp  = tenon.Op[getIn, draft]{Method: "GET", Pattern: "/articles/{id}"}
	postOp = tenon.Op[postIn, respond.Created[draft]]{Method: "POST", Pattern: "/articles/{id}"}
)

// A canned transport answers every request alike, after it has read its body.
type canned struct {
	status int
	body   string
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: c.status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}, "Location": {"/x"}},
		ContentLength: int64(len(c.body)), Body: io.NopCloser(strings.NewReader(c.body)), Request: r,
	}, nil
}

// A costs is one call by a client and the same by hand.
type costs struct {
	name         string
	client, hand func() error
}

func sampleDraft() draft {
	return draft{Title: "Mortise and tenon", Body: strings.Repeat("A joint that needs no glue. ", 8), Tags: []string{"joints", "wood"}}
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// decoded reads an answer by hand.
func decoded[T any](answer *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var out T
	return json.NewDecoder(answer.Body).Decode(&out)
}

// overTransport are calls by way of a transport.
func overTransport(t *testing.T) []costs {
	t.Helper()
	const base = "http://service.test"
	ctx := t.Context()
	hand := func(status int) (*http.Client, *client.Client) {
		h := &http.Client{Transport: canned{status, mustJSON(sampleDraft())}}
		c, err := client.New(base, client.Options{HTTP: h})
		require.NoError(t, err)
		return h, c
	}
	h, c := hand(http.StatusOK)
	in := getIn{ID: 7000, Limit: 50, Tags: []string{"a", "b c"}, Token: "t"}
	hPost, cPost := hand(http.StatusCreated)
	post := postIn{ID: 7000, Draft: sampleDraft()}
	return []costs{{
		"get", func() error { _, err := client.Call(ctx, c, getOp, in); return err },
		func() error {
			query := make(map[string][]string, 2)
			query["limit"] = []string{strconv.Itoa(in.Limit)}
			query["tag"] = in.Tags
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/articles/"+strconv.Itoa(in.ID)+"?"+values(query), http.NoBody)
			if err != nil {
				return err
			}
			r.Header.Set("X-Token", in.Token)
			return decoded[draft](h.Do(r))
		},
	}, {
		"post", func() error { _, err := client.Call(ctx, cPost, postOp, post); return err },
		func() error {
			body, err := json.Marshal(post.Draft)
			if err != nil {
				return err
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/articles/"+strconv.Itoa(post.ID), bytes.NewReader(body))
			if err != nil {
				return err
			}
			r.Header.Set("Content-Type", "application/json")
			return decoded[draft](hPost.Do(r))
		},
	}}
}

func values(query map[string][]string) string {
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

// inProcess are calls of a handler, by hand with package httptest.
func inProcess(t *testing.T) []costs {
	t.Helper()
	ctx := t.Context()
	h := mounted(
		getOp.Route(func(context.Context, getIn) (draft, error) { return sampleDraft(), nil }),
		postOp.Route(func(_ context.Context, in postIn) (respond.Created[draft], error) {
			return respond.Created[draft]{Location: "/x", Body: in.Draft}, nil
		}),
	)
	c := client.InProcess(h, client.Options{})
	in := getIn{ID: 7000, Limit: 50, Tags: []string{"a", "b c"}, Token: "t"}
	post := postIn{ID: 7000, Draft: sampleDraft()}
	return []costs{{
		"get", func() error { _, err := client.Call(ctx, c, getOp, in); return err },
		func() error {
			r := httptest.NewRequest(http.MethodGet, "/articles/"+strconv.Itoa(in.ID)+"?limit=50&tag=a&tag=b+c", http.NoBody)
			r.Header.Set("X-Token", in.Token)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var out draft
			return json.Unmarshal(w.Body.Bytes(), &out)
		},
	}, {
		"post", func() error { _, err := client.Call(ctx, c, postOp, post); return err },
		func() error {
			body, err := json.Marshal(post.Draft)
			if err != nil {
				return err
			}
			r := httptest.NewRequest(http.MethodPost, "/articles/"+strconv.Itoa(post.ID), bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var out draft
			return json.Unmarshal(w.Body.Bytes(), &out)
		},
	}}
}

// A call allocates at most what the same call by hand does.
func TestCall_allocs(t *testing.T) {
	for _, test := range overTransport(t) {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, test.hand())
			byHand := testing.AllocsPerRun(200, func() { _ = test.hand() })
			require.NoError(t, test.client())
			kittest.Allocs(t, byHand, func() { _ = test.client() })
			t.Logf("by hand %v, by client %v", byHand, testing.AllocsPerRun(200, func() { _ = test.client() }))
		})
	}
}

// In process a call has a budget of its own: package httptest allocates as often on Go 1.26,
// and less on later ones. BenchmarkCall has the time of both.
func TestInProcess_allocs(t *testing.T) {
	budgets := map[string]float64{"get": 48, "post": 52}
	for _, test := range inProcess(t) {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, test.hand())
			require.NoError(t, test.client())
			kittest.Allocs(t, budgets[test.name], func() { _ = test.client() })
			t.Logf("by hand %v", testing.AllocsPerRun(200, func() { _ = test.hand() }))
		})
	}
}
