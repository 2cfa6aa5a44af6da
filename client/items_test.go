package client_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
)

// A live is a handler that answers 200 with the start of a body that does not end.
func live(media, start string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		_, _ = w.Write([]byte(start))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

// What is wrong with a body that does not end is told at once.
func TestStream_live(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op                 func(ctx context.Context, c *client.Client) iter.Seq2[item, error]
		media, start, want string
	}{
		"sse item":                {of(sse), "text/event-stream", "data: {\"n\":1}\n\ndata: x\n\n", "cannot be read"},
		"ndjson item":             {of(ndjson), "application/x-ndjson", "{\"n\":1}\nx\n", "cannot be read"},
		"array item":              {of(array), "application/json", `[{"n":1},{"n":"x"},`, "cannot be read"},
		"sse media":               {of(sse), "text/html", "<html>", "media type"},
		"ndjson media":            {of(ndjson), "text/html", "", "media type"},
		"array media":             {of(array), "text/html", "", "media type"},
		"sse large":               {of(sse), "text/event-stream", "data: " + jsonItem(101) + "\n\n", "more than 100 bytes"},
		"ndjson large":            {of(ndjson), "application/x-ndjson", jsonItem(101) + "\n", "more than 100 bytes"},
		"ndjson line":             {of(ndjson), "application/x-ndjson", strings.Repeat("x", 102), "more than 100 bytes"},
		"array large":             {of(array), "application/json", "[" + jsonItem(101), "more than 100 bytes"},
		"array item that goes on": {of(array), "application/json", `[{"text":"` + strings.Repeat("x", 100), "more than 100 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				start := time.Now()
				_, err := all(test.op(ctx, client.InProcess(live(test.media, test.start), client.Options{MaxBody: 100})))
				require.ErrorContains(t, err, test.want)
				failure, ok := errors.AsType[*client.Error](err)
				require.True(t, ok, err)
				if test.want != "media type" {
					assert.Equal(t, test.start, string(failure.Body))
				}
				assert.Zero(t, time.Since(start))
			})
		})
	}
}

// MaxBody is how large an item may be, whatever is around it.
func TestStream_maxBody(t *testing.T) {
	t.Parallel()
	const most = 100
	fits, large := jsonItem(most), jsonItem(most+1)
	require.Len(t, fits, most)
	for name, test := range map[string]struct {
		op         func(ctx context.Context, c *client.Client) iter.Seq2[item, error]
		media      string
		start, end string
		between    string
	}{
		"sse":        {of(sse), "text/event-stream", "id: 1\nevent: x\ndata: ", "\n\n", ""},
		"sse CRLF":   {of(sse), "text/event-stream", "id: 1\r\ndata: ", "\r\n\r\n", ": alive\r\n\r\n"},
		"ndjson":     {of(ndjson), "application/x-ndjson", "", "\n", ""},
		"ndjson CR":  {of(ndjson), "application/x-ndjson", "", "\r\n", "\r\n"},
		"array":      {of(array), "application/json", "", "", ","},
		"array wide": {of(array), "application/json", " ", "\n", strings.Repeat(" ", 2*most) + "," + strings.Repeat("\n", 2*most)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var open, end string
			if test.media == "application/json" {
				open, end = "[", "]"
			}
			synctest.Test(t, func(t *testing.T) {
				serve := func(pieces ...string) ([]item, error) {
					h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Content-Type", test.media)
						for _, piece := range pieces {
							_, _ = w.Write([]byte(piece))
							_ = http.NewResponseController(w).Flush()
							synctest.Wait() // the client has read it
						}
					})
					return all(test.op(t.Context(), client.InProcess(h, client.Options{MaxBody: most})))
				}
				one, over := test.start+fits+test.end, test.start+large+test.end
				items, err := serve(open + one + test.between + one + test.between + one + end)
				require.NoError(t, err)
				assert.Len(t, items, 3)
				var bytes []string
				for _, b := range []byte(open + one + test.between + one + end) {
					bytes = append(bytes, string(b))
				}
				items, err = serve(bytes...)
				require.NoError(t, err)
				assert.Len(t, items, 2)
				items, err = serve(open + one + test.between + over + end)
				require.ErrorContains(t, err, "an item of more than 100 bytes")
				assert.Len(t, items, 1)
			})
		})
	}
}

// jsonItem returns an item of n bytes.
func jsonItem(n int) string { return `{"text":"` + strings.Repeat("x", n-len(`{"text":""}`)) + `"}` }

func of[Out interface{ Items() iter.Seq2[item, error] }](op tenon.Op[streamIn, Out]) func(ctx context.Context, c *client.Client) iter.Seq2[item, error] {
	return func(ctx context.Context, c *client.Client) iter.Seq2[item, error] {
		return client.Stream(ctx, c, op, streamIn{})
	}
}

// Call as well waits for no more of a body that does not fit than has come.
func TestCall_live(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, item]{Method: "GET", Pattern: "/x"}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		_, err := client.Call(ctx, client.InProcess(live("text/event-stream", "data: x\n\n"), client.Options{}), op, tenon.None{})
		require.ErrorContains(t, err, "media type")
		// One that has a length, of which little comes.
		long := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			live("text/html", "<html>").ServeHTTP(w, r)
		})
		_, err = client.Call(ctx, client.InProcess(long, client.Options{}), op, tenon.None{})
		require.ErrorContains(t, err, "<html>")
		assert.Zero(t, time.Since(start))
	})
}
