package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/stream"
)

// A page follows as a browser does: it connects again by itself, with the last id.
type page struct {
	url   string
	last  string
	next  [publishers]int
	total int
	again int // how often it connected
}

func (p *page) read(ctx context.Context, all int) error {
	for p.total < all {
		if ctx.Err() != nil {
			return fmt.Errorf("%d of %d events: %w", p.total, all, ctx.Err())
		}
		if err := p.connect(ctx, all); err != nil {
			return err
		}
		p.again++
		time.Sleep(50 * time.Millisecond) // as a browser waits
	}
	return nil
}

// connect returns an error only for an event that should not have come.
func (p *page) connect(ctx context.Context, all int) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return err
	}
	if p.last != "" {
		r.Header.Set("Last-Event-ID", p.last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil
	}
	for event, err := range stream.Events(response.Body) {
		if err != nil {
			return nil
		}
		if event.ID != "" {
			p.last = event.ID
		}
		if err := p.take(event); err != nil {
			return err
		}
		if p.total == all {
			return nil
		}
	}
	return nil
}

func (p *page) take(event stream.Event) error {
	if event.Data == "" {
		return nil
	}
	var v news
	if err := encode.Unmarshal([]byte(event.Data), &v); err != nil || event.Type != "" {
		return errors.Join(fmt.Errorf("%+v after %d events", event, p.total), err)
	}
	if v.N != p.next[v.By] {
		return fmt.Errorf("event %d of publisher %d instead of %d, with the id %s, after %d connections", v.N, v.By, p.next[v.By], event.ID, p.again)
	}
	p.next[v.By]++
	p.total++
	return nil
}
