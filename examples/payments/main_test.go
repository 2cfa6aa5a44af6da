package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// TestPay_restart has a process that was killed after a payment: the next one knows no
// answers, and makes no second payment.
func TestPay_restart(t *testing.T) {
	t.Parallel()
	ledger := &Ledger{}
	for range 2 {
		h, err := newHandler(ledger)
		require.NoError(t, err)
		r := httptest.NewRequest(http.MethodPost, "/payments", strings.NewReader(`{"to":"eve","cents":500}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "8e03978e")
		r.SetBasicAuth("ada", "secret")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, http.StatusCreated, w.Code)
		assert.Empty(t, w.Header()["Idempotency-Replayed"])
		assert.JSONEq(t, `{"number":1,"to":"eve","cents":500}`, w.Body.String())
	}
	assert.Len(t, ledger.receipts, 1)
}
