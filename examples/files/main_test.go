package main

import (
	"testing"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"), "-dir", "downloads")
}
