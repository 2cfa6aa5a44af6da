module github.com/tenonkit/tenon/examples/formats

go 1.26

replace github.com/tenonkit/tenon => ../..

require (
	github.com/fxamacker/cbor/v2 v2.9.6
	github.com/tenonkit/tenon v0.0.0-00010101000000-000000000000
)

require (
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
	github.com/x448/float16 v0.8.4 // indirect
)
