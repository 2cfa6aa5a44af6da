// Package jetstream keeps the logs of package feed, and the requests of
// middleware/idempotency, on NATS JetStream: for services of several processes, and for
// what has to outlive one.
//
//	// jetstream is github.com/nats-io/nats.go/jetstream here, and tenonjs this package.
//	conn, err := nats.Connect(urls, nats.MaxReconnects(-1))
//	js, err := jetstream.New(conn)
//	log, err := tenonjs.NewLog[Comment](ctx, js, tenonjs.Options{Stream: "comments", Replicas: 3})
//
//	// From here on it is any feed.Log.
//	id, err := log.Append(ctx, "article-42", comment)
//	return feed.SSE[Comment]{Log: log, Topic: "article-42"}, nil
//
//	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "requests", TTL: 48 * time.Hour, Replicas: 3})
//	store, err := tenonjs.NewStore(ctx, kv)
//	h = idempotency.New(store, account)(h)
//
// Package jetstream/embedded runs a server inside the process, which gives such a
// connection without a network. The command in examples/live is a service of several
// replicas.
//
// # Rules of a log
//
//	a topic                       is one token of a subject. One of letters, digits, - and _ is that token; every
//	                                  other is encoded, so that neither dots nor wildcards get in. 1,024 bytes at most
//	an id                         epoch-sequence: the creation time of the stream, and the sequence in it
//	Append                        returns when the stream has the entry, with all replicas that it needs. It sends a
//	                                  message again under the same Nats-Msg-Id, which adds it once, for a minute;
//	                                  with a MaxAge of less than two, for half of that
//	an error of Append            after it was sent, and a ctx that ends meanwhile, leave open whether the entry was
//	                                  added; before that, nothing was
//	Follow                        waits for servers that are away, and goes on without loss or repetition
//	a reader that is slow         holds up nobody: what does not fit into its buffer is read from the stream
//	a lost message                shows by the next one, which says what was before it; the last one of all is found
//	                                  within two seconds: so often all readers of a topic in a process ask together
//	Keep, MaxAge                  entries that are over either go. A reader that may lack one gets ErrReset, also
//	                                  after another process has changed them
//	purges                        are refused by the stream, and so is taking out an entry: readers would not see it.
//	                                  Delete the stream instead
//	a server that lost its end    such as one restored from a copy: ErrReset for the ids that it has not
//	a stream that was made anew   has another epoch: ErrReset for all old ids and all readers
//	a stream that is gone         an error of Append, Last and Follow, once it has lasted three seconds
//	an entry that is no T         an error of Follow: change T so that it reads what older programs wrote
//	the connection is closed      an error; one that is broken off is none, as long as it may reconnect
//
// # Rules of a store
//
//	revisions                     are those of the bucket, which compares them: of many requests that begin at once
//	                                  in several processes, one runs
//	the bucket's TTL              is how long records stay; it is at least the TTL of the middleware, or each Put is
//	                                  an error that says so. A bucket without one grows for ever
//	a process that is killed      leaves its lease, which ends by itself
//	servers that are away         an error after five seconds, and with it a refused request
//	an answer over max_payload    of the servers, 1 MB by default: not kept, and a retry is refused with 409
//
// # Limits
//
// Each Follow is one subscription, and the servers send it each entry: a topic with
// thousands of readers in one process costs as many messages. A topic that is read costs
// two small requests every two seconds, and its newest entry with them. A reader that
// catches up makes a consumer, which goes by itself.
//
// An id whose topic has no entries left is too old once an entry after it, of any
// topic, is gone. At worst a client reads its state once too often.
//
// Replicas of 3 go on where one server of three is lost. That takes some seconds, in
// which Append and Follow wait.
//
// The log decides alone about its stream. The stream's subjects are Stream.entry.TOPIC,
// and the server republishes entries to Stream.live.TOPIC; a user of NATS needs
// permissions for both and for $JS.API.
package jetstream
