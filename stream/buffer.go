package stream

import (
	"bytes"
	"sync"
)

const (
	// batchSize is how much waits at most while a batch is written. Below 16 KiB
	// net/http's own framing costs most; above this size nothing is gained.
	batchSize = 64 << 10
	// frameSize is the largest buffer of one item that is kept for the next.
	frameSize = 64 << 10
)

//nolint:gochecknoglobals // pools of private buffers, so that a stream without traffic holds none
var (
	batches = sync.Pool{New: func() any { return new([batchSize]byte) }}
	frames  = sync.Pool{New: func() any { return new(bytes.Buffer) }}
)

func getBatch() []byte {
	batch, _ := batches.Get().(*[batchSize]byte)
	return batch[:0]
}

// putBatch drops what append has made larger.
func putBatch(batch []byte) {
	if cap(batch) == batchSize {
		batches.Put((*[batchSize]byte)(batch[:batchSize]))
	}
}

func getFrame() *bytes.Buffer {
	buf, _ := frames.Get().(*bytes.Buffer)
	return buf
}

// putFrame is never deferred: a marshaler that panicked may still hold the
// buffer.
func putFrame(buf *bytes.Buffer) {
	if buf.Cap() <= frameSize {
		buf.Reset()
		frames.Put(buf)
	}
}
