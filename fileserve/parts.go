package fileserve

import (
	"crypto/rand"
	"net/http"
	"strconv"
)

// boundaryLength is that of [rand.Text]. A boundary is random, so that no file
// can be made to hold it.
const boundaryLength = 26

// parts are the texts around the parts of a multipart/byteranges body (RFC 9110,
// section 14.6), one after the other.
type parts struct {
	boundary string
	text     []byte
	// ends[i] is where the text before part i ends; what follows the last one
	// closes the body.
	ends [maxParts]int
}

// newParts writes the text around all the parts. It is the only thing about them
// that takes memory.
func (rep *representation) newParts(spans []span) *parts {
	p := &parts{boundary: rand.Text(), text: make([]byte, 0, 512)}
	for i, s := range spans {
		if i > 0 {
			p.text = append(p.text, "\r\n"...)
		}
		p.text = append(append(append(p.text, "--"...), p.boundary...), "\r\nContent-Type: "...)
		p.text = append(append(p.text, rep.contentType...), "\r\nContent-Range: "...)
		p.text = append(appendContentRange(p.text, s, rep.length), "\r\n\r\n"...)
		p.ends[i] = len(p.text)
	}
	p.text = append(append(append(p.text, "\r\n--"...), p.boundary...), "--\r\n"...)
	return p
}

// partsLength returns how long the body of these parts is.
func (rep *representation) partsLength(spans []span) int64 {
	const around = len("\r\n--\r\nContent-Type: \r\nContent-Range: \r\n\r\n") + boundaryLength
	total := int64(len("--\r\n\r\n--") - len("\r\n") + boundaryLength)
	var digits [contentRangeSize]byte
	for _, s := range spans {
		total += int64(around+len(rep.contentType)+len(appendContentRange(digits[:0], s, rep.length))) + s.length
	}
	return total
}

// sendParts answers with several ranges, each of them by one sendfile(2) if it is
// long enough for that.
func (rep *representation) sendParts(w http.ResponseWriter, r *http.Request, spans []span) {
	p := rep.newParts(spans)
	total := rep.partsLength(spans)
	rep.begin(w, head{
		status:      http.StatusPartialContent,
		contentType: "multipart/byteranges; boundary=" + p.boundary,
		length:      strconv.FormatInt(total, 10),
	}, false)
	t := newTransfer(w, r, rep)
	defer t.watch.stop()
	start := 0
	for i, s := range spans {
		t.text(p.text[start:p.ends[i]])
		t.span(s)
		start = p.ends[i]
	}
	t.text(p.text[start:])
}
