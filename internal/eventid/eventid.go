// Package eventid writes and reads the ids of package feed: an epoch, a hyphen
// and a sequence in decimal digits. Every log of events uses it, the one in
// memory and those of nested modules, so that an id means the same everywhere.
//
// An epoch is one life of a log. Within it a sequence is never used twice.
package eventid

import (
	"crypto/rand"
	"math"
	"strconv"
	"strings"
)

// epochLength is the length of a new epoch: 60 bits of it are random, enough for two
// lives of a log never to share one, and few enough to be sent with every event.
const epochLength = 12

// NewEpoch returns an epoch that no other life of a log has.
func NewEpoch() string { return rand.Text()[:epochLength] }

// Format returns the id of the sequence in the epoch.
func Format(epoch string, sequence uint64) string {
	const digits = 20
	id := make([]byte, 0, len(epoch)+1+digits)
	id = append(append(id, epoch...), '-')
	return string(strconv.AppendUint(id, sequence, 10))
}

// Parse returns the sequence of an id of the epoch. It reports false for
// everything that [Format] would not have written, because such an id is not one
// that the log gave out: another epoch, a sign, a leading zero, a number over 64
// bits.
func Parse(epoch, id string) (sequence uint64, ok bool) {
	digits, ok := strings.CutPrefix(id, epoch)
	if !ok || len(digits) < 2 || digits[0] != '-' || digits[1] == '0' && len(digits) > 2 {
		return 0, false
	}
	for _, c := range []byte(digits[1:]) {
		digit := uint64(c - '0')
		if digit > 9 || sequence > (math.MaxUint64-digit)/10 {
			return 0, false
		}
		sequence = 10*sequence + digit
	}
	return sequence, true
}
