package compress

import "github.com/tenonkit/tenon/internal/rw"

// finish ends the response once the handler has returned. A body that has ended
// before its time must not get the end that makes it look whole.
func (x *writer) finish() {
	x.begin()
	if x.state == undecided && !x.broken {
		x.commit(toCoded(x.codesAtEnd()))
	}
	if x.state == plain {
		return
	}
	if encoder := x.encoder; encoder != nil && !x.broken {
		x.broken = x.declared >= 0 && x.written != x.declared || encoder.Close() != nil
		if !x.broken {
			x.coding.put(encoder)
		}
	}
	if x.broken {
		rw.Abort(x.below, x.request)
	}
	x.encoder, x.state = nil, finished
}

// breakOff sends what the encoder has left, but not its end, after a panic. The
// body then breaks off in the middle also where somebody further out recovers
// and lets the server finish the response. Of zstd nothing at all would be a
// whole body.
func (x *writer) breakOff() {
	if encoder := x.encoder; encoder != nil {
		x.encoder, x.state = nil, finished
		_ = encoder.Flush() // the response has failed already
	}
}
