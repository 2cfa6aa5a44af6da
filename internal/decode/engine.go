package decode

import (
	"bytes"
	"errors"

	"github.com/tenonkit/tenon/internal/json"
)

// An engine reads a body for the nodes token by token, as the reader does at once. It is
// the reference that the reader is held to, and says what is wrong with a body that the
// reader refuses.
type engine struct {
	dec    *json.Decoder
	source bytes.Buffer // what dec reads
	quoted []byte
}

func (e *engine) start(body []byte) {
	e.source = *bytes.NewBuffer(body)
	if e.dec == nil {
		e.dec = json.NewDecoder(&e.source)
	} else {
		e.dec.Reset(&e.source)
	}
}

// judge returns what makes body no JSON text, with the engine at that place. It reads token
// by token, but the value at the offset whole at once.
func judge(body []byte, whole int) (*engine, error) {
	e := new(engine)
	e.start(body)
	for {
		e.dec.PeekKind() // fills the buffer
		rest := bytes.TrimLeft(e.dec.UnreadBuffer(), ",: \t\r\n")
		var err error
		if len(body)-len(rest) == whole {
			_, err = e.dec.ReadValue()
		} else {
			err = e.token()
		}
		if err != nil {
			return e, err
		}
		if e.dec.StackDepth() == 0 {
			return e, e.end()
		}
	}
}

// end refuses anything but white space behind the value.
func (e *engine) end() error {
	rest := e.dec.UnreadBuffer()
	extra := bytes.TrimLeft(rest, " \t\r\n")
	if len(extra) == 0 {
		return nil
	}
	offset := e.dec.InputOffset() + int64(len(rest)-len(extra))
	return &json.SyntacticError{ByteOffset: offset, Err: errors.New("more than one value")}
}

func (e *engine) token() error {
	_, err := e.dec.ReadToken()
	return err
}

func (e *engine) item(d *decoding) (more bool, err error) {
	if e.dec.PeekKind() != ']' {
		return true, nil
	}
	d.leave()
	return false, e.token()
}

func (e *engine) name(d *decoding) ([]byte, error) {
	switch e.dec.PeekKind() {
	case '"':
		name, err := e.value(d)
		if err != nil {
			return nil, err
		}
		e.quoted = append(append(e.quoted[:0], name...), make([]byte, padding)...)
		return e.quoted[:len(name)], nil
	case '}':
		d.leave()
		return nil, e.token()
	}
	// A token that is no name is refused here, whatever it is: as a value, an
	// array would be read in full first.
	if err := e.token(); err != nil {
		return nil, err
	}
	return nil, &json.SyntacticError{ByteOffset: e.dec.InputOffset(), Err: errors.New("no name")}
}

func (e *engine) value(d *decoding) ([]byte, error) {
	value, err := e.dec.ReadValue()
	d.from, d.escaped = int(e.dec.InputOffset())-len(value), bytes.IndexByte(value, '\\') >= 0
	return value, err
}
