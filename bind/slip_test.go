package bind_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

var slipCases = []struct {
	f    func()
	want string // "" for none
}{
	{func() {
		bind.For[struct {
			ID int `param:"id"`
			Q  int `query:"q"`
		}]()
	}, "ID has the tag param, which nothing reads: write path"},
	{func() {
		bind.For[struct {
			ID int `uri:"id"`
			Q  int `query:"q"`
		}]()
	}, "ID has the tag uri, which nothing reads: write path"},
	{func() {
		bind.For[struct {
			Dry   bool   `param:"dry"`
			Title string `json:"title"`
		}]()
	}, "Dry has the tag param, which nothing reads: write path"},
	{func() {
		bind.For[struct {
			F string `binding:"required"`
			Q int    `query:"q"`
		}]()
	}, "F has the tag binding and no source"},
	{func() {
		bind.For[struct {
			F string `binding:"required" env:"F"`
			Q int    `query:"q"`
		}]()
	}, ""},
	{func() {
		bind.For[struct {
			Body struct {
				Token string `header:"X-Admin"`
			} `body:"json"`
		}]()
	}, `Body.Token has header:"X-Admin", which no member of a body takes: move the field out of the body, or add a json tag if the member is meant`},
	{func() {
		bind.For[struct {
			Body struct {
				Token string `header:"X-Admin" json:"token"`
			} `body:"json"`
		}]()
	}, ""},
	{func() {
		bind.For[struct {
			F int `qeury:"q"`
			Q int `query:"q"`
		}]()
	}, "F has the tag qeury, which nothing reads: write query"},
	{func() {
		bind.For[struct {
			Q int `query:"q" defauult:"20"`
		}]()
	}, "Q has the tag defauult, which nothing reads: write default"},
	{func() {
		bind.For[struct {
			Q string `query:"q" maxlenght:"20"`
		}]()
	}, "Q has the tag maxlenght, which nothing reads: write maxLength"},
	{func() {
		bind.For[struct {
			Q string `json:"q" maxLenght:"20"`
		}]()
	}, "Q has the tag maxLenght, which nothing reads: write maxLength"},
	{func() {
		bind.For[struct {
			Q int `json:"q" minimun:"20"`
		}]()
	}, "write minimum"},
	{func() {
		bind.For[struct {
			Q int `json:"q" maximu:"20"`
		}]()
	}, "write maximum"},
	{func() {
		bind.For[struct {
			Q string `json:"q" patern:"a" yaml:"q" db:"q" xml:"q" norm:"q" from:"q" title:"q" bson:"q" gorm:"q" mapstructure:"q"`
		}]()
	}, "has the tag patern, which nothing reads: write pattern"},
}

// A key that is nearly one of ours, or the word of another framework for one, is read by
// nobody: the fault says what to write.
func TestFor_slips(t *testing.T) {
	t.Parallel()
	for _, tc := range slipCases {
		fault := panicOf(tc.f)
		if tc.want == "" {
			assert.Equal(t, "nothing", fault)
			continue
		}
		assert.Contains(t, fault, tc.want)
	}
}
