package drift_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A pair is a text under a name, or under the key in brackets behind it.
type pair struct{ in, name, key, text, media string }

func (p pair) full() string {
	if p.key == "" {
		return p.name
	}
	return p.name + "[" + p.key + "]"
}

// parsePairs returns the pairs of a request that is accepted, from the texts of
// its places.
func parsePairs(seeds map[string]string) []pair {
	var pairs []pair
	for _, in := range []string{"path", "query", "header", "cookie", "form"} {
		if seeds[in] == "" {
			continue
		}
		for text := range strings.SplitSeq(seeds[in], "&") {
			name, value, _ := strings.Cut(text, "=")
			name, key, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
			pairs = append(pairs, pair{in, name, key, value, "image/png"})
		}
	}
	return pairs
}

// drawn returns pairs with up to three changes, and the fields that changed.
func drawn(r *rand.Rand, fields []field, pairs []pair) (changed []pair, touched []string) {
	pairs = slices.Clone(pairs)
	for range r.IntN(4) {
		f := fields[r.IntN(len(fields))]
		p := pair{f.In, f.Name, "", f.word(r), []string{"", "image/png", "image/gif", "IMAGE/JPEG; q=1", "text/plain"}[r.IntN(5)]}
		if f.Schema.Type == "object" {
			keys := append(slices.Sorted(maps.Keys(f.Schema.Properties)), "a", "zzz")
			p.key = keys[r.IntN(len(keys))]
		}
		var own []int
		for i := range pairs {
			if f.has(pairs[i]) {
				own = append(own, i)
			}
		}
		touched = append(touched, f.place())
		switch n := r.IntN(8); {
		case f.In == "path":
			pairs[own[0]] = p
		case n == 0:
			pairs = slices.DeleteFunc(pairs, f.has)
		case n == 1 || len(own) == 0:
			pairs = append(pairs, p)
		case n == 2:
			pairs = slices.Insert(pairs, 0, p)
		case n == 3:
			at := own[r.IntN(len(own))]
			pairs = slices.Delete(pairs, at, at+1)
		default:
			at := own[r.IntN(len(own))]
			p.key = pairs[at].key
			pairs[at] = p
		}
	}
	if r.IntN(10) == 0 && fields[0].In == "form" {
		pairs = append(pairs, pair{"form", "zzz", "", "a", ""})
		touched = append(touched, "form zzz")
	}
	return pairs, touched
}

// word returns a text for a field that its place can carry, and of which a
// document can speak.
func (f field) word(r *rand.Rand) string {
	all := texts()
	for {
		text := all[r.IntN(len(all))]
		if f.csv() && r.IntN(2) == 0 {
			text += "," + all[r.IntN(len(all))]
		}
		isPlain := !slices.ContainsFunc([]byte(text), func(c byte) bool { return c >= 0x80 || c == ' ' })
		switch {
		case f.isBool() && isFurtherBool(text):
		case f.In == "path" && text == "":
		case (f.In == "header" || f.In == "cookie") && !isPlain:
		default:
			return text
		}
	}
}

// isFurtherBool reports whether bind takes text for a bool though JSON does not.
func isFurtherBool(text string) bool {
	_, err := strconv.ParseBool(text)
	return err == nil && text != "true" && text != "false" || text == "on" || text == "off"
}

// status sends pairs to the route and returns how it answers.
func (w wire) status(t *testing.T, fields []field, pairs []pair) int {
	t.Helper()
	answer := httptest.NewRecorder()
	w.route.Handler().ServeHTTP(answer, w.request(t, fields, pairs))
	return answer.Code
}

// request returns the request that has the pairs.
func (w wire) request(t *testing.T, fields []field, pairs []pair) *http.Request {
	t.Helper()
	var body bytes.Buffer
	contentType := w.media
	if w.media == "multipart/form-data" {
		contentType = writeParts(t, &body, fields, pairs)
	} else {
		body.WriteString(encoded(fields, pairs, "form"))
	}
	r := httptest.NewRequest(http.MethodPost, "/wire", &body)
	if w.media != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.URL.RawQuery = encoded(fields, pairs, "query")
	var cookies []string
	for _, p := range pairs {
		switch p.in {
		case "path":
			r.SetPathValue(p.name, p.text)
		case "header":
			r.Header.Add(p.name, p.text)
		case "cookie":
			cookies = append(cookies, p.name+"="+p.text)
		}
	}
	if len(cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	return r
}

// encoded returns the pairs of a place as application/x-www-form-urlencoded. The
// commas of a list that commas separate stay.
func encoded(fields []field, pairs []pair, in string) string {
	var parts []string
	for _, p := range pairs {
		if p.in != in {
			continue
		}
		text := url.QueryEscape(p.text)
		if slices.ContainsFunc(fields, func(f field) bool { return f.has(p) && f.csv() }) {
			text = strings.ReplaceAll(text, "%2C", ",")
		}
		parts = append(parts, url.QueryEscape(p.full())+"="+text)
	}
	return strings.Join(parts, "&")
}

func writeParts(t *testing.T, body *bytes.Buffer, fields []field, pairs []pair) (contentType string) {
	t.Helper()
	form := multipart.NewWriter(body)
	for i, p := range pairs {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"`, p.full())}}
		if slices.ContainsFunc(fields, func(f field) bool { return f.has(p) && f.isFile() }) {
			header.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%d.png"`, p.full(), i))
			header.Set("Content-Type", p.media)
		}
		part, err := form.CreatePart(header)
		require.NoError(t, err)
		_, err = part.Write([]byte(p.text))
		require.NoError(t, err)
	}
	require.NoError(t, form.Close())
	return form.FormDataContentType()
}
