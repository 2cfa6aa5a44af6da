package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/examples/realworld/api"
	"github.com/tenonkit/tenon/examples/realworld/store"
)

// TestOpen lets several processes meet a new database at once; each finds what another has
// stored.
func TestOpen(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a name with ? and %41.db")
	opened := make(chan *store.Store, 4)
	for range cap(opened) {
		go func() {
			s, err := store.Open(t.Context(), file)
			assert.NoError(t, err)
			opened <- s
		}()
	}
	first := <-opened
	me, err := first.AddUser(t.Context(), "ada", "ada@example.com", "hash")
	require.NoError(t, err)
	for range cap(opened) - 1 {
		s := <-opened
		found, err := s.User(t.Context(), me.ID)
		require.NoError(t, err)
		assert.Equal(t, me, found)
		_, err = s.AddUser(t.Context(), "ada", "other@example.com", "hash")
		assert.Equal(t, &store.Error{Kind: store.Taken, Subject: "username"}, err)
		require.NoError(t, s.Close())
	}
	require.NoError(t, first.Close())
	require.FileExists(t, file)

	_, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "missing", "test.db"))
	require.ErrorContains(t, err, "migrate the database")
	_, err = store.Open(t.Context(), "postgres://127.0.0.1:1/nothing?connect_timeout=1")
	require.ErrorContains(t, err, "migrate the database")
}

// TestStore_times holds that each change of an article is later than the one before, however
// fast they come.
func TestStore_times(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	require.NoError(t, err)
	defer s.Close()
	me, err := s.AddUser(t.Context(), "ada", "ada@example.com", "hash")
	require.NoError(t, err)
	article, err := s.AddArticle(t.Context(), me.ID, api.NewArticle{Title: "¿Qué? 木", Description: "x", Body: "x"})
	require.NoError(t, err)
	assert.Regexp(t, `^qué-木-[0-9a-z]{10}$`, article.Slug)
	in := api.ArticleChangeIn{OwnIn: api.OwnIn{Slug: article.Slug}}
	in.Me = me
	last := article.UpdatedAt
	for range 20 {
		in.Body.Article.Body = "y"
		out, err := s.ChangeArticle(t.Context(), in)
		require.NoError(t, err)
		require.Greater(t, out.Article.UpdatedAt, last)
		last = out.Article.UpdatedAt
	}
}
