package jetstream

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
)

// Options say where a log is and how much it keeps. Only Stream is required.
type Options struct {
	// Stream is the name of the stream: letters, digits, - and _. Only the log may use
	// the stream and the subjects that begin with its name and a dot.
	Stream string
	// Keep is the number of entries that are kept for each topic. A reader may fall
	// behind, or be away, for so many entries. Zero means 256. A negative number is a
	// fault.
	Keep int
	// MaxAge is the longest time that an entry is kept, at least ten seconds. Zero means
	// 24 hours; a negative time means no limit.
	MaxAge time.Duration
	// Replicas is the number of servers of a cluster that have the stream. With 3, one
	// may be lost. Zero means 1.
	Replicas int
}

const (
	defaultKeep = 256
	defaultAge  = 24 * time.Hour
	minAge      = 10 * time.Second
	// window is how long the server knows the ids of messages, at most. It takes no longer
	// one than MaxAge.
	window = 2 * time.Minute
	// maxTopic is the length of the longest topic. Subjects have to fit into a line of
	// the protocol.
	maxTopic = 1024
)

// config returns the configuration of the stream. The stream keeps one entry more for
// each topic than Keep. While the last entry that a reader has is there, nothing after it
// is gone.
func (o Options) config() (js.StreamConfig, error) {
	var faults []error
	if o.Stream == "" || strings.ContainsFunc(o.Stream, isUnsafe) {
		faults = append(faults, fmt.Errorf("jetstream: Options.Stream is %q: write a name of letters, digits, - and _", o.Stream))
	}
	if o.Keep < 0 {
		faults = append(faults, fmt.Errorf("jetstream: Options.Keep is %d: write how many entries of a topic to keep, or 0 for %d", o.Keep, defaultKeep))
	}
	if o.MaxAge > 0 && o.MaxAge < minAge {
		faults = append(faults, fmt.Errorf("jetstream: Options.MaxAge is %v: write at least %v, or 0 for %v", o.MaxAge, minAge, defaultAge))
	}
	if o.Replicas < 0 {
		faults = append(faults, fmt.Errorf("jetstream: Options.Replicas is %d: write how many servers have the stream, or 0 for 1", o.Replicas))
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	switch {
	case o.MaxAge == 0:
		o.MaxAge = defaultAge
	case o.MaxAge < 0:
		o.MaxAge = 0
	}
	duplicates := window
	if o.MaxAge > 0 {
		duplicates = min(window, o.MaxAge)
	}
	return js.StreamConfig{
		Name:              o.Stream,
		Subjects:          []string{o.Stream + ".entry.*"},
		RePublish:         &js.RePublish{Source: o.Stream + ".entry.*", Destination: o.Stream + ".live.{{wildcard(1)}}"},
		MaxMsgsPerSubject: int64(o.Keep) + 1,
		MaxAge:            o.MaxAge,
		Duplicates:        duplicates,
		Replicas:          max(o.Replicas, 1),
		Storage:           js.FileStorage,
		Discard:           js.DiscardOld,
		// Entries that somebody takes out of the middle would be missed by nobody.
		DenyPurge:  true,
		DenyDelete: true,
	}, errors.Join(faults...)
}

// floorKey names the newest sequence of the time when the stream was told to keep more
// than before. For entries before that, the number of entries does not tell what is gone.
const floorKey = "tenon-floor"

// open creates the stream, or changes the existing one.
func open(ctx context.Context, conn js.JetStream, config js.StreamConfig) (js.Stream, error) {
	known, err := conn.Stream(ctx, config.Name)
	switch {
	case errors.Is(err, js.ErrStreamNotFound):
		return conn.CreateOrUpdateStream(ctx, config)
	case err != nil:
		return nil, err
	}
	info := known.CachedInfo()
	config.Metadata = info.Config.Metadata
	s, err := conn.UpdateStream(ctx, config)
	if err != nil || info.Config.MaxMsgsPerSubject >= config.MaxMsgsPerSubject {
		return s, err
	}
	config.Metadata = maps.Clone(config.Metadata)
	if config.Metadata == nil {
		config.Metadata = map[string]string{}
	}
	config.Metadata[floorKey] = strconv.FormatUint(s.CachedInfo().State.LastSeq, 10)
	return conn.UpdateStream(ctx, config)
}

// floor returns the sequence that open has written, or 0.
func floor(info *js.StreamInfo) uint64 {
	n, _ := strconv.ParseUint(info.Config.Metadata[floorKey], 10, 64)
	return n
}

// keep returns how many entries of each topic the stream keeps.
func keep(info *js.StreamInfo) uint64 {
	return uint64(max(info.Config.MaxMsgsPerSubject-1, 0))
}

func isUnsafe(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

var errTopic = fmt.Errorf("jetstream: the topic has more than %d bytes", maxTopic)

// token returns the topic as one token of a subject: unchanged if that is safe, else in
// base64 after an equals sign, which no safe topic has.
func token(topic string) (string, error) {
	if len(topic) > maxTopic {
		return "", errTopic
	}
	if topic == "" || strings.ContainsFunc(topic, isUnsafe) {
		return "=" + base64.RawURLEncoding.EncodeToString([]byte(topic)), nil
	}
	return topic, nil
}
