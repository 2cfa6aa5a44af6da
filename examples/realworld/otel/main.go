// Otel is the service of the directory above with traces and metrics, by otelhttp around
// the chain. They are written to the standard output, once in a while for the metrics; a
// company puts the exporters of its collector in their place. It is a module of its own, so
// that the service has none of OpenTelemetry among its dependencies.
//
//	$ go run . -addr 127.0.0.1:8090
package main

import (
	"context"
	"errors"
	"io"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/tenonkit/tenon/examples/realworld/service"
)

func main() {
	service.Main(func(ctx context.Context, addr, database string) error { return run(ctx, addr, database, os.Stdout) })
}

func run(ctx context.Context, addr, database string, out io.Writer) error {
	spans, err := stdouttrace.New(stdouttrace.WithWriter(out))
	if err != nil {
		return err
	}
	numbers, err := stdoutmetric.New(stdoutmetric.WithWriter(out))
	if err != nil {
		return err
	}
	tracer := trace.NewTracerProvider(trace.WithBatcher(spans))
	meter := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(numbers)))
	measured := otelhttp.NewMiddleware("conduit", otelhttp.WithTracerProvider(tracer), otelhttp.WithMeterProvider(meter))
	err = service.Run(ctx, addr, database, measured)
	// What is still held goes out, though the service has ended.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, tracer.Shutdown(ctx), meter.Shutdown(ctx))
}
