package respond

import "net/http"

// A Received is what an answer says around its body.
type Received struct {
	Status  int
	Header  http.Header
	Cookies []*http.Cookie
}

// A receiver is a pointer to a wrapper. It takes what an answer says and returns a pointer
// to the body.
type receiver interface{ receive(a Received) (body any) }

// Receive puts what an answer says into the wrapper that p points to, and returns a pointer
// to its body. Where p points to no wrapper it is not ok. It is for package client.
func Receive(p any, a Received) (body any, ok bool) {
	x, ok := p.(receiver)
	if !ok {
		return nil, false
	}
	return x.receive(a), true
}

func (x *Response[T]) receive(a Received) (body any) {
	x.Status, x.Header, x.Cookies = a.Status, a.Header, a.Cookies
	return &x.Body
}

func (x *OK[T]) receive(a Received) (body any) {
	x.Header, x.Cookies = a.Header, a.Cookies
	return &x.Body
}

func (x *Created[T]) receive(a Received) (body any) {
	x.Header, x.Cookies, x.Location = a.Header, a.Cookies, a.Header.Get("Location")
	return &x.Body
}

func (x *Accepted[T]) receive(a Received) (body any) {
	x.Header, x.Cookies = a.Header, a.Cookies
	return &x.Body
}

func (x *NoContent) receive(a Received) (body any) {
	x.Header, x.Cookies = a.Header, a.Cookies
	return new(None)
}
