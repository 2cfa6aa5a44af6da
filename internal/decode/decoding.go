package decode

import (
	"errors"
	"io"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

// maxDepth is how deep the values that are stored may be nested. The engine's
// own limit of 10,000 would let a body of 10 KB take megabytes of stack.
const maxDepth = 1000

// engineDepth is the engine's limit, which holds for what is passed over.
const engineDepth = 10_000

// maxBuffer is the largest body or buffer after which the working space is kept.
const maxBuffer = 64 << 10

// A decoding is the working space of one body.
type decoding struct {
	report  Report
	found   int // how many values were wrong
	refused int // how many Validate methods refused theirs

	buf  []byte // the body with padding
	size int    // of the body
	at   int    // where the next token begins, or what stands before it
	// path has a place for each open object and array: where its current name begins, or ^i
	// for the item i. It is 0 before the first.
	path    []int
	from    int    // where the last string begins
	escaped bool   // that string has escapes
	plain   []byte // the last string that had escapes, without them
	whole   int    // where the value begins that could not be read as a whole, or -1
	spare   int    // how many bytes lists may still take on a guess
	kept    pieces
	names   names
	open    []scope // in what is passed over
	rows
	desks  []desk  // those of the objects of the plan
	engine *engine // reads in place of the reader; nil for the reader
}

var (
	// errStop ends a decoding whose error is recorded already.
	errStop = errors.New("decode: stopped")
	// errSyntax ends one whose body is not JSON.
	errSyntax = errors.New("decode: not JSON")
)

func newDecoding(p *Plan) *decoding {
	d := &decoding{desks: make([]desk, p.desks)}
	if p.byEngine || alwaysEngine {
		d.engine = new(engine)
	}
	return d
}

func (d *decoding) start(body []byte, to Report) {
	d.report, d.found, d.refused = to, 0, 0
	var zeros [padding]byte
	d.buf, d.size = append(body, zeros[:]...), len(body)
	d.at, d.path, d.whole = 0, d.path[:0], -1
	d.spare = d.size
	d.names.start(d.buf)
	if d.engine != nil {
		d.engine.start(d.buf[:d.size:d.size])
	}
}

// release reports whether d may serve another body: one that has grown or that
// holds on to a large buffer may not.
func (d *decoding) release() bool {
	small := d.size <= maxBuffer && cap(d.plain) <= maxBuffer && cap(d.open) <= maxDepth
	d.report, d.buf, d.kept = nil, nil, pieces{}
	d.names.release()
	d.rows.release()
	for i := range d.desks {
		d.desks[i].clear()
	}
	return small
}

// finish ends the decoding of a body, of which err is what has ended the reading. It returns
// the error where the body is to blame.
func (d *decoding) finish(err error) error {
	if err == nil {
		err = d.end()
	}
	return d.broken(err)
}

// broken records err, with which decoding ended, and returns it where the body
// is to blame.
func (d *decoding) broken(err error) error {
	if err == nil || errors.Is(err, errStop) {
		return nil
	}
	by := d.engine
	if by == nil {
		by, err = judge(d.buf[:d.size:d.size], d.whole)
	}
	syntax, ok := errors.AsType[*json.SyntacticError](err)
	if !ok {
		syntax = &json.SyntacticError{ByteOffset: int64(d.size), Err: io.ErrUnexpectedEOF}
	}
	pointer := fragment(string(syntax.JSONPointer))
	at := " at byte offset " + strconv.FormatInt(syntax.ByteOffset, 10)
	switch {
	case json.IsDuplicateName(err):
		d.report.Wrong(pointer, repeatedName())
	case by.dec.StackDepth() >= engineDepth:
		d.report.Wrong(pointer, &text.Wrong{Code: "depth", Detail: "is nested too deep"})
	case errors.Is(syntax, io.ErrUnexpectedEOF):
		d.report.Wrong(pointer, &text.Wrong{Code: "syntax", Detail: "is not valid JSON: it ends" + at})
	default:
		d.report.Wrong(pointer, &text.Wrong{Code: "syntax", Detail: "is not valid JSON" + at})
	}
	return syntax
}

func repeatedName() *text.Wrong { return &text.Wrong{Code: "duplicate", Detail: "is a repeated name"} }

// wrong records what is wrong with the value that was read last.
func (d *decoding) wrong(v *text.Wrong) error { return d.wrongAt(d.pointer(), v) }

func (d *decoding) wrongAt(pointer string, v *text.Wrong) error {
	d.found++
	if !d.report.Wrong(pointer, v) {
		return errStop
	}
	return nil
}

// invalid takes the error of the Validate method of a value.
func (d *decoding) invalid(pointer string, err error) {
	d.refused++
	d.report.Invalid(pointer, err)
}

// mismatch passes over a value of a kind that does not fit.
func (d *decoding) mismatch(kind json.Kind, wrong *text.Wrong) error {
	if err := d.skip(); err != nil {
		return err
	}
	if kind == 'n' {
		return d.wrong(isNull())
	}
	return d.wrong(wrong)
}

func isNull() *text.Wrong { return &text.Wrong{Code: "null", Detail: "must not be null"} }

// checked checks the value dst that was read last. A value has one error at
// most.
func (d *decoding) checked(checks Checks, dst reflect.Value) error {
	if len(checks) == 0 { // as of most values, and without a call
		return nil
	}
	return d.check(checks, dst)
}

func (d *decoding) check(checks Checks, dst reflect.Value) error {
	if wrong := checks.Check(dst); wrong != nil {
		return d.wrong(wrong)
	}
	return nil
}

func (d *decoding) tooDeep() error {
	if err := d.wrong(&text.Wrong{Code: "depth", Detail: "is nested more than " + strconv.Itoa(maxDepth) + " levels deep"}); err != nil {
		return err
	}
	return errStop
}

// shallow refuses a value, about to be read by the engine alone, that is nested
// too deep.
func (d *decoding) shallow() error {
	if !d.nestedTooDeep() {
		return nil
	}
	if d.engine != nil {
		if err := d.engine.token(); err != nil {
			return err
		}
	}
	return d.tooDeep()
}

// nestedTooDeep reports whether the next value goes below the limit, by its
// brackets alone.
func (d *decoding) nestedTooDeep() bool {
	if kind := d.kind(); kind != '{' && kind != '[' {
		return false
	}
	depth, inString := len(d.path), false
	rest := d.buf[d.offset():d.size]
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case inString:
		case c == '{', c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}', c == ']':
			if depth--; depth <= len(d.path) {
				return false
			}
		}
	}
	return false
}
