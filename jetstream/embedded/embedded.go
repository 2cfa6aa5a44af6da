package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Options say how a server runs. With the zero value, only this process can reach it.
type Options struct {
	// Name is the name of the server. Servers of one cluster need different names. Empty
	// means a random one.
	Name string
	// Host and Port are the address for clients of other processes. Port 0 means none,
	// and -1 one that the system picks. An empty Host means 127.0.0.1.
	Host string
	Port int
	// Cluster is the name of the cluster of this server. Empty means none.
	Cluster string
	// ClusterHost and ClusterPort are the address for the other servers. An empty
	// ClusterHost means 127.0.0.1.
	ClusterHost string
	ClusterPort int
	// Routes are the addresses of other servers of the cluster, such as
	// nats://10.0.0.2:6222.
	Routes []string
}

// A Server is a NATS server with JetStream in this process. [Start] makes one. It is safe
// for concurrent use.
type Server struct {
	server *server.Server
}

// patience is how long a server may take to be ready.
const patience = 30 * time.Second

// Start runs a server that keeps its files in dir, and creates dir if it is missing. Two
// servers cannot share one dir. The next Start in dir finds the files. Start returns an
// error if dir cannot be written or an address is taken.
func Start(dir string, o Options) (*Server, error) {
	if dir == "" {
		return nil, errors.New("embedded: dir is empty: pass the directory for the files of the server")
	}
	config := &server.Options{
		ServerName: o.Name,
		StoreDir:   dir,
		JetStream:  true,
		Host:       host(o.Host),
		Port:       o.Port,
		DontListen: o.Port == 0,
		NoSigs:     true, // signals are the program's
		NoLog:      true,
	}
	if o.Cluster != "" {
		config.Cluster = server.ClusterOpts{Name: o.Cluster, Host: host(o.ClusterHost), Port: o.ClusterPort}
		for _, route := range o.Routes {
			address, err := url.Parse(route)
			if err != nil {
				return nil, fmt.Errorf("embedded: Options.Routes: %w", err)
			}
			config.Routes = append(config.Routes, address)
		}
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	// The server would say nothing, and would not be ready.
	for _, at := range []struct {
		host string
		port int
	}{{config.Host, config.Port}, {config.Cluster.Host, config.Cluster.Port}} {
		if err := isFree(at.host, at.port); err != nil {
			return nil, fmt.Errorf("embedded: %w", err)
		}
	}
	s, err := server.NewServer(config)
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("embedded: the server with its files in %s is not ready after %v", dir, patience)
	}
	return &Server{s}, nil
}

// isFree returns an error if the address is taken.
func isFree(host string, port int) error {
	if port <= 0 {
		return nil
	}
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return l.Close()
}

func host(name string) string {
	if name == "" {
		return "127.0.0.1"
	}
	return name
}

// Connect returns a connection that needs no network. It lasts until it or the server is
// closed. Options of package nats may change it.
func (s *Server) Connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append([]nats.Option{nats.InProcessServer(s.server)}, options...)...)
}

// URL returns the address for clients of other processes. It is empty without
// Options.Port.
func (s *Server) URL() string {
	if s.server.Addr() == nil {
		return ""
	}
	return s.server.ClientURL()
}

// Close stops the server: it cuts the connections and writes the files, then returns.
// Before Close, close your connections and end the contexts of Follow.
func (s *Server) Close() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}
