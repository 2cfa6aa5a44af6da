// Package jetstream keeps the logs of package feed on NATS JetStream.
package jetstream
