package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWrite_isCommitted holds llms.txt to the code. It has to fit where it is read.
func TestWrite_isCommitted(t *testing.T) {
	var now bytes.Buffer
	require.NoError(t, write(&now, os.DirFS("../..")))
	committed, err := os.ReadFile("../../llms.txt")
	require.NoError(t, err)
	assert.Equal(t, string(committed), now.String(), "write it anew: go run ./internal/llms >llms.txt")
	assert.Less(t, now.Len(), 60_000)
}
