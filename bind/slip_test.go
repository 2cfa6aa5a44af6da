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
	{func() {
		bind.For[struct {
			ID int `pth:"id"`
			Q  int `query:"q"`
		}]()
	}, `ID has the tag pth, which nothing reads: write path`},
	{func() {
		bind.For[struct {
			F string `fom:"x"`
			Q int    `query:"q"`
		}]()
	}, `F has the tag fom, which nothing reads: write form`},
	{func() {
		bind.For[struct {
			B struct{ A int } `bdy:"json"`
			Q int             `query:"q"`
		}]()
	}, `B has the tag bdy, which nothing reads: write body`},
	{func() {
		bind.For[struct {
			P int `qery:"page"`
			Q int `query:"q"`
		}]()
	}, `P has the tag qery, which nothing reads: write query`},
	{func() {
		bind.For[struct {
			S string `schema:"x"`
			Q int    `query:"q"`
		}]()
	}, `S has the tag schema and no source, so that no request fills it: give it one, such as query:"s"`},
	{func() {
		bind.For[struct {
			S string `in:"query=x"`
			Q int    `query:"q"`
		}]()
	}, `S has the tag in and no source, so that no request fills it: give it one, such as query:"s"`},
	{func() {
		bind.For[struct {
			ID   int `pth:"id"`
			Name string
		}]()
	}, "ID has the tag pth, which nothing reads: write path"},
	{func() {
		bind.For[struct {
			G int `path:"g" schema:"g" in:"path=g" fom:"g" json:"g"`
		}]()
	}, "has the tag fom, which nothing reads: write form"},
	{func() {
		bind.For[struct {
			A string `schema:"a" json:"-"`
			B string `schema:"b" gorm:"b"`
			C string `schema:"-"`
			D string `in:"x"`
			E string `yaml:"e" db:"e" xml:"e" bson:"e" mapstructure:"e"`
			F string `orm:"f" from:"f" norm:"f" pat:"f" bod:"f"`
			G int    `path:"g" schema:"g" in:"path=g" json:"g"`
			slipBase
		}]()
	}, ""},
}

// slipBase has tags of others alone.
type slipBase struct {
	Key uint `gorm:"primarykey" db:"key"`
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
