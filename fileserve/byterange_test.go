package fileserve_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

// rangeCases are for a body of 10,000 bytes. They seed the fuzz target too.
var rangeCases = []struct {
	field  string
	status int
	want   string // Content-Range values, separated by a space
}{
	{"bytes=0-4", 206, "0-4"},
	{"bytes=5-", 206, "5-9999"},
	{"bytes=-5", 206, "9995-9999"},
	{"bytes=-20000", 206, "0-9999"},
	{"bytes=0-", 206, "0-9999"},
	{"bytes=9999-9999", 206, "9999-9999"},
	{"bytes=9000-20000", 206, "9000-9999"},
	{"bytes=9000-99999999999999999999999", 206, "9000-9999"},
	{"BYTES=0-4", 206, "0-4"},
	{"bytes=, 0-4 ,\t", 206, "0-4"},
	{"bytes=0000000-00000004", 206, "0-4"},
	// A range that is beyond the end is left out beside one that is not.
	{"bytes=20000-,0-4", 206, "0-4"},
	{"bytes=-0,0-4", 206, "0-4"},
	// None is satisfiable.
	{"bytes=10000-", 416, "*"},
	{"bytes=20000-30000, 10000-10000", 416, "*"},
	{"bytes=-0", 416, "*"},
	{"bytes=99999999999999999999999-", 416, "*"},
	// Another unit and an invalid field are ignored.
	{"items=0-4", 200, ""},
	{"bytes", 200, ""},
	{"bytes=", 200, ""},
	{"bytes=,", 200, ""},
	{"bytes=-", 200, ""},
	{"bytes=a-b", 200, ""},
	{"bytes=+0-4", 200, ""},
	{"bytes=0-+4", 200, ""},
	{"bytes=--4", 200, ""},
	{"bytes=0--4", 200, ""},
	{"bytes=0x0-4", 200, ""},
	{"bytes=5-4", 200, ""},
	{"bytes=0-2,5-4", 200, ""},
	{"bytes=1 - 2", 200, ""},
	{"bytes =0-4", 200, ""},
	{"bytes=0-4;5-6", 200, ""},
	{"bytes=0-4 5-6", 200, ""},
	{"bytes=\uff10-4", 200, ""},
	// Several parts, in the order of the request.
	{"bytes=0-4,1000-1004", 206, "0-4 1000-1004"},
	{"bytes=1000-1004,0-4", 206, "1000-1004 0-4"},
	{"bytes=-5,0-4,5000-5001", 206, "9995-9999 0-4 5000-5001"},
	// Overlapping, touching and close ranges are joined.
	{"bytes=0-9,5-14", 206, "0-14"},
	{"bytes=5-14,0-9", 206, "0-14"},
	{"bytes=0-9,10-19", 206, "0-19"},
	{"bytes=0-9,90-99", 206, "0-99"},
	{"bytes=0-9,91-99", 206, "0-9 91-99"},
	{"bytes=5000-5009,0-9,5005-5020", 206, "5000-5020 0-9"},
	{"bytes=0-,0-,0-", 206, "0-9999"},
	// More than the whole costs, or too many.
	{"bytes=0-4900,5000-", 200, ""},
	{"bytes=" + scattered(16), 206, strings.ReplaceAll(scattered(16), ",", " ")},
	{"bytes=" + scattered(17), 200, ""},
	{"bytes=" + strings.Repeat("0-0,", 63) + "0-0", 206, "0-0"},
	{"bytes=" + strings.Repeat("0-0,", 64) + "0-0", 200, ""},
	{"bytes=" + strings.Repeat(",", 64) + "0-0", 200, ""},
	{"bytes=" + strings.Repeat("0", 2040) + "-", 206, "0-9999"},
	{"bytes=" + strings.Repeat("0", 2048) + "-", 200, ""},
}

// scattered returns n ranges that nothing joins.
func scattered(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("%d-%d", i*200, i*200+3))
	}
	return strings.Join(list, ",")
}

// letters is a body in which no two places look the same.
func letters(size int) []byte {
	text := make([]byte, 0, size+20)
	for i := int64(0); len(text) < size; i++ {
		text = append(strconv.AppendInt(text, i, 10), ',')
	}
	return text[:size]
}

// A part is a range that was answered.
type part struct {
	contentRange string
	body         string
}

// askRange asks for a range of a body and takes the answer apart.
func askRange(t *testing.T, body []byte, field string) (*http.Response, []part) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["Range"] = []string{field}
	w := httptest.NewRecorder()
	fileserve.Content{ContentType: "text/x", Reader: bytes.NewReader(body)}.ServeHTTP(w, r)
	response := w.Result()
	if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		return response, []part{{contentRange: response.Header.Get("Content-Range")}}
	}
	require.Equal(t, strconv.Itoa(w.Body.Len()), response.Header.Get("Content-Length"))
	media, params, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	require.NoError(t, err)
	if media != "multipart/byteranges" {
		require.Equal(t, "text/x", media)
		return response, []part{{response.Header.Get("Content-Range"), w.Body.String()}}
	}
	require.Empty(t, response.Header.Get("Content-Range"), "RFC 9110, section 15.3.7.2")
	var parts []part
	for reader := multipart.NewReader(w.Body, params["boundary"]); ; {
		next, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return response, parts
		}
		require.NoError(t, err)
		require.Equal(t, "text/x", next.Header.Get("Content-Type"))
		text, err := io.ReadAll(next)
		require.NoError(t, err)
		parts = append(parts, part{next.Header.Get("Content-Range"), string(text)})
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	body := letters(10_000)
	for _, tc := range rangeCases {
		t.Run(tc.field[:min(len(tc.field), 60)], func(t *testing.T) {
			t.Parallel()
			response, parts := askRange(t, body, tc.field)
			require.Equal(t, tc.status, response.StatusCode)
			assert.Equal(t, "bytes", response.Header.Get("Accept-Ranges"))
			var got []string
			for _, p := range parts {
				got = append(got, strings.TrimSuffix(strings.TrimPrefix(p.contentRange, "bytes "), "/10000"))
			}
			assert.Equal(t, tc.want, strings.Join(got, " "))
		})
	}
}

var (
	rangeField = regexp.MustCompile(`^(?i:bytes)=[ \t,]*(?:[0-9]+-[0-9]*|-[0-9]+)(?:[ \t]*,[ \t]*(?:[0-9]+-[0-9]*|-[0-9]+)?)*[ \t]*$`)
	rangeSpec  = regexp.MustCompile(`([0-9]*)-([0-9]*)`)
)

// slowRanges is the reference: what RFC 9110 says, with a regular expression,
// big numbers and no regard to cost. An answer of nil is the whole body.
func slowRanges(field string, size int) (want [][2]int, satisfiable bool) {
	if size == 0 || len(field) > 2048 || !rangeField.MatchString(field) || strings.Count(field, ",") >= 64 {
		return nil, true
	}
	number := func(s string) int {
		n, _ := new(big.Int).SetString(s, 10)
		if n.IsInt64() && n.Int64() <= math.MaxInt {
			return int(n.Int64())
		}
		return math.MaxInt
	}
	for _, spec := range rangeSpec.FindAllStringSubmatch(field, -1) {
		var first int
		last := size - 1
		switch {
		case spec[1] == "":
			first = size - min(number(spec[2]), size)
		case spec[2] == "":
			first = number(spec[1])
		case number(spec[2]) < number(spec[1]):
			return nil, true
		default:
			first, last = number(spec[1]), min(number(spec[2]), size-1)
		}
		if first <= last {
			want = append(want, [2]int{first, last})
		}
	}
	if want == nil {
		return nil, false
	}
	want = slowJoin(want)
	if len(want) > 16 || len(want) > 1 && slowCost(want, size) >= size {
		return nil, true
	}
	return want, true
}

// slowJoin joins any two ranges with at most 80 bytes between them, until there
// are no such two.
func slowJoin(list [][2]int) [][2]int {
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			a, b := list[i], list[j]
			if b[0]-a[1]-1 <= 80 && a[0]-b[1]-1 <= 80 {
				list[i] = [2]int{min(a[0], b[0]), max(a[1], b[1])}
				return slowJoin(slices.Delete(list, j, j+1))
			}
		}
	}
	return list
}

// slowCost writes the multipart body.
func slowCost(list [][2]int, size int) int {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(strings.Repeat("x", 26))
	for _, r := range list {
		p, _ := w.CreatePart(textproto.MIMEHeader{
			"Content-Type": {"text/x"}, "Content-Range": {fmt.Sprintf("bytes %d-%d/%d", r[0], r[1], size)},
		})
		_, _ = p.Write(make([]byte, r[1]-r[0]+1))
	}
	_ = w.Close()
	return b.Len()
}

func checkRange(t *testing.T, field string, size int) {
	t.Helper()
	body := letters(size)
	response, parts := askRange(t, body, field)
	want, satisfiable := slowRanges(field, size)
	switch {
	case !satisfiable:
		require.Equal(t, 416, response.StatusCode, field)
		require.Equal(t, fmt.Sprintf("bytes */%d", size), parts[0].contentRange)
	case want == nil:
		require.Equal(t, 200, response.StatusCode, field)
		require.Equal(t, string(body), parts[0].body)
		require.Empty(t, parts[0].contentRange)
	default:
		require.Equal(t, 206, response.StatusCode, field)
		var wanted []part
		for _, r := range want {
			wanted = append(wanted, part{fmt.Sprintf("bytes %d-%d/%d", r[0], r[1], size), string(body[r[0] : r[1]+1])})
		}
		require.Equal(t, wanted, parts, field)
	}
}

func FuzzRange(f *testing.F) {
	for _, tc := range rangeCases {
		f.Add(tc.field, uint16(10_000))
		f.Add(tc.field, uint16(0))
		f.Add(tc.field, uint16(1))
	}
	f.Fuzz(func(t *testing.T, field string, size uint16) {
		checkRange(t, field, int(size))
	})
}

// TestRange_reference compares random fields, most of them valid, with the
// reference.
func TestRange_reference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		size := random.IntN(6000)
		var list []string
		for range 1 + random.IntN(24) {
			list = append(list, randomSpec(random, size))
		}
		field := "bytes=" + strings.Join(list, []string{",", ", ", " ,"}[random.IntN(3)])
		checkRange(t, field, size)
	}
}

func randomSpec(random *rand.Rand, size int) string {
	first := random.IntN(size + 20)
	switch random.IntN(12) {
	case 0:
		return fmt.Sprintf("-%d", random.IntN(size+20))
	case 1:
		return fmt.Sprintf("%d-", first)
	case 2:
		return ""
	case 3:
		return fmt.Sprintf("%d-%d", size+random.IntN(10), size+20)
	case 4:
		if random.IntN(20) == 0 {
			return []string{"5-4", "x", "1-2-3", "99999999999999999999-", "-99999999999999999999"}[random.IntN(5)]
		}
		fallthrough
	default:
		return fmt.Sprintf("%d-%d", first, first+random.IntN(40))
	}
}
