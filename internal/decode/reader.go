package decode

import "github.com/tenonkit/tenon/internal/json"

// padding is how many zero bytes stand behind the body. No JSON text has one, so that
// every loop ends there, and a word can be loaded at each byte of the body.
const padding = 16

// The reader goes over the body once, on behalf of the nodes. Where the body is not JSON
// it only finds out that it is not: every error is errSyntax, and the engine says where
// and why. In a decoding that has an engine, that reads instead.

// next passes over white space and returns the byte behind it, which is 0 at the end.
func (d *decoding) next() byte {
	if c := d.buf[d.at]; c > ' ' {
		return c
	}
	d.at = space(d.buf, d.at)
	return d.buf[d.at]
}

// space returns where the white space at i ends.
func space(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r' {
		i++
	}
	return i
}

// kind returns the kind of the next value, or anything else where there is none.
func (d *decoding) kind() json.Kind {
	if d.engine != nil {
		return d.engine.dec.PeekKind()
	}
	c := d.next()
	if isDigit(c) || c == '-' {
		return '0'
	}
	return json.Kind(c)
}

// enter reads the start of an object or array, whose kind is known.
func (d *decoding) enter() error {
	d.at++
	if d.engine != nil {
		if err := d.engine.token(); err != nil {
			return err
		}
	}
	d.path = append(d.path, 0)
	if len(d.path) > maxDepth {
		return d.tooDeep()
	}
	return nil
}

// leave reads the end of an object or array, whose kind is known.
func (d *decoding) leave() {
	d.at++
	d.path = d.path[:len(d.path)-1]
}

// item goes to the next item of an array, and leaves the array where there is none.
func (d *decoding) item() (more bool, err error) {
	if d.engine != nil {
		return d.engine.item(d)
	}
	c, place := d.next(), &d.path[len(d.path)-1]
	switch {
	case c == ']':
		d.leave()
		return false, nil
	case *place == 0:
	case c != ',':
		return false, errSyntax
	default:
		d.at++
	}
	*place--
	return true, nil
}

// name reads the next name of an object with the colon behind it, and leaves the object
// where there is none: the name is then nil. It is in quotes and valid until the next
// read. Where there is no colon, no value can be read.
func (d *decoding) name() ([]byte, error) {
	if d.engine != nil {
		return d.engine.name(d)
	}
	c, place := d.next(), &d.path[len(d.path)-1]
	if c == '}' {
		d.leave()
		return nil, nil
	}
	if *place != 0 {
		if c != ',' {
			return nil, errSyntax
		}
		d.at++
		c = d.next()
	}
	if c != '"' {
		return nil, errSyntax
	}
	name, err := d.str()
	if err != nil {
		return nil, err
	}
	*place = d.from
	if d.next() == ':' {
		d.at++
	} else {
		d.at = d.size
	}
	return name, nil
}

// str reads the string that is next, and returns it in quotes.
func (d *decoding) str() ([]byte, error) {
	end, escaped := scanString(d.buf, d.at)
	if end < 0 {
		return nil, errSyntax
	}
	d.from, d.at, d.escaped = d.at, end, escaped
	return d.buf[d.from:end], nil
}

// value reads the next value and returns its text, valid until the next read.
func (d *decoding) value() ([]byte, error) {
	if d.engine != nil {
		return d.engine.value(d)
	}
	if d.next() == '"' {
		return d.str()
	}
	from := d.at
	if err := d.skip(); err != nil {
		d.whole = from
		return nil, err
	}
	return d.buf[from:d.at], nil
}

// skip passes over the next value.
func (d *decoding) skip() error {
	if d.engine != nil {
		return d.engine.dec.SkipValue()
	}
	end := d.pass(d.at)
	if end < 0 {
		return errSyntax
	}
	d.at = end
	return nil
}

// offset returns how much of the body has been read.
func (d *decoding) offset() int {
	if d.engine != nil {
		return int(d.engine.dec.InputOffset())
	}
	return d.at
}

// end refuses anything but white space behind the value.
func (d *decoding) end() error {
	if d.engine != nil {
		return d.engine.end()
	}
	if d.next(); d.at != d.size {
		return errSyntax
	}
	return nil
}
