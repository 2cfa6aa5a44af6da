package bind

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
)

// A spool is the temporary file of one request, with its uploads one after the other. If the
// system allows, its name is removed at once, so that nothing is left even if the program is
// killed.
type spool struct {
	file *os.File
	name string // to be removed at the end; empty if that is done
	size int64
	err  error // of the file system
	stop func() bool
}

// newSpool returns a spool that ends with the context of r, which net/http cancels
// when the handler has returned.
func newSpool(r *http.Request) *spool {
	s := &spool{}
	s.file, s.err = os.CreateTemp("", "tenon-upload-*")
	if s.err != nil {
		return s
	}
	if os.Remove(s.file.Name()) != nil {
		s.name = s.file.Name()
	}
	s.stop = context.AfterFunc(r.Context(), s.remove)
	return s
}

// add appends what r yields and returns where it begins. A failure of the file
// system is in s.err.
func (s *spool) add(r io.Reader) (offset, size int64, err error) {
	if s.err != nil {
		return 0, 0, s.err
	}
	offset = s.size
	size, err = io.Copy(s, r)
	return offset, size, err
}

// Write appends p to the file.
func (s *spool) Write(p []byte) (int, error) {
	n, err := s.file.WriteAt(p, s.size)
	s.size += int64(n)
	s.err = err
	return n, err
}

// failed returns the answer to a failure of the file system, or nil where there
// was none. The end of the request, gone, closes the file as well.
func (s *spool) failed(gone error) error {
	switch {
	case s == nil || s.err == nil:
		return nil
	case gone != nil:
		return fmt.Errorf("bind: reading the body: %w", gone)
	}
	return fmt.Errorf("bind: storing an upload: %w", s.err)
}

// close ends a spool before its request does.
func (s *spool) close() {
	if s != nil && s.file != nil && s.stop() {
		s.remove()
	}
}

func (s *spool) remove() {
	_ = s.file.Close()
	if s.name != "" {
		_ = os.Remove(s.name)
	}
}
