package decode

// pass returns where the value at i ends, white space before it included, or -1. Whatever
// is in the value is held to all that the engine asks: names are not repeated, and the
// depth is limited. What is open stands in d.open and not on the stack.
func (d *decoding) pass(i int) int {
	b := d.buf
	d.open = d.open[:0]
	for {
		i = space(b, i)
		isFirst := b[i] == '{' || b[i] == '['
		if !isFirst {
			if i = scalar(b, i); i < 0 {
				return -1
			}
		} else {
			if len(d.path)+len(d.open) >= engineDepth {
				return -1
			}
			d.open = append(d.open, d.names.scope(b[i]))
			i++
		}
		for {
			if len(d.open) == 0 {
				return i
			}
			s := &d.open[len(d.open)-1]
			i = space(b, i)
			if b[i] == s.end {
				i++
				d.names.close(s)
				d.open = d.open[:len(d.open)-1]
				isFirst = false
				continue
			}
			if !isFirst {
				if b[i] != ',' {
					return -1
				}
				i++
			}
			if s.end == '}' {
				if i = d.passName(s, space(b, i)); i < 0 {
					return -1
				}
			}
			break
		}
	}
}

// passName returns where the name at i and the colon behind it end, or -1.
func (d *decoding) passName(s *scope, i int) int {
	b := d.buf
	if b[i] != '"' {
		return -1
	}
	end, escaped := scanString(b, i)
	if end < 0 || !d.names.add(s, b[i:end], i, escaped) {
		return -1
	}
	if end = space(b, end); b[end] != ':' {
		return -1
	}
	return end + 1
}

// scalar returns where the string, number or literal at i ends, or -1.
func scalar(b []byte, i int) int {
	switch c := b[i]; {
	case c == '"':
		end, _ := scanString(b, i)
		return end
	case isDigit(c), c == '-':
		_, end := scanNumber(b, i)
		return end
	case c == 't' && string(b[i:i+4]) == "true", c == 'n' && string(b[i:i+4]) == "null":
		return i + 4
	case c == 'f' && string(b[i:i+5]) == "false":
		return i + 5
	}
	return -1
}
