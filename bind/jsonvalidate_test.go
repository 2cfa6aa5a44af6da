package bind_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// A jsonRange is valid if From is not after To.
type jsonRange struct {
	From  int         `json:"from" minimum:"0"`
	To    int         `json:"to"`
	Parts []jsonRange `json:"parts,omitempty"`
}

func (r jsonRange) Validate() error {
	if r.From > r.To {
		return errors.New("from must not be after to")
	}
	return nil
}

// A jsonPair names the field that is wrong, by a pointer receiver.
type jsonPair struct {
	A int `json:"a"`
	B int `json:"b"`
}

func (p *jsonPair) Validate() error {
	if p.A == p.B {
		return &bind.Error{Fields: []respond.FieldError{
			{In: "body", Pointer: "#/b", Code: "equal", Detail: "must differ from a"},
			{Code: "pair", Detail: "is no pair"},
		}}
	}
	return nil
}

type jsonValid struct {
	Range  *jsonRange              `json:"range"`
	Pairs  map[string]jsonPair     `json:"pairs,omitempty"`
	Opt    bind.Opt[jsonPair]      `json:"opt"`
	Fixed  [2]*jsonPair            `json:"fixed,omitzero"`
	Deeper []struct{ R jsonRange } `json:"deeper,omitempty"`
	Rest   map[string]jsonRange    `json:",embed"`
	Plain  []int                   `json:"plain,omitempty"`
}

func TestJSONValidate(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"valid":     {`{"range":{"from":1,"to":2},"opt":{"a":1,"b":2},"plain":[1]}`, nil},
		"absent":    {`{}`, nil},
		"null":      {`{"range":null,"opt":null,"fixed":[null,null]}`, nil},
		"a pointer": {`{"range":{"from":2,"to":1}}`, []string{"#/range invalid: from must not be after to"}},
		"fields": {`{"opt":{"a":1,"b":1},"fixed":[{"a":1,"b":2},{"a":3,"b":3}],"pairs":{"y":{"a":1,"b":1},"x/":{"a":1,"b":1}}}`, []string{
			"#/opt/b equal: must differ from a", "#/opt pair: is no pair",
			"#/fixed/1/b equal: must differ from a", "#/fixed/1 pair: is no pair",
			"#/pairs/y/b equal: must differ from a", "#/pairs/y pair: is no pair",
			"#/pairs/x~1/b equal: must differ from a", "#/pairs/x~1 pair: is no pair",
		}},
		"the inner ones first, and then not the outer": {`{"range":{"from":3,"to":2,"parts":[{"from":1,"to":1},{"from":2,"to":1}]}}`, []string{
			"#/range/parts/1 invalid: from must not be after to",
		}},
		"in a struct without a method": {`{"deeper":[{"R":{"from":1,"to":1}},{"R":{"from":1,"to":0}}]}`, []string{
			"#/deeper/1/R invalid: from must not be after to",
		}},
		"in an embedded map":        {`{"more":{"from":2,"to":1}}`, []string{"#/more invalid: from must not be after to"}},
		"only where all else holds": {`{"range":{"from":2,"to":1},"plain":["x"]}`, []string{"#/plain/0 type: must be an integer"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, bodyErrors[jsonValid](t, test.body))
		})
	}
}

// A jsonOuter overrides the method of a field that is not exported.
type jsonOuter struct {
	jsonRange `json:"range"`
}

func (jsonOuter) Validate() error { return errors.New("the outer one") }

func TestJSONValidate_notExported(t *testing.T) {
	assert.Equal(t, []string{"#/0 invalid: the outer one"}, bodyErrors[[]jsonOuter](t, `[{"range":{"from":2,"to":1}}]`))
}

func TestJSONValidate_limit(t *testing.T) {
	body := "[" + strings.Repeat(`{"from":2,"to":1},`, 40) + `{"from":1,"to":2}]`
	_, err := bind.For[[]jsonRange]().Bind(jsonRequest(body))
	var refused *bind.Error
	require.ErrorAs(t, err, &refused)
	assert.Len(t, refused.Fields, 32)
}
