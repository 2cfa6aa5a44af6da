package peers_test

import "testing"

func BenchmarkTuneOwn(b *testing.B) {
	for _, row := range jsonRows() {
		if row.into == nil { continue }
		b.Run(row.name, func(b *testing.B) {
			s := row.sides(b)[0]
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := s.run(i); err != nil { b.Fatal(err) }
				i++
			}
		})
	}
}
