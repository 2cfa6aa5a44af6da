package header

import (
	"iter"
	"strings"
)

// AnyETag is the value of If-Match and If-None-Match that stands for any current
// representation (RFC 9110, section 13.1.1).
const AnyETag = "*"

// ETags yields the members of an If-Match or If-None-Match field, given all its lines: entity
// tags as they were sent, `"a"` or `W/"a"`, and [AnyETag]. Empty members and members that break
// the grammar are skipped. [Cut] cannot split these lists: an entity tag has no escapes and may
// contain a comma.
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

// EqualStrong is the strong comparison of two entity tags (RFC 9110, section 8.8.3.2), for
// If-Match and If-Range: both are strong and the same. It is false if one of them is not an
// entity tag, such as a date in If-Range.
func EqualStrong(a, b string) bool {
	return a == b && IsETag(a) && a[0] == '"'
}

// EqualWeak is the weak comparison of two entity tags, for If-None-Match: they are the same
// apart from the mark of weak tags. It is false if one of them is not an entity tag.
func EqualWeak(a, b string) bool {
	return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/") && IsETag(a)
}

// MatchStrong reports whether the lines of an If-Match field contain tag, by [EqualStrong], or
// [AnyETag]. Pass "" for a representation without a tag. Do not call it if there is no
// representation or no field.
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
