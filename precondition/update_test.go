package precondition_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/precondition"
	"github.com/tenonkit/tenon/respond"
)

// A counter is a store of one number that compares and swaps.
type counter struct {
	mu             sync.Mutex
	value, version int
	exists         bool
}

type count struct {
	Value int    `json:"value"`
	Text  string `json:"text"` // which makes it worth to compress
}

func (c *counter) load() (value, version int, exists bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value, c.version, c.exists
}

func (c *counter) swap(version, value int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return 0, precondition.Failed()
	}
	c.version++
	c.value, c.exists = value, true
	return c.version, nil
}

func tagOf(version int) string { return precondition.Tag(strconv.Itoa(version)) }

// routes reads and writes c. The answer to a PUT brings what is stored.
func (c *counter) routes() tenon.Routes {
	type getIn struct{ If precondition.Headers }
	type putIn struct {
		If   precondition.Required
		Body count `body:"json"`
	}
	return tenon.Routes{
		tenon.Get("/count", func(_ context.Context, in getIn) (respond.OK[count], error) {
			value, version, exists := c.load()
			if !exists {
				return respond.OK[count]{}, respond.NewProblem(http.StatusNotFound, "")
			}
			return respond.OK[count]{Body: count{value, strings.Repeat("text ", 1000)}}.WithETag(tagOf(version)), in.If.Check(tagOf(version), time.Time{})
		}),
		tenon.Put("/count", func(_ context.Context, in putIn) (respond.OK[count], error) {
			_, version, exists := c.load()
			err := in.If.CheckAbsent()
			if exists {
				err = in.If.Check(tagOf(version), time.Time{})
			}
			if err != nil {
				return respond.OK[count]{}, err
			}
			version, err = c.swap(version, in.Body.Value)
			stored := respond.OK[count]{Header: http.Header{"Content-Location": {"/count"}}, Body: in.Body}
			return stored.WithETag(tagOf(version)), err
		}),
	}
}

// chain is the documented order of middleware.
func chain(h http.Handler) http.Handler {
	return alice.New(
		middleware.RequestID(), middleware.AccessLog(slog.New(slog.DiscardHandler)), middleware.Recover(), middleware.Timeout(time.Minute),
		middleware.Secure(), compress.New(), middleware.ETag(), middleware.RouterErrors(),
	).Then(h)
}

// decoded returns the body of an answer without its coding.
func decoded(response *kittest.Response) (count, error) {
	var body io.Reader = strings.NewReader(response.Text)
	if response.Header.Get("Content-Encoding") == "gzip" {
		plain, err := gzip.NewReader(body)
		if err != nil {
			return count{}, err
		}
		body = plain
	}
	var v count
	return v, json.NewDecoder(body).Decode(&v)
}

// increment reads and writes until nobody comes in between, and returns the tags that it
// has sent.
func increment(s *kittest.Server, accept http.Header) (tags []string, err error) {
	for range 10_000 {
		got, err := s.TryDo(http.MethodGet, "/count", nil, accept)
		if err != nil {
			return nil, err
		}
		v, err := decoded(got)
		if err != nil {
			return nil, err
		}
		h := accept.Clone()
		h.Set("Content-Type", "application/json")
		h.Set("If-Match", got.Header.Get("ETag"))
		tags = append(tags, got.Header.Get("ETag"))
		v.Value++
		body, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		put, err := s.TryDo(http.MethodPut, "/count", strings.NewReader(string(body)), h)
		switch {
		case err != nil:
			return nil, err
		case put.StatusCode == http.StatusOK:
			return append(tags, put.Header.Get("ETag")), nil
		case put.StatusCode != http.StatusPreconditionFailed:
			return nil, errors.New(put.Status)
		}
	}
	return nil, errors.New("no write has come through")
}

func TestCounter(t *testing.T) {
	t.Parallel()
	const clients, each = 50, 3
	accepts := []http.Header{{}, {"Accept-Encoding": {"gzip"}}}
	counters, muxes := [3]counter{}, [3]http.ServeMux{} // by the version of HTTP
	for i := range counters {
		counters[i].routes().Mount(&muxes[i])
	}
	byProtocol := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { muxes[r.ProtoMajor].ServeHTTP(w, r) })
	kittest.Serve(t, chain(byProtocol), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		made := s.Do(t, http.MethodPut, "/count", strings.NewReader(`{"value":0,"text":""}`),
			http.Header{"Content-Type": {"application/json"}, "If-None-Match": {"*"}})
		require.Equal(t, 200, made.StatusCode)
		var group sync.WaitGroup
		var suffixed, plain atomic.Int64
		for i := range clients {
			group.Go(func() {
				for range each {
					tags, err := increment(s, accepts[i%len(accepts)])
					if err != nil {
						t.Error(err)
						return
					}
					for _, tag := range tags {
						if strings.HasSuffix(tag, `-gzip"`) {
							suffixed.Add(1)
							continue
						}
						plain.Add(1)
					}
				}
			})
		}
		group.Wait()
		value, version, _ := counters[made.ProtoMajor].load()
		assert.Equal(t, clients*each, value, "none is lost")
		assert.Equal(t, clients*each+1, version, "none came through twice")
		assert.Positive(t, suffixed.Load())
		assert.Positive(t, plain.Load())
	})
}

// Tags of compressed bodies hold for every method, and come back on a 304.
func TestCompress(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{"", "gzip", "zstd"} {
		c := &counter{value: 7, version: 3, exists: true}
		mux := http.NewServeMux()
		c.routes().Mount(mux)
		kittest.Serve(t, chain(mux), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			do := func(method string, lines ...string) *kittest.Response {
				h := headerOf(lines)
				if accept != "" {
					h.Set("Accept-Encoding", accept)
				}
				h.Set("Content-Type", "application/json")
				return s.Do(t, method, "/count", strings.NewReader(`{"value":1,"text":""}`), h)
			}
			tag := do(http.MethodGet).Header.Get("ETag")
			if accept == "" {
				assert.NotContains(t, tag, "-")
			} else {
				assert.True(t, strings.HasSuffix(tag, "-"+accept+`"`), tag)
			}
			for _, of := range []string{tag, `"x", ` + tag, strings.Replace(tag, `"`, `W/"`, 1)} {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					got := do(method, "If-None-Match: "+of)
					assert.Equal(t, 304, got.StatusCode, of)
					assert.Equal(t, tag, got.Header.Get("ETag"), of)
				}
			}
			assert.Equal(t, 200, do(http.MethodGet, "If-Match: "+tag).StatusCode)
			assert.Equal(t, 412, do(http.MethodGet, `If-Match: "0-gzip"`).StatusCode)
			assert.Equal(t, 412, do(http.MethodPut, `If-Match: "0-gzip"`).StatusCode)
			assert.Equal(t, 412, do(http.MethodPut, "If-Match: *", "If-None-Match: "+tag).StatusCode)
			assert.Equal(t, 412, do(http.MethodPut, "If-Match: W/"+tag).StatusCode)
			got := do(http.MethodPut, "If-Match: "+tag)
			assert.Equal(t, 200, got.StatusCode, got.Text)
			assert.NotEqual(t, tag, got.Header.Get("ETag"))
			assert.Equal(t, 412, do(http.MethodPut, "If-Match: "+tag).StatusCode, "a second time")
			assert.Equal(t, 200, do(http.MethodPut, "If-Match: "+got.Header.Get("ETag")).StatusCode, "the tag of the answer")
			assert.Equal(t, 428, do(http.MethodPut).StatusCode)
		})
	}
}
