package main

import (
	"io"
	"net/http"
	"time"
)

// Bearer adds a token to each request.
type Bearer struct {
	Token string
	Next  http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (b Bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context()) // a RoundTripper leaves the request as it is
	r.Header.Set("Authorization", "Bearer "+b.Token)
	return b.Next.RoundTrip(r)
}

// Retry repeats a GET that was answered 503, up to three times in all. It does not repeat
// other methods, because what they have done is unknown.
type Retry struct {
	Pause time.Duration
	Next  http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (x Retry) RoundTrip(r *http.Request) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		answer, err := x.Next.RoundTrip(r)
		if err != nil || answer.StatusCode != http.StatusServiceUnavailable || r.Method != http.MethodGet || attempt == 3 {
			return answer, err
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4096)) // so that the connection can be used again
		_ = answer.Body.Close()
		select {
		case <-time.After(x.Pause):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}
