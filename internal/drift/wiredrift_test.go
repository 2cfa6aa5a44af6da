package drift_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A field is a parameter of a document, or a property of a form.
type field struct {
	In, Name string
	Required bool
	Explode  *bool
	Schema   wireSchema
	types    string          // that its files may have
	reads    map[string]bool // names of types that are a string in the document alone: an empty text is no value of them
}

func (f field) place() string    { return f.In + " " + f.Name }
func (f field) has(p pair) bool  { return p.in == f.In && p.name == f.Name }
func (f field) csv() bool        { return f.Explode != nil && !*f.Explode }
func (f field) isFile() bool     { return f.element().Format == "binary" }
func (s *wireSchema) list() bool { return s.Type == "array" }

func (f field) isBool() bool {
	isBool := f.element().Type == "boolean" || bytes.Contains(f.Schema.AdditionalProperties, []byte(`"boolean"`))
	for _, x := range f.Schema.Properties {
		isBool = isBool || x.element().Type == "boolean"
	}
	return isBool
}

func (f field) element() *wireSchema { return f.Schema.element() }

// element returns the schema of one value of a parameter.
func (s *wireSchema) element() *wireSchema {
	if s.list() {
		return s.Items
	}
	return s
}

// described reads of the document of w which fields there are, and returns with
// them the schema of an object that has the parameters by their place, and the
// form.
func (w wire) described(t *testing.T) ([]field, *kittest.Schema) {
	t.Helper()
	text := document(t, tenon.Routes{w.route})
	var parsed struct {
		Paths map[string]map[string]struct {
			Parameters  []field
			RequestBody struct{ Content map[string]formContent }
		}
	}
	require.NoError(t, json.Unmarshal(text, &parsed))
	operation := parsed.Paths[w.route.Pattern]["post"]
	fields, pointer := operation.Parameters, "#/paths/"+strings.ReplaceAll(url.PathEscape(w.route.Pattern), "%2F", "~1")+"/post"
	properties, required := map[string]any{}, []string{}
	for i, f := range fields {
		properties[f.place()] = map[string]any{"$ref": pointer + "/parameters/" + strconv.Itoa(i) + "/schema"}
		if f.Required {
			required = append(required, f.place())
		}
	}
	if w.media != "" {
		fields = append(fields, operation.RequestBody.Content[w.media].fields()...)
		media := strings.ReplaceAll(w.media, "/", "~1")
		properties["form"] = map[string]any{"$ref": pointer + "/requestBody/content/" + media + "/schema"}
		required = append(required, "form")
	}
	for i := range fields {
		fields[i].reads = w.reads
	}
	whole, err := json.Marshal(map[string]any{"type": "object", "properties": properties, "required": required})
	require.NoError(t, err)
	x, err := kittest.SchemaIn(text, whole)
	require.NoError(t, err)
	return fields, x
}

// A formContent is a form in one of its encodings.
type formContent struct {
	Schema   wireSchema
	Encoding map[string]struct {
		ContentType string
		Explode     *bool
	}
}

// fields returns the properties of a form.
func (c formContent) fields() []field {
	var fields []field
	for name, x := range c.Schema.Properties {
		e := c.Encoding[name]
		fields = append(fields, field{
			In: "form", Name: name, Required: slices.Contains(c.Schema.Required, name), Schema: *x, Explode: e.Explode, types: e.ContentType,
		})
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// value returns what the pairs of f stand for; none where nothing was sent. An
// empty text is a value of strings alone.
func (f field) value(pairs []pair) (value any, ok bool, err error) {
	var texts []string
	object := map[string]any{}
	for _, p := range pairs {
		switch {
		case !f.has(p):
		case f.Schema.Type == "object":
			f.member(object, p)
		case f.In == "header" && f.Schema.list(), f.csv():
			texts = append(texts, strings.Split(p.text, ",")...)
		case f.isFile():
			texts = append(texts, latin1(p.text))
			if !f.takes(p.media) && (f.Schema.list() || len(texts) == 1) {
				err = errors.New("a media type that encoding does not have")
			}
		default:
			texts = append(texts, p.text)
		}
	}
	if f.Schema.Type == "object" {
		return object, len(object) > 0, nil
	}
	if f.In == "header" && f.Schema.list() {
		texts = slices.DeleteFunc(texts, isEmpty) // RFC 9110, section 5.6.1
	}
	value, ok = f.Schema.value(texts, !f.reads[f.Name])
	return value, ok, err
}

// latin1 returns a text with a character for each byte of the file: that is how
// the length of one is counted.
func latin1(file string) string {
	runes := make([]rune, len(file))
	for i := range len(file) {
		runes[i] = rune(file[i])
	}
	return string(runes)
}

// takes reports whether a file of the media type fits the form. The type of bytes
// stands for any.
func (f field) takes(media string) bool {
	media, _, _ = mime.ParseMediaType(media) // none for none
	for pattern := range strings.SplitSeq(f.types, ", ") {
		if ok, _ := path.Match(pattern, media); ok || pattern == "application/octet-stream" {
			return true
		}
	}
	return false
}

// member adds what p stands for to the value of a deep object.
func (f field) member(object map[string]any, p pair) {
	s := &f.Schema
	x := s.Properties[p.key]
	if x == nil {
		x = &wireSchema{Type: "string"}
		if bytes.HasPrefix(s.AdditionalProperties, []byte("{")) {
			_ = json.Unmarshal(s.AdditionalProperties, x) // it was read before
		}
	}
	value, ok := x.value([]string{p.text}, !f.reads[f.Name] && !f.reads[p.full()])
	known, isKnown := object[p.key]
	switch {
	case ok && !isKnown:
		object[p.key] = value
	case ok && x.list():
		object[p.key] = append(known.([]any), value.([]any)...)
	}
}

func isEmpty(text string) bool { return text == "" }

// value returns what texts stand for.
func (s *wireSchema) value(texts []string, keepsEmpty bool) (any, bool) {
	element := s
	if s.list() {
		element = s.Items
	}
	if element.Type != "string" || !keepsEmpty {
		texts = slices.DeleteFunc(texts, isEmpty)
	}
	if len(texts) == 0 {
		return nil, false
	}
	if !s.list() {
		return s.scalar(texts[0]), true
	}
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = element.scalar(text)
	}
	return list, true
}

var digits = regexp.MustCompile(`^-?[0-9]+$`)

// scalar returns the value of JSON that text is, or the text where it is none of
// the type.
func (s *wireSchema) scalar(text string) any {
	isNumber := json.Valid([]byte(text)) && strings.Trim(text, "-0123456789.eE+") == ""
	switch {
	case s.Type == "boolean" && (text == "true" || text == "false"):
		return text == "true"
	case s.Type == "integer" && digits.MatchString(text), s.Type == "number" && isNumber:
		return json.Number(text)
	}
	return text
}

// object returns what pairs stand for as a whole.
func object(w wire, fields []field, pairs []pair) (map[string]any, error) {
	all, form := map[string]any{}, map[string]any{}
	if w.media != "" {
		all["form"] = form
	}
	var failure error
	for _, f := range fields {
		value, ok, err := f.value(pairs)
		switch {
		case ok && f.In == "form":
			form[f.Name] = value
		case ok:
			all[f.place()] = value
		}
		failure = errors.Join(failure, err)
	}
	for _, p := range pairs {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.has(p) }) {
			form[p.name] = p.text
		}
	}
	return all, failure
}

// What the document says of parameters and forms is what bind accepts of them.
func TestDrift_wire(t *testing.T) {
	t.Parallel()
	for _, w := range wires() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			fields, x := w.described(t)
			seed, r := w.seed, rand.New(rand.NewPCG(5, 6))
			accepted, refused := map[string]int{}, map[string]int{}
			unseen := func(f field) bool { return accepted[f.place()] == 0 || refused[f.place()] == 0 }
			for n := range 100 * len(fields) {
				if n >= kittest.Rounds(100*len(fields)) && !slices.ContainsFunc(fields, unseen) {
					break
				}
				pairs, touched := drawn(r, fields, seed)
				whole, err := object(w, fields, pairs)
				if err == nil {
					text, fault := json.Marshal(whole)
					require.NoError(t, fault)
					err = x.Check(text)
				}
				status, found := w.status(t, fields, pairs), refused
				if status == http.StatusNoContent {
					found = accepted
					require.NoError(t, err, "bind takes %v", pairs)
				} else {
					require.Equal(t, http.StatusBadRequest, status)
					require.Error(t, err, "bind refuses %v", pairs)
				}
				if len(touched) < 2 {
					found[strings.Join(touched, "")]++
				}
			}
			require.Positive(t, accepted[""])
			for _, f := range fields {
				require.Positive(t, accepted[f.place()], f.place())
				require.Positive(t, refused[f.place()], f.place())
			}
		})
	}
}
