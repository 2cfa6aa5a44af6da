package bind_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// BoundText reads itself from text.
type BoundText struct{ hexText }

// An In that embeds a type which reads itself has its own tags read.
func TestFor_embeddedText(t *testing.T) {
	t.Parallel()
	type byTime struct {
		time.Time
		ID int `path:"id"`
	}
	type byText struct {
		BoundText
		N int `query:"n"`
	}
	type byPointer struct {
		*time.Time
		N int `query:"n"`
	}
	type group struct {
		time.Time
		A int `query:"a"`
	}
	type deep struct {
		Group group `query:"g,deep"`
	}
	type form struct {
		Body struct {
			time.Time
			A int `form:"a"`
		} `body:"form"`
	}
	r := queryRequest("n=3&g[a]=4")
	r.SetPathValue("id", "7")
	one, err := bind.For[byTime]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 7, one.ID)
	two, err := bind.For[byText]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 3, two.N)
	three, err := bind.For[byPointer]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 3, three.N)
	four, err := bind.For[deep]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 4, four.Group.A)
	_, err = bind.For[byText]().Bind(queryRequest(""))
	require.EqualError(t, err, `bind: query "n": is required`)
	got := answers(func(in form) string { return string(rune('0' + in.Body.A)) })
	assert.Equal(t, "5", formAnswer(t, got, "a=5"))

	// Without a source it is still the JSON that the type reads.
	in, err := bind.For[struct{ time.Time }]().Bind(jsonRequest(`"2006-01-02T15:04:05Z"`))
	require.NoError(t, err)
	assert.Equal(t, 2006, in.Year())
}

type (
	hidingBase struct {
		ID    int        `path:"id" minimum:"100"`
		Page  int        `query:"page"`
		Trace string     `header:"x-trace"`
		Token string     `cookie:"token"`
		F     hidingDeep `query:"f,deep"`
		Other int        `query:"other,optional"`
	}
	hidingDeep struct {
		A int `query:"a"`
		hidingDeeper
	}
	hidingDeeper struct {
		A string `query:"a" minLength:"9"`
		B int    `query:"b,optional"`
	}
	hidingTwin struct {
		Page int `query:"page"`
	}
	// An outer field hides those of its name in embedded structs.
	hiding struct {
		hidingBase
		hidingTwin
		Number int      `path:"id"`
		Page   string   `query:"page,optional"`
		Trace  []string `header:"X-Trace"`
		Token  *string  `cookie:"token"`
		F      struct {
			C int `query:"c,optional"`
		} `query:"f,deep"`
	}
	hidingForm struct {
		Body struct {
			HidingForm
			A string `form:"a,optional"`
		} `body:"form"`
	}
	HidingForm struct {
		A int `form:"a"`
		B int `form:"b"`
	}
	hidingFields struct {
		HidingForm
		A string `form:"a,optional"`
	}
	// Two of one depth hide neither, so that the declaration is ambiguous.
	ambiguous struct {
		hidingTwin
		HidingTwin
	}
	HidingTwin struct {
		Page string `query:"page"`
	}
)

func TestFor_hides(t *testing.T) {
	t.Parallel()
	r := queryRequest("page=two&f[c]=3&f[a]=9&f[b]=9&other=4")
	r.SetPathValue("id", "7")
	r.Header["X-Trace"] = []string{"a, b"}
	r.Header["Cookie"] = []string{"token=t"}
	in, err := bind.For[hiding]().Bind(r)
	require.NoError(t, err)
	token := "t"
	want := hiding{hidingBase: hidingBase{Other: 4}, Number: 7, Page: "two", Trace: []string{"a", "b"}, Token: &token}
	want.F.C = 3
	assert.Equal(t, want, in)

	deep, err := bind.For[struct {
		F hidingDeep `query:"f,deep"`
	}]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, hidingDeep{A: 9, hidingDeeper: hidingDeeper{B: 9}}, deep.F)

	shown := answers(func(in hidingForm) string { return in.Body.A })
	assert.Equal(t, "x", formAnswer(t, shown, "a=x&b=1"))
	fields := answers(func(in hidingFields) string { return in.A })
	assert.Equal(t, "x", formAnswer(t, fields, "a=x&b=1"))
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.ambiguous cannot be bound:",
		`ambiguous.HidingTwin.Page reads query "page", which another field reads already: remove one of the two`,
	}, "\n\t"), declared[ambiguous]())
}

// formAnswer is what h answers to an urlencoded body.
func formAnswer(t *testing.T, h http.Handler, body string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header = typed(urlencoded)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}
