package openapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type shift struct {
	respond.OneOf

	Made   *profile
	Erased *struct {
		ID int64 `json:"id"`
	}
	Other any
}

func TestNew_eventsOfSeveralTypes(t *testing.T) {
	t.Parallel()
	items := func(yield func(shift, error) bool) { yield(shift{Made: &profile{Password: "s"}}, nil) }
	route := tenon.Get("/events", func(context.Context, tenon.None) (stream.SSE[shift], error) {
		return stream.SSE[shift]{Seq: items}, nil
	}, tenon.Named("x"))
	doc := newDocument(t, tenon.Routes{route})
	content := at(t, operations(t, doc)["x"], "responses", "200", "content", "text/event-stream", "schema")
	text, err := json.Marshal(content)
	require.NoError(t, err)
	assert.JSONEq(t, `{"type":"string","description":"A stream of events. The data of each is JSON: x-event-types has the schema for each type.",
		"x-event-types":{"Made":{"$ref":"#/components/schemas/profile"},
		"Erased":{"type":"object","properties":{"id":{"type":"integer","format":"int64"}},"required":["id"]},"Other":{}}}`, string(text))
	verified := func(h http.Handler) (faults []error) {
		openapi.Verify(doc, func(err error) { faults = append(faults, err) })(h).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/events", nil))
		return faults
	}
	assert.Empty(t, verified(route.Handler()))
	for _, event := range []stream.Event{
		{Type: "Made", Value: 1}, {Type: "made", Value: profile{}}, {Value: profile{}}, {Type: "Erased", Data: `{}`},
	} {
		assert.Len(t, verified(stream.SSE[stream.Event]{Seq: func(yield func(stream.Event, error) bool) { yield(event, nil) }}), 1, event.Type)
	}
	page := httptest.NewRecorder()
	openapi.Docs(doc).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Contains(t, page.Body.String(), "event: Erased\ndata: {&#34;id&#34;:1}")
}
