package bind_test

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// A plainQuery has one parameter of each shape that the reference below reads.
type plainQuery struct {
	Text  string          `query:"q" maxLength:"5"`
	Limit int16           `query:"limit" default:"7" minimum:"-3" maximum:"300"`
	Ratio *float64        `query:"min_price" exclusiveMaximum:"10"`
	Open  bool            `query:"open,optional"`
	Tags  []string        `query:"tag" maxItems:"3" uniqueItems:"true"`
	IDs   []int8          `query:"ids,csv" multipleOf:"2"`
	Deep  map[string]int8 `query:"filter,deep"`
}

// A sent is one name=value pair, whose value is still escaped.
type sent struct {
	name, raw string
	bare      bool
}

func (s sent) text() string {
	text, _ := url.QueryUnescape(s.raw)
	return text
}

// texts returns the values of a name, without those of no text unless they are
// kept.
func texts(pairs []sent, name string, keep bool) (list []string) {
	for _, p := range pairs {
		if p.name == name && (keep || p.raw != "") {
			list = append(list, p.text())
		}
	}
	return list
}

// readInt says what text is as an integer, by strconv alone.
func readInt(text string, bits int) (n int64, code string) {
	n, err := strconv.ParseInt(text, 10, bits)
	switch {
	case strings.HasPrefix(text, "+"):
		return 0, "type"
	case errors.Is(err, strconv.ErrRange):
		return 0, "range"
	case err != nil:
		return 0, "type"
	}
	return n, ""
}

// queryReference reads a query that url.ParseQuery takes, by the rules of the
// package documentation.
func queryReference(query string) (in plainQuery, faults []string) {
	var pairs []sent
	for piece := range strings.SplitSeq(query, "&") {
		if piece != "" {
			name, raw, ok := strings.Cut(piece, "=")
			name, _ = url.QueryUnescape(name)
			pairs = append(pairs, sent{name, raw, !ok})
		}
	}
	fault := func(name, code string) {
		if code != "" {
			faults = append(faults, name+" "+code)
		}
	}
	if q := texts(pairs, "q", true); len(q) == 0 {
		fault("q", "required")
	} else if in.Text = q[0]; !utf8.ValidString(in.Text) {
		fault("q", "syntax")
	} else if utf8.RuneCountInString(in.Text) > 5 {
		fault("q", "maxLength")
	}
	in.Limit = 7
	if limit := texts(pairs, "limit", false); len(limit) > 0 {
		n, code := readInt(limit[0], 16)
		switch in.Limit = int16(n); {
		case code == "" && n < -3:
			code = "minimum"
		case code == "" && n > 300:
			code = "maximum"
		}
		fault("limit", code)
	}
	if price := texts(pairs, "min_price", false); len(price) > 0 {
		n, code := readFloat(price[0])
		if in.Ratio = &n; code == "" && n >= 10 {
			code = "exclusiveMaximum"
		}
		fault("min_price", code)
	}
	for _, p := range pairs {
		if p.name == "open" && (p.bare || p.raw != "") {
			open, err := strconv.ParseBool(p.text())
			in.Open = open || p.bare || p.raw == "on" || p.text() == "on"
			if err != nil && !p.bare && p.text() != "on" && p.text() != "off" {
				fault("open", "type")
			}
			break
		}
	}
	in.Tags = texts(pairs, "tag", true)
	if len(in.Tags) > 3 {
		fault("tag", "maxItems")
	} else if !utf8.ValidString(strings.Join(in.Tags, "/")) {
		fault("tag", "syntax")
	} else if sorted := slices.Sorted(slices.Values(in.Tags)); len(slices.Compact(sorted)) < len(in.Tags) {
		fault("tag", "uniqueItems")
	}
	fault("ids", in.readIDs(pairs))
	in.readFilter(pairs, fault)
	return in, faults[:min(len(faults), 32)]
}

func readFloat(text string) (n float64, code string) {
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case strings.HasPrefix(text, "+") || strings.ContainsAny(text, "xXpP_iInN"):
		return n, "type"
	case errors.Is(err, strconv.ErrRange):
		return n, "range"
	case err != nil:
		return n, "type"
	}
	return n, ""
}

func (in *plainQuery) readIDs(pairs []sent) (code string) {
	for _, p := range pairs {
		if p.name != "ids" {
			continue
		}
		for part := range strings.SplitSeq(p.raw, ",") {
			if part == "" {
				continue
			}
			text, _ := url.QueryUnescape(part)
			n, wrong := readInt(text, 8)
			if wrong == "" && n%2 != 0 {
				wrong = "multipleOf"
			}
			if wrong != "" {
				return wrong
			}
			in.IDs = append(in.IDs, int8(n))
		}
	}
	return ""
}

func (in *plainQuery) readFilter(pairs []sent, fault func(name, code string)) {
	for _, p := range pairs {
		key, ok := strings.CutPrefix(p.name, "filter[")
		key, end := strings.CutSuffix(key, "]")
		if !ok || !end || key == "" || strings.ContainsAny(key, "[]") || p.raw == "" {
			continue
		}
		if _, repeated := in.Deep[key]; repeated {
			continue
		}
		if in.Deep == nil {
			in.Deep = map[string]int8{}
		}
		name := "filter[" + key + "]"
		if len(key) > 64 {
			name = "filter[" + strings.ToValidUTF8(key[:64], "") + "…]"
		}
		if !utf8.ValidString(key) {
			fault(name, "syntax")
			continue
		}
		n, wrong := readInt(p.text(), 8)
		fault(name, wrong)
		in.Deep[key] = int8(n)
	}
}

// FuzzQuery compares with net/url and strconv: a query is refused as a whole
// exactly when url.ParseQuery refuses it, and every value is the one that the
// reference reads.
func FuzzQuery(f *testing.F) {
	for _, tc := range queryCases() {
		if len(tc.query) < 2000 {
			f.Add(tc.query)
		}
	}
	f.Add("q=1&limit=300&min_price=-0&open=on&tag=&ids=2,%34&filter[a]=1&filter[a]=x")
	b, all := bind.For[plainQuery](), bind.For[searchIn]()
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Count(query, "&")+strings.Count(query, ",") >= 1000 {
			t.Skip("the limits are for the table")
		}
		got, err := b.Bind(queryRequest(query))
		in, allErr := all.Bind(queryRequest(query))
		if _, wrong := url.ParseQuery(query); wrong != nil {
			require.Error(t, err)
			assert.Equal(t, []string{" syntax"}, faultsOf(t, err))
			assert.Equal(t, []string{" syntax"}, faultsOf(t, allErr))
			return
		}
		want, faults := queryReference(query)
		if len(faults) > 0 {
			require.Error(t, err)
			assert.Equal(t, faults, faultsOf(t, err))
		} else {
			require.NoError(t, err)
			assert.Equal(t, want, got)
			checkPlain(t, got)
		}
		if allErr == nil {
			checkSearch(t, in)
		}
	})
}

// checkPlain checks the constraints of what was accepted once more.
func checkPlain(t *testing.T, in plainQuery) {
	t.Helper()
	assert.LessOrEqual(t, utf8.RuneCountInString(in.Text), 5)
	assert.True(t, -3 <= in.Limit && in.Limit <= 300)
	assert.True(t, in.Ratio == nil || *in.Ratio < 10 && !math.IsInf(*in.Ratio, 0))
	assert.LessOrEqual(t, len(in.Tags), 3)
	for i, tag := range in.Tags {
		assert.NotContains(t, in.Tags[:i], tag)
	}
	for _, id := range in.IDs {
		assert.Zero(t, id%2)
	}
}

func checkSearch(t *testing.T, in searchIn) {
	t.Helper()
	assert.True(t, 1 <= in.Limit && in.Limit <= 100)
	assert.LessOrEqual(t, utf8.RuneCountInString(in.Text), 20)
	assert.GreaterOrEqual(t, in.MinPrice.Or(0), 0.0)
	assert.LessOrEqual(t, len(in.Tags), 4)
	for _, tag := range in.Tags {
		assert.LessOrEqual(t, utf8.RuneCountInString(tag), 8)
		assert.Regexp(t, "^[a-zäß,]*$", tag)
	}
	for i, id := range in.IDs {
		assert.NotContains(t, in.IDs[:i], id)
	}
	for _, l := range in.Levels {
		assert.Contains(t, []level{1, 2}, l)
	}
	assert.LessOrEqual(t, len(in.Links), 2)
	for _, text := range in.Filter {
		assert.LessOrEqual(t, utf8.RuneCountInString(text), 5)
	}
}
