// Package api is what the service and its clients agree on: the types of requests and
// answers, the operations, and the form of failures. A client needs nothing else.
package api

import (
	"errors"
	"time"
	"unicode/utf8"

	"github.com/tenonkit/tenon/bind"
)

// A User is what somebody sees of themselves.
type User struct {
	Email    string  `json:"email"`
	Token    string  `json:"token"`
	Username string  `json:"username"`
	Bio      *string `json:"bio"`
	Image    *string `json:"image"`
}

// A Profile is what others see of a user.
type Profile struct {
	Username  string  `json:"username"`
	Bio       *string `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"`
}

// Me is who sends a request, with the token that came with it.
type Me struct {
	ID int64
	User
}

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

// The requests about users.
type (
	LoginIn struct {
		User struct {
			Email    string `json:"email" minLength:"1"`
			Password string `json:"password" format:"password" minLength:"1"`
		} `json:"user"`
	}
	NewUserIn struct {
		User struct {
			Username string   `json:"username" minLength:"1" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$"`
			Email    string   `json:"email" format:"email" minLength:"1" maxLength:"254"`
			Password Password `json:"password"`
		} `json:"user"`
	}
	UserIn struct {
		SignedIn
		Body struct {
			User UserChange `json:"user"`
		} `body:"json"`
	}
	ProfileIn struct {
		Viewer
		Username string `path:"username"`
	}
	FollowIn struct {
		SignedIn
		Username string `path:"username"`
	}
)

// A UserChange leaves alone what it does not have. An empty bio or image is none.
type UserChange struct {
	Username string           `json:"username,omitempty" minLength:"1" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$"`
	Email    string           `json:"email,omitempty" format:"email" minLength:"1" maxLength:"254"`
	Password Password         `json:"password,omitempty"`
	Bio      bind.Opt[string] `json:"bio,omitzero"`
	Image    bind.Opt[string] `json:"image,omitzero"`
}

// The answers about users.
type (
	UserOut struct {
		User User `json:"user"`
	}
	ProfileOut struct {
		Profile Profile `json:"profile"`
	}
)

// A Time is in milliseconds since 1970, and has three digits of them on the wire, zeros too.
type Time int64

const layout = "2006-01-02T15:04:05.000Z07:00"

// MarshalText writes RFC 3339.
func (t Time) MarshalText() ([]byte, error) {
	return time.UnixMilli(int64(t)).UTC().AppendFormat(nil, layout), nil
}

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.RFC3339, string(text))
	*t = Time(at.UnixMilli())
	return err
}

// JSONSchema says what the methods read and write.
func (Time) JSONSchema() string { return `{"type": "string", "format": "date-time"}` }
