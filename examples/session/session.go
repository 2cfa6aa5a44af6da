package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/respond"
)

// A Session is who has logged in. It is sealed: the browser keeps it, and can
// neither read nor change it.
type Session struct {
	User  string    `json:"user"`
	Since time.Time `json:"since"`
}

// Cookies are declared once for each list of keys.
type Cookies struct {
	secret  []byte
	session *cookie.Cookie[Session]
	flash   *cookie.Cookie[string]
}

// newCookies declares the cookies. The first secret seals, the others only open.
func newCookies(current []byte, previous ...[]byte) (*Cookies, error) {
	keys, err := cookie.NewKeys(current, previous...)
	if err != nil {
		return nil, err
	}
	return &Cookies{
		secret:  current,
		session: cookie.Sealed[Session](keys, "__Host-session", cookie.MaxAge(12*time.Hour)),
		flash:   cookie.Signed[string](keys, "__Host-flash"),
	}, nil
}

// A Site is the service. A real one reads its secrets from its configuration,
// and starts anew to change them; here they change while it runs.
type Site struct{ cookies atomic.Pointer[Cookies] }

func newHandler(secret []byte) (http.Handler, error) {
	cookies, err := newCookies(secret)
	if err != nil {
		return nil, err
	}
	var s Site
	s.cookies.Store(cookies)
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", tenon.Handle(s.home, bind.Value("visitor", s.visitor), bind.Value("message", s.message)))
	mux.Handle("POST /login", tenon.Handle(s.login))
	mux.Handle("POST /logout", tenon.Handle(s.logout))
	mux.Handle("POST /rotate", tenon.Handle(s.rotate))
	// Requests of other sites cannot log anybody in or out.
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// Login is the form of the login page. A real service has a password in it.
type Login struct {
	User string `form:"user" minLength:"1" maxLength:"40"`
}

// Landing leads to the home page, with cookies.
type Landing = respond.Response[respond.Redirect]

func (s *Site) login(_ context.Context, in Login) (Landing, error) {
	cookies := s.cookies.Load()
	session, err := cookies.session.Issue(Session{in.User, time.Now().UTC()})
	if err != nil {
		return Landing{}, err
	}
	return cookies.land("Welcome, "+in.User+".", session)
}

func (s *Site) logout(context.Context, tenon.None) (Landing, error) {
	cookies := s.cookies.Load()
	return cookies.land("Good-bye.", cookies.session.Expire())
}

// land has the home page show a message once. The session comes last: curl 7.88
// with a cookie file loses a deletion that another cookie follows.
func (c *Cookies) land(message string, session *http.Cookie) (Landing, error) {
	flash, err := c.flash.Issue(message)
	return Landing{Body: respond.SeeOther("/"), Cookies: []*http.Cookie{flash, session}}, err
}

// A Visitor has a session, and Meta is about its cookie.
type Visitor struct {
	Session

	Meta cookie.Meta
}

// visitor takes every error of reading the cookie for nobody.
func (s *Site) visitor(r *http.Request) (v Visitor, err error) {
	if v.Session, v.Meta, err = s.cookies.Load().session.Read(r); err != nil {
		return v, bind.ErrAbsent
	}
	return v, nil
}

// message is empty where there is none to be shown, whatever the reason.
func (s *Site) message(r *http.Request) (string, error) {
	message, _ := s.cookies.Load().flash.Get(r)
	return message, nil
}

// Visit is who comes, and what is to be shown once.
type Visit struct {
	Visitor *Visitor `value:"visitor"`
	Message string   `value:"message"`
}

// Home is what the home page says.
type Home struct {
	User    string `json:"user,omitempty"`
	Message string `json:"message,omitempty"`
}

func (s *Site) home(_ context.Context, in Visit) (page respond.OK[Home], err error) {
	cookies := s.cookies.Load()
	if v := in.Visitor; v != nil {
		page.Body.User = v.User
		// A session under an old key outlives it only if it is sealed anew, and one
		// whose time is half over goes on as long as its user comes back.
		if v.Meta.OldKey || time.Until(v.Meta.Expires) < 6*time.Hour {
			renewed, err := cookies.session.Issue(v.Session)
			if err != nil {
				return page, err
			}
			page.Cookies = append(page.Cookies, renewed)
		}
	}
	if in.Message != "" {
		page.Body.Message = in.Message
		page.Cookies = append(page.Cookies, cookies.flash.Expire())
	}
	return page, nil
}

// rotate seals with a new secret from now on; what the one before has sealed can
// still be opened, and nothing older.
func (s *Site) rotate(context.Context, tenon.None) (tenon.None, error) {
	cookies, err := newCookies(cookie.GenerateKey(), s.cookies.Load().secret)
	if err == nil {
		s.cookies.Store(cookies)
	}
	return tenon.None{}, err
}
