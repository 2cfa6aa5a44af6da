// Package store keeps users, articles and comments in SQLite or PostgreSQL.
//
// Both run the same migrations and the same statements, which have the parameters of
// PostgreSQL. What differs is in dialect.go.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/tenonkit/tenon/examples/realworld/api"
)

// A Store is a pool of connections to one database. Many goroutines use it at once.
type Store struct {
	db      *sql.DB
	dialect dialect
}

// connections is how many a Store has open at most, and keeps: more would only wait for the
// processors and the disk of the database.
const connections = 16

// Open opens the PostgreSQL database of a URL that begins with postgres:// or
// postgresql://, or else the SQLite database in a file, which is made where it is missing.
// It brings the schema up to date.
func Open(ctx context.Context, database string) (*Store, error) {
	d := dialectOf(database)
	db, err := d.open(database)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s := &Store{db, d}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), db.Close())
	}
	return s, nil
}

// Close ends the connections.
func (s *Store) Close() error { return s.db.Close() }

//go:embed migrations
var migrations embed.FS

// migrate runs what the database has not seen, in one transaction that one process at a
// time is in.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	return s.atomically(ctx, func(c conn) error {
		if _, err := c.exec(ctx, s.dialect.lock); err != nil {
			return err
		}
		if _, err := c.exec(ctx, `CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)`); err != nil {
			return err
		}
		for _, name := range names {
			added, err := c.exec(ctx, `INSERT INTO migrations (name) VALUES ($1) ON CONFLICT DO NOTHING`, name)
			if err != nil {
				return err
			}
			if added == 0 {
				continue
			}
			text, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			if _, err := c.exec(ctx, strings.ReplaceAll(string(text), "IDENTITY", s.dialect.identity)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
}

// A Kind is what is wrong with a request in the eyes of the store.
type Kind int

// The kinds of an Error.
const (
	NotFound Kind = iota
	Forbidden
	Taken
	Invalid
)

// An Error says that a request asks for what cannot be. Subject is a kind of thing, such
// as article, or the name of a value.
type Error struct {
	Kind    Kind
	Subject string
}

// Error returns the subject and what is wrong with it.
func (e *Error) Error() string { return e.Subject + " " + e.Text() }

// Text says what is wrong with the subject.
func (e *Error) Text() string {
	return [...]string{NotFound: "not found", Forbidden: "forbidden", Taken: "has already been taken", Invalid: "is invalid"}[e.Kind]
}

// A conn runs statements, in a transaction or outside.
type conn struct {
	run interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	dialect dialect
}

func (s *Store) conn() conn { return conn{s.db, s.dialect} }

// atomically runs f in a transaction, which ends with what f returns.
func (s *Store) atomically(ctx context.Context, f func(conn) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := f(conn{tx, s.dialect}); err != nil {
		return err
	}
	return tx.Commit()
}

// exec returns how many rows a statement has changed.
func (c conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := c.run.ExecContext(ctx, c.dialect.rebind(query), args...)
	if err != nil {
		return 0, c.dialect.classify(err)
	}
	return result.RowsAffected()
}

// all returns the rows of a query, of which scan reads one.
func all[T any](ctx context.Context, c conn, scan func(row *sql.Rows, v *T) error, query string, args ...any) ([]T, error) {
	rows, err := c.run.QueryContext(ctx, c.dialect.rebind(query), args...)
	if err != nil {
		return nil, c.dialect.classify(err)
	}
	defer func() { _ = rows.Close() }() // Err has the error
	found := []T{}
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, c.dialect.classify(rows.Err())
}

// one returns the only row of a query. Without one the subject is not found.
func one[T any](ctx context.Context, c conn, subject string, scan func(row *sql.Rows, v *T) error, query string, args ...any) (T, error) {
	found, err := all(ctx, c, scan, query, args...)
	switch {
	case err != nil:
		return *new(T), err
	case len(found) == 0:
		return *new(T), &Error{NotFound, subject}
	}
	return found[0], nil
}

// first returns the first row of a query, or the zero T.
func first[T any](ctx context.Context, c conn, scan func(row *sql.Rows, v *T) error, query string, args ...any) (v T, err error) {
	found, err := all(ctx, c, scan, query, args...)
	if len(found) > 0 {
		v = found[0]
	}
	return v, err
}

// value reads a row of one column.
func value[T any](row *sql.Rows, v *T) error { return row.Scan(v) }

func now() api.Time { return api.Time(time.Now().UnixMilli()) }
