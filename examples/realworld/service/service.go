// Package service answers the operations of package api. Those that only read or write
// data are methods of the store; the others are here.
package service

import (
	"context"
	"net/http"
	"slices"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/examples/realworld/api"
	"github.com/tenonkit/tenon/examples/realworld/auth"
	"github.com/tenonkit/tenon/examples/realworld/store"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
)

type service struct {
	*store.Store
	tokens    *auth.Tokens
	passwords *auth.Passwords
	news      *feed.Memory[api.Summary]
	routes    tenon.Routes
}

// topic is that of new articles.
const topic = "articles"

// Routes returns the routes as they are declared, for who describes them. They are not to
// be served: they have no store.
func Routes() tenon.Routes { return (&service{}).table() }

// table returns the routes: for everybody, for everybody with or without a token, and for
// those with one.
func (s *service) table() tenon.Routes {
	public := tenon.Routes{
		api.Login.Route(s.login), api.CreateUser.Route(s.createUser), api.GetTags.Route(s.Tags),
		api.GetLive.Route(s.live),
	}
	viewed := tenon.Routes{
		api.GetProfile.Route(s.Profile), api.GetArticles.Route(s.Articles), api.GetArticle.Route(s.Article),
		api.GetComments.Route(s.Comments),
	}
	signedIn := tenon.Routes{
		api.GetUser.Route(s.user), api.UpdateUser.Route(s.updateUser), api.Follow.Route(s.Follow),
		api.Unfollow.Route(s.Unfollow), api.GetFeed.Route(s.Feed), api.CreateArticle.Route(s.createArticle),
		api.UpdateArticle.Route(s.ChangeArticle), api.DeleteArticle.Route(s.RemoveArticle),
		api.CreateComment.Route(s.AddComment), api.DeleteComment.Route(s.RemoveComment),
		api.Favorite.Route(s.Favor), api.Unfavorite.Route(s.Unfavor),
	}
	return slices.Concat(public, s.guard(true).Protect(viewed), s.guard(false).Protect(signedIn)).
		Prefix("/api").Options(bind.InvalidStatus(http.StatusUnprocessableEntity))
}

func (s *service) login(ctx context.Context, in api.LoginIn) (api.UserOut, error) {
	me, hash, err := s.Login(ctx, in.User.Email)
	if err == nil && !s.passwords.Match(hash, in.User.Password) {
		err = refusal(http.StatusUnauthorized, "credentials", "invalid")
	}
	return s.signIn(me, err)
}

// signIn answers with a user and a new token.
func (s *service) signIn(me api.Me, err error) (api.UserOut, error) {
	if err == nil {
		me.Token, err = s.tokens.Make(me.ID)
	}
	return api.UserOut{User: me.User}, err
}

func (s *service) createUser(ctx context.Context, in api.NewUserIn) (respond.Created[api.UserOut], error) {
	hash := s.passwords.Hash(string(in.User.Password))
	out, err := s.signIn(s.AddUser(ctx, in.User.Username, in.User.Email, hash))
	return respond.Created[api.UserOut]{Location: "/api/user", Body: out}, err
}

func (s *service) user(_ context.Context, in api.SignedIn) (api.UserOut, error) {
	return api.UserOut{User: in.Me.User}, nil
}

func (s *service) updateUser(ctx context.Context, in api.UserChangeIn) (api.UserOut, error) {
	change, hash := in.Body.User, ""
	if change.Password != "" {
		hash = s.passwords.Hash(string(change.Password))
	}
	return s.signIn(s.ChangeUser(ctx, in.Me.ID, change, hash))
}

type createdArticle = respond.Created[api.ArticleOut]

func (s *service) createArticle(ctx context.Context, in api.NewArticleIn) (out createdArticle, err error) {
	if out.Body.Article, err = s.AddArticle(ctx, in.Me.ID, in.Body.Article); err != nil {
		return out, err
	}
	if _, err = s.news.Append(ctx, topic, out.Body.Article.Summary); err != nil {
		return out, err
	}
	out.Location, err = tenon.URL(s.routes, api.GetArticle, api.ArticleIn{Slug: out.Body.Article.Slug})
	return out, err
}

// live sends each new article to whoever listens. A page that comes back gets what it has
// missed.
func (s *service) live(context.Context, tenon.None) (feed.SSE[api.Summary], error) {
	return feed.SSE[api.Summary]{Log: s.news, Topic: topic}, nil
}
