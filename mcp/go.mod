module github.com/tenonkit/tenon/mcp

go 1.26.0

replace github.com/tenonkit/tenon => ..

require (
	github.com/modelcontextprotocol/go-sdk v1.8.0
	github.com/stretchr/testify v1.12.1
	github.com/tenonkit/tenon v0.0.0-00010101000000-000000000000
)
