package ecma

import (
	"maps"
	"slices"
	"unicode"
)

// Classes without words of their own.
const (
	anything = `[\s\S]`
	nothing  = `[^\s\S]`
)

// class writes the class of the characters in ranges: pairs of a first and a last character in
// ascending order. If the ranges contain the first and the last code point, it writes the
// negated class.
func (w *writer) class(ranges []rune) {
	if len(ranges) == 0 {
		w.WriteString(nothing)
		return
	}
	open, property := "[", `\p`
	if ranges[0] == 0 && ranges[len(ranges)-1] == unicode.MaxRune {
		ranges = subtract([]rune{0, unicode.MaxRune}, ranges)
		open, property = "[^", `\P`
	}
	if len(ranges) == 0 {
		w.WriteString(anything)
		return
	}
	names, rest := properties(ranges)
	if len(names) == 1 && len(rest) == 0 {
		w.WriteString(property + names[0])
		return
	}
	w.WriteString(open)
	for _, name := range names {
		w.WriteString(`\p` + name)
	}
	const special = `\]^-[`
	for i := 0; i < len(rest); i += 2 {
		first, last := rest[i], rest[i+1]
		w.char(first, special)
		if last > first+1 {
			w.WriteByte('-')
		}
		if last > first {
			w.char(last, special)
		}
	}
	w.WriteByte(']')
}

// properties returns the Unicode properties that shorten ranges, such as "{L}" for a general
// category, and the rest of ranges. Go's parser keeps the characters of \p{L}, not the name.
func properties(ranges []rune) (names []string, rest []rune) {
	for rest = ranges; len(rest) > 2 && rest[len(rest)-1] > unicode.MaxLatin1; {
		var name string
		shortest := rest
		for _, tables := range []struct {
			prefix string
			byName map[string]*unicode.RangeTable
		}{{"{", unicode.Categories}, {"{Script=", unicode.Scripts}} {
			for _, key := range slices.Sorted(maps.Keys(tables.byName)) {
				if left, ok := without(rest, tables.byName[key]); ok && len(left) < len(shortest) {
					name, shortest = tables.prefix+key+"}", left
				}
			}
		}
		if len(rest)-len(shortest) < 4 { // one range is shorter than a name
			break
		}
		names, rest = append(names, name), shortest
	}
	return names, rest
}

// without returns the ranges without the characters of a table. It returns false if they do not
// have all of them.
func without(ranges []rune, table *unicode.RangeTable) ([]rune, bool) {
	inside := rangesOf(table)
	if len(inside) == 0 || !has(ranges, inside[0]) || len(subtract(inside, ranges)) > 0 {
		return nil, false
	}
	return subtract(ranges, inside), true
}

func has(ranges []rune, r rune) bool {
	for i := 0; i < len(ranges) && ranges[i] <= r; i += 2 {
		if r <= ranges[i+1] {
			return true
		}
	}
	return false
}

// rangesOf returns the characters of a table as ranges.
func rangesOf(table *unicode.RangeTable) []rune {
	var ranges []rune
	add := func(first, last, stride rune) {
		if stride == 1 {
			ranges = appendRange(ranges, first, last)
			return
		}
		for r := first; r <= last; r += stride {
			ranges = appendRange(ranges, r, r)
		}
	}
	for _, x := range table.R16 {
		add(rune(x.Lo), rune(x.Hi), rune(x.Stride))
	}
	for _, x := range table.R32 {
		add(rune(x.Lo), rune(x.Hi), rune(x.Stride)) //nolint:gosec // a table has characters alone
	}
	return ranges
}

// appendRange adds a range behind the others, joined to one that it touches.
func appendRange(ranges []rune, first, last rune) []rune {
	if n := len(ranges); n > 0 && ranges[n-1]+1 == first {
		ranges[n-1] = last
		return ranges
	}
	return append(ranges, first, last)
}

// subtract returns what the ranges a have and the ranges b do not.
func subtract(a, b []rune) []rune {
	var left []rune
	for ; len(a) > 1; a = a[2:] {
		first, last := a[0], a[1]
		for len(b) > 0 && b[1] < first {
			b = b[2:]
		}
		for j := 0; j < len(b) && b[j] <= last; j += 2 {
			if b[j] > first {
				left = append(left, first, b[j]-1)
			}
			first = b[j+1] + 1
		}
		if first <= last {
			left = append(left, first, last)
		}
	}
	return left
}
