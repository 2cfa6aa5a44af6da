package respond

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// send answers with p, whose own header fields are set.
func (p *Problem) send(w http.ResponseWriter, r *http.Request) {
	buf := getBuffer()
	p.encode(r.Context(), buf)
	h := w.Header()
	setContent(h, content{
		media:   problemType,
		length:  int64(buf.Len()),
		declare: buf.Len() > lengthLimit || r.Method == http.MethodHead,
	})
	w.WriteHeader(p.status())
	_, _ = w.Write(buf.Bytes()) // a client that is gone needs no answer
	putBuffer(buf)
}

// addFields adds the header fields of p, which belong to the failure itself and
// not to the form of its body, and returns what it has added.
func (p *Problem) addFields(h http.Header) (added http.Header) {
	for name, values := range p.header {
		if !isProblemField(name) {
			continue
		}
		sent := slices.DeleteFunc(slices.Clone(values), func(value string) bool { return !header.IsValue(value) })
		addField(h, name, sent)
		if added == nil {
			added = make(http.Header, len(p.header))
		}
		added[name] = sent
	}
	return added
}

// removeFields takes off what addFields has added, where it is still there: a
// handler that passes a failure on may have made another one of it.
func removeFields(h, added http.Header) {
	for name, values := range added {
		left := slices.Clone(h[name])
		for _, value := range values {
			if i := slices.Index(left, value); i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
		}
		if len(left) == 0 {
			delete(h, name)
			continue
		}
		h[name] = left
	}
}

// isProblemField refuses the fields that describe the body or the connection,
// which are not the author's to choose.
func isProblemField(name string) bool {
	switch name {
	case "Content-Range", "Content-Language":
		return true
	case "Connection", "Trailer", "Keep-Alive", "Upgrade":
		return false
	}
	return header.IsToken(name) && !strings.HasPrefix(name, "Content-") && !strings.HasPrefix(name, "Transfer-")
}
