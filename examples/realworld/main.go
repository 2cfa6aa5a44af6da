// Realworld is the RealWorld API, a blog with many authors, as a company would write it.
// README.md says how to run and test it.
package main

import (
	"context"

	"github.com/tenonkit/tenon/examples/realworld/service"
)

func main() {
	service.Main(func(ctx context.Context, addr, database string) error { return service.Run(ctx, addr, database) })
}
