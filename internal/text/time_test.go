package text_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/text"
)

func TestTimeForm(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.January, 2, 15, 4, 5, 600_000_000, time.FixedZone("", 2*60*60)) // each form loses something of it
	for name, tc := range map[string]struct {
		text       string
		good, bad  []string
		isNumber   bool
		isComplete bool
	}{
		"": {
			text: "2026-01-02T15:04:05.6+02:00", isComplete: true, good: []string{"2026-01-02t15:04:05z", "2026-01-02T15:04:05-23:59"},
			bad: []string{"", "2026-01-02", "2026-01-02T5:04:05Z", "2026-01-02T15:04:05,5Z", "2026-01-02T15:04:05+24:00", "2026-01-02T15:04:05+01:60", "2026-01-02T15:04:60Z", "2026-01-02T15:04:05zz"},
		},
		"date":            {text: "2026-01-02", good: []string{"0000-02-29"}, bad: []string{"2026-02-29", "2026-1-2", "20260102", ""}},
		"time":            {text: "15:04:05", good: []string{"15:04", "00:00"}, bad: []string{"3:04", "15:04:05.5", "24:00", "15:60", "15", "15:4:05", ""}},
		"date-time-local": {text: "2026-01-02T15:04:05", good: []string{"2026-01-02T15:04"}, bad: []string{"2026-01-02T15:04:05Z", "2026-01-02", "2026-01-02 15:04", "2026-02-30T00:00", ""}},
		"http":            {text: "Fri, 02 Jan 2026 13:04:05 GMT", bad: []string{"2026-01-02", ""}},
		"unix":            {text: "1767359045", isNumber: true, good: []string{"0", "-62167219200", "253402300799"}, bad: []string{"+1", "1.5", "-62167219201", "253402300800", "99999999999999999999", ""}},
	} {
		form, ok := text.TimeFormOf(name)
		require.True(t, ok, name)
		assert.Equal(t, tc.isNumber, form.IsNumber, name)
		written, err := form.Append([]byte("x"), at)
		require.NoError(t, err, name)
		require.Equal(t, "x"+tc.text, string(written), name)
		read, err := form.Parse(tc.text)
		require.NoError(t, err, name)
		assert.Equal(t, tc.isComplete, read.Equal(at), name)
		again, err := form.Append(nil, read)
		require.NoError(t, err, name)
		assert.Equal(t, tc.text, string(again), name)
		for _, s := range tc.good {
			_, err := form.Parse(s)
			require.NoError(t, err, "%s %q", name, s)
		}
		for _, s := range tc.bad {
			_, err := form.Parse(s)
			require.Error(t, err, "%s %q", name, s)
		}
		for _, wrong := range []time.Time{
			time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC),
		} {
			_, err := form.Append(nil, wrong)
			require.Error(t, err, "%s %v", name, wrong)
		}
	}
	_, ok := text.TimeFormOf("2006")
	assert.False(t, ok)
	for _, name := range text.TimeFormats() {
		_, ok := text.TimeFormOf(name)
		assert.True(t, ok, name)
	}
}
