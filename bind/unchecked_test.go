package bind_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

// The tags of go-playground/validator, and what to write instead.
func TestForType_unchecked(t *testing.T) {
	t.Parallel()
	const (
		orRun    = "or run the validator in a method Validate() error of a type with a name"
		takeAway = "take away what lets it be missing, the pointer, bind.Opt or "
	)
	check := func(words string) string {
		return "check " + words + " in a method Validate() error of a type with a name"
	}
	var (
		text    = reflect.TypeFor[string]()
		integer = reflect.TypeFor[int]()
		float   = reflect.TypeFor[*float64]()
		list    = reflect.TypeFor[[]string]()
	)
	for _, tc := range []struct {
		typ       reflect.Type
		tag, want string
	}{
		{text, `json:"v" binding:"required"`, `write minLength:"1", ` + orRun},
		{text, `json:"v" binding:"required,max=3"`, `write maxLength:"3" minLength:"1", ` + orRun},
		{text, `json:"v" validate:"required,min=2,lte=3,email"`, `write minLength:"2" maxLength:"3" format:"email", ` + orRun},
		{text, `json:"v" validate:"gt=2,lt=9"`, `write minLength:"3" maxLength:"8", ` + orRun},
		{text, `json:"v" validate:"len=4"`, `write minLength:"4" maxLength:"4", ` + orRun},
		{text, `json:"v" validate:"uuid4"`, `write format:"uuid", ` + orRun},
		{text, `json:"v" validate:"http_url"`, `write format:"uri", ` + orRun},
		{text, `json:"v" validate:"oneof=red green"`, `write enum:"red,green", ` + orRun},
		{text, `json:"v" validate:"oneof='dark red' green"`, check("oneof='dark red' green")},
		{text, `json:"v" validate:"credit_card,eqfield=W"`, check("credit_card, eqfield=W")},
		{text, `json:"v" validate:"required,rgb|rgba"`, `write minLength:"1", ` + check("rgb|rgba")},
		{text, `json:"v" minLength:"1" maxLength:"5" validate:"required,max=5"`, ""},
		{text, `json:"v,omitempty" validate:"omitempty,email"`, `write format:"email", ` + orRun},
		{text, `json:"v" validate:"omitempty,email"`, `write format:"email", add omitempty where it may be missing, ` + orRun},
		{text, `json:"v,omitempty" validate:"required"`, `write minLength:"1", ` + takeAway + "omitempty, " + orRun},
		{integer, `json:"v" binding:"required"`, ""},
		{integer, `json:"v" binding:"gte=-1,max=9"`, `write minimum:"-1" maximum:"9", ` + orRun},
		{integer, `json:"v" binding:"oneof=1 2"`, `write enum:"1,2", ` + orRun},
		{integer, `json:"v" binding:"email"`, check("email")},
		{float, `json:"v" binding:"gt=0,lt=1.5"`, `write exclusiveMinimum:"0" exclusiveMaximum:"1.5", ` + orRun},
		{float, `json:"v" binding:"required"`, takeAway + "omitempty, " + orRun},
		{list, `json:"v" validate:"min=1,max=9,unique,dive,required,max=20"`, `write minItems:"1" maxItems:"9" uniqueItems:"true" maxLength:"20" minLength:"1", ` + orRun},
		{reflect.TypeFor[map[string]int](), `json:"v" validate:"min=1,dive,gt=3"`, `write exclusiveMinimum:"3", ` + check("min=1")},
		{reflect.TypeFor[time.Time](), `json:"v" validate:"min=1"`, check("min=1")},
		{text, `query:"v" validate:"required,email"`, `write format:"email" minLength:"1", ` + orRun},
		{text, `header:"V,optional" validate:"required"`, `write minLength:"1", ` + takeAway + "the option optional, " + orRun},
		{text, `cookie:"v" validate:"omitempty,uuid"`, `write format:"uuid", add the option optional where it may be missing, ` + orRun},
		{list, `query:"v" validate:"omitempty,max=3"`, `write maxItems:"3", ` + orRun},
		{integer, `form:"v" default:"3" binding:"omitempty,max=4"`, `write maximum:"4", ` + orRun},
		{reflect.TypeFor[[]byte](), `json:"v" validate:"required,max=3"`, check("max=3")},
		{reflect.TypeFor[[]byte](), `body:"bytes" validate:"max=3"`, check("max=3")},
		{text, `body:"text" validate:"required,max=3"`, `write maxLength:"3" minLength:"1", ` + orRun},
		{reflect.TypeFor[[]*string](), `json:"v" validate:"dive,uuid"`, `write format:"uuid", ` + orRun},
		{text, `json:"v" validate:"-"`, ""},
		{text, `json:"v" binding:""`, ""},
		{text, `query:"v" json:"-" validate:"required"`, ""},
		{text, `json:"-" validate:"required"`, ""},
		{text, `json:"v" env:"V" validate:"required"`, ""},
		{text, `json:"v" readOnly:"true" validate:"required"`, ""},
	} {
		in := reflect.StructOf([]reflect.StructField{{Name: "V", Type: tc.typ, Tag: reflect.StructTag(tc.tag)}})
		if strings.Contains(tc.tag, `query:"v" json:"-"`) || tc.want == "" && strings.Contains(tc.tag, `json:"v"`) || strings.HasPrefix(tc.tag, `json:"-"`) {
			assert.NotPanics(t, func() { bind.ForType(in) }, tc.tag)
			continue
		}
		key := "validate:"
		if strings.Contains(tc.tag, "binding:") {
			key = "binding:"
		}
		tag := tc.tag[strings.Index(tc.tag, key):]
		assert.PanicsWithValue(t, "bind: "+in.String()+" cannot be bound:\n\tstruct.V has "+tag+", which tenon does not check: "+tc.want,
			func() { bind.ForType(in) }, tc.tag)
	}
}

type (
	uncheckedNote struct {
		Title string `json:"title" validate:"max=3"`
	}
	libraryIn struct {
		ID   int `path:"id" binding:"max=3"`
		Body struct {
			Notes map[string][]uncheckedNote `json:"notes"`
			uncheckedEmbedded
			Trusted trustedNote `json:"trusted"`
			Tree    *uncheckedTree
		} `body:"json"`
		Filter struct {
			A string `query:"a" validate:"max=3"`
		} `query:"filter,deep"`
		Left string `validate:"max=3"`
		uncheckedPage
	}
	uncheckedEmbedded struct {
		W string `json:"w" binding:"max=3"`
	}
	uncheckedPage struct {
		Page int `query:"page" binding:"max=3"`
	}
	uncheckedTree struct {
		Next *uncheckedTree `json:"next" validate:"structonly"`
	}
	uncheckedPatch struct {
		Patch bind.MergePatch[uncheckedNote]
	}
	uncheckedForm struct {
		Form struct {
			A string        `form:"a" validate:"max=3"`
			N uncheckedNote `form:"n,json"`
		} `body:"form"`
	}
	trustedNote struct {
		uncheckedNote
		Inner []uncheckedNote `json:"inner"`
	}
	trustedIn struct {
		ID   int             `path:"id" binding:"max=3"`
		Body []uncheckedNote `body:"json"`
	}
	trustedNotes []uncheckedNote
	// The method of the embedded struct does not know of what is around it.
	promotedIn struct {
		trustedPage
		Word string `query:"word" validate:"max=3"`
	}
	trustedPage struct {
		Page int `query:"page" binding:"max=3"`
	}
)

type (
	uncheckedLeft struct {
		ID      int           `path:"id"`
		Request *http.Request `validate:"required"`
		Self    selfChecked   `binding:"eq=3"`
		Patch   *bind.MergePatch[struct {
			A int `json:"a"`
		}] `validate:"required"`
		Left  *int `validate:"omitempty"`
		Meant int  `json:"-" validate:"max=3"`
		From  int  `env:"FROM" validate:"max=3"`
		plain int  `validate:"max=3"` //nolint:unused // fields that are not exported are not looked at
		Group []struct {
			Word string `validate:"max=3"`
		}
	}
	selfChecked struct{ n int } //nolint:unused // it is only declared
)

func (*selfChecked) UnmarshalRequest(*http.Request) error { return nil }

func (*trustedNote) Validate() error { return nil }

func (trustedIn) Validate() error { return nil }

func (trustedNotes) Validate() error { return nil }

func (trustedPage) Validate() error { return nil }

func TestFor_unchecked(t *testing.T) {
	t.Parallel()
	unchecked := func(path, tag, write, owner string) string {
		return path + " has " + tag + ", which tenon does not check: write " + write + ", or run the validator in a method Validate() error of " + owner
	}
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.libraryIn cannot be bound:",
		unchecked("libraryIn.ID", `binding:"max=3"`, `maximum:"3"`, "libraryIn"),
		unchecked("libraryIn.Body.Notes.Title", `validate:"max=3"`, `maxLength:"3"`, "uncheckedNote"),
		unchecked("libraryIn.Body.uncheckedEmbedded.W", `binding:"max=3"`, `maxLength:"3"`, "uncheckedEmbedded"),
		`libraryIn.Body.Tree.Next has validate:"structonly", which tenon does not check: check structonly in a method Validate() error of uncheckedTree`,
		unchecked("libraryIn.Filter.A", `validate:"max=3"`, `maxLength:"3"`, "libraryIn"),
		`libraryIn.Left has validate:"max=3" and no source, so that no request fills it: give it one, such as query:"left", or write json:"-"`,
		unchecked("libraryIn.uncheckedPage.Page", `binding:"max=3"`, `maximum:"3"`, "uncheckedPage"),
	}, "\n\t"), declared[libraryIn]())
	assert.Equal(t, "bind: bind_test.uncheckedPatch cannot be bound:\n\t"+
		unchecked("uncheckedPatch.Patch.Title", `validate:"max=3"`, `maxLength:"3"`, "uncheckedNote"), declared[uncheckedPatch]())
	assert.Equal(t, "bind: bind_test.uncheckedForm cannot be bound:\n\t"+
		unchecked("uncheckedForm.Form.A", `validate:"max=3"`, `maxLength:"3"`, "uncheckedForm")+"\n\t"+
		unchecked("uncheckedForm.Form.N.Title", `validate:"max=3"`, `maxLength:"3"`, "uncheckedNote"), declared[uncheckedForm]())
	assert.Equal(t, "bind: bind_test.promotedIn cannot be bound:\n\t"+
		unchecked("promotedIn.Word", `validate:"max=3"`, `maxLength:"3"`, "promotedIn"), declared[promotedIn]())
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.uncheckedLeft cannot be bound:",
		`uncheckedLeft.Self has binding:"eq=3", which tenon does not check: check eq=3 in a method Validate() error of uncheckedLeft`,
		`uncheckedLeft.Patch has validate:"required", which tenon does not check: take away what lets it be missing, the pointer, bind.Opt or the option optional, or run the validator in a method Validate() error of uncheckedLeft`,
		`uncheckedLeft.Left has validate:"omitempty" and no source, so that no request fills it: give it one, such as query:"left", or write json:"-"`,
		`uncheckedLeft.Group has no source, and no request fills its field Word, which has a validate or binding tag: write body:"json", or value:"group" for what the option bind.Value returns, or json:"-"`,
	}, "\n\t"), declared[uncheckedLeft]())
	assert.Empty(t, declared[trustedNote]())
	assert.Empty(t, declared[trustedIn]())
	assert.Empty(t, declared[trustedNotes]())
}

// Who only checks a value, or has a function that checks the whole, has chosen.
func TestFor_uncheckedByFunc(t *testing.T) {
	t.Parallel()
	binder := bind.For[uncheckedNote](bind.ValidateFunc(func(*uncheckedNote) error { return nil }))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(`{"title":"long"}`))
	r.Header.Set("Content-Type", "application/json")
	note, err := binder.Bind(r)
	assert.Equal(t, uncheckedNote{Title: "long"}, note)
	assert.NoError(t, err)
	assert.NoError(t, bind.Valid(uncheckedNote{Title: "long"}))
}
