package store

import (
	"database/sql"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver" // the driver sqlite3
)

// A dialect is what the two databases do not agree on.
type dialect struct {
	open func(database string) (*sql.DB, error)
	// identity declares a key that the database counts.
	identity string
	// lock lets one process at a time migrate.
	lock string
	// rebind writes the parameters $1, $2 and the function json_agg.
	rebind func(query string) string
}

func dialectOf(database string) dialect {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return dialect{
			open:     func(database string) (*sql.DB, error) { return sql.Open("pgx", database) },
			identity: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
			lock:     "SELECT pg_advisory_xact_lock(7065)",
			rebind:   func(query string) string { return query },
		}
	}
	return dialect{
		open:     openSQLite,
		identity: "INTEGER PRIMARY KEY AUTOINCREMENT",
		lock:     "SELECT 1", // a transaction begins with the lock
		rebind:   strings.NewReplacer("$", "?", "json_agg", "json_group_array").Replace,
	}
}

// openSQLite lets readers and one writer at a time work beside one another. A transaction
// waits for its lock when it begins, and then does not fail half-way.
func openSQLite(file string) (*sql.DB, error) {
	options := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(wal)", "synchronous(normal)", "foreign_keys(on)"},
		"_txlock": {"immediate"},
	}
	return sql.Open("sqlite3", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+options.Encode())
}

// unique finds the column in what either database says of a row that is there already.
var unique = regexp.MustCompile(`users[._](username|email)`)

// classify returns an *Error for what the client can mend.
func (dialect) classify(err error) error {
	var pg *pgconn.PgError
	isPostgres := errors.As(err, &pg)
	switch {
	case isPostgres && pg.Code == "23505", errors.Is(err, sqlite3.CONSTRAINT_UNIQUE):
		if column := unique.FindStringSubmatch(err.Error()); column != nil {
			return &Error{Taken, column[1]}
		}
	case isPostgres && pg.Code == "22021": // a character that PostgreSQL cannot store: NUL
		return &Error{Invalid, "text"}
	}
	return err
}
