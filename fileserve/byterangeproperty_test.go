package fileserve_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRange_reference compares random fields, most of them valid, with the
// reference.
func TestRange_reference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		size := random.IntN(6000)
		var list []string
		for range 1 + random.IntN(24) {
			list = append(list, randomSpec(random, size))
		}
		field := "bytes=" + strings.Join(list, []string{",", ", ", " ,"}[random.IntN(3)])
		checkRange(t, field, size)
	}
}

func randomSpec(random *rand.Rand, size int) string {
	first := random.IntN(size + 20)
	switch random.IntN(12) {
	case 0:
		return fmt.Sprintf("-%d", random.IntN(size+20))
	case 1:
		return fmt.Sprintf("%d-", first)
	case 2:
		return ""
	case 3:
		return fmt.Sprintf("%d-%d", size+random.IntN(10), size+20)
	case 4:
		if random.IntN(20) == 0 {
			return []string{"5-4", "x", "1-2-3", "99999999999999999999-", "-99999999999999999999"}[random.IntN(5)]
		}
		fallthrough
	default:
		return fmt.Sprintf("%d-%d", first, first+random.IntN(40))
	}
}
