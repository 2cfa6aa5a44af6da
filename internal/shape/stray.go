package shape

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ownKeys returns every tag key that a field of a request may have.
func ownKeys() []string {
	return slices.Concat(sources(), ruleKeys(), memberKeys(), []string{"json", "contentType", "doc", "deprecated", "example"})
}

// unboundWords returns what is wrong with a field without a source, in a struct with sources: it
// has a tag that only a bound field needs. The words follow the path of the field. They are empty
// if nothing is wrong. such is the source to suggest, or "".
func unboundWords(f reflect.StructField, such string) string {
	if f.Tag.Get("json") == "-" {
		return ""
	}
	keys, rest := keysOf(f.Tag)
	var found []string
	for _, key := range keys {
		if source := fold(key); slices.Contains(sources(), source) {
			return fmt.Sprintf("has the tag %s, which nothing reads: write %s", key, source)
		}
		isNote := key == "doc" || key == "deprecated" || key == "example"
		isGins := key == "binding" && !slices.ContainsFunc(keys, takesLimits)
		isOthers := len(keys) == 1 && bindsElsewhere(key, f.Tag.Get(key))
		if isGins || isOthers || !isNote && slices.Contains(ownKeys(), key) {
			found = append(found, key)
		}
	}
	if source := fold(firstWord(rest)); slices.Contains(sources(), source) {
		return unreadable(rest)
	}
	if len(found) == 0 {
		return ""
	}
	noun := "tag"
	if len(found) > 1 {
		noun = "tags"
	}
	if !f.IsExported() {
		return fmt.Sprintf(`has the %s %s but is not exported, so that no request fills it: export it, or write json:"-"`,
			noun, strings.Join(found, ", "))
	}
	return fmt.Sprintf("has the %s %s and no source, so that no request fills it: "+
		`give it one, such as %s:"%s", move it into the struct of a field with body:"json", or write json:"-"`,
		noun, strings.Join(found, ", "), cmp.Or(such, FromQuery), derive(cmp.Or(such, FromQuery), f.Name))
}

// bindsElsewhere reports whether a tag is one by which gorilla/schema or httpin binds a field.
func bindsElsewhere(key, value string) bool {
	source, _, _ := strings.Cut(value, "=")
	return key == "schema" && value != "-" || key == "in" && slices.Contains(sources(), source)
}

// unbound is unboundWords for a field that may also look bound by its type. An embedded struct
// looks bound if one of its fields does.
func unbound(f reflect.StructField, such string) string {
	if words := unboundWords(f, such); words != "" || f.Tag.Get("json") == "-" {
		return words
	}
	inner := embedded(f)
	if inner == nil || ofRequest(inner) != "" {
		return apart(f, such)
	}
	name := "" // of the first field within that looks bound
	found := anyField(inner, nil, func(f reflect.StructField) bool {
		name = f.Name
		return f.IsExported() && (unboundWords(f, "") != "" || embedded(f) == nil && unbound(f, such) != "")
	})
	if !found {
		return ""
	}
	return "is embedded beside fields that have a source, and no request fills its field " + name +
		`, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`
}

// apart is unboundWords for a field whose type looks bound: a type of requests, or a struct with a
// field that looks bound.
func apart(f reflect.StructField, such string) string {
	if !f.IsExported() {
		return ""
	}
	t := inLists(f.Type)
	if words := ofRequest(t); words != "" {
		return words
	}
	if isOpt := func(w Wrap) bool { return w.IsOpt }; slices.ContainsFunc(Of(f.Type).Wraps, isOpt) {
		return "is a bind.Opt without a source, so that it is never set: " + sourceFor(f, such)
	}
	if way := wayWithin(t, func(f reflect.StructField) bool { return hasSource(f.Tag) }); way != "" {
		return "is not embedded, and no request fills its field " + way +
			`, which has a source: embed the struct itself, move the field out of it, or write json:"-"`
	}
	if way := wayWithin(t, func(f reflect.StructField) bool { return unboundWords(f, "") != "" }); way != "" {
		return "has no source, and no request fills its field " + way + ", which looks bound: " + structFor(f, such)
	}
	return ""
}

// sourceFor returns what to write on a field without a source.
func sourceFor(f reflect.StructField, such string) string {
	such = cmp.Or(such, FromQuery)
	return fmt.Sprintf(`give it one, such as %s:"%s", or write json:"-"`, such, derive(such, f.Name))
}

// structFor is sourceFor for a struct, or for a list of structs.
func structFor(f reflect.StructField, such string) string {
	switch such {
	case FromForm:
		return fmt.Sprintf(`write form:"%s,json" for JSON in a field of the form, or json:"-"`, derive(such, f.Name))
	case FromQuery:
		return `move it out of the struct with the option deep, or write json:"-"`
	}
	return fmt.Sprintf(`write body:"json", or value:"%s" for what the option bind.Value returns, or json:"-"`, derive(FromValue, f.Name))
}

// namedBody is unboundWords for a field that is called Body or RawBody and has a type that a body
// can have.
func namedBody(f reflect.StructField) string {
	t := Of(f.Type)
	if f.Name != "Body" && f.Name != "RawBody" || f.Tag.Get("json") == "-" || t.Reads == None {
		return ""
	}
	write := `body:"json"`
	switch t.Reads {
	case Bytes:
		write = `body:"bytes", or bind.Raw beside another field with the body`
	case String, Text:
		write = `body:"text"`
	}
	return "is named as the body and has no source, so that no request fills it: write " + write + `, or json:"-"`
}

// inLists returns the type inside the pointers, Opts, slices, arrays and maps of t.
func inLists(t reflect.Type) reflect.Type {
	seen := map[reflect.Type]bool{}
	for t = Of(t).Base; !seen[t]; t = Of(t.Elem()).Base {
		seen[t] = true
		if k := t.Kind(); k != reflect.Slice && k != reflect.Array && k != reflect.Map {
			break
		}
		if ofRequest(t) != "" {
			break
		}
	}
	return t
}

// wayWithin returns the path from the struct t to the first field, at any depth, for which is
// holds, or "".
func wayWithin(t reflect.Type, is func(reflect.StructField) bool) string {
	seen := map[reflect.Type]bool{}
	var within func(t reflect.Type) string
	within = func(t reflect.Type) string {
		if t.Kind() != reflect.Struct || seen[t] {
			return ""
		}
		seen[t] = true
		for f := range t.Fields() {
			switch {
			case !f.IsExported() && embedded(f) == nil:
			case f.IsExported() && is(f):
				return "." + f.Name
			case f.Tag.Get("json") == "-":
			default:
				if way := within(inLists(f.Type)); way != "" {
					return "." + f.Name + way
				}
			}
		}
		return ""
	}
	return strings.TrimPrefix(within(t), ".")
}

// nearMisses returns the faults of tags on a bound field that are almost one of ours, in words
// that follow the path of the field. The tag json:"-" allows them. The tag of a library that
// reads required, min and max allows these three.
func nearMisses(f reflect.StructField) (faults []string) {
	if f.Tag.Get("json") == "-" {
		return nil
	}
	keys, rest := keysOf(f.Tag)
	isForeign := slices.ContainsFunc(keys, takesLimits)
	for _, key := range keys {
		if meant := fold(key); meant != "" && meant != key {
			faults = append(faults, fmt.Sprintf("has the tag %s, which nothing reads: write %s", key, meant))
			continue
		}
		switch {
		case isForeign:
		case key == "min", key == "max":
			faults = append(faults, fmt.Sprintf("has the tag %s, which nothing reads: write %s", key, limitFor(key, Of(f.Type))))
		case key == "required":
			faults = append(faults, "has the tag required, which nothing reads: "+howRequired)
		}
	}
	if rest != "" {
		faults = append(faults, unreadable(rest))
	}
	return faults
}

// takesLimits reports whether key is the tag of a library that also reads required, min or max:
// libraries of configuration and of command lines, and the SDK of AWS.
func takesLimits(key string) bool {
	switch key {
	case "env", "envconfig", "split_words",
		"flag", "long", "short", "arg", "cmd", "help", "kong",
		"type", "location", "locationName", "locationNameList":
		return true
	}
	return false
}

func unreadable(rest string) string {
	return fmt.Sprintf("has a tag that cannot be read from %q on: write key:\"value\", with one space between two of them", rest)
}

// fold returns the key of ours that key was probably meant to be, or "". key differs in case or by
// one typing error, is the plural of a source, or is the name of a path value in echo and gin.
func fold(key string) string {
	switch key {
	case "param", "uri", "pth", "pah", "paht", "ptah":
		return FromPath
	case "fom", "frm":
		return FromForm
	case "bdy", "bdoy":
		return FromBody
	}
	for _, ours := range ownKeys() {
		if strings.EqualFold(key, ours) {
			return ours
		}
	}
	for _, source := range sources() {
		if strings.EqualFold(key, source+"s") {
			return source
		}
	}
	const short = 5 // shorter keys are too close to those of others, as form is to norm
	for _, ours := range ownKeys() {
		if len(ours) >= short && isSlip(strings.ToLower(key), strings.ToLower(ours)) {
			return ours
		}
	}
	return ""
}

// isSlip reports whether a and b differ by one typing error: a letter that is missing, added or
// wrong, or two neighbors in the wrong order.
func isSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	restA, restB := a[i:], b[i:]
	switch {
	case len(b)-len(a) == 1:
		return restA == restB[1:]
	case len(a) != len(b) || restA == "":
		return false
	case restA[1:] == restB[1:]:
		return true
	}
	return len(restA) > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2:] == restB[2:]
}

// limitFor returns the rule that min or max stands for on a type.
func limitFor(key string, t Type) string {
	switch t.Base.Kind() {
	case reflect.String:
		return key + "Length"
	case reflect.Slice, reflect.Array, reflect.Map:
		return key + "Items, or for its elements " + key + "imum or " + key + "Length"
	}
	return key + "imum"
}

// keysOf returns the keys of a tag in order, and the rest of the tag if it cannot be read.
func keysOf(tags reflect.StructTag) (keys []string, rest string) {
	text := strings.TrimLeft(string(tags), " ")
	for text != "" {
		key, value, ok := strings.Cut(text, ":")
		end := endOfString(value)
		if !ok || !isKey(key) || end < 0 {
			return keys, text
		}
		keys = append(keys, key)
		text = strings.TrimLeft(value[end:], " ")
	}
	return keys, ""
}

// isKey reports whether key can be the key of a tag. It refuses a leading comma or semicolon,
// which package reflect would take as a part of the key.
func isKey(key string) bool {
	return key != "" && key[0] != ',' && key[0] != ';' &&
		!strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r == '"' || r == 0x7f })
}

// endOfString returns the end of the quoted string at the start of text, or -1.
func endOfString(text string) int {
	if text == "" || text[0] != '"' {
		return -1
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// firstWord returns the part of text before its first colon, space, comma or quote.
func firstWord(text string) string {
	text = strings.TrimLeft(text, " ,;\t")
	if end := strings.IndexAny(text, ": ,\"`\t"); end >= 0 {
		return text[:end]
	}
	return text
}
