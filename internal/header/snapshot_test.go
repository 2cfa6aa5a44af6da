package header_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/header"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	const prefixed = http.TrailerPrefix + "X-Sum"
	begin := func() http.Header {
		return http.Header{"X-One": {"1"}, "X-Two": {"1", "2"}, "X-Three": {"1", "2", "3"}, "X-None": nil, prefixed: {"0"}}
	}
	for name, tc := range map[string]struct {
		change func(h http.Header)
		late   http.Header
		kept   http.Header // beside what was there
	}{
		"nothing": {func(http.Header) {}, nil, nil},
		"set":     {func(h http.Header) { h.Set("X-One", "2") }, http.Header{"X-One": {"2"}}, nil},
		"added":   {func(h http.Header) { h.Add("X-Three", "4") }, http.Header{"X-Three": {"1", "2", "3", "4"}}, nil},
		"new":     {func(h http.Header) { h.Set("X-New", "1") }, http.Header{"X-New": {"1"}}, nil},
		"deleted": {func(h http.Header) { h.Del("X-Two") }, http.Header{}, nil},
		"renamed": {func(h http.Header) { h.Del("X-None"); h.Set("X-New", "1") }, http.Header{"X-New": {"1"}}, nil},
		"written into": {func(h http.Header) {
			for _, values := range h {
				for i := range values {
					values[i] = "changed"
				}
				_ = append(values, "changed")
			}
		}, http.Header{"X-One": {"changed"}, "X-Two": {"changed", "changed"}, "X-Three": {"changed", "changed", "changed"}, prefixed: {"changed"}}, nil},
		"trailer": {func(h http.Header) { h.Set(http.TrailerPrefix+"X-New", "1") }, http.Header{http.TrailerPrefix + "X-New": {"1"}}, http.Header{http.TrailerPrefix + "X-New": {"1"}}},
	} {
		h := begin()
		var s header.Snapshot
		assert.Nil(t, s.Restore(h), name)
		s.Take(h)
		tc.change(h)
		s.Take(h) // too late
		late := s.Restore(h)
		assert.Equal(t, tc.late, late, name)
		want := begin()
		maps.Copy(want, tc.kept)
		assert.Len(t, h, len(want), name)
		for field, values := range want {
			assert.Equal(t, append([]string{}, values...), append([]string{}, h[field]...), "%s: %s", name, field)
			_, there := h[field]
			assert.True(t, there, "%s: %s", name, field)
		}
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0": 0, "12": 12, "-1": -1, "": -1, "x": -1, "9223372036854775808": -1} {
		assert.Equal(t, want, header.Length(http.Header{"Content-Length": {text}}), text)
	}
	assert.EqualValues(t, -1, header.Length(nil))
	assert.EqualValues(t, -1, header.Length(http.Header{"Content-Length": nil}))
}

// The values that a header has from a snapshot outlive it.
func TestSnapshot_Forget(t *testing.T) {
	t.Parallel()
	var s header.Snapshot
	h := http.Header{"X-One": {"1"}, "X-Two": {"2"}}
	s.Take(h)
	h.Set("X-One", "late")
	s.Restore(h)
	s.Forget()
	assert.Nil(t, s.Restore(h))
	assert.Equal(t, http.Header{"X-One": {"1"}, "X-Two": {"2"}}, h)
	other := http.Header{"X-Three": {"3"}, "X-Four": {"4"}}
	s.Take(other)
	other.Set("X-Three", "late")
	assert.Equal(t, http.Header{"X-Three": {"late"}}, s.Restore(other))
	assert.Equal(t, http.Header{"X-One": {"1"}, "X-Two": {"2"}}, h)
}
