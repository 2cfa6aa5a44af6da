package respond

import "net/http"

// A receiver is a pointer to a wrapper. It takes the status, header fields and cookies of a
// response, and returns a pointer to the body.
type receiver interface {
	receive(status int, fields http.Header, cookies []*http.Cookie) (body any)
}

// Receive puts the status, header fields and cookies of a response into the wrapper that p
// points to, and returns a pointer to its body. ok is false if p does not point to a wrapper.
// It is for package client only.
func Receive(p any, status int, fields http.Header, cookies []*http.Cookie) (body any, ok bool) {
	x, ok := p.(receiver)
	if !ok {
		return nil, false
	}
	return x.receive(status, fields, cookies), true
}

func (x *Response[T]) receive(status int, fields http.Header, cookies []*http.Cookie) (body any) {
	x.Status, x.Header, x.Cookies = status, fields, cookies
	return &x.Body
}

func (x *OK[T]) receive(_ int, fields http.Header, cookies []*http.Cookie) (body any) {
	x.Header, x.Cookies = fields, cookies
	return &x.Body
}

func (x *Created[T]) receive(_ int, fields http.Header, cookies []*http.Cookie) (body any) {
	x.Header, x.Cookies, x.Location = fields, cookies, fields.Get("Location")
	return &x.Body
}

func (x *Accepted[T]) receive(_ int, fields http.Header, cookies []*http.Cookie) (body any) {
	x.Header, x.Cookies = fields, cookies
	return &x.Body
}

func (x *NoContent) receive(_ int, fields http.Header, cookies []*http.Cookie) (body any) {
	x.Header, x.Cookies = fields, cookies
	return new(None)
}
