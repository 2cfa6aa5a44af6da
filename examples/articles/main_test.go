package main

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/precondition"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// Two editors replace one version of an article: the second is refused, and has to look at
// what the first wrote.
func TestService_twoEditors(t *testing.T) {
	handler, err := newHandler()
	require.NoError(t, err)
	c, ctx := client.InProcess(handler, client.Options{}), t.Context()

	made, err := client.Call(ctx, c, createArticle, Draft{Title: "Glue", Body: "When all else fails."})
	require.NoError(t, err)
	one := One{made.Body.ID}
	seen := precondition.Required{Headers: precondition.IfMatch(made.Header.Get("ETag"))}
	first, err := client.Call(ctx, c, replaceArticle, ReplaceIn{one, seen, Draft{Title: "Hide glue", Body: "It lets go."}})
	require.NoError(t, err)
	_, err = client.Call(ctx, c, replaceArticle, ReplaceIn{one, seen, Draft{Title: "Fish glue", Body: "It smells."}})
	refused, ok := errors.AsType[*client.Error](err)
	require.True(t, ok, err)
	assert.Equal(t, http.StatusPreconditionFailed, refused.Status)

	now, err := client.Call(ctx, c, getArticle, GetIn{One: one})
	require.NoError(t, err)
	assert.Equal(t, first.Body, now.Body)
	_, err = client.Call(ctx, c, deleteArticle, one)
	require.NoError(t, err)
	latest, err := client.Call(ctx, c, latestArticle, struct{}{})
	require.NoError(t, err)
	assert.Equal(t, "/articles/2", latest.URL)
	list, err := client.Call(ctx, c, listArticles, ListIn{Limit: 1, Tags: []string{"wood"}})
	require.NoError(t, err)
	assert.Len(t, list, 1)
}
