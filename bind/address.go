package bind

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"sync"
)

// An addressee is the working space in which an address is bound.
type addressee struct {
	request

	path map[string]string
}

// address returns what refuses an address as Bind would: by its path values and
// its query. Of Validate methods it calls those that see nothing else.
func (p *plan) address(t reflect.Type, config *config) func(path map[string]string, query string) error {
	seen := *p
	seen.structs, seen.body = nil, nil
	for _, s := range p.structs {
		if p.isOfAddress(s.index) {
			seen.structs = append(seen.structs, s)
		}
	}
	pool := sync.Pool{New: func() any {
		c, a := *config, &addressee{}
		c.validate = nil
		c.pathValue = func(_ *http.Request, name string) string { return a.path[name] }
		a.config, a.in, a.r = &c, reflect.New(t).Elem(), &http.Request{URL: &url.URL{}}
		return a
	}}
	return func(path map[string]string, query string) error {
		a, _ := pool.Get().(*addressee)
		a.path, a.r.URL.RawQuery = path, query
		a.paths(&p.path)
		a.query(&p.query)
		err := a.errs.refusal()
		if err == nil {
			err = seen.validate(&a.request, nil)
		}
		a.in.SetZero()
		a.gathered.reset()
		a.gathered.forget()
		a.path, a.errs = nil, collector{}
		pool.Put(a)
		return err
	}
}

// isOfAddress reports whether the path and the query fill all that is filled of
// the struct at index in In.
func (p *plan) isOfAddress(index []int) bool {
	others := slices.Clone(p.in.Requests)
	sources := []*source{&p.header, &p.cookie}
	if p.body != nil && p.body.form != nil && len(p.body.index) == 0 {
		sources = append(sources, &p.body.form.source)
	} else if p.body != nil {
		others = append(others, p.body.index)
	}
	for _, s := range sources {
		for _, param := range s.params {
			others = append(others, param.index)
		}
	}
	return !slices.ContainsFunc(others, func(at []int) bool {
		return len(at) >= len(index) && slices.Equal(at[:len(index)], index)
	})
}
