package cookie

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// declare panics with every fault of the declaration.
func declare[T any](kind, name string, opts []Option, makeForm func(c *config, binary bool) (form, error)) *Cookie[T] {
	c := newConfig(name, opts)
	p, fault := payloadOf[T]()
	found := append([]error{fault}, c.faults()...)
	f, fault := makeForm(c, p.binary)
	found = append(found, fault)
	if fault := errors.Join(found...); fault != nil {
		texts := strings.ReplaceAll(strings.ReplaceAll(fault.Error(), "cookie: ", ""), "\n", "; ")
		panic(fmt.Sprintf("cookie: %s cookie %q: %s", kind, name, texts))
	}

	lifetime := c.maxAge
	if lifetime == 0 {
		lifetime = browserSession
	}
	attributes, start := c.attributes(), name+"="
	return &Cookie[T]{
		attributes: *attributes,
		identity:   identityOf(attributes),
		start:      start,
		end:        strings.TrimPrefix(attributes.String(), start),
		gone:       deletion(attributes).String(),
		lifetime:   int64(lifetime / time.Second),
		payload:    p,
		form:       f,
	}
}

// faults returns what is wrong with the attributes and the options.
func (c *config) faults() []error {
	var found []error
	if c.sameSite == 0 {
		found = append(found, errors.New("SameSite 0 is none of net/http's modes"))
	}
	if c.maxAge < 0 || c.maxAge > maxLifetime || c.maxAge%time.Second != 0 {
		found = append(found, fmt.Errorf("the maximum age %v is not a number of seconds from 0 to 400 days", c.maxAge))
	}
	if len(c.context) > 1<<16-1 {
		found = append(found, errors.New("the context is longer than 65535 bytes"))
	}
	return append(found, Check(c.attributes()))
}
