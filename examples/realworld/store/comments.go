package store

import (
	"context"
	"database/sql"

	"github.com/tenonkit/tenon/examples/realworld/api"
)

const comments = `SELECT c.id, c.body, c.created_at, c.created_at, ` + profile + `
	FROM comments c JOIN users u ON u.id = c.author_id WHERE `

func scanComment(row *sql.Rows, c *api.Comment) error {
	return row.Scan(&c.ID, &c.Body, &c.CreatedAt, &c.UpdatedAt,
		&c.Author.Username, &c.Author.Bio, &c.Author.Image, &c.Author.Following)
}

// Comments returns the comments on an article, the oldest first.
func (s *Store) Comments(ctx context.Context, viewer int64, slug string) ([]api.Comment, error) {
	id, err := articleID(ctx, s.conn(), slug)
	if err != nil {
		return nil, err
	}
	return all(ctx, s.conn(), scanComment, comments+`c.article_id = $2 ORDER BY c.id`, viewer, id)
}

func articleID(ctx context.Context, c conn, slug string) (int64, error) {
	return one(ctx, c, "article", value[int64], `SELECT id FROM articles WHERE slug = $1`, slug)
}

// AddComment adds a comment of author.
func (s *Store) AddComment(ctx context.Context, author int64, slug, body string) (added api.Comment, err error) {
	err = s.atomically(ctx, func(c conn) error {
		id, err := one(ctx, c, "article", value[int64], `INSERT INTO comments (article_id, author_id, body, created_at)
			SELECT a.id, CAST($1 AS BIGINT), $2, CAST($3 AS BIGINT) FROM articles a WHERE a.slug = $4 RETURNING id`, author, body, now(), slug)
		if err != nil {
			return err
		}
		added, err = one(ctx, c, "comment", scanComment, comments+`c.id = $2`, author, id)
		return err
	})
	return added, err
}

// RemoveComment removes a comment of viewer.
func (s *Store) RemoveComment(ctx context.Context, viewer int64, slug string, id int64) error {
	return s.atomically(ctx, func(c conn) error {
		article, err := articleID(ctx, c, slug)
		if err != nil {
			return err
		}
		author, err := one(ctx, c, "comment", value[int64],
			`SELECT author_id FROM comments WHERE id = $1 AND article_id = $2`, id, article)
		switch {
		case err != nil:
			return err
		case author != viewer:
			return &Error{Forbidden, "comment"}
		}
		_, err = c.exec(ctx, `DELETE FROM comments WHERE id = $1`, id)
		return err
	})
}
