package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// TestSession_slides comes back every five hours, and then stays away.
func TestSession_slides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := newHandler(cookie.GenerateKey())
		require.NoError(t, err)
		login := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader("user=ada"))
		login.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, login)
		require.Equal(t, http.StatusSeeOther, w.Code)
		jar := map[string]*http.Cookie{}
		keep := func(w *httptest.ResponseRecorder) {
			for _, c := range w.Result().Cookies() {
				jar[c.Name] = c
			}
		}
		keep(w)

		visit := func() string {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for _, c := range jar {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			keep(w)
			return w.Body.String()
		}
		assert.JSONEq(t, `{"user":"ada","message":"Welcome, ada."}`, visit())
		for range 20 {
			time.Sleep(5 * time.Hour)
			assert.JSONEq(t, `{"user":"ada"}`, visit())
		}
		time.Sleep(12 * time.Hour)
		assert.JSONEq(t, `{}`, visit())
	})
}
