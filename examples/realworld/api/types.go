// Package api is what the service and its clients agree on: the types of requests and
// answers, the operations, and the form of failures. A client needs nothing else.
package api

import (
	"errors"
	"time"
	"unicode/utf8"
)

// A User is what somebody sees of themselves.
type User struct {
	Email    string  `json:"email"`
	Token    string  `json:"token"`
	Username string  `json:"username"`
	Bio      *string `json:"bio"`
	Image    *string `json:"image"`
}

// Me is who sends a request, with the token that came with it.
type Me struct {
	ID int64
	User
}

// A Profile is what others see of a user.
type Profile struct {
	Username  string  `json:"username"`
	Bio       *string `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"`
}

// A Summary is an article without its body, as in lists.
type Summary struct {
	Slug           string   `json:"slug"`
	Title          string   `json:"title"`
	Description    string   `json:"description"`
	TagList        []string `json:"tagList"`
	CreatedAt      Time     `json:"createdAt"`
	UpdatedAt      Time     `json:"updatedAt"`
	Favorited      bool     `json:"favorited"`
	FavoritesCount int      `json:"favoritesCount"`
	Author         Profile  `json:"author"`
}

// An Article is a whole one.
type Article struct {
	Summary
	Body string `json:"body"`
}

// A NewArticle is what its author says about it.
type NewArticle struct {
	Title       string   `json:"title" minLength:"1" maxLength:"300"`
	Description string   `json:"description" minLength:"1" maxLength:"1000"`
	Body        string   `json:"body" minLength:"1"`
	TagList     []string `json:"tagList,omitempty" minLength:"1" maxLength:"50" maxItems:"50"`
}

// A Comment is one on an article.
type Comment struct {
	ID        int64   `json:"id"`
	CreatedAt Time    `json:"createdAt"`
	UpdatedAt Time    `json:"updatedAt"`
	Body      string  `json:"body"`
	Author    Profile `json:"author"`
}

type (
	// UserOut is the answer to who has signed in.
	UserOut struct {
		User User `json:"user"`
	}
	// ProfileOut is the answer about a user.
	ProfileOut struct {
		Profile Profile `json:"profile"`
	}
	// Articles are a part of a list, and how long all of it is.
	Articles struct {
		Articles      []Summary `json:"articles"`
		ArticlesCount int       `json:"articlesCount"`
	}
	// ArticleOut is the answer about an article.
	ArticleOut struct {
		Article Article `json:"article"`
	}
	// Comments are all those on an article.
	Comments struct {
		Comments []Comment `json:"comments"`
	}
	// CommentOut is the answer about a new comment.
	CommentOut struct {
		Comment Comment `json:"comment"`
	}
	// Tags are all there are.
	Tags struct {
		Tags []string `json:"tags"`
	}
)

// StatusCode says that a comment is answered with where it is made.
func (CommentOut) StatusCode() int { return 201 }

// A Time is in milliseconds since 1970, and has three digits of them on the wire, zeros too.
type Time int64

// MarshalText writes RFC 3339.
func (t Time) MarshalText() ([]byte, error) {
	return time.UnixMilli(int64(t)).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z07:00"), nil
}

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.RFC3339, string(text))
	*t = Time(at.UnixMilli())
	return err
}

// JSONSchema says what the methods read and write.
func (Time) JSONSchema() string { return `{"type": "string", "format": "date-time"}` }

// A Password is one that somebody chooses (NIST SP 800-63B, section 5.1.1.2).
type Password string

// JSONSchema says what Validate does.
func (Password) JSONSchema() string {
	return `{"type": "string", "format": "password", "minLength": 8, "maxLength": 256}`
}

// Validate checks the length.
func (p Password) Validate() error {
	switch n := utf8.RuneCountInString(string(p)); {
	case n == 0:
		return errors.New(blank)
	case n < 8:
		return errors.New("is too short (minimum is 8 characters)")
	case n > 256:
		return errors.New("is too long (maximum is 256 characters)")
	}
	return nil
}

// blank is what the contract says of a value that is missing or empty.
const blank = "can't be blank"

// SignedIn is embedded where a request needs a token.
type SignedIn struct {
	Me Me `value:"Token"`
}

// Viewer is embedded where a request may have a token.
type Viewer struct {
	Me *Me `value:"Token"`
}

// ID returns the key of the viewer, or 0 of nobody.
func (v Viewer) ID() int64 {
	if v.Me == nil {
		return 0
	}
	return v.Me.ID
}
