package shape

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Unchecked returns a fault for each tag of go-playground/validator, validate or binding as
// gin calls it, on what the In reads, and on a field beside that which nothing fills: nothing
// here checks it. A tag passes where the rules of
// this module say the same, and where a struct around it, be it the In, declares the method
// Validate, which may run that library. So it does with json:"-", and beside the tags of
// [takesLimits].
func (in *In) Unchecked() Faults {
	w := uncheckedWalk{seen: map[reflect.Type]bool{}}
	if in.Body != nil && len(in.Body.Index) == 0 && len(in.Body.Fields) == 0 {
		w.inside(pathOf(in.Type), in.Type, "", false)
	} else {
		w.visit(pathOf(in.Type), in.Type, "", true)
	}
	return w.faults
}

type uncheckedWalk struct {
	seen   map[reflect.Type]bool
	faults Faults
}

// inside visits the struct that is in the wraps, slices, arrays and maps of t. Owner is the
// name of the innermost type around it that can have a method.
func (w *uncheckedWalk) inside(path string, t reflect.Type, owner string, bySource bool) {
	for seen := map[reflect.Type]bool{}; !seen[t]; {
		seen[t] = true
		x := Of(t)
		if of, ok := patched(x.Base); ok {
			x = Of(of)
		}
		switch {
		case x.IsEndless || declaresValidate(x.Base):
			return
		case x.Reads == Struct:
			w.visit(path, x.Base, owner, bySource)
			return
		case x.Reads != List && x.Reads != Array && x.Reads != Map:
			return
		}
		t = x.Base.Elem()
	}
}

// declaresValidate reports whether a *t has the method, and not from a field that is
// embedded in it.
func declaresValidate(t reflect.Type) bool { return hasValidate(t) && len(validate().From(t)) == 0 }

// visit looks at the fields of the struct t: those with a source, or else the members.
func (w *uncheckedWalk) visit(path string, t reflect.Type, owner string, bySource bool) {
	if t.Kind() != reflect.Struct || w.seen[t] || declaresValidate(t) {
		return
	}
	w.seen[t] = true
	owner = cmp.Or(t.Name(), owner)
	for f := range t.Fields() {
		at := path + "." + f.Name
		d, _ := sourceOf(f)
		inner := embedded(f)
		switch {
		case f.Tag.Get("json") == "-" && (!bySource || d.source == ""), !f.IsExported() && inner == nil, Request.LeavesOut(f), isRequest(f):
		case bySource && d.source == "" && isPatch(f.Type):
			w.field(at, f, sourceTag{source: FromBody, kinds: []string{KindMergePatch}}, owner)
			w.inside(at, f.Type, owner, false)
		case bySource && d.source == "" && (isRaw(f.Type) || bindsItself(f)):
			w.field(at, f, sourceTag{source: FromValue}, owner)
		case bySource && d.source == "":
			if inner != nil {
				w.visit(at, inner, owner, true)
			} else {
				w.unbound(at, f)
			}
		default:
			w.field(at, f, d, owner)
			if !bySource || d.source == FromBody || d.json || d.deep {
				w.inside(at, f.Type, owner, d.deep)
			}
		}
	}
}

// field notes the tags of one field.
func (w *uncheckedWalk) field(path string, f reflect.StructField, d sourceTag, owner string) {
	for _, key := range validators(f) {
		r := ruleWords{tags: f.Tag, typ: Of(f.Type), isBare: !takesRules(d)}
		r.read(f.Tag.Get(key))
		if words := r.instead(f, d, cmp.Or(owner, "a type with a name")); words != "" {
			w.faults.Add(path, "has %s:%q, which tenon does not check: %s", key, f.Tag.Get(key), words)
		}
	}
}

// unbound notes the tags of a field without a source. The key binding beside no other is a
// fault of the declaration already.
func (w *uncheckedWalk) unbound(path string, f reflect.StructField) {
	if unboundWords(f, "") != "" {
		return
	}
	keys := validators(f)
	for _, key := range keys {
		w.faults.Add(path, "has %s:%q and no source, so that no request fills it: %s", key, f.Tag.Get(key), sourceFor(f, ""))
	}
	isChecked := func(f reflect.StructField) bool { return len(validators(f)) > 0 }
	if way := wayWithin(inLists(f.Type), isChecked); way != "" && len(keys) == 0 {
		w.faults.Add(path, "has no source, and no request fills its field %s, which has a validate or binding tag: %s", way, structFor(f, ""))
	}
}

// validators returns the keys of such tags of f that say something.
func validators(f reflect.StructField) []string {
	keys, _ := keysOf(f.Tag)
	if f.Tag.Get("json") == "-" || slices.ContainsFunc(keys, takesLimits) {
		return nil
	}
	return slices.DeleteFunc(keys, func(key string) bool {
		return !isValidators(key) || f.Tag.Get(key) == "" || f.Tag.Get(key) == "-"
	})
}

// isValidators reports whether key is a tag of go-playground/validator, as it calls it or gin.
func isValidators(key string) bool { return key == "validate" || key == "binding" }

// takesRules reports whether what a source fills may have rules of ours.
func takesRules(d sourceTag) bool {
	return d.source != FromValue && (d.source != FromBody || slices.Contains(d.kinds, KindJSON) || slices.Contains(d.kinds, KindText))
}

// ruleWords are the words of such a tag as rules of ours.
type ruleWords struct {
	tags reflect.StructTag
	typ  Type // that the next word is about

	isBare bool // the field takes no rules

	write      []string // tags
	others     []string // the words that are none
	isDived    bool     // the words are about the elements
	isRequired bool
	isOptional bool
	isFilled   bool // an empty string is refused
}

func (r *ruleWords) read(arg string) {
	for word := range strings.SplitSeq(arg, ",") {
		isString := r.typ.Base.Kind() == reflect.String && !r.isBare
		switch {
		case word == "":
		case word == "required" && (isString || !r.isDived):
			r.isRequired = r.isRequired || !r.isDived
			r.isFilled = r.isFilled || isString
		case word == "omitempty", word == "omitnil", word == "omitzero":
			r.isOptional = r.isOptional || !r.isDived
		case word == "dive" && r.typ.IsContainer():
			r.typ, r.isDived = r.typ.Elem(), true
		case !r.rule(word):
			r.others = append(r.others, word)
		}
	}
	isLength := func(tag string) bool { return strings.HasPrefix(tag, "minLength") }
	if r.isFilled && !slices.ContainsFunc(r.write, isLength) {
		r.add("minLength", "1")
	}
}

// add adds a tag, unless the field has it.
func (r *ruleWords) add(key, arg string) {
	if _, ok := r.tags.Lookup(key); !ok {
		r.write = append(r.write, key+":"+strconv.Quote(arg))
	}
}

// rule adds what one word stands for, and reports whether it is known.
func (r *ruleWords) rule(word string) bool {
	name, arg, _ := strings.Cut(word, "=")
	what := "" // has limits
	switch {
	case r.isBare, r.typ.Reads == Bytes:
	case r.typ.Base.Kind() == reflect.String:
		what = "Length"
	case r.typ.Reads == List, r.typ.Reads == Array:
		what = "Items"
	default:
		if v := reflect.Zero(r.typ.Base); v.CanInt() || v.CanUint() || v.CanFloat() {
			what = "imum"
		}
	}
	if what != "" && r.limit(name, arg, what) {
		return true
	}
	format := ""
	switch name {
	case "email", "hostname", "ipv4", "ipv6", "uuid":
		format = name
	case "uuid4", "uuid_rfc4122", "uuid4_rfc4122":
		format = "uuid"
	case "url", "http_url", "uri":
		format = "uri"
	case "oneof":
		values := strings.Fields(arg)
		if len(values) == 0 || strings.ContainsAny(arg, "',") || what != "Length" && what != "imum" {
			return false
		}
		r.add("enum", strings.Join(values, ","))
		return true
	case "unique":
		if what != "Items" || arg != "" {
			return false
		}
		r.add("uniqueItems", "true")
		return true
	}
	if format == "" || what != "Length" {
		return false
	}
	r.add("format", format)
	return true
}

// limit is rule for the words with a number, about what has limits.
func (r *ruleWords) limit(name, arg, what string) bool {
	n, err := strconv.Atoi(arg)
	isWhole := err == nil && n >= 0
	if !isWhole && what != "imum" || arg == "" {
		return false
	}
	switch {
	case name == "min", name == "gte":
		r.add("min"+what, arg)
	case name == "max", name == "lte":
		r.add("max"+what, arg)
	case name == "len" && what != "imum":
		r.add("min"+what, arg)
		r.add("max"+what, arg)
	case (name == "eq" || name == "len") && what == "imum":
		r.add("enum", arg)
	case name == "gt" && what == "imum":
		r.add("exclusiveMinimum", arg)
	case name == "lt" && what == "imum":
		r.add("exclusiveMaximum", arg)
	case name == "gt":
		r.add("min"+what, strconv.Itoa(n+1))
	case name == "lt" && n > 0:
		r.add("max"+what, strconv.Itoa(n-1))
	default:
		return false
	}
	return true
}

// instead says what to write instead of the tag on f, in words that end a fault. They are
// empty where the other tags of f say the same.
func (r *ruleWords) instead(f reflect.StructField, d sourceTag, owner string) string {
	option, isOptional := "the option optional", d.optional
	if d.source == "" {
		_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		option, isOptional = "omitempty", strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
	}
	_, hasDefault := f.Tag.Lookup("default")
	isWrapped := Of(f.Type).IsWrapped() || d.source != "" && Of(f.Type).IsTextList()
	var parts []string
	if len(r.write) > 0 {
		parts = append(parts, "write "+strings.Join(r.write, " "))
	}
	switch {
	case r.isRequired && (isOptional || isWrapped):
		parts = append(parts, "take away what lets it be missing, the pointer, bind.Opt or "+option)
	case r.isOptional && !r.isRequired && !isOptional && !isWrapped && !hasDefault:
		parts = append(parts, "add "+option+" where it may be missing")
	}
	switch {
	case len(parts)+len(r.others) == 0:
		return ""
	case len(r.others) > 0:
		parts = append(parts, "check "+strings.Join(r.others, ", ")+" in a method Validate() error of "+owner)
	default:
		parts = append(parts, "or run the validator in a method Validate() error of "+owner)
	}
	return strings.Join(parts, ", ")
}
