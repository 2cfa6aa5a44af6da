package benchmarks_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/tenonkit/tenon/bind"
	engine "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
)

// jsonArticle is a JSON body with constraints, which only tenon checks.
type jsonArticle struct {
	Title string   `json:"title" minLength:"1" maxLength:"100"`
	Body  string   `json:"body" maxLength:"5000"`
	Count int      `json:"count" minimum:"0"`
	Draft bool     `json:"draft"`
	Tags  []string `json:"tags" maxItems:"8" minLength:"1"`
}

// jsonComment is an article's, to the third level.
type jsonComment struct {
	Author struct {
		Name  string  `json:"name"`
		Email *string `json:"email,omitempty"`
	} `json:"author"`
	Text    string         `json:"text"`
	Votes   map[string]int `json:"votes"`
	Replies []jsonComment  `json:"replies,omitempty"`
}

// variants is how many different bodies a benchmark goes through: the engine
// keeps the strings that it has seen last, which one body alone would flatter.
const variants = 512

// BenchmarkBindJSON measures Bind, from the request to the checked value, next
// to Unmarshal alone by encoding/json and by the engine under tenon.
func BenchmarkBindJSON(b *testing.B) {
	benchJSON[jsonArticle](b, "body=100B", func(i int) string {
		return fmt.Sprintf(`{"title":"Tenon number %d","body":"Saw it and fit it.","count":%d,"draft":true,"tags":["wood","t%d"]}`, i, i, i)
	})
	benchJSON[jsonArticle](b, "body=250B", func(i int) string {
		text := strings.Repeat("Mark it, saw it, fit it. ", 6)
		return fmt.Sprintf(`{"title":"Tenon number %d","body":"%s %d","count":%d,"draft":true,"tags":["wood","t%d"]}`, i, text, i, i, i)
	})
	benchJSON[[]jsonComment](b, "body=10KB", func(i int) string {
		reply := fmt.Sprintf(`{"author":{"name":"Ann %d","email":"ann%d@example.com"},"text":"Glue is cheating.","votes":{"up":%d,"down":2}}`, i, i, i)
		one := reply[:len(reply)-1] + `,"replies":[` + reply + "," + reply + "]}"
		return "[" + strings.Repeat(one+",", 25) + one + "]"
	})
}

func benchJSON[T any](b *testing.B, name string, body func(i int) string) {
	b.Helper()
	var bodies []string
	var raw [][]byte
	for i := range variants {
		bodies = append(bodies, body(i))
		raw = append(raw, []byte(bodies[i]))
	}
	measure := func(by string, decode func(i int) error) {
		b.Run(name+"/by="+by, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bodies[0])))
			for i := 0; b.Loop(); i++ {
				if err := decode(i % variants); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	binder, options := bind.For[T](), engine.For(reflect.TypeFor[T]())
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header.Set("Content-Type", "application/json")
	reader := &rewound{}
	measure("tenon", func(i int) error {
		reader.Reset(bodies[i])
		r.Body, r.ContentLength = reader, int64(len(bodies[i]))
		_, err := binder.Bind(r)
		return err
	})
	measure("encodingjson", func(i int) error { return json.Unmarshal(raw[i], new(T)) })
	measure("engine", func(i int) error { return engine.Decode(raw[i], new(T), options) })
}

// rewound is a body that is read again and again.
type rewound struct{ strings.Reader }

func (*rewound) Close() error { return nil }

// BenchmarkTokens reads the tokens of the 10 KB of BenchmarkHandler and does
// nothing with them: no binding on this engine can take less.
func BenchmarkTokens(b *testing.B) {
	body := []byte(kittest.OrderJSON(61, 0))
	source := bytes.NewBuffer(body)
	dec := engine.NewDecoder(source)
	b.ReportAllocs()
	for b.Loop() {
		*source = *bytes.NewBuffer(body)
		dec.Reset(source)
		_, err := dec.ReadToken()
		for err == nil {
			_, err = dec.ReadToken()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}
