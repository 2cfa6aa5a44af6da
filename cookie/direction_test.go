package cookie_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

// A cookie is storage: what no request sets and no answer has is kept in it.
func TestCookie_keepsReadOnlyAndWriteOnly(t *testing.T) {
	t.Parallel()
	type session struct {
		ID    int    `json:"id" readOnly:"true"`
		Token string `json:"token" writeOnly:"true"`
	}
	c := cookie.Plain[session]("session")
	w := httptest.NewRecorder()
	require.NoError(t, c.Set(w, session{7, "t"}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", w.Header().Get("Set-Cookie"))
	got, err := c.Get(r)
	require.NoError(t, err)
	assert.Equal(t, session{7, "t"}, got)
}
