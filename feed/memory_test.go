package feed_test

import (
	"testing"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/conformance/feedtest"
)

func TestMemory(t *testing.T) {
	feedtest.Log(t, func(_ *testing.T, keep int) feed.Log[feedtest.Value] {
		return feed.NewMemory[feedtest.Value](feed.Options{Keep: keep})
	})
}
