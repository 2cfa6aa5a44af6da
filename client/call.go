package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon"
)

// Call sends in to the route of op and returns the answer. It returns an error in these
// cases, here with the status that a handler answers if it returns the error:
//
//   - 500: package bind would refuse in, or in cannot be sent. Nothing is sent, and the
//     error names the field
//   - 502: the answer is not an Out. The error is an [*Error]
//   - 502: the call fails on the way. The error unwraps to the reason
//   - the status that [respond.Error] gives the error of ctx: ctx ends. The error unwraps
//     to that error
//
// An Out that is an [io.ReadCloser] or [io.Reader] is the body as it arrives. Close it,
// or read it to its end. Every other Out is complete when Call returns.
func Call[In, Out any](ctx context.Context, c *Client, op tenon.Op[In, Out], in In) (Out, error) {
	var out Out
	if err := c.call(ctx, operationOf(c, &op), reflect.ValueOf(&in).Elem(), reflect.ValueOf(&out).Elem()); err != nil {
		return *new(Out), err
	}
	return out, nil
}

// Raw is [Call] for callers that read the answer themselves. It returns every answer as
// it came, including failures and redirects. The caller closes its Body.
func Raw[In, Out any](ctx context.Context, c *Client, op tenon.Op[In, Out], in In) (*http.Response, error) {
	return c.send(ctx, operationOf(c, &op), reflect.ValueOf(&in).Elem())
}

// send sends in. in must be addressable.
func (c *Client) send(ctx context.Context, o *operation, in reflect.Value) (*http.Response, error) {
	r, err := c.request(ctx, o, in)
	if err != nil {
		return nil, err
	}
	return c.do(o, r)
}

func (c *Client) do(o *operation, r *http.Request) (*http.Response, error) {
	if body, ok := r.Body.(*closeOnce); ok {
		// net/http returns only when nothing reads the body any more.
		stop := context.AfterFunc(r.Context(), func() { _ = body.Close() })
		defer stop()
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, o.broken(r.Context(), err)
	}
	return answer, nil
}

func (c *Client) call(ctx context.Context, o *operation, in, out reflect.Value) error {
	if o.fault == nil && o.unread != nil {
		return o.refused(in, o.failed(o.unread))
	}
	sent, err := c.send(ctx, o, in) //nolint:bodyclose // end closes it, or the caller, if it is the Out
	if err != nil {
		return err
	}
	r := &response{Response: sent, client: c, method: o.method}
	defer r.end()
	a := o.answerFor(sent.StatusCode)
	if a == nil {
		return r.undeclared(o)
	}
	if err = a.store(r, out); err == nil {
		return nil
	}
	if way, ok := errors.AsType[*broken](err); ok {
		return o.broken(ctx, way.err)
	}
	return r.fail(o, err.Error())
}

// end reads the little that may be left of the body, so that the connection can be
// reused.
func (r *response) end() {
	if r.kept {
		return
	}
	// Only a body that is read to its end leaves the connection for the next call.
	const little = 16 << 10
	if !r.read && r.ContentLength >= 0 && r.ContentLength <= little {
		_, _ = io.CopyN(io.Discard, r.Body, little) // nobody needs the rest
	}
	_ = r.Body.Close() // as above
}

// CallType is [Call] for types that are known only at run time. in and out must be
// addressable. It is for the packages of this module alone.
func CallType(ctx context.Context, c *Client, method, pattern string, in, out reflect.Value) error {
	key := opKey{method: method, pattern: pattern, in: in.Type(), out: out.Type()}
	return c.call(ctx, c.operation(&key, nil), in, out)
}
