package mcp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// Info describes the server to a client.
type Info struct {
	// Name is the name of the server for programs. It is required.
	Name string
	// Title is the name for people. Empty means Name.
	Title string
	// Version is the version of the service. It is required.
	Version string
	// Instructions tell a model how to use the tools together. They may be empty.
	Instructions string
}

// New returns the handler that offers the routes as tools, over streamable HTTP. Hidden
// routes that you pass are tools too. A call of a tool is a request to service, inside
// the process. So service is the handler that clients reach over the network, with
// everything around the router:
//
//	routes.Mount(mux)
//	service := middleware.AccessLog(log)(guard(mux))
//	tools, err := mcp.New(mcp.Info{Name: "articles", Version: "1.0.0"}, service, routes[:2])
//	mux.Handle("/mcp", tools)
//
// The handler keeps no sessions: every process of a service answers every call. It is
// safe for concurrent use.
//
// The error names everything that keeps the routes from being tools: two arguments with
// one name, arguments and answers that an agent cannot send or read, invalid names, and
// the faults of [tenon.Routes.Check] and [openapi.New].
func New(info Info, service http.Handler, routes tenon.Routes, opts ...Option) (http.Handler, error) {
	c := &config{maxAnswer: 1 << 20, origins: http.NewCrossOriginProtection()}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	if info.Name == "" || info.Version == "" {
		c.fault("Info has no Name or no Version: write both")
	}
	if service == nil {
		c.fault("the service is nil: pass the handler that clients reach over the network")
	}
	if err := routes.Check(); err != nil {
		return nil, errors.Join(c.error(), err)
	}
	tools := c.tools(routes)
	if err := c.error(); err != nil {
		return nil, err
	}
	server := mcp.NewServer(
		&mcp.Implementation{Name: info.Name, Title: info.Title, Version: info.Version},
		&mcp.ServerOptions{Instructions: info.Instructions, Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}}},
	)
	server.AddReceivingMiddleware(limited)
	for _, t := range tools {
		s := &served{tool: t, service: service, maxAnswer: c.maxAnswer}
		server.AddTool(&t.Tool, s.call)
	}
	transport := mcp.NewStreamableHTTPHandler(
		func(*http.Request) *mcp.Server { return server },
		&mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: true, PropagateRequestCancellation: true},
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.origins.Check(r); err != nil {
			respond.Error(w, r, respond.Forbidden("the origin of the request is not allowed").WithCause(err))
			return
		}
		transport.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, &caller{Request: r})))
	}), nil
}

// An Option changes what [New] does. The zero Option changes nothing.
type Option struct{ apply func(*config) }

// MaxAnswer limits the bytes that a tool reads of an answer. The default is 1 MiB. A
// stream of lines is cut after the last whole line, and its result says so. With any
// other longer answer the call fails.
func MaxAnswer(bytes int) Option {
	return Option{func(c *config) {
		if bytes <= 0 {
			c.fault("MaxAnswer is %d: pass a positive number of bytes", bytes)
		}
		c.maxAnswer = bytes
	}}
}

// TrustOrigins allows pages of these origins, such as "https://example.com", to call the
// tools. Without it only pages of the server's own origin may (see
// [http.CrossOriginProtection]). Programs that send no Origin always may.
func TrustOrigins(origins ...string) Option {
	return Option{func(c *config) {
		for _, origin := range origins {
			if err := c.origins.AddTrustedOrigin(origin); err != nil {
				c.fault("TrustOrigins(%q): %v", origin, err)
			}
		}
	}}
}

// OpenAPI gives the options that make the document of the routes, so that the tools have
// the same schemas and names. The most important one is [openapi.Schema].
func OpenAPI(opts ...openapi.Option) Option {
	return Option{func(c *config) { c.openapi = append(c.openapi, opts...) }}
}

// A config is the configuration of New.
type config struct {
	maxAnswer int
	origins   *http.CrossOriginProtection
	openapi   []openapi.Option
	faults    []string
}

func (c *config) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *config) error() error {
	if len(c.faults) == 0 {
		return nil
	}
	return errors.New("mcp: the routes cannot be tools:\n\t" + strings.Join(c.faults, "\n\t"))
}
