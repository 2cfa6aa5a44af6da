package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// TestDocument_isTrue holds that no answer to random requests, valid and invalid, is
// one that the document does not have, and that every failure has the form.
func TestDocument_isTrue(t *testing.T) {
	t.Parallel()
	service, doc, err := newHandler()
	require.NoError(t, err)
	h := openapi.Verify(doc, func(err error) { t.Error(err) })(service)
	seen, tooLong := map[int]int{}, `{"item":"`+strings.Repeat("x", 1<<20)+`"}`
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		r := randomRequest(random, tooLong)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(t.Context()))
		seen[w.Code]++
		if w.Code >= 400 {
			require.Regexp(t, `^\{"errors":\{("[^"]+":\["[^"]+"(,"[^"]+")*\],?)+\}\}$`, w.Body.String())
			require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		}
		require.Equal(t, w.Code == http.StatusUnauthorized, w.Header().Get("WWW-Authenticate") != "")
	}
	for _, status := range []int{200, 400, 401, 404, 405, 413, 415, 422, 500} {
		assert.Positive(t, seen[status], "%d was never answered: %v", status, seen)
	}
}

// randomRequest draws each part from some that are right and some that are not.
func randomRequest(random *rand.Rand, tooLong string) *http.Request {
	of := func(all ...string) string { return all[random.IntN(len(all))] }
	method := of("GET", "GET", "POST", "POST", "DELETE")
	id := of("1", "2", "3", "0", "-1", "99", "x", "1.5", "%ff")
	target := of("/orders", "/orders", "/orders/"+id, "/orders/"+id+"/share", "/elsewhere")
	target += of("", "", fmt.Sprintf("?people=%d", random.IntN(3)), "?people=x", "?notify=ada@example.com", "?notify=ada", "?notify=%zz")
	body := of(`{"item":"Glue","count":1}`, `{"item":"Glue","count":1}`, `{"item":"","count":0}`, `{"item":1}`, `{"count":1e9}`,
		`{"item":"a","item":"b"}`, `{"item":`, ``, `null`, `[]`, tooLong)
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", of("application/json", "application/json", "application/json", "text/plain"))
	r.Header.Set("Authorization", of("Bearer ada", "Bearer ada", "Bearer ada", "Bearer eve"))
	return r
}
