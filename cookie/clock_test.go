package cookie_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

func TestCookie_expires(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		opts     []cookie.Option
		lifetime time.Duration
	}{
		{"a second", []cookie.Option{cookie.MaxAge(time.Second)}, time.Second},
		{"an hour", []cookie.Option{cookie.MaxAge(time.Hour)}, time.Hour},
		{"400 days", []cookie.Option{cookie.MaxAge(400 * 24 * time.Hour)}, 400 * 24 * time.Hour},
		{"a browser session", nil, 30 * 24 * time.Hour},
		{"MaxAge of zero", []cookie.Option{cookie.MaxAge(0)}, 30 * 24 * time.Hour},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(7*time.Hour + 300*time.Millisecond)
				for form, c := range authentic(keysOf(t, 1), "session", tc.opts...) {
					issued := time.Now().Truncate(time.Second)
					r := requestOf("session=" + rawOf(t, c, "text"))
					want := cookie.Meta{Issued: issued.UTC(), Expires: issued.UTC().Add(tc.lifetime)}

					time.Sleep(time.Until(want.Expires) - time.Nanosecond)
					got, meta, err := c.Read(r)
					require.NoError(t, err, form)
					assert.Equal(t, "text", got)
					assert.Equal(t, want, meta)

					time.Sleep(time.Nanosecond)
					got, meta, err = c.Read(r)
					require.ErrorIs(t, err, cookie.ErrExpired, form)
					require.NotErrorIs(t, err, cookie.ErrInvalid)
					assert.Empty(t, got)
					assert.Equal(t, want, meta)
				}
			})
		})
	}
}

// TestCookie_skew sets at one time and reads at an earlier one: the bubbles
// have clocks of their own.
func TestCookie_skew(t *testing.T) {
	t.Parallel()
	for form, c := range authentic(keysOf(t, 1), "session") {
		for _, ahead := range []time.Duration{0, time.Second, time.Minute, time.Minute + time.Second, 24 * time.Hour, 40 * 24 * time.Hour} {
			var raw string
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(ahead)
				raw = rawOf(t, c, "text")
			})
			synctest.Test(t, func(t *testing.T) {
				_, err := c.Get(requestOf("session=" + raw))
				if ahead <= time.Minute {
					require.NoError(t, err, "%s, %v ahead", form, ahead)
				} else {
					require.ErrorIs(t, err, cookie.ErrInvalid, "%s, %v ahead", form, ahead)
				}
			})
		}
	}
}

// TestSealed_days sets on each of many days and reads them all, which is more
// days than the keys that are remembered.
func TestSealed_days(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cookie.Sealed[int](keysOf(t, 2, 1), "day", cookie.MaxAge(400*24*time.Hour))
		before := cookie.Sealed[int](keysOf(t, 1), "day", cookie.MaxAge(400*24*time.Hour))
		var raws, olds []string
		for day := range 100 {
			raws, olds = append(raws, rawOf(t, c, day)), append(olds, rawOf(t, before, day))
			time.Sleep(24 * time.Hour)
		}
		for range 2 {
			for day := range raws {
				got, meta, err := c.Read(requestOf("day=" + raws[day]))
				require.NoError(t, err)
				assert.Equal(t, day, got)
				assert.False(t, meta.OldKey)
				got, meta, err = c.Read(requestOf("day=" + olds[day]))
				require.NoError(t, err)
				assert.Equal(t, day, got)
				assert.True(t, meta.OldKey)
			}
		}
	})
}
