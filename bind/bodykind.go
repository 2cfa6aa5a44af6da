package bind

import "github.com/tenonkit/tenon/internal/shape"

// wholeBody compiles the body that one field, or In itself, takes.
func (c *compiler) wholeBody(f bodyField) *body {
	p := &body{index: f.index, optional: isOptional(f.typ)}
	p.media = f.tag.Get("contentType")
	for i, kind := range f.kinds {
		if i > 0 && takesAny(f.kinds[i-1]) {
			c.faults.add(f.path, "has the body kind %s behind %s, which takes any media type", kind, f.kinds[i-1])
		}
		switch kind {
		case "json":
			c.wholeJSON(p, f.path)
		default:
			c.otherKind(p, f, kind)
		}
	}
	return p
}

// takesAny reports whether bodies of the kind may have any media type, so that no
// other kind can follow it.
func takesAny(kind string) bool { return kind == "text" || kind == "bytes" || kind == "stream" }

// otherKind compiles a kind of body other than JSON into p.
func (c *compiler) otherKind(p *body, f bodyField, kind string) {
	if kind == "form" {
		c.formField(p, f)
		return
	}
	keywords := append(itemKeywords(), "default")
	var m mode
	switch kind {
	case "text":
		m = c.textMode(f)
	case "bytes":
		keywords = append(keywords, valueKeywords()...)
		m = c.bytesMode(f)
	case "stream":
		keywords = append(keywords, valueKeywords()...)
		m = c.streamMode(f)
	case "multipart":
		keywords = append(keywords, valueKeywords()...)
		m = c.partsMode(f)
	}
	c.faults.noKeywords(f.path, f.tag, keywords...)
	p.modes = append(p.modes, m)
}

// anyType accepts every media type.
func anyType(string) bool { return true }

// wholeJSON compiles a JSON body, the field at the path.
func (c *compiler) wholeJSON(p *body, path string) {
	in := shape.InOf(c.typ)
	for _, fault := range in.Faults {
		if fault.Path == path {
			c.faults.list = append(c.faults.list, fault.String())
		}
	}
	if in.Body != nil {
		c.jsonModes(p, in.Body.Site)
	}
}
