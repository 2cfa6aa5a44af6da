package respond

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// send answers with p. The header fields of p come last: they belong to the
// failure itself.
func (p *Problem) send(w http.ResponseWriter, r *http.Request) {
	buf := getBuffer()
	p.encode(r.Context(), buf)
	h := w.Header()
	setContent(h, content{
		media:   problemType,
		length:  int64(buf.Len()),
		declare: buf.Len() > lengthLimit || r.Method == http.MethodHead,
	})
	for name, values := range p.header {
		if !isProblemField(name) {
			continue
		}
		var sent []string
		for _, value := range values {
			if header.IsValue(value) {
				sent = append(sent, value)
			}
		}
		addField(h, name, sent)
	}
	w.WriteHeader(p.status())
	_, _ = w.Write(buf.Bytes()) // a client that is gone needs no answer
	putBuffer(buf)
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
