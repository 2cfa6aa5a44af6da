package fileserve

import (
	"cmp"
	"crypto/rand"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

const (
	// maxParts is the largest number of parts of a multipart response. A request for more gets
	// the whole file.
	maxParts = 16
	// maxSpecs and maxRangeField limit the cost of a Range field. No client needs as many
	// ranges.
	maxSpecs      = 64
	maxRangeField = 2048
	// maxGap is the largest gap between two ranges that are sent as one part. The fields of
	// another part would take about as many bytes (RFC 9110, section 15.3.7.2).
	maxGap = 80
)

// A span is a range of bytes of a representation. It is not empty. order is its place in the
// request.
type span struct {
	start, length int64
	order         int
}

// spans are the ranges that a request asks for. They live on the stack.
type spans struct {
	all [maxSpecs]span
	n   int
}

// requested are the spans in use.
func (s *spans) requested() []span { return s.all[:s.n] }

// A scope is how much of a representation a Range field asks for.
type scope uint8

const (
	wholeFile scope = iota // also for a field that must or may be ignored
	someRanges
	noRange // none of the ranges is within the representation
)

// parse reads a Range field for a representation of size bytes (RFC 9110, section 14.1.2). It
// ignores a field with another unit or with a fault in its grammar, as sections 14.2 and 14.1.1
// require or allow. It also ignores every field for an empty representation.
func (s *spans) parse(field string, size int64) scope {
	s.n = 0
	if size == 0 || len(field) > maxRangeField {
		return wholeFile
	}
	unit, list, ok := strings.Cut(field, "=")
	if !ok || !strings.EqualFold(unit, "bytes") {
		return wholeFile
	}
	elements, specs := 0, 0
	for more := true; more; {
		var spec string
		spec, list, more = strings.Cut(list, ",")
		if elements++; elements > maxSpecs {
			return wholeFile
		}
		if spec = header.Trim(spec); spec == "" {
			continue // RFC 9110, section 5.6.1.2
		}
		specs++
		found, ok := parseSpec(spec, size)
		if !ok {
			return wholeFile
		}
		if found.length > 0 {
			found.order = s.n
			s.all[s.n] = found
			s.n++
		}
	}
	switch {
	case specs == 0:
		return wholeFile
	case s.n == 0:
		return noRange
	}
	return someRanges
}

// parseSpec reads one range-spec. The span is empty if the range is not
// satisfiable, and ok is false if the spec is not valid.
func parseSpec(spec string, size int64) (found span, ok bool) {
	first, last, dash := strings.Cut(spec, "-")
	if !dash {
		return span{}, false
	}
	if first == "" {
		suffix, ok := parsePosition(last)
		length := min(suffix, size)
		return span{start: size - length, length: length}, ok
	}
	start, ok := parsePosition(first)
	if !ok {
		return span{}, false
	}
	end := int64(math.MaxInt64)
	if last != "" {
		if end, ok = parsePosition(last); !ok || end < start {
			return span{}, false
		}
	}
	if start >= size {
		return span{}, true
	}
	return span{start: start, length: min(end, size-1) - start + 1}, true
}

// parsePosition reads 1*DIGIT. A number of more than 63 bits counts as the largest one:
// no file is that long.
func parsePosition(s string) (int64, bool) {
	var n int64
	for i := range len(s) {
		digit := int64(s[i]) - '0'
		if digit < 0 || digit > 9 {
			return 0, false
		}
		if n > (math.MaxInt64-digit)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + digit
	}
	return n, s != ""
}

// coalesce joins spans that overlap, touch, or have a gap that is smaller than the fields
// of another part. The joined span takes the place of the first of them (RFC 9110,
// section 15.3.7.2).
func (s *spans) coalesce() {
	if s.n < 2 {
		return
	}
	slices.SortFunc(s.requested(), func(a, b span) int { return cmp.Compare(a.start, b.start) })
	last := 0
	for _, next := range s.all[1:s.n] {
		joined := &s.all[last]
		if next.start-(joined.start+joined.length) > maxGap {
			last++
			s.all[last] = next
			continue
		}
		joined.length = max(joined.length, next.start+next.length-joined.start)
		joined.order = min(joined.order, next.order)
	}
	s.n = last + 1
	slices.SortFunc(s.requested(), func(a, b span) int { return cmp.Compare(a.order, b.order) })
}

// boundaryLength is the length of a result of [rand.Text]. A boundary is random, so that no file
// can contain it on purpose.
const boundaryLength = 26

// parts are the texts around the parts of a multipart/byteranges body (RFC 9110,
// section 14.6), one after the other.
type parts struct {
	boundary string
	text     []byte
	// ends[i] is the end of the text before part i. The rest of the text closes the body.
	ends [maxParts]int
}

// newParts writes the text around all parts, which is all that is held in memory.
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

// partsLength returns the length of the body with these parts.
func (rep *representation) partsLength(spans []span) int64 {
	const around = len("\r\n--\r\nContent-Type: \r\nContent-Range: \r\n\r\n") + boundaryLength
	total := int64(len("--\r\n\r\n--") - len("\r\n") + boundaryLength)
	var digits [contentRangeSize]byte
	for _, s := range spans {
		total += int64(around+len(rep.contentType)+len(appendContentRange(digits[:0], s, rep.length))) + s.length
	}
	return total
}

// sendParts answers with several ranges. It sends each range that is long enough by one
// sendfile(2).
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
