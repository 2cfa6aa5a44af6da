package main

import (
	"testing"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestTranscript(t *testing.T) {
	kittest.Replay(t, ".", kittest.Transcript(t, "doc.go"))
}
