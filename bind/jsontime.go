package bind

import "reflect"

// A jsonTime reads an RFC 3339 time.
type jsonTime struct {
	jsonLeaf

	parse parse
}

func (c *jsonCompiler) time(key jsonKey, path string) jsonNode {
	if format := fieldFormat(key.constraints); format != "" && format != "date-time" {
		c.faults.add(path, "has format:%q, but a time in JSON is RFC 3339: leave it out", format)
	}
	leaf := c.leaf(key, path, "must be a string")
	parse, _ := timeParse("") // the default layout exists
	return c.add(key, &jsonTime{leaf, parse})
}

func (n *jsonTime) read(d *decoding, dst reflect.Value) error {
	text, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	if wrong := n.parse(dst, string(text)); wrong != nil {
		return d.wrong(wrong)
	}
	return nil
}
