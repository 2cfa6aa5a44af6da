package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon"
)

// Call sends in to the route of op and returns what it answers.
//
// What package bind would refuse of in is an error that names the field, before anything is
// sent, and so is a value that no request can carry. An answer that is no Out is an
// [*Error]. A failure on the way, the end of ctx among them, is an error that unwraps to the
// reason. With any of these a handler that returns it answers 502, or what the end of a
// context asks for, and 500 for a request that was not sent.
//
// An Out that is an [io.ReadCloser] or [io.Reader] is the body as it arrives: whoever has
// it closes it, or reads it to its end. Every other Out is whole when Call returns.
func Call[In, Out any](ctx context.Context, c *Client, op tenon.Op[In, Out], in In) (Out, error) {
	var out Out
	if err := c.call(ctx, operationOf(c, &op), reflect.ValueOf(&in).Elem(), reflect.ValueOf(&out).Elem()); err != nil {
		return *new(Out), err
	}
	return out, nil
}

// Raw is [Call] for whoever reads the answer by itself: it returns every answer as it
// came, failures and redirects among them. The caller closes its Body.
func Raw[In, Out any](ctx context.Context, c *Client, op tenon.Op[In, Out], in In) (*http.Response, error) {
	return c.send(ctx, operationOf(c, &op), reflect.ValueOf(&in).Elem())
}

// send sends in, which is addressable.
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
		return nil, o.broken(err)
	}
	return answer, nil
}

func (c *Client) call(ctx context.Context, o *operation, in, out reflect.Value) error {
	if o.fault == nil && o.unread != nil {
		return o.refused(in, o.failed(o.unread))
	}
	sent, err := c.send(ctx, o, in) //nolint:bodyclose // end closes it, or whoever has it as an Out
	if err != nil {
		return err
	}
	r := &response{Response: sent, client: c, method: o.method}
	defer r.end()
	a := o.answerFor(sent.StatusCode)
	if a == nil {
		why := ""
		if sent.StatusCode < http.StatusBadRequest {
			why = "is a status that the Op does not declare"
		}
		return r.fail(o, why)
	}
	if err = a.store(r, out); err == nil {
		return nil
	}
	if way, ok := errors.AsType[*broken](err); ok {
		return o.broken(way.err)
	}
	return r.fail(o, err.Error())
}

// end gives the connection back, with what little may be left of the body.
func (r *response) end() {
	if r.kept {
		return
	}
	// Only a body that is read to its end leaves the connection for the next call.
	const little = 16 << 10
	if !r.read && r.ContentLength >= 0 && r.ContentLength <= little {
		_, _ = io.CopyN(io.Discard, r.Body, little) // what is left is nobody's
	}
	_ = r.Body.Close() // as above
}

// CallType is [Call] for the family alone: in and out, which are addressable, are of types
// that are known at run time only.
func CallType(ctx context.Context, c *Client, method, pattern string, in, out reflect.Value) error {
	key := opKey{method: method, pattern: pattern, in: in.Type(), out: out.Type()}
	return c.call(ctx, c.operation(&key, nil), in, out)
}
