package bind_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

type (
	formOrder struct {
		Item  string `form:"item" json:"item" minLength:"2"`
		Count int    `default:"1" form:"count" json:"count" maximum:"9"`
		formAudit
		Internal string `json:"-"`
	}
	formAudit struct {
		By string `form:"by,optional" json:"by,omitempty"`
	}
	formPlain struct {
		Item  string `json:"item_name" minLength:"2"`
		Count int    `json:",omitempty"`
		Skip  string `json:"-"`
	}
	formSparse struct {
		Item  string `json:"item,omitempty"`
		Count int    `json:"count" default:"0"`
	}
	formFiles struct {
		Title string    `form:"title"`
		File  bind.File `form:"file"`
	}
	formChecked struct {
		From int `form:"from"`
		To   int `form:"to"`
	}
)

// A FormInner is embedded by its pointer.
type FormInner struct{ Name string }

func (c formChecked) Validate() error {
	if c.From > c.To {
		return errors.New("from is after to")
	}
	return nil
}

type (
	formInEither struct {
		ID   int       `query:"id"`
		Body formOrder `body:"json,form"`
	}
	formInPlain struct {
		Body formPlain `body:"json,form"`
	}
	formInAlone struct {
		Body formOrder `body:"form"`
	}
	formInOptional struct {
		Body *formOrder `body:"form"`
	}
	formInFiles struct {
		Body formFiles `body:"form"`
	}
	formInChecked struct {
		Body formChecked `body:"form"`
	}
	formInCheckedOptional struct {
		Body *formChecked `body:"form"`
	}
	formInCheckedEither struct {
		Body formChecked `body:"json,form"`
	}
)

func TestFormBody(t *testing.T) {
	const jsonType = "application/json"
	order := func(o formOrder) string { return fmt.Sprint(o.Item, o.Count, o.By) }
	forms := map[string]http.Handler{
		"either": answers(func(in formInEither) string { return fmt.Sprint(in.ID, " ", order(in.Body)) }),
		"plain":  answers(func(in formInPlain) string { return fmt.Sprint(in.Body) }),
		"either all optional": answers(func(in struct {
			Body formSparse `body:"json,form"`
		},
		) string {
			return fmt.Sprint(in.Body)
		}),
		"either optional": answers(func(in struct {
			Body *formSparse `body:"form,json"`
		},
		) string {
			return fmt.Sprint(in.Body)
		}),
		"alone": answers(func(in formInAlone) string { return order(in.Body) }),
		"optional": answers(func(in formInOptional) string {
			if in.Body == nil {
				return "none"
			}
			return order(*in.Body)
		}),
		"files": answers(func(in formInFiles) string {
			content, err := contentOf(in.Body.File)
			return fmt.Sprint(in.Body.Title, content, err)
		}),
		"checked":          answers(func(in formInChecked) string { return fmt.Sprint(in.Body) }),
		"checked optional": answers(func(in formInCheckedOptional) string { return fmt.Sprint(in.Body) }),
		"checked either":   answers(func(in formInCheckedEither) string { return fmt.Sprint(in.Body) }),
	}
	for _, tc := range []struct{ in, contentType, body, want string }{
		{"either", urlencoded, "item=oak&count=2&by=me", "7 oak2me"},
		{"either", multi, multipartOf("item=oak"), "7 oak1"},
		{"either", jsonType, `{"item":"oak","by":"me"}`, "7 oak1me"},
		{"either", urlencoded, "item=o&count=10&Internal=x", `400 form "item": minLength; form "count": maximum`},
		{"either", jsonType, `{"item":"o"}`, `400 body "": minLength`},
		{"either", "text/plain", "item=oak", "415"},
		{"either", urlencoded, "", `400 form "item": required`},
		{"either", multi, "", `400 form "item": required`},
		{"either", jsonType, "", `400 body "": required`},
		{"either", "", "", `400 body "": required`},
		{"either all optional", urlencoded, "", "{ 0}"},
		{"either all optional", multi, "", "{ 0}"},
		{"either all optional", jsonType, "", `400 body "": required`},
		{"either optional", urlencoded, "", "<nil>"},
		{"plain", urlencoded, "item_name=oak&Skip=x", "{oak 0 }"},
		{"plain", urlencoded, "item_name=oak&Count=3", "{oak 3 }"},
		{"plain", urlencoded, "Item=oak", `400 form "item_name": required`},
		{"plain", jsonType, `{"item_name":"oak"}`, "{oak 0 }"},
		{"alone", urlencoded, "item=oak", "oak1"},
		{"alone", urlencoded, "", `400 form "item": required`},
		{"alone", multi, "", `400 form "item": required`},
		{"alone", jsonType, `{"item":"oak"}`, "415"},
		{"optional", multi, "", "none"},
		{"optional", urlencoded, "", "none"},
		{"optional", multi, multipartOf("item=oak"), "oak1"},
		{"files", multi, multipartOf("title=t")[:len(multipartOf("title=t"))-len(end)] + file("file", "f", "", "F") + end, "tF<nil>"},
		{"checked", urlencoded, "from=1&to=2", "{1 2}"},
		{"checked", urlencoded, "from=3&to=2", "400"},
		{"checked optional", urlencoded, "from=3&to=2", "400"},
		{"checked optional", urlencoded, "", "<nil>"},
		{"checked either", urlencoded, "from=3&to=2", `400 body "": invalid`},
		{"checked either", urlencoded, "from=x&to=2", `400 form "from": type`},
	} {
		for _, chunked := range []bool{false, true} {
			r := httptest.NewRequest(http.MethodPost, "/?id=7", strings.NewReader(tc.body))
			r.Header = typed(tc.contentType)
			if chunked {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewBufferString(tc.body)), -1
			}
			w := httptest.NewRecorder()
			forms[tc.in].ServeHTTP(w, r)
			assert.Equal(t, tc.want, w.Body.String(), tc)
		}
	}
}
