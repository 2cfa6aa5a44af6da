package precondition_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/precondition"
	"github.com/tenonkit/tenon/respond"
)

var modified = time.Date(2024, 5, 17, 10, 30, 0, 123, time.UTC)

// What the lines of the table stand for.
const (
	exactly = "Fri, 17 May 2024 10:30:00 GMT"
	before  = "Fri, 17 May 2024 10:29:59 GMT"
	after   = "Fri, 17 May 2024 10:30:01 GMT"
)

// A state is what is there.
type state struct {
	tag      string
	modified time.Time
	isAbsent bool
}

var states = map[string]state{
	"strong":   {tag: `"v1"`, modified: modified},
	"weak":     {tag: `W/"v1"`, modified: modified},
	"tag only": {tag: `"v1"`},
	"date":     {modified: modified},
	"nothing":  {},
	"absent":   {isAbsent: true},
}

// A row is one state and the fields of a request, in the form "Name: value". read is the
// status for GET and HEAD, write that for the methods that change something, where 200 is
// whatever the handler answers.
type row struct {
	state       string
	lines       []string
	read, write int
}

// rows is a part of the table.
type rows []row

func (rs *rows) add(state string, read, write int, lines ...string) {
	*rs = append(*rs, row{state, lines, read, write})
}

func table() []row {
	return slices.Concat(rows{{"strong", nil, 200, 200}, {"absent", nil, 200, 200}}, matchRows(), noneMatchRows(), dateRows(), orderRows())
}

// matchRows is RFC 9110, section 13.1.1: If-Match, strong comparison.
func matchRows() (rs rows) {
	for _, of := range []struct {
		value                             string
		strong, weak, date, nothing, gone int
	}{
		{`"v1"`, 200, 412, 412, 412, 412},
		{`"v2"`, 412, 412, 412, 412, 412},
		{`W/"v1"`, 412, 412, 412, 412, 412},
		{`*`, 200, 200, 200, 200, 412},
		{`"v0", "v1"`, 200, 412, 412, 412, 412},
		{`"v0",,"v1",`, 200, 412, 412, 412, 412},
		{`"v1", W/"v1"`, 200, 412, 412, 412, 412},
		{`"a,b", "v1"`, 200, 412, 412, 412, 412},
		{``, 412, 412, 412, 412, 412},
		{`v1`, 412, 412, 412, 412, 412},
		{`"v1`, 412, 412, 412, 412, 412},
		{`"V1"`, 412, 412, 412, 412, 412},
	} {
		rs.add("strong", of.strong, of.strong, "If-Match: "+of.value)
		rs.add("weak", of.weak, of.weak, "If-Match: "+of.value)
		rs.add("tag only", of.strong, of.strong, "If-Match: "+of.value)
		rs.add("date", of.date, of.date, "If-Match: "+of.value)
		rs.add("nothing", of.nothing, of.nothing, "If-Match: "+of.value)
		rs.add("absent", of.gone, of.gone, "If-Match: "+of.value)
	}
	rs.add("strong", 200, 200, `If-Match: "v0"`, `If-Match: "v1"`)
	rs.add("strong", 412, 412, `If-Match: "v0"`, `If-Match: "v2"`)
	rs.add("strong", 200, 200, `If-Match: junk, "v1"`)
	return rs
}

// noneMatchRows is section 13.1.2: If-None-Match, weak comparison.
func noneMatchRows() (rs rows) {
	for _, of := range []struct {
		value         string
		tagged, dated int // for reads
		writeTagged   int
		writeDated    int
	}{
		{`"v1"`, 304, 200, 412, 200},
		{`W/"v1"`, 304, 200, 412, 200},
		{`"v2"`, 200, 200, 200, 200},
		{`*`, 304, 304, 412, 412},
		{`"v0", "v1"`, 304, 200, 412, 200},
		{`"a,b" , W/"v1"`, 304, 200, 412, 200},
		{``, 200, 200, 200, 200},
		{`v1`, 200, 200, 200, 200},
		{`"v1" "v2"`, 200, 200, 200, 200},
	} {
		rs.add("strong", of.tagged, of.writeTagged, "If-None-Match: "+of.value)
		rs.add("weak", of.tagged, of.writeTagged, "If-None-Match: "+of.value)
		rs.add("tag only", of.tagged, of.writeTagged, "If-None-Match: "+of.value)
		rs.add("date", of.dated, of.writeDated, "If-None-Match: "+of.value)
		rs.add("nothing", of.dated, of.writeDated, "If-None-Match: "+of.value)
		rs.add("absent", 200, 200, "If-None-Match: "+of.value)
	}
	rs.add("strong", 304, 412, `If-None-Match: "v0"`, `If-None-Match: "v1"`)
	rs.add("strong", 200, 200, `If-None-Match: "v0"`, `If-None-Match: "v2"`)
	rs.add("strong", 304, 412, `If-None-Match: junk, "v1"`)
	return rs
}

// dateRows is sections 13.1.3 and 13.1.4: dates, If-Modified-Since for GET and HEAD.
func dateRows() (rs rows) {
	// 13.1.3: If-Modified-Since, for GET and HEAD.
	for value, read := range map[string]int{
		exactly: 304, after: 304, before: 200,
		"Friday, 17-May-24 10:30:00 GMT": 304,
		"Fri May 17 10:30:00 2024":       304,
		"Friday, 17-May-24 10:30:00 PST": 200,
		"yesterday":                      200,
		"":                               200,
		"2024-05-17T10:30:00Z":           200,
	} {
		rs.add("strong", read, 200, "If-Modified-Since: "+value)
		rs.add("date", read, 200, "If-Modified-Since: "+value)
		rs.add("tag only", 200, 200, "If-Modified-Since: "+value)
		rs.add("absent", 200, 200, "If-Modified-Since: "+value)
	}
	rs.add("strong", 200, 200, "If-Modified-Since: "+after, "If-Modified-Since: "+after)

	// 13.1.4: If-Unmodified-Since.
	for value, status := range map[string]int{
		exactly: 200, after: 200, before: 412,
		"Friday, 17-May-24 10:29:59 GMT": 412,
		"Fri May 17 10:29:59 2024":       412,
		"Friday, 17-May-24 10:29:59 PST": 200,
		"yesterday":                      200,
		"":                               200,
	} {
		rs.add("strong", status, status, "If-Unmodified-Since: "+value)
		rs.add("date", status, status, "If-Unmodified-Since: "+value)
		rs.add("tag only", 200, 200, "If-Unmodified-Since: "+value)
		rs.add("absent", 200, 200, "If-Unmodified-Since: "+value)
	}
	rs.add("strong", 200, 200, "If-Unmodified-Since: "+before, "If-Unmodified-Since: "+before)
	return rs
}

// orderRows is section 13.2.2: the order.
func orderRows() (rs rows) {
	rs.add("strong", 200, 200, `If-Match: "v1"`, "If-Unmodified-Since: "+before)
	rs.add("strong", 412, 412, `If-Match: "v2"`, "If-Unmodified-Since: "+after)
	rs.add("strong", 412, 412, `If-Match: "v2"`, `If-None-Match: "v1"`)
	rs.add("strong", 304, 412, `If-Match: "v1"`, `If-None-Match: "v1"`)
	rs.add("strong", 200, 200, `If-Match: "v1"`, `If-None-Match: "v2"`)
	rs.add("strong", 412, 412, "If-Unmodified-Since: "+before, `If-None-Match: "v1"`)
	rs.add("strong", 304, 412, "If-Unmodified-Since: "+after, `If-None-Match: "v1"`)
	rs.add("strong", 200, 200, `If-None-Match: "v2"`, "If-Modified-Since: "+after)
	rs.add("strong", 304, 412, `If-None-Match: "v1"`, "If-Modified-Since: "+before)
	rs.add("strong", 304, 200, `If-Match: "v1"`, "If-Modified-Since: "+after)
	rs.add("strong", 304, 200, "If-Unmodified-Since: "+after, "If-Modified-Since: "+after)
	rs.add("strong", 412, 412, "If-Unmodified-Since: "+before, "If-Modified-Since: "+after)
	rs.add("strong", 200, 200, `If-None-Match: `, "If-Modified-Since: "+after)
	rs.add("strong", 412, 412, `If-Match: `, "If-Unmodified-Since: "+after)
	rs.add("absent", 412, 412, `If-Match: *`, `If-None-Match: *`)
	rs.add("absent", 200, 200, `If-None-Match: *`, "If-Unmodified-Since: "+before)
	return rs
}

func headerOf(lines []string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

// check returns the status that the conditions of a request lead to.
func check(t *testing.T, method string, h http.Header, s state) int {
	t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	r.Header = h
	var of precondition.Headers
	require.NoError(t, of.UnmarshalRequest(r))
	err := of.Check(s.tag, s.modified)
	if s.isAbsent {
		err = of.CheckAbsent()
	}
	if err == nil {
		return http.StatusOK
	}
	w := httptest.NewRecorder()
	respond.Error(w, r, err)
	return w.Code
}

var (
	reads  = []string{http.MethodGet, http.MethodHead}
	writes = []string{http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete}
	others = []string{http.MethodOptions, http.MethodTrace, http.MethodConnect}
)

func TestHeaders_Check(t *testing.T) {
	t.Parallel()
	rows := table()
	assert.Greater(t, len(rows), 120)
	for _, tc := range rows {
		s, h := states[tc.state], headerOf(tc.lines)
		for _, method := range reads {
			assert.Equal(t, tc.read, check(t, method, h, s), "%s of %s: %q", method, tc.state, tc.lines)
		}
		for _, method := range writes {
			assert.Equal(t, tc.write, check(t, method, h, s), "%s of %s: %q", method, tc.state, tc.lines)
		}
		for _, method := range others {
			assert.Equal(t, 200, check(t, method, h, s), "%s of %s: %q", method, tc.state, tc.lines)
		}
	}
}

// One engine serves files too.
func TestHeaders_Check_fileserve(t *testing.T) {
	t.Parallel()
	for _, tc := range table() {
		s := states[tc.state]
		if s.isAbsent {
			continue
		}
		for _, method := range reads {
			r := httptest.NewRequest(method, "/", nil)
			r.Header = headerOf(tc.lines)
			w := httptest.NewRecorder()
			fileserve.Content{ETag: s.tag, ModTime: s.modified, Reader: strings.NewReader("0123456789")}.ServeHTTP(w, r)
			assert.Equal(t, tc.read, w.Code, "%s of %s: %q", method, tc.state, tc.lines)
		}
	}
}

// Differences are requests that another server answers in another way, and why.
type differences map[string]string

// explain fails t if a request is answered otherwise and nothing tells why.
func (d differences) explain(t *testing.T, seen map[string]bool, method string, tc row, want, got int) {
	t.Helper()
	lines := strings.Join(tc.lines, " | ")
	if got == want {
		return
	}
	seen[lines] = true
	assert.Contains(t, d, lines, "%s of %s: %d instead of %d", method, tc.state, got, want)
}

// The table beside http.ServeContent, which evaluates the conditions of any method.
func TestHeaders_Check_netHTTP(t *testing.T) {
	t.Parallel()
	const (
		isEmpty   = "an empty field counts as not sent"
		firstLine = "only the first line is read (RFC 9110, section 5.3)"
		junk      = "the list ends at a member that is no entity tag"
		noComma   = "entity tags without a comma between them are a list"
		zone      = "a date of another zone than GMT is read (RFC 9110, section 5.6.7)"
	)
	explained := differences{
		`If-Match: `: isEmpty,
		`If-Match:  | If-Unmodified-Since: ` + after:                           isEmpty,
		`If-None-Match:  | If-Modified-Since: ` + after:                        isEmpty,
		`If-Match: "v0" | If-Match: "v1"`:                                      firstLine,
		`If-None-Match: "v0" | If-None-Match: "v1"`:                            firstLine,
		"If-Modified-Since: " + after + " | If-Modified-Since: " + after:       firstLine,
		"If-Unmodified-Since: " + before + " | If-Unmodified-Since: " + before: firstLine,
		`If-Match: junk, "v1"`:                                                 junk,
		`If-None-Match: junk, "v1"`:                                            junk,
		`If-None-Match: "v1" "v2"`:                                             noComma,
		"If-Modified-Since: Friday, 17-May-24 10:30:00 PST":                    zone,
		"If-Unmodified-Since: Friday, 17-May-24 10:29:59 PST":                  zone,
	}
	seen := map[string]bool{}
	for _, tc := range table() {
		s := states[tc.state]
		if s.isAbsent {
			continue
		}
		for _, method := range slices.Concat(reads, writes) {
			r := httptest.NewRequest(method, "/", nil)
			r.Header = headerOf(tc.lines)
			w := httptest.NewRecorder()
			if s.tag != "" {
				w.Header()["Etag"] = []string{s.tag}
			}
			http.ServeContent(w, r, "a.txt", s.modified, strings.NewReader("0123456789"))
			want := tc.write
			if slices.Contains(reads, method) {
				want = tc.read
			}
			explained.explain(t, seen, method, tc, want, w.Code)
		}
	}
	assert.Len(t, seen, len(explained), "what no longer differs")
}

// The table beside nginx, which reads files and has strong tags and dates of its own.
func TestHeaders_Check_nginx(t *testing.T) {
	t.Parallel()
	const (
		twice     = "a field with two lines is refused with 400"
		isExact   = "If-Modified-Since has to be the date itself"
		bothDates = "If-Unmodified-Since is evaluated beside If-Match"
		bothRead  = "If-Modified-Since is evaluated beside If-None-Match"
		zone      = "the zone of a date is not read"
		noDate    = "what is no date fails If-Unmodified-Since"
	)
	explained := differences{
		`If-Match: "v0" | If-Match: "v1"`:                                      twice,
		`If-Match: "v0" | If-Match: "v2"`:                                      twice,
		`If-None-Match: "v0" | If-None-Match: "v1"`:                            twice,
		`If-None-Match: "v0" | If-None-Match: "v2"`:                            twice,
		"If-Modified-Since: " + after + " | If-Modified-Since: " + after:       twice,
		"If-Unmodified-Since: " + before + " | If-Unmodified-Since: " + before: twice,
		"If-Modified-Since: " + after:                                          isExact,
		`If-Match: "v1" | If-Modified-Since: ` + after:                         isExact,
		"If-Unmodified-Since: " + after + " | If-Modified-Since: " + after:     isExact,
		`If-Match: "v1" | If-Unmodified-Since: ` + before:                      bothDates,
		`If-None-Match: "v1" | If-Modified-Since: ` + before:                   bothRead,
		"If-Modified-Since: Friday, 17-May-24 10:30:00 PST":                    zone,
		"If-Unmodified-Since: Friday, 17-May-24 10:29:59 PST":                  zone,
		"If-Unmodified-Since: yesterday":                                       noDate,
		"If-Unmodified-Since: ":                                                noDate,
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	path := filepath.Join(dir, "a.txt")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o644))
	require.NoError(t, os.Chtimes(path, modified, modified))
	url := kittest.Nginx(t, "location / { root "+dir+"; }") + "/a.txt"
	get := func(method string, h http.Header) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
		require.NoError(t, err)
		r.Header = h
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response
	}
	first := get(http.MethodGet, http.Header{})
	require.Equal(t, exactly, first.Header.Get("Last-Modified"))
	seen := map[string]bool{}
	for _, tc := range table() {
		if tc.state != "strong" {
			continue
		}
		var lines []string
		for _, line := range tc.lines {
			lines = append(lines, strings.ReplaceAll(line, `"v1"`, first.Header.Get("ETag")))
		}
		for _, method := range reads {
			explained.explain(t, seen, method, tc, tc.read, get(method, headerOf(lines)).StatusCode)
		}
	}
	assert.Len(t, seen, len(explained), "what no longer differs")
}
