package main

import (
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// TestProgress_whilePartsArrive asks for the progress with half of the file
// sent and the connection still open.
func TestProgress_whilePartsArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHandler()
		body, client := io.Pipe()
		form := multipart.NewWriter(client)
		upload := httptest.NewRequest(http.MethodPost, "/uploads/a-1", body)
		upload.Header.Set("Content-Type", form.FormDataContentType())
		upload.ContentLength = 300_000
		w, done := httptest.NewRecorder(), make(chan struct{})
		go func() {
			defer close(done)
			h.ServeHTTP(w, upload)
		}()

		file, err := form.CreateFormFile("file", "big.bin")
		require.NoError(t, err)
		half := strings.Repeat("x", 100_000)
		_, err = io.WriteString(file, half)
		require.NoError(t, err)
		synctest.Wait()
		now := progress(t, h)
		assert.InDelta(t, 100_000, now.Received, 8192, "what the reader holds back to look for the boundary")
		assert.False(t, now.Done)

		_, err = io.WriteString(file, half)
		require.NoError(t, err)
		require.NoError(t, form.Close())
		require.NoError(t, client.Close())
		<-done
		assert.Equal(t, http.StatusOK, w.Code)
		assert.JSONEq(t, `[{"name":"big.bin","size":200000}]`, w.Body.String())
		assert.Equal(t, Progress{200_000, 300_000, true}, progress(t, h))
	})
}

func progress(t *testing.T, h http.Handler) Progress {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/uploads/a-1", nil))
	var p Progress
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p), w.Body.String())
	return p
}
