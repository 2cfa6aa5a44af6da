package idempotency

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/respond"
)

// The states of a record.
const (
	running byte = iota + 1 // the request runs, until its lease ends
	kept                    // it has run, and here is its answer
	marked                  // it has run, and its answer was not kept
)

// A record is the value of a key in a store.
type record struct {
	state byte
	owner owner     // of a lease
	until time.Time // the end of the lease, or that of the whole record
	sum   *bodySum  // of the request; nil if it is not known
	// The answer, if it was kept. A field that was deleted is nil. One that was suppressed,
	// so that net/http does not set it, is empty.
	status int
	fields http.Header
	body   []byte
}

// An owner identifies a lease.
type owner [8]byte

func newOwner() (o owner) {
	_, _ = rand.Read(o[:]) // it never fails
	return o
}

// equal reports whether two records have the same bytes in a store.
func (rec *record) equal(other *record) bool { return bytes.Equal(rec.bytes(), other.bytes()) }

// isOver reports whether the record has expired.
func (rec *record) isOver(now time.Time) bool { return !now.Before(rec.until) }

const replayedField = "Idempotency-Replayed"

// retryAfter is the time in seconds after which a client may retry while the request
// runs.
const retryAfter = "1"

// again answers a request whose key belongs to the request of rec.
func (rec *record) again(w http.ResponseWriter, r *http.Request) {
	if rec.sum != nil {
		same, err := rec.sum.matches(r)
		if err != nil {
			respond.Error(w, r, unread(r, err))
			return
		}
		if !same {
			respond.Error(w, r, respond.NewProblem(http.StatusUnprocessableEntity,
				"this "+keyField+" belongs to a request with another body: send a new key with a new request"))
			return
		}
	}
	switch rec.state {
	case running:
		respond.Error(w, r, respond.NewProblem(http.StatusConflict,
			"the request with this "+keyField+" is still running: send it again later").WithHeader("Retry-After", retryAfter))
	case marked:
		respond.Error(w, r, respond.NewProblem(http.StatusConflict,
			"the request with this "+keyField+" has run, but its answer was not kept: check what it has changed, and send a new key to run it again"))
	default:
		rec.replay(w)
	}
}

// replay sends the answer that was kept.
func (rec *record) replay(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range rec.fields {
		if values == nil {
			delete(h, name)
			continue
		}
		h[name] = values
	}
	h.Set(replayedField, "true")
	if hasBody(rec.status) {
		h.Set("Content-Length", strconv.Itoa(len(rec.body)))
	}
	w.WriteHeader(rec.status)
	if len(rec.body) > 0 {
		_, _ = w.Write(rec.body)
	}
}

// unread returns the failure of a body that could not be read to its end. It is err if
// that has a meaning of its own, such as one of middleware or of a client that has left,
// else a 400.
func unread(r *http.Request, err error) error {
	var means failure.Meaning
	means.Inspect(err, func(error) bool { return false })
	switch gone := r.Context().Err(); {
	case means.TooLarge != nil, means.Status != 0, means.Disconnected:
		return err
	case gone != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return gone
	}
	return respond.NewProblem(http.StatusBadRequest, "the body could not be read").WithCause(err)
}

// version is the first byte of a record. A program that finds another version refuses the
// request, because it does not know whether the request has run.
const version = 2

// bytes returns the record for a store. Numbers are varints, and texts are preceded by
// their length.
func (rec *record) bytes() []byte {
	names := make([]string, 0, len(rec.fields))
	size := 96 + len(rec.body) // with all numbers
	for name, values := range rec.fields {
		names = append(names, name)
		for _, value := range values {
			size += len(value)
		}
		size += len(name) + 4*(1+len(values))
	}
	slices.Sort(names)
	b := append(make([]byte, 0, size), version, rec.state)
	b = binary.AppendVarint(b, rec.until.UnixMilli())
	if rec.sum == nil {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		b = append(b, rec.sum.digest[:]...)
		b = binary.AppendUvarint(b, uint64(rec.sum.length)) //nolint:gosec // a length
	}
	switch rec.state {
	case running:
		return append(b, rec.owner[:]...)
	case marked:
		return b
	}
	b = binary.AppendUvarint(b, uint64(rec.status)) //nolint:gosec // between 200 and 399
	b = binary.AppendUvarint(b, uint64(len(rec.fields)))
	for _, name := range names {
		b = appendText(b, name)
		values := rec.fields[name]
		if values == nil {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(values))+1)
		for _, value := range values {
			b = appendText(b, value)
		}
	}
	return append(b, rec.body...)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// parseRecord reads what bytes has written. The body is a part of b.
func parseRecord(b []byte) (*record, error) {
	p := parser{rest: b}
	if v := p.byte(); v != version {
		return nil, fmt.Errorf("idempotency: the record has version %d, but this program knows only %d", v, version)
	}
	rec := &record{state: p.byte(), until: time.UnixMilli(p.varint())}
	if p.byte() == 1 {
		rec.sum = &bodySum{}
		copy(rec.sum.digest[:], p.bytes(uint64(len(rec.sum.digest))))
		rec.sum.length = int64(p.uvarint()) //nolint:gosec // as it was written
	}
	switch rec.state {
	case running:
		copy(rec.owner[:], p.bytes(uint64(len(rec.owner))))
	case kept:
		rec.status = int(p.uvarint()) //nolint:gosec // as it was written
		rec.fields = http.Header{}
		for range p.count() {
			name, count := p.text(), p.count()
			rec.fields[name] = nil
			if count > 0 {
				values := []string{}
				for range count - 1 {
					values = append(values, p.text())
				}
				rec.fields[name] = values
			}
		}
		rec.body = p.rest
	}
	if p.short || rec.state < running || rec.state > marked || rec.state == kept && (rec.sum == nil || !isKept(rec.status)) {
		return nil, errors.New("idempotency: the record is invalid")
	}
	return rec, nil
}

// A parser takes pieces from the front of a record.
type parser struct {
	rest  []byte
	short bool // something was missing: what was returned instead is zero
}

func (p *parser) bytes(n uint64) []byte {
	if n > uint64(len(p.rest)) {
		p.rest, p.short = nil, true
		return nil
	}
	piece := p.rest[:n]
	p.rest = p.rest[n:]
	return piece
}

func (p *parser) byte() byte {
	if piece := p.bytes(1); len(piece) == 1 {
		return piece[0]
	}
	return 0
}

func (p *parser) uvarint() uint64 {
	v, n := binary.Uvarint(p.rest)
	p.bytes(lengthOf(n))
	return v
}

func (p *parser) varint() int64 {
	v, n := binary.Varint(p.rest)
	p.bytes(lengthOf(n))
	return v
}

// lengthOf returns n, or a length that is too long if n could not be read.
func lengthOf(n int) uint64 {
	if n <= 0 {
		return 1 << 63
	}
	return uint64(n)
}

// count returns a number of elements that have at least one byte each.
func (p *parser) count() uint64 {
	n := p.uvarint()
	if n > uint64(len(p.rest)) {
		p.short = true
		return 0
	}
	return n
}

func (p *parser) text() string { return string(p.bytes(p.uvarint())) }
