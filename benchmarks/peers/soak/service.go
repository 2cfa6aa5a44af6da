package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/stream"
)

const (
	fileSize = 8 << 20
	// bodyLimit is for all bodies; an upload is larger than bind keeps in memory.
	bodyLimit  = 1 << 20
	uploadSize = 200 << 10
	inMemory   = 64 << 10
)

type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
	Note  string   `json:"note"`
}

type articleIn struct {
	ID      int      `path:"id"`
	Limit   int      `query:"limit" default:"20" minimum:"1" maximum:"100"`
	Tags    []string `query:"tag"`
	Token   string   `header:"X-Token"`
	Session string   `cookie:"session"`
}

type draft struct {
	Title string            `json:"title" maxLength:"80"`
	Tags  []string          `json:"tags" maxItems:"8"`
	Stars int               `json:"stars" minimum:"0" maximum:"5"`
	Notes map[string]string `json:"notes"`
}

type upload struct {
	Title string    `form:"title"`
	File  bind.File `form:"file"`
}

type received struct {
	Title string `json:"title"`
	Bytes int64  `json:"bytes"`
}

type tick struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// service returns the whole service: every kind of answer behind the whole chain. dir
// gets the file that it serves.
func service(dir string) (http.Handler, error) {
	text := strings.Repeat("All work and no glue makes a good joint.\n", fileSize/41+1)[:fileSize]
	if err := os.WriteFile(filepath.Join(dir, "large.txt"), []byte(text), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "small.txt"), []byte(text[:2<<10]), 0o600); err != nil {
		return nil, err
	}
	files, err := fileserve.Open(dir, fileserve.Options{})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/articles/{id}", func(_ context.Context, in articleIn) (article, error) {
			return article{ID: in.ID, Title: in.Token, Tags: in.Tags, Note: in.Session}, nil
		}),
		tenon.Get("/articles", func(context.Context, tenon.None) ([]article, error) {
			list := make([]article, 100)
			for i := range list {
				list[i] = article{ID: i, Title: "Joint " + strconv.Itoa(i), Tags: []string{"wood"}}
			}
			return list, nil
		}),
		tenon.Post("/articles", func(_ context.Context, in draft) (article, error) {
			return article{ID: in.Stars, Title: in.Title, Tags: in.Tags, Note: in.Notes["maker"]}, nil
		}),
		tenon.Post("/uploads", takeUpload, bind.MaxMemory(inMemory)),
		tenon.Get("/ticks", func(_ context.Context, in struct {
			N int `query:"n"`
		},
		) (stream.NDJSON[tick], error) {
			return stream.NDJSON[tick]{Seq: ticks(in.N)}, nil
		}),
		tenon.Get("/events", func(context.Context, tenon.None) (stream.SSE[tick], error) {
			return stream.SSE[tick]{Seq: ticks(1 << 40)}, nil
		}),
		tenon.Get("/slow", func(ctx context.Context, _ tenon.None) (tenon.None, error) {
			<-ctx.Done()
			return tenon.None{}, context.Cause(ctx)
		}),
		tenon.Get("/panic", func(context.Context, tenon.None) (tenon.None, error) { panic("on purpose") }),
	}.Mount(mux)
	mux.Handle("GET /files/", http.StripPrefix("/files", files))
	return alice.New(
		middleware.RequestID(), middleware.AccessLog(slog.New(slog.NewJSONHandler(io.Discard, nil))), middleware.Recover(),
		middleware.Secure(), middleware.Timeout(time.Second), middleware.BodyLimit(bodyLimit),
		compress.Requests(bodyLimit), compress.New(), middleware.ETag(), middleware.RouterErrors(),
	).Then(mux), nil
}

func takeUpload(_ context.Context, in upload) (received, error) {
	content, err := in.File.Open()
	if err != nil {
		return received{}, err
	}
	n, err := io.Copy(io.Discard, content)
	return received{in.Title, n}, err // what is left open is closed with the request
}

func ticks(n int) func(yield func(tick, error) bool) {
	return func(yield func(tick, error) bool) {
		for i := range n {
			if !yield(tick{i, "All work and no glue"}, nil) {
				return
			}
		}
	}
}

// A held says what the process holds while nobody asks for anything.
type held struct {
	Heap, Goroutines, Descriptors float64
}

// measureHeld collects the garbage first, twice, so that pools are empty.
func measureHeld(w http.ResponseWriter, _ *http.Request) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/dev/fd")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	now := held{float64(m.HeapAlloc), float64(runtime.NumGoroutine()), float64(len(open))}
	if err := json.NewEncoder(w).Encode(now); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
