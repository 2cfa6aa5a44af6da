// Package embedded runs a NATS server with JetStream inside the process, so that one
// binary is enough until it is not.
//
//	server, err := embedded.Start("/var/lib/shop/nats", embedded.Options{})
//	if err != nil { ... }
//	defer server.Close()
//	conn, err := server.Connect()
//	if err != nil { ... }
//	defer conn.Close()
//	js, err := jetstream.New(conn) // of github.com/nats-io/nats.go/jetstream
//
// The connection goes through memory, and without [Options].Port nobody else reaches the
// server. Packages that get the connection cannot tell it from one to a cluster: to
// move there, connect by URL instead.
//
// # Rules
//
//	files                    in dir; the next Start in it finds all that was acknowledged. Killing the process
//	                             loses nothing that reached the operating system; JetStream syncs to the disk
//	                             every two minutes, so a power failure may lose more than a cluster does
//	signals and logs         are the program's: the server handles none, and writes none
//	Port                     opens the server to others without a password: for loopback and private networks
//	Cluster                  joins servers of several processes. Three of them, and Options.Replicas of 3 at
//	                             the log, go on where one is lost
//	Close                    waits for the server's end. It does not wait for clients
//
// This package alone links the server: a program that connects by URL does without it.
package embedded
