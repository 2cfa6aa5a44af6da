package respond

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
)

const (
	problemType = "application/problem+json"
	blankType   = "about:blank"
)

// send answers with p, whose own header fields are set.
func (p *Problem) send(w http.ResponseWriter, r *http.Request) {
	buf := encode.Buffer()
	p.encode(r.Context(), buf)
	h := w.Header()
	setContent(h, content{
		media:   problemType,
		length:  int64(buf.Len()),
		declare: buf.Len() > lengthLimit || r.Method == http.MethodHead,
	})
	w.WriteHeader(p.status())
	_, _ = w.Write(buf.Bytes()) // a client that is gone needs no answer
	encode.Release(buf)
}

// MarshalJSON returns the members of RFC 9457 in the order of the fields of Problem. The
// Extensions follow, sorted by name. Empty members are left out, except type. The status is
// the one that is sent.
func (p *Problem) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("null"), nil
	}
	var buf bytes.Buffer
	p.encode(context.Background(), &buf)
	return buf.Bytes(), nil
}

// encode appends p to buf. It uses the engine only for the values of Extensions, so that every
// problem can be written.
func (p *Problem) encode(ctx context.Context, buf *bytes.Buffer) {
	b := append(buf.AvailableBuffer(), `{"type":`...)
	if p.Type == "" {
		b = append(b, `"`+blankType+`"`...)
	} else {
		b = encode.AppendText(b, p.Type)
	}
	b = appendMember(b, `,"title":`, p.title())
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(p.status()), 10)
	b = appendMember(b, `,"detail":`, p.Detail)
	b = appendMember(b, `,"instance":`, p.Instance)
	if len(p.Errors) > 0 {
		b = append(b, `,"errors":[`...)
		for i := range p.Errors {
			if i > 0 {
				b = append(b, ',')
			}
			b = p.Errors[i].append(b)
		}
		b = append(b, ']')
	}
	buf.Write(b)
	if len(p.Extensions) > 0 {
		for _, name := range slices.Sorted(maps.Keys(p.Extensions)) {
			encodeExtension(ctx, buf, name, p.Extensions[name])
		}
	}
	buf.WriteByte('}')
}

func (e *FieldError) append(b []byte) []byte {
	start := len(b)
	b = appendMember(b, `,"in":`, e.In)
	b = appendMember(b, `,"name":`, e.Name)
	b = appendMember(b, `,"pointer":`, e.Pointer)
	b = appendMember(b, `,"code":`, e.Code)
	b = appendMember(b, `,"limit":`, e.Limit)
	b = appendMember(b, `,"detail":`, e.Detail)
	if len(b) == start {
		return append(b, '{', '}')
	}
	b[start] = '{'
	return append(b, '}')
}

// appendMember appends a member, whose name has a comma and quotes already, unless the
// text is empty.
func appendMember(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	b = append(b, name...)
	return encode.AppendText(b, text)
}

func encodeExtension(ctx context.Context, buf *bytes.Buffer, name string, value any) {
	if slices.Contains(describe.ProblemMembers(), name) {
		slog.LogAttrs(ctx, slog.LevelError, "respond: problem extension left out",
			slog.String("name", name), slog.String("reason", "the name of a field of Problem"))
		return
	}
	start := buf.Len()
	buf.Write(append(encode.AppendText(append(buf.AvailableBuffer(), ','), name), ':'))
	if err := encode.DynamicAnswer().Encode(buf, &value); err != nil {
		buf.Truncate(start)
		slog.LogAttrs(ctx, slog.LevelError, "respond: problem extension left out",
			slog.String("name", name), slog.Any("reason", err))
	}
}

// problemOf returns the problem that err is, or nil. The other members of a type that embeds
// one are extensions. The rules of JSON decide their names and which are left out.
func problemOf(err problemError) *Problem {
	p := err.problem()
	v := reflect.ValueOf(err)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if p == nil || v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[Problem]() {
		return p
	}
	extended := *p
	extended.Extensions = maps.Clone(p.Extensions)
	if extended.Extensions == nil {
		extended.Extensions = map[string]any{}
	}
	maps.Insert(extended.Extensions, standard.leaf(v.Type()).members.All(v))
	return &extended
}

// embedsProblem reports whether t is a struct that embeds a Problem.
func embedsProblem(t reflect.Type) bool {
	return t != reflect.TypeFor[Problem]() && t.Kind() == reflect.Struct && implements[problemError](reflect.PointerTo(t))
}
