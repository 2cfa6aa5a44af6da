package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Options say how a server runs. With the zero value, only this process can reach it.
type Options struct {
	// Name is the name of the server. Each server of a cluster needs a name of its own,
	// and keeps it. Without a cluster, empty means a random one.
	Name string
	// Host and Port are the address for clients of other processes. Port 0 means none,
	// and -1 one that the system picks. An empty Host means 127.0.0.1.
	Host string
	Port int
	// Cluster is the name of the cluster of this server. Empty means none. A cluster also
	// needs Name, Port, ClusterPort and Routes.
	Cluster string
	// ClusterHost and ClusterPort are the address for the other servers. A ClusterPort of
	// -1 is one that the system picks. An empty ClusterHost means 127.0.0.1.
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
	unlock func()
}

// patience is how long a server may take to be ready.
const patience = 30 * time.Second

// Start runs a server that keeps its files in dir, and creates dir if it is missing. The
// next Start in dir finds the files. Start returns an error for a bad option, if another
// server uses dir, if dir cannot be written, or if an address is taken.
func Start(dir string, o Options) (*Server, error) {
	config, err := o.config(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	unlock, err := lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("embedded: another server may use %s: %w", dir, err)
	}
	s, err := server.NewServer(config)
	if err != nil {
		unlock()
		return nil, fmt.Errorf("embedded: %w", err)
	}
	started := &Server{s, unlock}
	s.Start()
	if !s.ReadyForConnections(patience) || !s.JetStreamEnabled() {
		started.Close()
		return nil, fmt.Errorf("embedded: the server with its files in %s is not ready after %v", dir, patience)
	}
	return started, nil
}

// config returns the options of the server, or all faults.
func (o Options) config(dir string) (*server.Options, error) {
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
	faults := o.faults(dir)
	if o.Cluster != "" {
		config.Cluster = server.ClusterOpts{Name: o.Cluster, Host: host(o.ClusterHost), Port: o.ClusterPort}
	}
	for _, route := range o.Routes {
		address, err := url.Parse(route)
		if err == nil && address.Host == "" {
			err = fmt.Errorf("%q is no address: write one such as nats://10.0.0.2:6222", route)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("embedded: Options.Routes: %w", err))
		}
		config.Routes = append(config.Routes, address)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	// The server would say nothing, and would not be ready.
	for _, at := range []struct {
		host string
		port int
	}{{config.Host, config.Port}, {config.Cluster.Host, config.Cluster.Port}} {
		if err := isFree(at.host, at.port); err != nil {
			faults = append(faults, fmt.Errorf("embedded: %w", err))
		}
	}
	return config, errors.Join(faults...)
}

// faults returns what no server can do.
func (o Options) faults(dir string) (faults []error) {
	is := func(wrong bool, words string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf("embedded: "+words, args...))
		}
	}
	isPort := func(port int) bool { return -1 <= port && port <= 65535 }
	is(dir == "", "dir is empty: pass the directory for the files of the server")
	is(!isPort(o.Port), "Options.Port is %d: write 0 for none, -1 for one that the system picks, or a number up to 65535", o.Port)
	is(!isPort(o.ClusterPort), "Options.ClusterPort is %d: write -1 for one that the system picks, or a number up to 65535", o.ClusterPort)
	if o.Cluster == "" {
		is(o.ClusterHost != "" || o.ClusterPort != 0 || len(o.Routes) > 0, "Options.Cluster is empty, but ClusterHost, ClusterPort or Routes is set: write the name of the cluster")
		return faults
	}
	is(o.Name == "", "Options.Name is empty: write a name that no other server of the cluster has")
	is(o.ClusterPort == 0, "Options.ClusterPort is 0: write the port for the other servers of the cluster")
	is(len(o.Routes) == 0, "Options.Routes is empty: write the addresses of other servers of the cluster")
	is(o.Port == 0, "Options.Port is 0: a server of a cluster also has a port for clients; write -1 for one that the system picks")
	return faults
}

// isFree returns an error if nothing can listen at the address.
func isFree(host string, port int) error {
	if port == 0 {
		return nil
	}
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(max(port, 0))))
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
	s.unlock()
}
