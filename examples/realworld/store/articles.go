package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/tenonkit/tenon/examples/realworld/api"
)

// article are the columns of the article a of the user u, as the viewer $1 sees it.
const article = `a.id, a.author_id, a.slug, a.title, a.description, a.body, a.created_at, a.updated_at,
	(SELECT json_agg(t.tag ORDER BY t.tag) FROM tags t WHERE t.article_id = a.id),
	EXISTS (SELECT 1 FROM favorites v WHERE v.article_id = a.id AND v.user_id = $1),
	(SELECT count(*) FROM favorites v WHERE v.article_id = a.id), ` + profile

// A row is an article with what only the store knows.
type row struct {
	id, author int64
	api.Article
}

func scanArticle(from *sql.Rows, a *row) error {
	var tags []byte // nil where PostgreSQL finds none
	err := from.Scan(&a.id, &a.author, &a.Slug, &a.Title, &a.Description, &a.Body, &a.CreatedAt, &a.UpdatedAt,
		&tags, &a.Favorited, &a.FavoritesCount, &a.Author.Username, &a.Author.Bio, &a.Author.Image, &a.Author.Following)
	if err == nil && tags != nil {
		err = json.Unmarshal(tags, &a.TagList)
	}
	return err
}

// summary leaves out the body, which may be long.
var summary = strings.Replace(article, "a.body", "''", 1)

// Articles returns the newest articles that the request asks for, and how many there are.
func (s *Store) Articles(ctx context.Context, in api.ArticlesIn) (api.Articles, error) {
	return s.list(ctx, in.ID(), in, false)
}

// Feed returns the newest articles of those whom the viewer follows.
func (s *Store) Feed(ctx context.Context, in api.FeedIn) (api.Articles, error) {
	return s.list(ctx, in.Me.ID, api.ArticlesIn{Page: in.Page}, true)
}

func (s *Store) list(ctx context.Context, viewer int64, in api.ArticlesIn, isFeed bool) (api.Articles, error) {
	// Counting does not look at the viewer, whom PostgreSQL wants to see used.
	where, args := `CAST($1 AS BIGINT) IS NOT NULL`, []any{viewer}
	add := func(isSet bool, condition string, v any) {
		if isSet {
			args = append(args, v)
			where += " AND " + fmt.Sprintf(condition, len(args))
		}
	}
	add(isFeed, `EXISTS (SELECT 1 FROM follows f WHERE f.followed_id = a.author_id AND f.follower_id = $%d)`, viewer)
	add(in.Author != "", `a.author_id = (SELECT id FROM users WHERE username = $%d)`, in.Author)
	add(in.Tag != "", `EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.tag = $%d)`, in.Tag)
	add(in.Favorited != "", `EXISTS (SELECT 1 FROM favorites v JOIN users w ON w.id = v.user_id
		WHERE v.article_id = a.id AND w.username = $%d)`, in.Favorited)
	count, err := one(ctx, s.conn(), "article", value[int], `SELECT count(*) FROM articles a WHERE `+where, args...)
	if err != nil {
		return api.Articles{}, err
	}
	query := fmt.Sprintf(`SELECT %s FROM articles a JOIN users u ON u.id = a.author_id WHERE %s ORDER BY a.id DESC LIMIT $%d OFFSET $%d`,
		summary, where, len(args)+1, len(args)+2)
	rows, err := all(ctx, s.conn(), scanArticle, query, append(args, in.Limit, in.Offset)...)
	found := api.Articles{Articles: make([]api.Summary, len(rows)), ArticlesCount: count}
	for i, row := range rows {
		found.Articles[i] = row.Summary
	}
	return found, err
}

func find(ctx context.Context, c conn, viewer int64, slug string) (row, error) {
	return one(ctx, c, "article", scanArticle,
		`SELECT `+article+` FROM articles a JOIN users u ON u.id = a.author_id WHERE a.slug = $2`, viewer, slug)
}

// Article returns what the viewer sees of an article.
func (s *Store) Article(ctx context.Context, in api.ArticleIn) (api.ArticleOut, error) {
	found, err := find(ctx, s.conn(), in.ID(), in.Slug)
	return api.ArticleOut{Article: found.Article}, err
}

// AddArticle adds an article of author.
func (s *Store) AddArticle(ctx context.Context, author int64, a api.NewArticle) (added api.Article, err error) {
	err = s.atomically(ctx, func(c conn) error {
		slug, at := newSlug(a.Title), now()
		id, err := one(ctx, c, "article", value[int64],
			`INSERT INTO articles (author_id, slug, title, description, body, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id`, author, slug, a.Title, a.Description, a.Body, at)
		if err != nil {
			return err
		}
		if err := setTags(ctx, c, id, a.TagList); err != nil {
			return err
		}
		found, err := find(ctx, c, author, slug)
		added = found.Article
		return err
	})
	return added, err
}

// newSlug makes words for an address of a title. Its end keeps apart the articles of one
// title; that of a title which changes stays, so that links to it do.
func newSlug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(append(words, strings.ToLower(rand.Text()[:10])), "-")
}

func setTags(ctx context.Context, c conn, id int64, tags []string) error {
	if _, err := c.exec(ctx, `DELETE FROM tags WHERE article_id = $1`, id); err != nil {
		return err
	}
	for _, tag := range tags {
		if _, err := c.exec(ctx, `INSERT INTO tags (article_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, tag); err != nil {
			return err
		}
	}
	return nil
}

// own returns an article of the viewer, who alone may change it.
func own(ctx context.Context, c conn, in api.OwnIn) (row, error) {
	found, err := find(ctx, c, in.Me.ID, in.Slug)
	if err == nil && found.author != in.Me.ID {
		err = &Error{Forbidden, "article"}
	}
	return found, err
}

// ChangeArticle changes what the request has of an article of the viewer.
func (s *Store) ChangeArticle(ctx context.Context, in api.ArticleChangeIn) (out api.ArticleOut, err error) {
	err = s.atomically(ctx, func(c conn) error {
		old, err := own(ctx, c, in.OwnIn)
		if err != nil {
			return err
		}
		var set columns
		change := in.Body.Article
		set.add(change.Title != "", "title", change.Title)
		set.add(change.Description != "", "description", change.Description)
		set.add(change.Body != "", "body", change.Body)
		set.add(true, "updated_at", max(now(), old.UpdatedAt+1)) // two changes in one millisecond are told apart
		if err := set.update(ctx, c, "articles", old.id); err != nil {
			return err
		}
		if change.TagList != nil {
			if err := setTags(ctx, c, old.id, *change.TagList); err != nil {
				return err
			}
		}
		found, err := find(ctx, c, in.Me.ID, in.Slug)
		out.Article = found.Article
		return err
	})
	return out, err
}

// RemoveArticle removes an article of the viewer.
func (s *Store) RemoveArticle(ctx context.Context, in api.OwnIn) (struct{}, error) {
	return struct{}{}, s.atomically(ctx, func(c conn) error {
		found, err := own(ctx, c, in)
		if err == nil {
			_, err = c.exec(ctx, `DELETE FROM articles WHERE id = $1`, found.id)
		}
		return err
	})
}

// Favor makes an article a favorite of the viewer.
func (s *Store) Favor(ctx context.Context, in api.OwnIn) (api.ArticleOut, error) {
	return s.setFavorite(ctx, in, `INSERT INTO favorites (article_id, user_id)
		SELECT a.id, u.id FROM articles a, users u WHERE u.id = $1 AND a.slug = $2 ON CONFLICT DO NOTHING`)
}

// Unfavor takes back a Favor.
func (s *Store) Unfavor(ctx context.Context, in api.OwnIn) (api.ArticleOut, error) {
	return s.setFavorite(ctx, in,
		`DELETE FROM favorites WHERE user_id = $1 AND article_id = (SELECT id FROM articles WHERE slug = $2)`)
}

func (s *Store) setFavorite(ctx context.Context, in api.OwnIn, statement string) (api.ArticleOut, error) {
	if _, err := s.conn().exec(ctx, statement, in.Me.ID, in.Slug); err != nil {
		return api.ArticleOut{}, err
	}
	found, err := find(ctx, s.conn(), in.Me.ID, in.Slug)
	return api.ArticleOut{Article: found.Article}, err
}

// Tags returns all tags, those of the most articles first.
func (s *Store) Tags(ctx context.Context, _ struct{}) (api.Tags, error) {
	tags, err := all(ctx, s.conn(), value[string], `SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag`)
	return api.Tags{Tags: tags}, err
}
