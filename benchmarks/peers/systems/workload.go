package systems

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/kittest"
)

// A Workload is one request and what its answer must be.
type Workload struct {
	Name, Title    string
	Method, Target string
	Header         map[string]string
	Body           string
	Status         int
	// JSON is the answer, compared as a value; Text the answer byte for byte.
	JSON, Text string
}

var inputs = map[string]string{"X-Token": "d0c5f3", "Cookie": "theme=dark; session=31d4d96e407aad42"}

// draftJSON is 250 bytes long.
var draftJSON = `{"title":"Mortise and tenon","body":"` + strings.Repeat("A joint that needs no glue at all. ", 4) +
	`Made in about 3000 BC.","tags":["joints","wood"],"stars":5,"draft":false}`

// Workloads returns the requests that measure a service.
func Workloads() []Workload {
	typed := map[string]string{"Content-Type": "application/json"}
	list, err := json.Marshal(articles)
	if err != nil {
		panic(err)
	}
	return []Workload{
		{
			Name: "get", Title: "GET, six inputs from four sources, JSON answer", Method: "GET", Header: inputs, Status: 200,
			Target: "/articles/42?limit=10&tag=wood&tag=joints&full=true",
			JSON:   `{"id":42,"title":"d0c5f3","body":"31d4d96e407aad42","tags":["wood","joints"],"draft":true}`,
		},
		{
			Name: "json-250B", Title: "POST, JSON of 250 bytes, JSON answer", Method: "POST", Target: "/articles", Header: typed, Body: draftJSON, Status: 200,
			JSON: `{"id":5,` + draftJSON[1:strings.Index(draftJSON, `"stars"`)] + `"draft":false}`,
		},
		{
			Name: "json-10KB", Title: "POST, JSON of 10 KB", Method: "POST", Target: "/orders", Header: typed, Body: kittest.OrderJSON(61, 1), Status: 200,
			JSON: `{"count":61,"quantity":302}`,
		},
		{
			Name: "json-1MB", Title: "POST, JSON of 1 MB", Method: "POST", Target: "/orders", Header: typed, Body: kittest.OrderJSON(6200, 1), Status: 200,
			JSON: `{"count":6200,"quantity":30997}`,
		},
		{
			Name: "form", Title: "POST, form of five fields, JSON answer", Method: "POST", Target: "/forms", Status: 200,
			Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
			Body:   "title=Mortise+and+tenon&body=No+glue+at+all&tag=joints&tag=wood&stars=5&draft=true",
			JSON:   `{"id":5,"title":"Mortise and tenon","body":"No glue at all","tags":["joints","wood"],"draft":true}`,
		},
		{Name: "text", Title: "GET, text", Method: "GET", Target: "/robots.txt", Status: 200, Text: robots},
		{Name: "list", Title: "GET, list of 100 structs", Method: "GET", Target: "/articles", Status: 200, JSON: string(list)},
		{Name: "no-content", Title: "DELETE, no content", Method: "DELETE", Target: "/articles/42", Status: 204},
		{Name: "400", Title: "GET, two invalid inputs", Method: "GET", Header: inputs, Status: 400, Target: "/articles/x?limit=many&tag=wood&full=true"},
	}
}

// Request returns a request, and what makes it new again after it was served.
func (w Workload) Request() (r *http.Request, renew func()) {
	body := strings.NewReader(w.Body)
	r = httptest.NewRequest(w.Method, w.Target, nil)
	for name, value := range w.Header {
		r.Header.Set(name, value)
	}
	if w.Body == "" {
		return r, func() {}
	}
	r.ContentLength = int64(len(w.Body))
	content := io.NopCloser(body)
	r.Body = content
	return r, func() {
		body.Reset(w.Body)
		// What a system kept in the request must not serve the next one.
		r.Body, r.Form, r.PostForm, r.MultipartForm = content, nil, nil, nil
	}
}

// Check returns what is wrong with an answer of the system, so that nobody is
// measured doing less.
func (w Workload) Check(s System, status int, header http.Header, body []byte) error {
	if w.Name == "400" {
		return checkFaults(s, status, body)
	}
	if status != w.Status {
		return fmt.Errorf("status %d: %s", status, body)
	}
	switch {
	case w.JSON != "":
		if !strings.HasPrefix(header.Get("Content-Type"), "application/json") {
			return fmt.Errorf("content type %q", header.Get("Content-Type"))
		}
		return sameJSON(w.JSON, body)
	case w.Text != "" && !strings.HasPrefix(header.Get("Content-Type"), "text/plain"):
		return fmt.Errorf("content type %q", header.Get("Content-Type"))
	case w.Text != string(body):
		return fmt.Errorf("got %.300q", body)
	}
	return nil
}

// checkFaults holds a system to a status for invalid inputs and to the number
// of inputs it names, because their forms differ.
func checkFaults(s System, status int, body []byte) error {
	if status != http.StatusBadRequest && status != http.StatusUnprocessableEntity {
		return fmt.Errorf("status %d", status)
	}
	named := 0
	for _, name := range []string{"id", "limit"} {
		for _, form := range []string{`"` + name + `"`, `"` + name + `\"`, "." + name + `"`, name + ":", name + "="} {
			if bytes.Contains(bytes.ToLower(body), []byte(form)) {
				named++
				break
			}
		}
	}
	if named != s.Names {
		return fmt.Errorf("names %d of two inputs: %s", named, body)
	}
	return nil
}

func sameJSON(want string, got []byte) error {
	var a, b any
	if err := json.Unmarshal([]byte(want), &a); err != nil {
		return err
	}
	if err := json.Unmarshal(got, &b); err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("got %.300s, want %.300s", got, want)
	}
	return nil
}
