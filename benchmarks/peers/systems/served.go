package systems

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v3"
)

const fiberName = "fiber"

// Served returns the names of the systems that are whole services, each of which Serve
// puts on a server, and fiber on its own.
func Served() []string {
	var names []string
	for _, system := range All() {
		if system.Only == "" {
			names = append(names, system.Name)
		}
	}
	return append(names, fiberName)
}

// Serve answers on the listener until ctx ends, with the files of a directory where it
// is not "".
func Serve(ctx context.Context, name, files string, listener net.Listener) error {
	if name == fiberName {
		return fiberService(files).Listener(listener, fiber.ListenConfig{DisableStartupMessage: true, GracefulContext: ctx})
	}
	all := All()
	i := slices.IndexFunc(all, func(s System) bool { return s.Name == name })
	if i < 0 {
		return fmt.Errorf("no system of the name %q", name)
	}
	server := &http.Server{Handler: all[i].Handler(files), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// sizes are those of the files.
var sizes = map[string]int{"2KB.txt": 2 << 10, "1MB.txt": 1 << 20}

func fileText(name string) string {
	const text = "All work and no glue makes a good joint.\n"
	return strings.Repeat(text, sizes[name]/len(text)+1)[:sizes[name]]
}

// WriteFiles writes the files that the services send into dir, with a time at which
// they have not just been changed.
func WriteFiles(dir string) error {
	yesterday := time.Now().Add(-24 * time.Hour)
	for name := range sizes {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(fileText(name)), 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			return err
		}
	}
	return nil
}

// Loaded returns the requests that measure a served system from another process.
func Loaded() []Workload {
	own := map[string]Workload{}
	for _, w := range Workloads() {
		own[w.Name] = w
	}
	return []Workload{
		own["text"],
		{Name: "json", Title: "GET, small JSON answer", Method: "GET", Target: "/greeting", Status: 200, JSON: `{"message":"A joint that needs no glue"}`},
		{
			Name: "shelf", Title: "GET, a path value and two query parameters, JSON answer", Method: "GET", Target: "/shelves/42?page=2&full=true", Status: 200,
			JSON: `{"id":42,"page":2,"full":true}`,
		},
		own["json-250B"],
		own["form"],
		own["list"],
		{Name: "file-2KB", Title: "GET, file of 2 KB", Method: "GET", Target: "/files/2KB.txt", Status: 200, Text: fileText("2KB.txt")},
		{Name: "file-1MB", Title: "GET, file of 1 MB", Method: "GET", Target: "/files/1MB.txt", Status: 200, Text: fileText("1MB.txt")},
		{Name: "lines", Title: "GET, stream of 1,000 chunks", Method: "GET", Target: "/lines", Status: 200, Text: strings.Join(allLines, "")},
	}
}

// Refused returns requests with invalid inputs, which no served system may accept.
func Refused() []Workload {
	post := Workload{Name: "refused-rule", Title: "POST, a member that breaks its rule", Method: "POST", Target: "/articles"}
	post.Header, post.Body = map[string]string{"Content-Type": "application/json"}, strings.Replace(draftJSON, `"stars":5`, `"stars":6`, 1)
	return []Workload{
		{Name: "refused-path", Title: "GET, a path value that is no number", Method: "GET", Target: "/shelves/x?page=2&full=true"},
		{Name: "refused-query", Title: "GET, a query parameter that is no number", Method: "GET", Target: "/shelves/42?page=many&full=true"},
		post,
	}
}
