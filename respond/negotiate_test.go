package respond_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

const asLines = "text/x-lines; charset=utf-8"

// accepts lists Accept fields and the format that each chooses among JSON, XML
// and lines; 406 means that none is acceptable.
func accepts() []struct {
	accept []string
	want   string
} {
	return []struct {
		accept []string
		want   string
	}{
		{nil, asJSON},
		{[]string{""}, asJSON},
		{[]string{"*/*"}, asJSON},
		{[]string{"application/json"}, asJSON},
		{[]string{"application/xml"}, "application/xml"},
		{[]string{"APPLICATION/XML"}, "application/xml"},
		{[]string{"application/json;q=0.5, application/xml"}, "application/xml"},
		{[]string{"application/json;q=0.5, application/xml;q=0.5"}, asJSON},
		{[]string{"application/*;q=0.5, text/*"}, asLines},
		{[]string{"*/*, application/json;q=0"}, "application/xml"},
		{[]string{"application/*, application/json;q=0.1"}, "application/xml"},
		{[]string{"application/json;q=0"}, "406"},
		{[]string{"application/json;q=0, */*;q=0"}, "406"},
		{[]string{"image/png"}, "406"},
		{[]string{"application/json2"}, "406"},
		{[]string{"application/js"}, "406"},
		{[]string{"image/png", "application/xml"}, "application/xml"},
		{[]string{"application/json;q=0.1", "application/xml;q=0.2"}, "application/xml"},
		{[]string{"text/x-lines"}, asLines},
		{[]string{"text/x-lines;charset=UTF-8"}, asLines},
		{[]string{`text/x-lines; charset="u\tf-8"`}, asLines},
		{[]string{"text/x-lines;charset=latin1"}, "406"},
		{[]string{"text/x-lines;q=0.1, text/x-lines;charset=utf-8;q=0.9, application/json;q=0.5"}, asLines},
		{[]string{`a/b;p="x,y";q=0.5, application/xml`}, "application/xml"},
		{[]string{`a/b;p="x,application/json"`}, "406"},
		{[]string{"application/json;q=0.1234, application/xml;q=0.1"}, "application/xml"},
		{[]string{"application/json;q=1.5, application/xml;q=0.1"}, "application/xml"},
		{[]string{"application/json;q=.5, application/xml;q=0.1"}, "application/xml"},
		{[]string{"application/json;q=1.001, application/xml;q=0.1"}, "application/xml"},
		{[]string{"application/json;q=, application/xml;q=0.1"}, "application/xml"},
		{[]string{"application/json;Q=0.5, application/xml;q=1.000"}, "application/xml"},
		{[]string{"application/json;q=0., application/xml;q=0.001"}, "application/xml"},
		{[]string{"application/json ; q=0.5 , application/xml ; q=0.6"}, "application/xml"},
		{[]string{"application/json;q=0.5;ext=1, application/xml;q=0.4;q=1"}, asJSON},
		{[]string{",, ,application/xml,,"}, "application/xml"},
		{[]string{"*"}, asJSON},
		{[]string{"text"}, asJSON},
		{[]string{"*/json"}, asJSON},
		{[]string{"text, application/xml"}, "application/xml"},
		{[]string{"application/json;broken, application/xml"}, "application/xml"},
		{[]string{"application/json;;q=0.1, application/xml"}, "application/xml"},
		{[]string{strings.Repeat(",", 10_000)}, asJSON},
		{[]string{strings.Repeat("a/b,", 5_000) + "application/xml"}, "application/xml"},
		{[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"}, "application/xml"},
	}
}

func formats() respond.Option {
	return respond.Formats(respond.XML(), lines())
}

func TestFormats_accept(t *testing.T) {
	t.Parallel()
	lenient := respond.For[article](formats())
	strict := respond.For[article](formats(), respond.AllowNotAcceptable())
	for _, tc := range accepts() {
		name := strings.Join(tc.accept, " | ")
		t.Run(name[:min(len(name), 60)], func(t *testing.T) {
			t.Parallel()
			loose := tc.want
			if loose == "406" {
				loose = asJSON
			}
			w := negotiated(t, lenient, tc.accept)
			assert.Equal(t, loose, w.Header().Get("Content-Type"))
			assert.Equal(t, []string{"Accept"}, w.Header()["Vary"])

			w = negotiated(t, strict, tc.accept)
			assert.Equal(t, []string{"Accept"}, w.Header()["Vary"])
			if tc.want != "406" {
				assert.Equal(t, tc.want, w.Header().Get("Content-Type"))
				return
			}
			assert.Equal(t, 406, w.Code)
			assert.Equal(t, asProblem, w.Header().Get("Content-Type"), "a failure is never refused")
			assert.JSONEq(t, `{"type":"about:blank","title":"Not Acceptable","status":406,`+
				`"detail":"available media types: application/json, application/xml, text/x-lines; charset=utf-8"}`, w.Body.String())
		})
	}
}

func negotiated(tb testing.TB, writer *respond.Sender[article], accept []string) *httptest.ResponseRecorder {
	tb.Helper()
	r, _ := get(tb)
	if accept != nil {
		r.Header["Accept"] = accept
	}
	w := httptest.NewRecorder()
	_ = writer.Write(w, r, article{ID: 7})
	return w
}

// Text is text, whatever the client prefers: taking it for HTML would be an XSS.
func TestFormats_textStaysText(t *testing.T) {
	t.Parallel()
	html := respond.Format{Type: "text/html", Encode: lines().Encode}
	writer := respond.For[string](respond.Formats(html, respond.JSON()), respond.AllowNotAcceptable())
	for _, accept := range []string{"text/html", "application/json", "text/plain;q=0"} {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Accept", accept)
			_ = writer.Write(w, r, "<script>")
		})
		assert.Equal(t, 200, w.Code)
		assert.Equal(t, asText, w.Header().Get("Content-Type"))
		assert.Equal(t, "<script>", w.Body.String())
	}
}

func TestFormats_bodies(t *testing.T) {
	t.Parallel()
	h := respond.New(formats()).Func(func(*http.Request) (any, error) { return respond.OK[any]{Body: article{7, "a", nil}}, nil })
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for accept, want := range map[string]string{
			"":                `{"id":7,"title":"a","tags":[]}`,
			"application/xml": "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<article><ID>7</ID><Title>a</Title></article>",
			"text/*":          "respond_test.article {7 a []}\n",
		} {
			assert.Equal(t, want, s.Do(t, http.MethodGet, "/", nil, http.Header{"Accept": {accept}}).Text)
		}
	})
}

func TestFormats_vary(t *testing.T) {
	t.Parallel()
	two := respond.For[any](respond.Formats(respond.XML()))
	one := respond.For[any]()
	for name, v := range map[string]any{
		"value": article{}, "text": "x", "nothing": nil, "304": respond.Status(304, ""), "redirect": respond.Found("/"),
		"problem": respond.NewProblem(404, ""), "unencodable": []chan int{nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, tc := range []struct{ before, after []string }{
				{nil, []string{"Accept"}},
				{[]string{"Origin"}, []string{"Origin", "Accept"}},
				{[]string{"Origin, accept"}, []string{"Origin, accept"}},
				{[]string{"Accept-Encoding"}, []string{"Accept-Encoding", "Accept"}},
				{[]string{"*"}, []string{"*"}},
			} {
				w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
					if tc.before != nil {
						w.Header()["Vary"] = tc.before
					}
					_ = two.Write(w, r, v)
				})
				assert.Equal(t, tc.after, w.Header()["Vary"])
			}
			w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { _ = one.Write(w, r, v) })
			assert.NotContains(t, w.Header(), "Vary")
		})
	}
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { two.Error(w, r, respond.NewProblem(404, "")) })
	assert.Equal(t, []string{"Accept"}, w.Header()["Vary"])
}

func TestAllowNotAcceptable_singleFormat(t *testing.T) {
	t.Parallel()
	writer := respond.For[article](respond.Formats(respond.JSON()), respond.AllowNotAcceptable())
	implied := respond.For[article](respond.AllowNotAcceptable())
	for _, w := range []*respond.Sender[article]{writer, implied} {
		assert.Equal(t, 406, negotiated(t, w, []string{"text/html"}).Code)
		assert.Equal(t, 200, negotiated(t, w, []string{"text/html, */*;q=0.1"}).Code)
		assert.Equal(t, 200, negotiated(t, w, nil).Code)
	}
}

// A Content-Type of the handler's own decides which bytes it can label.
func TestFormats_ownContentType(t *testing.T) {
	t.Parallel()
	writer := respond.For[article](formats(), respond.AllowNotAcceptable())
	for own, body := range map[string]string{
		"application/vnd.a+xml":        "<?xml",
		"application/xml; charset=a":   "<?xml",
		"application/problem+json":     "{",
		"text/x-lines":                 "respond_test.article",
		"application/octet-stream":     "{",
		"not a media type":             "{",
		"application/vnd.a+x+whatever": "{",
	} {
		r, _ := get(t)
		r.Header.Set("Accept", "application/xml;q=0.1, image/png")
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", own)
		_ = writer.Write(w, r, article{})
		assert.Equal(t, own, w.Header().Get("Content-Type"))
		assert.Equal(t, body, w.Body.String()[:len(body)], own)
	}
}

// The grammar of RFC 9110, sections 5.6 and 12.4.2, as patterns.
var (
	tokenPattern  = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	quotedPattern = regexp.MustCompile(`(?s)^"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*"$`)
	weightPattern = regexp.MustCompile(`^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$`)
	escaped       = regexp.MustCompile(`(?s)\\(.)`)
)

// offered is a format of the reference.
type offered struct{ major, minor, charset string }

// choose is negotiation as one would write it down, with no regard to time or
// memory: split, parse, sort out. It returns the index, or -1.
func choose(lines []string, offers []offered) int {
	type ranged struct {
		major, minor string
		params       [][2]string
		q            float64
	}
	var ranges []ranged
	for _, element := range splitOutsideQuotes(strings.Join(lines, ","), ',') {
		fields := splitOutsideQuotes(strings.Trim(element, " \t"), ';')
		kind := strings.Split(strings.TrimRight(fields[0], " \t"), "/")
		if len(kind) != 2 || !isTokenText(kind[0]) || !isTokenText(kind[1]) || kind[0] == "*" && kind[1] != "*" {
			continue
		}
		x := ranged{strings.ToLower(kind[0]), strings.ToLower(kind[1]), nil, 1}
		valid := true
		for _, field := range fields[1:] {
			field = strings.Trim(field, " \t")
			if field == "" {
				continue
			}
			name, text, found := strings.Cut(field, "=")
			if !found || !isTokenText(name) || !isTokenText(text) && !quotedPattern.MatchString(text) {
				valid = false
				break
			}
			if strings.EqualFold(name, "q") {
				valid = weightPattern.MatchString(text)
				x.q, _ = strconv.ParseFloat(text, 64)
				break
			}
			if text[0] == '"' {
				text = escaped.ReplaceAllString(text[1:len(text)-1], "$1")
			}
			x.params = append(x.params, [2]string{strings.ToLower(name), strings.ToLower(text)})
		}
		if valid {
			ranges = append(ranges, x)
		}
	}
	if len(ranges) == 0 {
		return 0
	}
	best, highest := -1, 0.0
	for i, offer := range offers {
		precision, q := 0, 0.0
		for _, x := range ranges {
			p := 0
			switch {
			case x.major == offer.major && x.minor == offer.minor:
				p = 3_000_000
			case x.major == offer.major && x.minor == "*":
				p = 2_000_000
			case x.major == "*":
				p = 1_000_000
			}
			for _, param := range x.params {
				if param != [2]string{"charset", offer.charset} || offer.charset == "" {
					p = 0
				}
			}
			if p == 0 {
				continue
			}
			if p += len(x.params); p > precision || p == precision && x.q > q {
				precision, q = p, x.q
			}
		}
		if q > highest {
			best, highest = i, q
		}
	}
	return best
}

func isTokenText(s string) bool { return tokenPattern.MatchString(s) }

func splitOutsideQuotes(s string, sep byte) []string {
	parts := []string{""}
	inside, skip := false, false
	for i := range len(s) {
		c := s[i]
		switch {
		case skip:
			skip = false
		case inside && c == '\\':
			skip = true
		case c == '"':
			inside = !inside
		case c == sep && !inside:
			parts = append(parts, "")
			continue
		}
		parts[len(parts)-1] += string([]byte{c})
	}
	return parts
}

func FuzzFormats(f *testing.F) {
	for _, tc := range accepts() {
		if seed := strings.Join(tc.accept, ","); len(seed) < 200 { // minimizing a long one takes the time of the run
			f.Add(seed)
		}
	}
	writer := respond.For[article](formats(), respond.AllowNotAcceptable())
	offers := []offered{{"application", "json", ""}, {"application", "xml", ""}, {"text", "x-lines", "utf-8"}}
	types := []string{asJSON, "application/xml", asLines}
	f.Fuzz(func(t *testing.T, accept string) {
		w := negotiated(t, writer, []string{accept})
		want := asProblem
		if i := choose([]string{accept}, offers); i >= 0 {
			want = types[i]
		}
		assert.Equal(t, want, w.Header().Get("Content-Type"), "%q", accept)
	})
}
