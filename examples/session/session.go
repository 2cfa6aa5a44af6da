package main

import (
	"net/http"
	"sync/atomic"
	"time"

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
	mux.HandleFunc("GET /{$}", s.home)
	mux.Handle("POST /login", bind.Func(s.login))
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("POST /rotate", s.rotate)
	// Requests of other sites cannot log anybody in or out.
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// Login is the form of the login page. A real service has a password in it.
type Login struct {
	User string `form:"user" maxLength:"40" minLength:"1"`
}

func (s *Site) login(w http.ResponseWriter, r *http.Request, in Login) {
	cookies := s.cookies.Load()
	if err := cookies.session.Set(w, Session{in.User, time.Now().UTC()}); err != nil {
		respond.Error(w, r, err)
		return
	}
	s.redirect(w, r, "Welcome, "+in.User+".")
}

// redirect leads to the home page, which shows the message once.
func (s *Site) redirect(w http.ResponseWriter, r *http.Request, message string) {
	if err := s.cookies.Load().flash.Set(w, message); err != nil {
		respond.Error(w, r, err)
		return
	}
	respond.SeeOther("/").ServeHTTP(w, r)
}

// Home is what the home page says.
type Home struct {
	User    string `json:"user,omitempty"`
	Message string `json:"message,omitempty"`
}

func (s *Site) home(w http.ResponseWriter, r *http.Request) {
	home, err := s.welcome(w, r)
	if err != nil {
		respond.Error(w, r, err)
		return
	}
	_ = respond.Write(w, r, home)
}

// welcome takes every error of reading a cookie for nobody and nothing, and
// returns those of setting one.
func (s *Site) welcome(w http.ResponseWriter, r *http.Request) (home Home, err error) {
	cookies := s.cookies.Load()
	if session, meta, err := cookies.session.Read(r); err == nil {
		home.User = session.User
		// A session under an old key outlives it only if it is sealed anew, and one
		// whose time is half over goes on as long as its user comes back.
		if meta.OldKey || time.Until(meta.Expires) < 6*time.Hour {
			if err := cookies.session.Set(w, session); err != nil {
				return home, err
			}
		}
	}
	if message, err := cookies.flash.Get(r); err == nil {
		home.Message = message
		return home, cookies.flash.Delete(w)
	}
	return home, nil
}

func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.cookies.Load().flash.Set(w, "Good-bye."); err != nil {
		respond.Error(w, r, err)
		return
	}
	// The deletion comes last: curl 7.88 with a cookie file loses one that another
	// cookie follows.
	if err := s.cookies.Load().session.Delete(w); err != nil {
		respond.Error(w, r, err)
		return
	}
	respond.SeeOther("/").ServeHTTP(w, r)
}

// rotate seals with a new secret from now on; what the one before has sealed can
// still be opened, and nothing older.
func (s *Site) rotate(w http.ResponseWriter, r *http.Request) {
	cookies, err := newCookies(cookie.GenerateKey(), s.cookies.Load().secret)
	if err != nil {
		respond.Error(w, r, err)
		return
	}
	s.cookies.Store(cookies)
	w.WriteHeader(http.StatusNoContent)
}
