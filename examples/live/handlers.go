package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// Events streams what happens in the workshop, from where the client was, or from the
// start.
func (s *Workshop) Events(context.Context, tenon.None) (feed.SSE[News], error) {
	return feed.SSE[News]{Log: s.log, Topic: topic, After: s.start}, nil
}

// DropAll is the button that shows how a page goes on after a broken connection.
func (s *Workshop) DropAll(context.Context, tenon.None) (tenon.None, error) {
	s.Drop()
	return tenon.None{}, nil
}

// A Board is a row of the table.
type Board struct {
	Number int     `json:"number"`
	Wood   string  `json:"wood"`
	Width  float64 `json:"width"`
}

// TableIn says how many rows to make.
type TableIn struct {
	Rows int `query:"rows" default:"1000" minimum:"0" maximum:"1000000000"`
}

// Table makes its rows while they are sent: no row is kept.
func Table(_ context.Context, in TableIn) (respond.Response[stream.NDJSON[Board]], error) {
	woods := [...]string{"oak", "ash", "elm", "larch"}
	rows := func(yield func(Board, error) bool) {
		for n := range in.Rows {
			if !yield(Board{n + 1, woods[n%len(woods)], 80 + float64(n%9)/2}, nil) {
				return
			}
		}
	}
	return respond.Status(http.StatusOK, stream.NDJSON[Board]{Seq: rows}).
		WithHeader("Content-Disposition", fmt.Sprintf("attachment; filename=boards-%d.ndjson", in.Rows)), nil
}
