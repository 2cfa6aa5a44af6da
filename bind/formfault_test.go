package bind_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

// The declarations of a body that have faults.
type (
	formFaultTagless struct {
		X struct{ C chan int } `body:"form"`
	}
	formFaultNested struct {
		X struct{ In struct{ A int } } `body:"json,form"`
	}
	formFaultOther struct {
		X struct {
			A int `query:"a"`
		} `body:"form"`
	}
	formFaultEmpty struct {
		X struct{} `body:"form"`
	}
	formFaultScalar struct {
		X int `body:"form"`
	}
	formFaultTyped struct {
		X struct{ A int } `body:"form" contentType:"text/plain"`
	}
	formFaultOption struct {
		X struct {
			A string `form:"a,deep"`
		} `body:"form"`
	}
	formFaultEmbedding struct {
		X struct{ *FormInner } `body:"form"`
	}
	formFaultInQuery struct {
		F bind.File `query:"f"`
	}
	formFaultInJSON struct {
		X struct{ F bind.File } `body:"json"`
	}
	formFaultAsBody struct {
		F bind.File `body:"bytes"`
	}
	formFaultKeywords struct {
		F bind.File `contentMediaType:"image" default:"x" form:"f,csv" maxLength:"3" maxSize:"-1" minItems:"1"`
	}
	formFaultUnique struct {
		F []bind.File `form:"f" uniqueItems:"true"`
	}
	formFaultTwice struct {
		A string    `form:"f"`
		F bind.File `form:"f"`
	}
	formFaultPointers struct {
		F []*bind.File `form:"f"`
	}
	formFaultBoth struct {
		A string     `form:"a"`
		P bind.Parts `body:"multipart"`
	}
	formFaultNotParts struct {
		P []bind.Part `body:"multipart"`
	}
	formFaultNotText struct {
		T int `body:"text"`
	}
	formFaultNotBytes struct {
		T string `body:"bytes"`
	}
	formFaultNotStream struct {
		T io.Writer `body:"stream"`
	}
	formFaultWords struct {
		T string `body:"text" default:"x" maxItems:"3"`
	}
	formFaultWordsOfBytes struct {
		T []byte `body:"bytes" maxLength:"3"`
	}
	formFaultUnreachable struct {
		T string `body:"text,json"`
	}
)

var formFaults = []struct {
	declare func() any
	want    []string
}{
	{func() any { return bind.For[formFaultTagless]() }, []string{"X.C has type chan int, which cannot be read from text"}},
	{func() any { return bind.For[formFaultNested]() }, []string{"X.In has type struct"}},
	{func() any { return bind.For[formFaultOther]() }, []string{"X.A has a query tag, but the fields of a body"}},
	{func() any { return bind.For[formFaultEmpty]() }, []string{"X is a form without fields: give them form tags"}},
	{func() any { return bind.For[formFaultScalar]() }, []string{"X is a form of type int, which is not a struct"}},
	{func() any { return bind.For[formFaultTyped]() }, []string{"X has a contentType tag"}},
	{func() any { return bind.For[formFaultOption]() }, []string{`X.A has an unknown form option "deep"`}},
	{func() any { return bind.For[formFaultEmbedding]() }, []string{"is in an embedded pointer: embed the struct itself"}},
	{func() any { return bind.For[formFaultInQuery]() }, []string{"F has type bind.File"}},
	{func() any { return bind.For[formFaultInJSON]() }, []string{"X.F is a bind.File"}},
	{func() any { return bind.For[formFaultAsBody]() }, []string{"F is a body of bytes of type bind.File"}},
	{func() any { return bind.For[formFaultKeywords]() }, []string{
		`contentMediaType:"image": it needs media types`, `default:"x", which does not apply to a file: use the option optional`, "option csv",
		`maxLength:"3", which does not apply to a file: use maxSize`, `maxSize:"-1": it must be`, `minItems:"1", which does not apply to type bind.File: use a slice`,
	}},
	{func() any { return bind.For[formFaultUnique]() }, []string{`uniqueItems:"true"`}},
	{func() any { return bind.For[formFaultTwice]() }, []string{`F reads form "f", which another field reads`}},
	{func() any { return bind.For[formFaultPointers]() }, []string{"F has type bind.File"}},
	{func() any { return bind.For[formFaultBoth]() }, []string{"P is the body, but form fields read the body too: remove one of the two"}},
	{func() any { return bind.For[formFaultNotParts]() }, []string{"P is a multipart body of type []bind.Part"}},
	{func() any { return bind.For[formFaultNotText]() }, []string{"T is a text body of type int"}},
	{func() any { return bind.For[formFaultNotBytes]() }, []string{"T is a body of bytes of type string"}},
	{func() any { return bind.For[formFaultNotStream]() }, []string{"T is a stream of type io.Writer"}},
	{func() any { return bind.For[formFaultWords]() }, []string{`default:"x", which does not apply to a body: use a pointer`, `maxItems:"3", which does not apply to type string: use maxLength`}},
	{func() any { return bind.For[formFaultWordsOfBytes]() }, []string{`maxLength:"3", which does not apply to a body of the kind bytes: use the option bind.MaxBody`}},
	{func() any { return bind.For[formFaultUnreachable]() }, []string{"T has the body kind json after text"}},
}

func TestForm_declaration(t *testing.T) {
	for _, tc := range formFaults {
		func() {
			defer func() {
				text := fmt.Sprint(recover())
				assert.True(t, strings.HasPrefix(text, "bind: "), text)
				for _, want := range tc.want {
					assert.Contains(t, text, want)
				}
				assert.Equal(t, len(tc.want), strings.Count(text, "\n\t"), text)
			}()
			tc.declare()
		}()
	}
}
