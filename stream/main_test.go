package stream_test

import (
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
)

// TestMain keeps what is logged, for TestFailure and TestLeave to look at.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	os.Exit(m.Run())
}

var logged logbook

// logbook is what the package has logged through all tests. A test finds its
// own entries by the path of its request.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logbook) about(path string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []string
	for line := range strings.Lines(b.text.String()) {
		if strings.Contains(line, "path="+path+" ") {
			found = append(found, line)
		}
	}
	return found
}
