// Package jetstream keeps the logs of package feed and the records of
// middleware/idempotency on NATS JetStream. It is for services of several processes, and
// for data that must survive a restart.
//
//	// js is github.com/nats-io/nats.go/jetstream, and conn is a connection of package nats.
//	stream, err := js.New(conn)
//
//	// This log is a feed.Log, whose topics a feed.SSE sends.
//	log, err := jetstream.NewLog[string](ctx, stream, jetstream.Options{Stream: "comments"})
//	id, err := log.Append(ctx, "article-42", "Hello")
//
//	// This store is an idempotency.Store.
//	bucket, err := stream.CreateOrUpdateKeyValue(ctx, js.KeyValueConfig{Bucket: "requests", TTL: 48 * time.Hour})
//	store, err := jetstream.NewStore(ctx, bucket)
//	h := idempotency.New(store, userOf)(pay)
//
// On a cluster, connect by nats.Connect(urls, nats.MaxReconnects(-1)), and set the Replicas of
// the log and of the bucket to 3. Package jetstream/embedded runs a server inside the process
// and connects to it without a network. The command examples/live is a service of several replicas.
//
// # Rules of a log
//
//	a topic                 is one token of a subject, at most 1,024 bytes. Letters, digits, - and _ stay; a topic
//	                        with other characters is encoded, so dots and wildcards are safe
//	an id                   epoch-sequence: the creation time of the stream, and the sequence in it
//	Append                  returns when the stream has the entry, with all replicas that it needs. Without an
//	                        answer it sends the message again, for a minute or half of MaxAge, whichever is
//	                        less. The same Nats-Msg-Id makes sure that the entry is added once
//	an error of Append      before the message was sent: nothing was added. After that, or if ctx ends: the entry
//	                        may have been added
//	Follow                  waits for servers that are away, and continues without loss or repetition
//	a slow reader           delays nobody: it reads from the stream what does not fit into its buffer
//	a lost message          is noticed at the next message, or within two seconds: a process asks that often, once
//	                        for all its readers of a topic
//	Keep, MaxAge            entries beyond either are dropped. A reader that may lack one gets ErrReset, also after
//	                        another process has changed the limits
//	purges                  are refused by the stream, and so are deletions of an entry, because readers would not
//	                        notice them. Delete the stream instead
//	a server lost entries   for instance because it was restored from a copy: ErrReset for the ids that it lacks
//	a recreated stream      has a new epoch: ErrReset for all old ids and all readers
//	a deleted stream        an error of Append and Last after three seconds, and of Follow after five
//	an entry that is not T  an error of Follow: change T so that it reads what older programs wrote
//	a closed connection     an error. A broken connection is not, while it may reconnect
//
// # Rules of a store
//
//	revisions               are those of the bucket, which compares them. If several requests begin at once in
//	                        several processes, one runs
//	TTL of the bucket       is how long records stay. It must be at least the TTL of the middleware: otherwise each
//	                        Put returns an error that says so. A bucket without a TTL grows without limit
//	a killed process        leaves its lease, which ends by itself
//	servers that are away   an error after five seconds, and the request is refused
//	a large answer          larger than max_payload of the servers, 1 MB by default: it is not kept, and a retry is
//	                        answered 409
//
// # Limits
//
// Each Follow is one subscription. The servers send it each entry: a topic with thousands
// of readers in one process costs thousands of messages for each entry. A topic with
// readers costs two small requests every two seconds, and its newest entry with them. A
// reader that catches up makes a consumer and deletes it. If its context ends meanwhile,
// and the servers are away, Follow ends four seconds later.
//
// If a topic has no entries left, its ids are too old as soon as a later entry of any
// topic is gone. At worst a client reads its state once too often.
//
// With Replicas of 3, one of three servers may be lost. The change takes some seconds, in
// which Append and Follow wait.
//
// Only the log may configure its stream. The subjects of the stream are
// Stream.entry.TOPIC. The server republishes entries to Stream.live.TOPIC. The NATS user
// needs permissions for both and for $JS.API.
package jetstream
