package compress

import (
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/tenonkit/tenon/internal/header"
)

// sniffSize is how much [http.DetectContentType] looks at.
const sniffSize = 512

// begin looks at the status and the header when the response begins. They decide about
// most responses.
func (x *writer) begin() {
	if x.begun {
		return
	}
	x.begun = true
	h := x.below.Header()
	x.declared = header.Length(h)
	if values := h["Content-Type"]; len(values) > 0 {
		x.media = values[0]
	}
	class := x.config.classify(x.below, h, x.status)
	if x.status == http.StatusNotModified && x.restoreTag(h) {
		class = unchanged // its 200 was encoded
	}
	if class != fixed {
		x.addVary(h)
	}
	if class != open || x.declared >= 0 && x.declared < x.minimum() || isBound(h) {
		x.commit(plain)
	}
}

// minimum is the size from which a body is compressed.
func (x *writer) minimum() int64 {
	if x.mustCode {
		return 1
	}
	return int64(x.config.minSize)
}

// wanted is the number of bytes that the decision needs.
func (x *writer) wanted() int {
	switch {
	case x.media == "" && x.declared >= 0:
		return int(min(sniffSize, x.declared))
	case x.media == "" || x.declared >= 0:
		return sniffSize
	}
	return int(x.minimum())
}

// decide commits the response if the held bytes and p are enough to decide, and reports
// whether they are. The result does not depend on the pieces in which the body arrives.
func (x *writer) decide(p []byte) bool {
	size := len(x.held) + len(p)
	if size == 0 {
		return false
	}
	if x.media == "" {
		if size < x.wanted() {
			return false
		}
		if !x.allowed(x.start(p)) {
			x.commit(plain)
			return true
		}
	}
	if max(int64(size), x.declared) < x.minimum() {
		return false
	}
	x.commit(coded)
	return true
}

// start returns the first bytes of what is held and p after it.
func (x *writer) start(p []byte) []byte {
	if len(x.held) == 0 {
		return p
	}
	return append(x.held, p[:min(len(p), max(sniffSize-len(x.held), 0))]...)
}

// allowed reports whether the body is of a type that is compressed. A type that
// the handler has not set is found as net/http does it.
func (x *writer) allowed(start []byte) bool {
	if x.media == "" && len(start) > 0 {
		x.media = http.DetectContentType(start)
	}
	return x.media != "" && x.config.types.has(x.media)
}

// toCoded returns the state of a decision.
func toCoded(codes bool) state {
	if codes {
		return coded
	}
	return plain
}

// codesAtEnd decides about a response that ends while it is held back.
func (x *writer) codesAtEnd() bool {
	if len(x.held) > 0 {
		return int64(len(x.held)) >= x.minimum() && x.allowed(x.held)
	}
	// The answer to HEAD has the fields of one to GET, whose length is either
	// declared, or not known in advance.
	return x.request.Method == http.MethodHead && x.media != "" &&
		(x.declared >= 0 || x.status < http.StatusMultipleChoices)
}

// hold keeps p back.
func (x *writer) hold(p []byte) {
	x.keepHeader()
	x.held = append(x.spare(len(p)), p...)
	x.written += int64(len(p))
}

// holdFrom holds back the bytes of one read from src, and decides if they are enough.
func (x *writer) holdFrom(src io.Reader) (int, error) {
	room := min(max(x.wanted()-len(x.held), 1), sniffSize)
	held := x.spare(room)
	n, err := src.Read(held[len(held) : len(held)+room])
	x.held = held[:len(held)+n]
	x.written += int64(n)
	x.decide(nil)
	return n, err
}

// spare returns what is held with room for n bytes, and for more at once.
func (x *writer) spare(n int) []byte {
	if cap(x.held)-len(x.held) >= n {
		return x.held
	}
	return slices.Grow(x.held, max(n, sniffSize))
}

// commit sends the header as one of a plain or a coded response, and what is
// held.
func (x *writer) commit(to state) {
	h := x.below.Header()
	late := x.header.Restore(h)
	if to == coded {
		x.describe(h)
	}
	if x.status == 0 && (to == coded || late != nil) {
		x.status = http.StatusOK // the header goes out before late is in it again
	}
	if x.status != 0 {
		x.below.WriteHeader(x.status)
	}
	maps.Copy(h, late)
	x.state = to
	if to == coded && x.request.Method != http.MethodHead {
		x.encoder = x.coding.get(x.below)
	}
	if held := x.held; len(held) > 0 {
		x.held = nil
		x.written -= int64(len(held))
		_, _ = x.pass(held) // the next write fails too
	}
}
