package client_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
)

// A field of Options.Header is the same in any case, and that of In stands for it.
func TestOptions_Header(t *testing.T) {
	t.Parallel()
	type in struct {
		Token string `header:"X-Token,optional"`
	}
	op := tenon.Op[in, string]{Method: "GET", Pattern: "/x"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Join(r.Header["X-Token"], "|")+" "+strings.Join(r.Header["X-Other"], "|"))
	})
	fields := http.Header{"x-token": {"a"}, "X-Other": {"1"}, "x-OTHER": {"2"}}
	over(t, h, client.Options{Header: fields}, func(t *testing.T, c *client.Client) {
		t.Helper()
		got, err := client.Call(t.Context(), c, op, in{})
		require.NoError(t, err)
		assert.Equal(t, "a 1|2", got)
		got, err = client.Call(t.Context(), c, op, in{"b"})
		require.NoError(t, err)
		assert.Equal(t, "b 1|2", got)
	})
}

// A Host in Options.Header is that of every request, as a field of In is. net/http does not
// send one that is in the header.
func TestOptions_host(t *testing.T) {
	t.Parallel()
	type in struct {
		Host bind.Opt[string] `header:"Host"`
	}
	op := tenon.Op[in, string]{Method: "GET", Pattern: "/x"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host+strings.Join(r.Header["Host"], ""))
	})
	over(t, h, client.Options{Header: http.Header{"host": {"api.example.com"}}}, func(t *testing.T, c *client.Client) {
		t.Helper()
		got, err := client.Call(t.Context(), c, op, in{})
		require.NoError(t, err)
		assert.Equal(t, "api.example.com", got)
		got, err = client.Call(t.Context(), c, op, in{bind.Some("other.example.com")})
		require.NoError(t, err)
		assert.Equal(t, "other.example.com", got)
	})
}

// A bad base and bad options are reported at once.
func TestNew_faults(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "example.com", "/x", "ftp://x", "http://", "http://x?q=1", "http://x#f", "http://[", "mailto:x"} {
		_, err := client.New(base, client.Options{})
		require.Error(t, err, base)
	}
	_, err := client.New("ftp://x", client.Options{Base: "v1", Header: http.Header{"A b": {"x"}, "X-A": {"a\nb"}}})
	require.ErrorContains(t, err, `"ftp://x" is not an absolute URL`)
	require.ErrorContains(t, err, `Options.Base "v1"`)
	require.ErrorContains(t, err, `"A b"`)
	require.ErrorContains(t, err, `"X-A"`)
	assert.Panics(t, func() { client.InProcess(http.NotFoundHandler(), client.Options{Base: "v1"}) })
}
