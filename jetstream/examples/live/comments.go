package main

import (
	"context"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	tenonjs "github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// A Comment is what somebody says.
type Comment struct {
	Text string `json:"text" minLength:"1"`
}

// topic is where all comments are.
const topic = "comments"

// Comments are those of all replicas.
type Comments struct {
	log   feed.Log[Comment]
	start string // the newest one when this replica was started
}

// Add takes a comment. A process that is killed between the two lines leaves one that
// its client sends again: a service that keeps comments in a database has the key in a
// unique column.
func (c *Comments) Add(ctx context.Context, in Comment) (Comment, error) {
	_, err := c.log.Append(ctx, topic, in)
	return in, err
}

// Events are the comments since the client was here, or since the replica was started.
func (c *Comments) Events(context.Context, tenon.None) (feed.SSE[Comment], error) {
	return feed.SSE[Comment]{Log: c.log, Topic: topic, After: c.start}, nil
}

// newHandler returns the service as one replica runs it.
func newHandler(ctx context.Context, conn *nats.Conn) (http.Handler, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, err
	}
	log, err := tenonjs.NewLog[Comment](ctx, js, tenonjs.Options{Stream: "comments"})
	if err != nil {
		return nil, err
	}
	start, err := log.Last(ctx, topic)
	if err != nil {
		return nil, err
	}
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "requests", TTL: 48 * time.Hour})
	if err != nil {
		return nil, err
	}
	store, err := tenonjs.NewStore(ctx, kv)
	if err != nil {
		return nil, err
	}
	everybody := func(*http.Request) string { return "everybody" } // a real service has users
	once := idempotency.New(store, everybody, idempotency.Require())
	comments := &Comments{log: log, start: start}
	mux := http.NewServeMux()
	tenon.Routes{tenon.Post("/comments", comments.Add)}.With(once).Mount(mux)
	mux.Handle("GET /events", tenon.Handle(comments.Events))
	return mux, nil
}
