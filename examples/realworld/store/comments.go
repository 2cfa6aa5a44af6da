package store

import (
	"context"
	"database/sql"

	"github.com/tenonkit/tenon/examples/realworld/api"
)

const comments = `SELECT c.id, c.created_at, c.body, c.created_at, ` + profile + `
	FROM comments c JOIN users u ON u.id = c.author_id WHERE `

func scanComment(row *sql.Rows, c *api.Comment) error {
	return row.Scan(&c.ID, &c.CreatedAt, &c.Body, &c.UpdatedAt,
		&c.Author.Username, &c.Author.Bio, &c.Author.Image, &c.Author.Following)
}

// Comments returns the comments on an article, the oldest first.
func (s *Store) Comments(ctx context.Context, in api.ArticleIn) (out api.Comments, err error) {
	id, err := articleID(ctx, s.conn(), in.Slug)
	if err == nil {
		out.Comments, err = all(ctx, s.conn(), scanComment, comments+`c.article_id = $2 ORDER BY c.id`, in.ID(), id)
	}
	return out, err
}

func articleID(ctx context.Context, c conn, slug string) (int64, error) {
	return one(ctx, c, "article", value[int64], `SELECT id FROM articles WHERE slug = $1`, slug)
}

// AddComment adds a comment of the viewer.
func (s *Store) AddComment(ctx context.Context, in api.NewCommentIn) (out api.CommentOut, err error) {
	err = s.atomically(ctx, func(c conn) error {
		id, err := one(ctx, c, "article", value[int64], `INSERT INTO comments (article_id, author_id, body, created_at)
			SELECT a.id, CAST($1 AS BIGINT), $2, CAST($3 AS BIGINT) FROM articles a WHERE a.slug = $4 RETURNING id`, in.Me.ID, in.Body.Comment.Body, now(), in.Slug)
		if err != nil {
			return err
		}
		out.Comment, err = one(ctx, c, "comment", scanComment, comments+`c.id = $2`, in.Me.ID, id)
		return err
	})
	return out, err
}

// RemoveComment removes a comment of the viewer.
func (s *Store) RemoveComment(ctx context.Context, in api.CommentIn) (struct{}, error) {
	return struct{}{}, s.atomically(ctx, func(c conn) error {
		article, err := articleID(ctx, c, in.Slug)
		if err != nil {
			return err
		}
		author, err := one(ctx, c, "comment", value[int64],
			`SELECT author_id FROM comments WHERE id = $1 AND article_id = $2`, in.ID, article)
		switch {
		case err != nil:
			return err
		case author != in.Me.ID:
			return &Error{Forbidden, "comment"}
		}
		_, err = c.exec(ctx, `DELETE FROM comments WHERE id = $1`, in.ID)
		return err
	})
}
