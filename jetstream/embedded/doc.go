// Package embedded runs a NATS server with JetStream inside the process, so that a
// service of one process needs no other program.
//
//	server, err := embedded.Start(dir, embedded.Options{})
//	if err != nil {
//		return err
//	}
//	defer server.Close()
//	conn, err := server.Connect()
//	if err != nil {
//		return err
//	}
//	defer conn.Close()
//	stream, err := js.New(conn) // js is github.com/nats-io/nats.go/jetstream
//
// A service chooses a directory that stays, such as /var/lib/shop/nats. The connection goes through memory. Without Port in [Options], no other process reaches
// the server. The connection works like one to a cluster. To move to a cluster, connect
// by URL instead.
//
// # Rules
//
//	files             are in dir. The next Start in dir finds all entries that were acknowledged. Killing the
//	                  process loses nothing that reached the operating system. JetStream syncs to the disk every
//	                  two minutes, so a power failure may lose more than with a cluster
//	signals and logs  the server handles no signals and writes no logs
//	Port              opens the server to others without a password: only for loopback and private networks
//	Cluster           joins servers of several processes, each with its own Name, Port and ClusterPort, and with the Routes to
//	                  the others. With three of them, and Options.Replicas of 3 at the log, one may be lost
//	a second server   in the same dir is an error of Start, also in another process. Windows, Plan 9 and Solaris have
//	                  no lock for that: take care of it
//	Close             waits for the end of the server, and not for clients
//
// Only this package links the server: a program that connects by URL does not need it.
package embedded
