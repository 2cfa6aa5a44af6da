package main

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// A Service receives uploads and tells how far they are. The browser chooses
// the id of an upload, so that it can ask while it sends.
type Service struct{ uploads sync.Map } // of *upload by id

type upload struct {
	total    int64
	received atomic.Int64
	done     atomic.Bool
}

// One names an upload.
type One struct {
	ID string `path:"id" maxLength:"36" pattern:"^[0-9a-z-]+$"`
}

// UploadIn takes the parts as they arrive: nothing of them is kept in memory.
type UploadIn struct {
	One
	Request *http.Request
	Parts   bind.Parts `body:"multipart"`
}

// A File is what the service says about a file it has received.
type File struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// Upload reads the files and counts their bytes on the way. A real service
// would write them to where they belong.
func (s *Service) Upload(_ context.Context, in UploadIn) ([]File, error) {
	u := &upload{total: in.Request.ContentLength}
	if _, taken := s.uploads.LoadOrStore(in.ID, u); taken {
		return nil, respond.NewProblem(http.StatusConflict, "there is an upload of this id")
	}
	defer time.AfterFunc(time.Minute, func() { s.uploads.Delete(in.ID) })
	defer u.done.Store(true)
	var files []File
	for part, err := range in.Parts {
		if err != nil {
			return nil, err
		}
		size, err := io.Copy(io.Discard, counter{part, &u.received})
		if err != nil {
			return nil, err
		}
		files = append(files, File{part.FileName, size})
	}
	return files, nil
}

// Progress is how far an upload is. The total counts the whole body, parts and
// the lines between them, as the browser declares it.
type Progress struct {
	Received int64 `json:"received"`
	Total    int64 `json:"total"`
	Done     bool  `json:"done"`
}

// Progress answers 404 until the first byte of the upload is there.
func (s *Service) Progress(_ context.Context, in One) (Progress, error) {
	found, _ := s.uploads.Load(in.ID)
	u, ok := found.(*upload)
	if !ok {
		return Progress{}, respond.NewProblem(http.StatusNotFound, "there is no such upload")
	}
	return Progress{u.received.Load(), u.total, u.done.Load()}, nil
}

// A counter counts what is read through it.
type counter struct {
	io.Reader

	n *atomic.Int64
}

// Read implements [io.Reader].
func (c counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
