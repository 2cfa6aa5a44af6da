package eventid_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/eventid"
)

const epoch = "K7Q2M5XWZ3AB"

// cases feed the table and the fuzzer: an id, and what it is of epoch.
var cases = []struct {
	id       string
	sequence uint64
	ok       bool
}{
	{epoch + "-0", 0, true},
	{epoch + "-1", 1, true},
	{epoch + "-42", 42, true},
	{epoch + "-10", 10, true},
	{epoch + "-18446744073709551615", math.MaxUint64, true},
	{epoch + "-18446744073709551616", 0, false},
	{epoch + "-18446744073709551620", 0, false},
	{epoch + "-99999999999999999999", 0, false},
	{epoch + "-" + strings.Repeat("9", 1000), 0, false},
	{epoch + "-00", 0, false},
	{epoch + "-01", 0, false},
	{epoch + "-", 0, false},
	{epoch + "--1", 0, false},
	{epoch + "-+1", 0, false},
	{epoch + "-1 ", 0, false},
	{epoch + "-1x", 0, false},
	{epoch + "-0x1", 0, false},
	{epoch + "-1_0", 0, false},
	{epoch + "-١", 0, false},
	{epoch + "/1", 0, false},
	{epoch, 0, false},
	{strings.ToLower(epoch) + "-1", 0, false},
	{"x" + epoch + "-1", 0, false},
	{epoch + "x-1", 0, false},
	{"-1", 0, false},
	{"1", 0, false},
	{"", 0, false},
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range cases {
		sequence, ok := eventid.Parse(epoch, tc.id)
		assert.Equal(t, tc.ok, ok, tc.id)
		assert.Equal(t, tc.sequence, sequence, tc.id)
	}
}

func TestNewEpoch(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		epoch := eventid.NewEpoch()
		assert.Regexp(t, `^[A-Z2-7]{12}$`, epoch)
		assert.False(t, seen[epoch])
		seen[epoch] = true
	}
}

// FuzzParse holds that an id is taken only as Format writes it, and then means what
// package strconv makes of its digits.
func FuzzParse(f *testing.F) {
	for _, tc := range cases {
		f.Add(epoch, tc.id)
	}
	f.Add("", "-1")
	f.Add("1764470400-1", "1764470400-1-7")
	f.Fuzz(func(t *testing.T, epoch, id string) {
		sequence, ok := eventid.Parse(epoch, id)
		if ok {
			assert.Equal(t, id, eventid.Format(epoch, sequence))
			return
		}
		assert.Zero(t, sequence)
		if digits, isOf := strings.CutPrefix(id, epoch+"-"); isOf {
			n, err := strconv.ParseUint(digits, 10, 64)
			assert.False(t, err == nil && strconv.FormatUint(n, 10) == digits, id)
		}
	})
}
