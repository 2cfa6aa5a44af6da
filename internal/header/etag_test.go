package header_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
)

type etagList struct {
	lines   []string
	members []string
}

func etagLists() []etagList {
	return []etagList{
		{nil, nil},
		{[]string{""}, nil},
		{[]string{` , ,	`}, nil},
		{[]string{`"a"`}, []string{`"a"`}},
		{[]string{`W/"a"`}, []string{`W/"a"`}},
		{[]string{`""`}, []string{`""`}},
		{[]string{`*`}, []string{`*`}},
		{[]string{` * `}, []string{`*`}},
		{[]string{`"a", "b"`}, []string{`"a"`, `"b"`}},
		{[]string{`"a","b"`, `W/"c"	,,"d"`}, []string{`"a"`, `"b"`, `W/"c"`, `"d"`}},
		{[]string{`"a,b", "c"`}, []string{`"a,b"`, `"c"`}},
		{[]string{`"a\", "b"`}, []string{`"a\"`, `"b"`}},
		{[]string{"\"\x80\xff\""}, []string{"\"\x80\xff\""}},
		{[]string{`"*"`}, []string{`"*"`}},
		{[]string{`"a", *`}, []string{`"a"`, `*`}},
		{[]string{`a, "b"`}, []string{`"b"`}},
		{[]string{`"a`, `"b"`}, []string{`"b"`}},
		{[]string{`"a"b, "c"`}, []string{`"c"`}},
		{[]string{`"a" "b", "c"`}, []string{`"c"`}},
		{[]string{`"a b", "c"`}, []string{`"c"`}},
		{[]string{"\"a\x7f\", \"c\""}, []string{`"c"`}},
		{[]string{`w/"a", W/ "b", W/, W/"`}, nil},
		{[]string{`**, *"a"`}, nil},
		{[]string{`"`}, nil},
	}
}

func TestETags(t *testing.T) {
	t.Parallel()
	for _, tc := range etagLists() {
		assert.Equal(t, tc.members, slices.Collect(header.ETags(tc.lines)), "%q", tc.lines)
		for range header.ETags(tc.lines) {
			break
		}
	}
}

func TestIsETag(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`""`, `"a"`, `W/"a"`, `"a,b"`, `"a\"`, `"*"`} {
		assert.True(t, header.IsETag(s), s)
	}
	for _, s := range []string{``, `a`, `*`, `"`, `"a`, `W/`, `W/a`, `w/"a"`, `"a" `, ` "a"`, `"a"b"`, `"a b"`, "\"\n\"", `"a", "b"`} {
		assert.False(t, header.IsETag(s), s)
	}
}

// The table of RFC 9110, section 8.8.3.2, and values that are no entity tags.
func TestEqual(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b         string
		strong, weak bool
	}{
		{`W/"1"`, `W/"1"`, false, true},
		{`W/"1"`, `W/"2"`, false, false},
		{`W/"1"`, `"1"`, false, true},
		{`"1"`, `"1"`, true, true},
		{`"1"`, `"2"`, false, false},
		{`"a"`, `"A"`, false, false},
		{`""`, `""`, true, true},
		{``, ``, false, false},
		{`*`, `*`, false, false},
		{`1`, `1`, false, false},
		{`W/W/"1"`, `"1"`, false, false},
		{`W/W/"1"`, `W/"1"`, false, false},
		{`Sat, 29 Oct 1994 19:43:31 GMT`, `Sat, 29 Oct 1994 19:43:31 GMT`, false, false},
	} {
		for range 2 {
			assert.Equal(t, tc.strong, header.EqualStrong(tc.a, tc.b), "%s %s", tc.a, tc.b)
			assert.Equal(t, tc.weak, header.EqualWeak(tc.a, tc.b), "%s %s", tc.a, tc.b)
			tc.a, tc.b = tc.b, tc.a
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		lines        []string
		tag          string
		strong, weak bool
	}{
		{nil, `"a"`, false, false},
		{[]string{`"x", "a"`}, `"a"`, true, true},
		{[]string{`"x"`, `"a"`}, `"a"`, true, true},
		{[]string{`"x", W/"a"`}, `"a"`, false, true},
		{[]string{`"x", "a"`}, `W/"a"`, false, true},
		{[]string{`"x", "y"`}, `"a"`, false, false},
		{[]string{`*`}, `"a"`, true, true},
		{[]string{`*`}, ``, true, true},
		{[]string{`"a"`}, ``, false, false},
		{[]string{`"*"`}, `"a"`, false, false},
	} {
		assert.Equal(t, tc.strong, header.MatchStrong(tc.lines, tc.tag), "%q %s", tc.lines, tc.tag)
		assert.Equal(t, tc.weak, header.MatchWeak(tc.lines, tc.tag), "%q %s", tc.lines, tc.tag)
	}
}

func TestETags_allocs(t *testing.T) {
	for _, tc := range etagLists() {
		t.Run(strings.Join(tc.lines, "|"), func(t *testing.T) {
			kittest.Allocs(t, 0, func() {
				header.MatchStrong(tc.lines, `"none"`)
				header.MatchWeak(tc.lines, `"none"`)
				for member := range header.ETags(tc.lines) {
					if member != header.AnyETag && !header.IsETag(member) {
						t.Error(member)
					}
				}
			})
		})
	}
}

// FuzzETags holds that members are valid and are found again, wherever the list
// is split into lines between them.
func FuzzETags(f *testing.F) {
	for _, tc := range etagLists() {
		f.Add(strings.Join(tc.lines, ","))
	}
	f.Fuzz(func(t *testing.T, list string) {
		members := slices.Collect(header.ETags([]string{list}))
		for _, member := range members {
			assert.Contains(t, list, member)
			assert.True(t, member == header.AnyETag || header.IsETag(member), "%q", member)
			assert.True(t, header.MatchWeak([]string{list}, member))
		}
		assert.Equal(t, members, slices.Collect(header.ETags([]string{strings.Join(members, ", ")})))
		assert.Equal(t, members, slices.Collect(header.ETags(members)))
		assert.Equal(t, header.IsETag(list), len(members) == 1 && members[0] == list && list != header.AnyETag)
	})
}
