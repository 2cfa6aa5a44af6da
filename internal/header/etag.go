package header

import (
	"iter"
	"strings"
)

// AnyETag is the member of If-Match and If-None-Match that stands for every
// current representation (RFC 9110, section 13.1.1).
const AnyETag = "*"

// ETags yields the members of the lists in lines, which are all the field lines
// of an If-Match or If-None-Match field: entity tags as they were sent, `"a"` or
// `W/"a"`, and [AnyETag]. A member that breaks the grammar is skipped, and so is
// an empty one. An entity tag has no escapes, and a comma inside it is a part of
// it, so [Cut] cannot split these lists.
//
// A range over it allocates nothing. Any number of goroutines may call it.
func ETags(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range lines {
			for line != "" {
				var member string
				member, line = cutETag(line)
				if member != "" && !yield(member) {
					return
				}
			}
		}
	}
}

// cutETag takes the first member from list. It is empty if there is none or if
// it breaks the grammar.
func cutETag(list string) (member, rest string) {
	list = strings.TrimLeft(list, " \t")
	end := opaqueEnd(list)
	if strings.HasPrefix(list, AnyETag) {
		end = len(AnyETag)
	}
	junk, rest, _ := strings.Cut(list[end:], ",")
	if Trim(junk) != "" {
		return "", rest
	}
	return list[:end], rest
}

// opaqueEnd returns the length of the entity tag that s starts with, or 0 (RFC
// 9110, section 8.8.3).
func opaqueEnd(s string) int {
	opaque := strings.TrimPrefix(s, "W/")
	if opaque == "" || opaque[0] != '"' {
		return 0
	}
	for i := 1; i < len(opaque); i++ {
		switch c := opaque[i]; {
		case c == '"':
			return len(s) - len(opaque) + i + 1
		case c <= ' ' || c == 0x7f:
			return 0
		}
	}
	return 0
}

// IsETag reports whether s is one entity tag, weak or strong, and nothing else.
func IsETag(s string) bool { return s != "" && opaqueEnd(s) == len(s) }

// EqualStrong is the strong comparison of two entity tags (RFC 9110, section
// 8.8.3.2), as If-Match and If-Range take it: both are strong and the same. What
// is no entity tag, such as a date in If-Range, equals nothing.
func EqualStrong(a, b string) bool {
	return a == b && IsETag(a) && a[0] == '"'
}

// EqualWeak is the weak comparison of two entity tags, as If-None-Match takes
// it: they are the same apart from the mark of a weak one. What is no entity tag
// equals nothing.
func EqualWeak(a, b string) bool {
	return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/") && IsETag(a)
}

// MatchStrong reports whether the lines of an If-Match field name tag by
// [EqualStrong], or hold [AnyETag]. Pass "" for a representation that has no
// tag, and do not call it where there is no representation at all or no field.
func MatchStrong(lines []string, tag string) bool {
	for member := range ETags(lines) {
		if member == AnyETag || EqualStrong(member, tag) {
			return true
		}
	}
	return false
}

// MatchWeak is [MatchStrong] by [EqualWeak], for If-None-Match.
func MatchWeak(lines []string, tag string) bool {
	for member := range ETags(lines) {
		if member == AnyETag || EqualWeak(member, tag) {
			return true
		}
	}
	return false
}
