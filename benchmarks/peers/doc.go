// Package peers measures tenon against its rivals: each of the packages
// beside it against those that do the same work. It is a module of its own, so
// that nobody who imports tenon sees the rivals.
//
//	cd benchmarks/peers && go run ./report
//
// runs the benchmarks of this module and of ../ round by round, on two toolchains, and
// has wrk ask every service from another process (package endtoend). It writes the
// figures of ../README.md and both charts of the module's README. For one look:
//
//	go test -run=NONE -bench=Service/workload=get .
//
// Command soak drives a service for ten minutes and prints the slopes of what it holds.
// BenchmarkJSON has all JSON packages take turns in one process, and reports ratios.
//
// The services are in the package systems: each rival is used as its
// documentation shows, with its own router where it has one and http.ServeMux
// where it does not. What a rival cannot bind is read by hand in its handler.
// Tests hold that all of them give the same answers.
package peers
