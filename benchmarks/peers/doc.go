// Package peers measures tenon against its rivals: each of the packages
// beside it against those that do the same work. It is a module of its own, so
// that nobody who imports tenon sees the rivals.
//
//	cd benchmarks/peers && go run ./report
//
// runs the benchmarks of this module and of ../ round by round, starts every
// service on the loopback interface under wrk, and writes the figures of
// ../README.md and the chart of the module's README. For one look:
//
//	go test -run=NONE -bench=Service/workload=get .
//
// BenchmarkJSON has all JSON packages take turns in one process, and reports ratios.
//
// The services are in the package systems: each rival is used as its
// documentation shows, with its own router where it has one and http.ServeMux
// where it does not. What a rival cannot bind is read by hand in its handler.
// Tests hold that all of them give the same answers.
package peers
