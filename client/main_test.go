package client_test

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain keeps what services log of failures that are meant.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
