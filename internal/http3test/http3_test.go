package http3test_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
)

// serve runs fn as the subtest "HTTP/3" against a server that ends with it.
func serve(t *testing.T, h http.Handler, fn func(t *testing.T, s *kittest.Server)) {
	t.Helper()
	t.Run("HTTP/3", func(t *testing.T) {
		t.Helper()
		// Its certificate is one that its client trusts.
		borrowed := httptest.NewUnstartedServer(nil)
		borrowed.StartTLS()
		certificate := borrowed.TLS.Certificates[0]
		trusted := x509.NewCertPool()
		trusted.AddCert(borrowed.Certificate())
		borrowed.Close()

		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		require.NoError(t, err)
		server := &http3.Server{Handler: h, TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{certificate}})}
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(packets) }()
		transport := &http3.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableCompression: true}
		t.Cleanup(func() {
			assert.NoError(t, transport.Close())
			assert.NoError(t, server.Close())
			assert.ErrorIs(t, <-ended, http.ErrServerClosed)
			assert.NoError(t, packets.Close())
		})
		fn(t, &kittest.Server{
			URL:    "https://" + packets.LocalAddr().String(),
			Client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
			Proto:  "HTTP/3",
		})
	})
}

// lacks are the rows that quic-go itself does not keep, without any middleware: it
// leaves the files of a form behind, and does not see that a body is too short.
var lacks = []string{"form in files", "less than the length"}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, serve, lacks...)
}
