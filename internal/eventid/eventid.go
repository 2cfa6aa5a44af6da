// Package eventid writes and reads the ids of package feed: an epoch, a hyphen and a sequence in
// decimal digits. The log in memory and those of nested modules use it, so that an id means the
// same everywhere.
//
// An epoch is one life of a log. Within an epoch a sequence is used once.
package eventid

import (
	"crypto/rand"
	"math"
	"strconv"
	"strings"
)

// epochLength is the length of a new epoch. It has 60 random bits: so many that no two lives of a
// log share an epoch, and so few that each event can send it.
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

// Parse returns the sequence of an id of the epoch. It reports false for an id that [Format] does
// not write: one of another epoch, or with a sign, a leading zero or more than 64 bits.
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
