package openapi

import "net/http"

// A watchedWriter shows a verdict what passes through it.
type watchedWriter struct {
	http.ResponseWriter

	begin   func(status int) *verdict
	verdict *verdict
	isHead  bool
}

// Unwrap lets [http.ResponseController] reach what is below.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (w *watchedWriter) WriteHeader(status int) {
	if status >= http.StatusOK && w.verdict == nil {
		w.verdict = w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watchedWriter) Write(p []byte) (int, error) {
	if w.verdict == nil {
		w.verdict = w.begin(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(p)
	if !w.isHead {
		w.verdict.write(w.Header(), p[:max(n, 0)])
	}
	return n, err
}

// Flush implements [http.Flusher].
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError does what [http.ResponseController] asks for.
func (w *watchedWriter) FlushError() error {
	if w.verdict == nil {
		w.verdict = w.begin(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// end closes the verdict, where the handler has returned.
func (w *watchedWriter) end() {
	if w.verdict == nil {
		w.verdict = w.begin(http.StatusOK)
	}
	w.verdict.close(w.Header(), w.isHead)
}
