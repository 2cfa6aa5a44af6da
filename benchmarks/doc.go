// Package benchmarks measures tenon against the same handlers written by hand
// on net/http, in one run:
//
//	go test -run=NONE -bench=. -count=6 ./benchmarks | tee new.txt
//	go run golang.org/x/perf/cmd/benchstat@latest -col /by new.txt
//
// Nearly every benchmark is named by=tenon or by=hand, so that benchstat sets the
// two side by side. Requests go through a [net/http.ServeMux] where the handler
// needs one, into a writer that throws the body away. Allocation budgets are
// held by tests beside the packages; nothing here fails on time.
package benchmarks
