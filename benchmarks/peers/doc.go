// Package peers measures tenon against its rivals on the same two requests: a
// GET with six inputs from path, query, header and cookie and a JSON answer,
// and a POST of a 250-byte JSON body with a JSON answer. It is a module of its
// own, so that nobody who imports tenon sees the rivals.
//
//	cd benchmarks/peers && go test -run=NONE -bench=. -count=6 . | tee peers.txt
//	go run golang.org/x/perf/cmd/benchstat@latest -col /by peers.txt
//
// Each rival is used as its documentation shows, with its own router where it
// has one and http.ServeMux where it does not. What a rival cannot bind is read
// by hand in its handler. A test holds that all of them give the same answer.
package peers
