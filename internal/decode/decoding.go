package decode

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

// maxDepth is how deep the values that are stored may be nested. The engine's
// own limit of 10,000 would let a body of 10 KB take megabytes of stack.
const maxDepth = 1000

// engineDepth is the engine's limit, which holds for what is passed over.
const engineDepth = 10_000

// maxBuffer is the largest body or text after which the working space is kept.
const maxBuffer = 64 << 10

// A body is copied piece by piece, of which its strings are parts: a string that
// is kept keeps up to sharedText bytes of the body around it. Strings longer than
// ownText are copied by themselves.
const (
	sharedText = 4 << 10
	ownText    = 1 << 10
)

// A decoding is the working space of one body.
type decoding struct {
	dec     *json.Decoder
	source  bytes.Buffer // what dec reads: the bytes of body, which stay unread there
	report  Report
	found   int // how many values were wrong
	refused int // how many Validate methods refused theirs
	body    []byte
	text    string // the copy of the current piece of body
	textAt  int    // where text starts in body
	scratch []byte // the last string that had escapes
	depth   int
}

// errStop ends a decoding whose error is recorded already.
var errStop = errors.New("decode: stopped")

func (d *decoding) start(body []byte, to Report) {
	d.report, d.found, d.refused, d.body, d.depth = to, 0, 0, body, 0
	d.source = *bytes.NewBuffer(d.body)
	if d.dec == nil {
		d.dec = json.NewDecoder(&d.source)
	} else {
		d.dec.Reset(&d.source)
	}
}

// release reports whether d may serve another body: one that has grown or that
// holds on to a large buffer may not.
func (d *decoding) release() bool {
	small := len(d.body) <= maxBuffer && cap(d.scratch) <= maxBuffer
	d.report, d.body, d.text, d.textAt = nil, nil, "", 0
	return small
}

// end refuses anything but white space behind the value.
func (d *decoding) end() error {
	rest := d.dec.UnreadBuffer()
	extra := bytes.TrimLeft(rest, " \t\r\n")
	if len(extra) == 0 {
		return nil
	}
	offset := d.dec.InputOffset() + int64(len(rest)-len(extra))
	return &json.SyntacticError{ByteOffset: offset, Err: errors.New("more than one value")}
}

// broken records err, with which decoding ended, and returns it where the text
// is to blame.
func (d *decoding) broken(err error) error {
	if err == nil || errors.Is(err, errStop) {
		return nil
	}
	syntax, ok := errors.AsType[*json.SyntacticError](err)
	if !ok {
		syntax = &json.SyntacticError{ByteOffset: int64(len(d.body)), Err: io.ErrUnexpectedEOF}
	}
	pointer := fragment(string(syntax.JSONPointer))
	at := " at byte offset " + strconv.FormatInt(syntax.ByteOffset, 10)
	switch {
	case json.IsDuplicateName(err):
		d.report.Wrong(pointer, repeatedName())
	case d.dec.StackDepth() >= engineDepth:
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

// pointer returns where the value is that was read last.
func (d *decoding) pointer() string { return fragment(string(d.dec.StackPointer())) }

// mismatch passes over a value of a kind that does not fit.
func (d *decoding) mismatch(kind json.Kind, wrong *text.Wrong) error {
	if err := d.dec.SkipValue(); err != nil {
		return err
	}
	if kind == 'n' {
		return d.wrong(&text.Wrong{Code: "null", Detail: "must not be null"})
	}
	return d.wrong(wrong)
}

// enter reads the start of an object or array.
func (d *decoding) enter() error {
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	d.depth++
	if d.depth > maxDepth {
		return d.tooDeep()
	}
	return nil
}

// leave reads the end of an object or array.
func (d *decoding) leave() error {
	d.depth--
	_, err := d.dec.ReadToken()
	return err
}

func (d *decoding) tooDeep() error {
	if err := d.wrong(&text.Wrong{Code: "depth", Detail: "is nested more than " + strconv.Itoa(maxDepth) + " levels deep"}); err != nil {
		return err
	}
	return errStop
}

// name reads the name of the next member, whose kind is known. Its bytes are
// valid until the next read.
func (d *decoding) name(kind json.Kind) ([]byte, error) {
	if kind == '"' {
		return d.dec.ReadValue()
	}
	// A token that is no name is refused here, whatever it is: as a value, an
	// array would be read in full first.
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, err
	}
	return nil, &json.SyntacticError{ByteOffset: d.dec.InputOffset(), Err: errors.New("no name")}
}

// unquote returns the text of the string that was read last, valid until the
// next read.
func (d *decoding) unquote(raw []byte) ([]byte, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	var err error
	d.scratch, err = json.AppendUnquote(d.scratch[:0], raw)
	return d.scratch, err
}

// keep returns the text of the string that was read last, which outlives the
// decoding.
func (d *decoding) keep(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') >= 0 {
		text, err := d.unquote(raw)
		return string(text), err
	}
	size := len(raw) - len(`""`)
	switch {
	case size == 0:
		return "", nil
	case size > ownText:
		return string(raw[1 : len(raw)-1]), nil
	}
	end := int(d.dec.InputOffset()) - len(`"`)
	if end > d.textAt+len(d.text) {
		d.textAt = end - size
		d.text = string(d.body[d.textAt:min(d.textAt+sharedText, len(d.body))])
	}
	return d.text[end-size-d.textAt : end-d.textAt], nil
}

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

// maxPointer bounds a pointer, whose names the client chose. A longer one is
// cut to that of an enclosing value.
const maxPointer = 512

// fragment returns the JSON Pointer pointer in URI fragment form (RFC 6901,
// section 6), at most maxPointer bytes long.
func fragment(pointer string) string {
	if pointer == "" {
		return "#"
	}
	b := make([]byte, 1, min(len(pointer)+1, maxPointer)+len("%00"))
	b[0] = '#'
	for i := 0; i < len(pointer) && len(b) <= maxPointer; i++ {
		b = appendFragment(b, pointer[i])
	}
	return Cut(string(b))
}

// Cut returns a JSON Pointer in fragment form, cut to that of an enclosing value where it is
// longer than 512 bytes.
func Cut(pointer string) string {
	if len(pointer) <= maxPointer {
		return pointer
	}
	return pointer[:max(len("#"), strings.LastIndexByte(pointer[:maxPointer+1], '/'))]
}

// token returns name as a reference token in fragment form, with the slash
// before it.
func token(name string) string {
	b := []byte("/")
	for i := 0; i < len(name) && len(b) <= maxPointer; i++ {
		switch name[i] {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = appendFragment(b, name[i])
		}
	}
	return string(b)
}

// appendFragment appends c, percent-encoded unless a fragment may have it (RFC
// 3986, section 3.5).
func appendFragment(b []byte, c byte) []byte {
	const hex = "0123456789ABCDEF"
	if '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0 {
		return append(b, c)
	}
	return append(b, '%', hex[c>>4], hex[c&15])
}
