package header_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/header"
)

func TestAddVary(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ before, after []string }{
		{nil, []string{"Accept"}},
		{[]string{"Origin"}, []string{"Origin", "Accept"}},
		{[]string{"Origin, accept"}, []string{"Origin, accept"}},
		{[]string{"Origin", "*"}, []string{"Origin", "*"}},
		{[]string{"Accept-Encoding"}, []string{"Accept-Encoding", "Accept"}},
	} {
		h := http.Header{}
		if tc.before != nil {
			h["Vary"] = tc.before
		}
		header.AddVary(h, "Accept")
		assert.Equal(t, tc.after, h["Vary"])
	}
	shared := append(make([]string, 0, 2), "Origin")
	header.AddVary(http.Header{"Vary": shared}, "Accept")
	assert.Empty(t, shared[:2][1], "the room behind the values is not ours")
}
