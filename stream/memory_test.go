package stream_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// memory is a network without sockets, whose time is that of a synctest bubble:
// a write returns when the other end has read it.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// serveMemory serves h until the test ends.
func serveMemory(t *testing.T, server *http.Server) *memory {
	t.Helper()
	m := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(m)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return m
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

func (m *memory) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case m.conns <- server:
		return client, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

// request sends one request of HTTP/1.1 over a connection of its own.
func (m *memory) request(t *testing.T, head string) net.Conn {
	t.Helper()
	conn, err := m.dial(t.Context(), "", "")
	require.NoError(t, err)
	_, err = io.WriteString(conn, strings.ReplaceAll(head, "\n", "\r\n")+"\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	return conn
}

// get asks for / and reads the header of the answer.
func (m *memory) get(t *testing.T) (net.Conn, *http.Response) {
	t.Helper()
	conn := m.request(t, "GET / HTTP/1.1")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	return conn, response
}
