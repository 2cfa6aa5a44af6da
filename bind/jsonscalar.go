package bind

import (
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

// A jsonLeaf is what the nodes of values without others inside have in common.
type jsonLeaf struct {
	wrong  *text.Wrong // of a value of another kind
	checks []check
}

func (n *jsonLeaf) check(w *walk, v reflect.Value) {
	for _, c := range n.checks {
		if wrong := c(v); wrong != nil {
			w.wrong(wrong)
			return
		}
	}
}

func (n *jsonLeaf) validate(*walk, reflect.Value) {}

func (n *jsonLeaf) nested() []jsonNode { return nil }

// A jsonString reads a string.
type jsonString struct{ jsonLeaf }

func (n *jsonString) read(d *decoding, dst reflect.Value) error {
	if kind := d.dec.PeekKind(); kind != '"' {
		return d.mismatch(kind, n.wrong)
	}
	raw, err := d.dec.ReadValue()
	if err != nil {
		return err
	}
	text, err := d.keep(raw)
	if err != nil {
		return err
	}
	dst.SetString(text)
	return d.checked(n.checks, dst)
}

// A jsonBool reads true or false.
type jsonBool struct{ jsonLeaf }

func (n *jsonBool) read(d *decoding, dst reflect.Value) error {
	kind := d.dec.PeekKind()
	if kind != 't' && kind != 'f' {
		return d.mismatch(kind, n.wrong)
	}
	if _, err := d.dec.ReadValue(); err != nil {
		return err
	}
	dst.SetBool(kind == 't')
	return nil
}

// A jsonFloat reads a number, or with the json option string one in a string.
type jsonFloat struct {
	jsonLeaf

	quoted  bool
	bits    int
	outside *text.Wrong
}

func (c *jsonCompiler) float(key jsonKey, path string) jsonNode {
	return c.add(key, &jsonFloat{
		jsonLeaf: c.leaf(key, path, quotedWords(key.quoted, "number")),
		quoted:   key.quoted,
		bits:     key.typ.Bits(),
		outside:  &text.Wrong{Code: "range", Detail: "is too large a number"},
	})
}

// quotedWords returns the words for a number that is no number.
func quotedWords(quoted bool, noun string) string {
	article := "a "
	if noun == "integer" {
		article = "an "
	}
	if quoted {
		return "must be a string that holds " + article + noun
	}
	return "must be " + article + noun
}

func (n *jsonFloat) read(d *decoding, dst reflect.Value) error {
	raw, ok, err := d.number(n.quoted, n.wrong)
	if !ok {
		return err
	}
	// The text is a JSON number, so that only its size can be wrong.
	f, err := strconv.ParseFloat(string(raw), n.bits)
	if err != nil {
		return d.wrong(n.outside)
	}
	dst.SetFloat(f)
	return d.checked(n.checks, dst)
}

// number reads the text of a number. Without ok there is none, and the error
// says whether decoding goes on.
func (d *decoding) number(quoted bool, wrong *text.Wrong) (raw []byte, ok bool, err error) {
	if quoted {
		raw, ok, err = d.quoted(wrong)
		if ok && !isNumber(raw) {
			return nil, false, d.wrong(wrong)
		}
		return raw, ok, err
	}
	if kind := d.dec.PeekKind(); kind != '0' {
		return nil, false, d.mismatch(kind, wrong)
	}
	raw, err = d.dec.ReadValue()
	return raw, err == nil, err
}

// quoted reads the text of a string, valid until the next read. Without ok
// there is none, and the error says whether decoding goes on.
func (d *decoding) quoted(wrong *text.Wrong) (text []byte, ok bool, err error) {
	if kind := d.dec.PeekKind(); kind != '"' {
		return nil, false, d.mismatch(kind, wrong)
	}
	raw, err := d.dec.ReadValue()
	if err != nil {
		return nil, false, err
	}
	text, err = d.unquote(raw)
	return text, err == nil, err
}

// isNumber reports whether text is a JSON number and nothing else.
func isNumber(text []byte) bool {
	if len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	last := text[len(text)-1]
	return '0' <= last && last <= '9' && json.RawMessage(text).IsValid()
}

// A jsonNumber reads a [json.Number]: a number, or a string that holds one.
type jsonNumber struct {
	jsonLeaf

	quoted bool
}

func (c *jsonCompiler) number(key jsonKey, path string) jsonNode {
	return c.add(key, &jsonNumber{c.leaf(key, path, quotedWords(key.quoted, "number")), key.quoted})
}

func (n *jsonNumber) read(d *decoding, dst reflect.Value) error {
	quoted := n.quoted || d.dec.PeekKind() == '"'
	raw, ok, err := d.number(quoted, n.wrong)
	if !ok {
		return err
	}
	dst.SetString(string(raw))
	return d.checked(n.checks, dst)
}
