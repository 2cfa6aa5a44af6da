package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tenonkit/tenon/examples/realworld/api"
)

// AddUser adds a user with the hash of a password.
func (s *Store) AddUser(ctx context.Context, username, email, hash string) (api.Me, error) {
	id, err := one(ctx, s.conn(), "user", value[int64],
		`INSERT INTO users (username, email, password) VALUES ($1, $2, $3) RETURNING id`, username, email, hash)
	return api.Me{ID: id, User: api.User{Username: username, Email: email}}, err
}

func scanUser(row *sql.Rows, me *api.Me) error {
	return row.Scan(&me.ID, &me.Username, &me.Email, &me.Bio, &me.Image)
}

// User returns a user. It has no ID where there is none.
func (s *Store) User(ctx context.Context, id int64) (api.Me, error) {
	return first(ctx, s.conn(), scanUser, `SELECT id, username, email, bio, image FROM users WHERE id = $1`, id)
}

// Login returns the user of an address, and the hash of the password: "" where there is none.
func (s *Store) Login(ctx context.Context, email string) (me api.Me, hash string, err error) {
	me, err = first(ctx, s.conn(), func(row *sql.Rows, me *api.Me) error {
		return row.Scan(&me.ID, &me.Username, &me.Email, &me.Bio, &me.Image, &hash)
	}, `SELECT id, username, email, bio, image, password FROM users WHERE email = $1`, email)
	return me, hash, err
}

// ChangeUser changes what change has. An empty hash keeps the password.
func (s *Store) ChangeUser(ctx context.Context, id int64, change api.UserChange, hash string) (api.Me, error) {
	var set columns
	set.add(change.Username != "", "username", change.Username)
	set.add(change.Email != "", "email", change.Email)
	set.add(hash != "", "password", hash)
	set.add(change.Bio.IsSet(), "bio", orNull(change.Bio.Or("")))
	set.add(change.Image.IsSet(), "image", orNull(change.Image.Or("")))
	if err := set.update(ctx, s.conn(), "users", id); err != nil {
		return api.Me{}, err
	}
	return s.User(ctx, id)
}

// orNull makes an empty text none.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// columns are those that a statement sets.
type columns struct {
	names []string
	args  []any
}

func (c *columns) add(isSet bool, name string, v any) {
	if isSet {
		c.args = append(c.args, v)
		c.names = append(c.names, fmt.Sprintf("%s = $%d", name, len(c.args)))
	}
}

func (c *columns) update(ctx context.Context, run conn, table string, id int64) error {
	if len(c.names) == 0 {
		return nil
	}
	query := fmt.Sprintf("UPDATE %s SET %s WHERE id = $%d", table, strings.Join(c.names, ", "), len(c.args)+1)
	_, err := run.exec(ctx, query, append(c.args, id)...)
	return err
}

// profile are the columns of the user u, as the viewer $1 sees it.
const profile = `u.username, u.bio, u.image,
	EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $1 AND f.followed_id = u.id)`

func scanProfile(row *sql.Rows, p *api.Profile) error {
	return row.Scan(&p.Username, &p.Bio, &p.Image, &p.Following)
}

func (s *Store) profile(ctx context.Context, viewer int64, username string) (api.ProfileOut, error) {
	found, err := one(ctx, s.conn(), "profile", scanProfile, `SELECT `+profile+` FROM users u WHERE u.username = $2`, viewer, username)
	return api.ProfileOut{Profile: found}, err
}

// Profile returns what the viewer sees of a user.
func (s *Store) Profile(ctx context.Context, in api.ProfileIn) (api.ProfileOut, error) {
	return s.profile(ctx, in.ID(), in.Username)
}

// Follow lets the viewer follow a user.
func (s *Store) Follow(ctx context.Context, in api.FollowIn) (api.ProfileOut, error) {
	return s.setFollow(ctx, in, `INSERT INTO follows (follower_id, followed_id)
		SELECT u.id, other.id FROM users u, users other WHERE u.id = $1 AND other.username = $2 ON CONFLICT DO NOTHING`)
}

// Unfollow takes back a Follow.
func (s *Store) Unfollow(ctx context.Context, in api.FollowIn) (api.ProfileOut, error) {
	return s.setFollow(ctx, in,
		`DELETE FROM follows WHERE follower_id = $1 AND followed_id = (SELECT id FROM users WHERE username = $2)`)
}

func (s *Store) setFollow(ctx context.Context, in api.FollowIn, statement string) (api.ProfileOut, error) {
	if _, err := s.conn().exec(ctx, statement, in.Me.ID, in.Username); err != nil {
		return api.ProfileOut{}, err
	}
	return s.profile(ctx, in.Me.ID, in.Username)
}
