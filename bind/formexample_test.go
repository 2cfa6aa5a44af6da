package bind_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tenonkit/tenon/bind"
)

// uploadBody is what a browser sends for a form with a title and a file.
const uploadBody = "--edge\r\n" +
	"Content-Disposition: form-data; name=\"title\"\r\n\r\n" +
	"My holidays\r\n" +
	"--edge\r\n" +
	"Content-Disposition: form-data; name=\"photo\"; filename=\"beach.png\"\r\n" +
	"Content-Type: image/png\r\n\r\n" +
	"(the picture)\r\n" +
	"--edge--\r\n"

// post sends body to h and prints the answer.
func post(h http.Handler, contentType, body string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
}

func ExampleFile() {
	type in struct {
		Title string    `form:"title"`
		Photo bind.File `form:"photo" maxSize:"1048576" contentMediaType:"image/png,image/jpeg"`
	}
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) {
		content, err := in.Photo.Open()
		if err != nil {
			return
		}
		defer content.Close()
		fmt.Fprintf(w, "%s: %s, %d bytes: ", in.Title, in.Photo.Name, in.Photo.Size)
		io.Copy(w, content)
	}, bind.MaxBody(2<<20))

	post(h, "multipart/form-data; boundary=edge", uploadBody)
	post(h, "multipart/form-data; boundary=edge", strings.Replace(uploadBody, "image/png", "image/gif", 1))
	// Output:
	// 200 My holidays: beach.png, 13 bytes: (the picture)
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"form","name":"photo","code":"contentMediaType","limit":"image/png,image/jpeg","detail":"must have the media type image/png or image/jpeg"}]}
}

func ExampleParts() {
	type in struct {
		Upload bind.Parts `body:"multipart"`
	}
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) {
		for part, err := range in.Upload {
			if err != nil {
				http.Error(w, "the upload broke off", http.StatusBadRequest)
				return
			}
			if part.FileName == "" {
				continue // what is not read is passed over
			}
			size, err := io.Copy(io.Discard, part)
			if err != nil {
				http.Error(w, "the upload broke off", http.StatusBadRequest)
				return
			}
			fmt.Fprintf(w, "%s: %d bytes\n", part.FileName, size)
		}
	}, bind.MaxBody(4<<30))

	post(h, "multipart/form-data; boundary=edge", uploadBody)
	// Output:
	// 200 beach.png: 13 bytes
}

func ExampleFunc_form() {
	type in struct {
		Title string   `form:"title" minLength:"3"`
		Tags  []string `form:"tag"`
		Draft bool     `form:"draft,optional"`
	}
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) {
		fmt.Fprintf(w, "%s %q %t", in.Title, in.Tags, in.Draft)
	})

	post(h, "application/x-www-form-urlencoded", "title=On+oak&tag=wood&tag=trees&draft=on")
	post(h, "application/x-www-form-urlencoded", "title=On")
	// Output:
	// 200 On oak ["wood" "trees"] true
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"form","name":"title","code":"minLength","limit":"3","detail":"must have at least 3 characters"}]}
}
