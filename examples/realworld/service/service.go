// Package service answers the operations of package api from a store.
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

// A Service is the API.
type Service struct {
	store     *store.Store
	tokens    *auth.Tokens
	passwords *auth.Passwords
	news      *feed.Memory[api.Summary]
	table     tenon.Routes
}

// topic is that of new articles.
const topic = "articles"

func (s *Service) routes() tenon.Routes {
	public := tenon.Routes{
		api.Login.Route(s.login), api.CreateUser.Route(s.createUser), api.GetTags.Route(s.tags), api.Live.Route(s.live),
	}
	viewed := tenon.Routes{
		api.GetProfile.Route(s.profile), api.GetArticles.Route(s.articles), api.GetArticle.Route(s.article),
		api.GetComments.Route(s.comments),
	}
	signedIn := tenon.Routes{
		api.GetUser.Route(s.user), api.UpdateUser.Route(s.updateUser), api.Follow.Route(s.follow(true)),
		api.Unfollow.Route(s.follow(false)), api.GetFeed.Route(s.feed), api.CreateArticle.Route(s.createArticle),
		api.UpdateArticle.Route(s.updateArticle), api.DeleteArticle.Route(s.deleteArticle),
		api.CreateComment.Route(s.createComment), api.DeleteComment.Route(s.deleteComment),
		api.Favorite.Route(s.favor(true)), api.Unfavorite.Route(s.favor(false)),
	}
	return slices.Concat(public, s.guard(true).Protect(viewed), s.guard(false).Protect(signedIn)).
		Prefix("/api").Options(bind.InvalidStatus(http.StatusUnprocessableEntity))
}

// signIn answers with a user and a new token.
func (s *Service) signIn(me api.Me, err error) (api.UserOut, error) {
	if err == nil {
		me.Token, err = s.tokens.Make(me.ID)
	}
	return api.UserOut{User: me.User}, err
}

func (s *Service) login(ctx context.Context, in api.LoginIn) (api.UserOut, error) {
	me, hash, err := s.store.Login(ctx, in.User.Email)
	if err != nil && !isNotFound(err) {
		return api.UserOut{}, err
	}
	isRight, err := s.passwords.Match(hash, in.User.Password)
	if err == nil && !isRight {
		err = refusal(http.StatusUnauthorized, "credentials", "invalid")
	}
	return s.signIn(me, err)
}

func (s *Service) createUser(ctx context.Context, in api.NewUserIn) (respond.Created[api.UserOut], error) {
	hash := s.passwords.Hash(string(in.User.Password))
	out, err := s.signIn(s.store.AddUser(ctx, in.User.Username, in.User.Email, hash))
	return respond.Created[api.UserOut]{Location: "/api/user", Body: out}, err
}

func (s *Service) user(_ context.Context, in api.SignedIn) (api.UserOut, error) {
	return api.UserOut{User: in.Me.User}, nil
}

func (s *Service) updateUser(ctx context.Context, in api.UserIn) (api.UserOut, error) {
	change, hash := in.Body.User, ""
	if change.Password != "" {
		hash = s.passwords.Hash(string(change.Password))
	}
	return s.signIn(s.store.ChangeUser(ctx, in.Me.ID, change, hash))
}

func (s *Service) profile(ctx context.Context, in api.ProfileIn) (api.ProfileOut, error) {
	profile, err := s.store.Profile(ctx, in.ID(), in.Username)
	return api.ProfileOut{Profile: profile}, err
}

func (s *Service) follow(follow bool) func(context.Context, api.FollowIn) (api.ProfileOut, error) {
	return func(ctx context.Context, in api.FollowIn) (api.ProfileOut, error) {
		profile, err := s.store.Follow(ctx, in.Me.ID, in.Username, follow)
		return api.ProfileOut{Profile: profile}, err
	}
}

func (s *Service) articles(ctx context.Context, in api.ArticlesIn) (api.Articles, error) {
	return s.store.Articles(ctx, in.ID(), in.Filter, in.Page, false)
}

func (s *Service) feed(ctx context.Context, in api.FeedIn) (api.Articles, error) {
	return s.store.Articles(ctx, in.Me.ID, api.Filter{}, in.Page, true)
}

func (s *Service) article(ctx context.Context, in api.ArticleIn) (api.ArticleOut, error) {
	article, err := s.store.Article(ctx, in.ID(), in.Slug)
	return api.ArticleOut{Article: article}, err
}

func (s *Service) createArticle(ctx context.Context, in api.NewArticleIn) (out respond.Created[api.ArticleOut], err error) {
	if out.Body.Article, err = s.store.AddArticle(ctx, in.Me.ID, in.Body.Article); err != nil {
		return out, err
	}
	if _, err = s.news.Append(ctx, topic, out.Body.Article.Summary); err != nil {
		return out, err
	}
	out.Location, err = tenon.URL(s.table, api.GetArticle, api.ArticleIn{Slug: out.Body.Article.Slug})
	return out, err
}

func (s *Service) updateArticle(ctx context.Context, in api.ArticleChangeIn) (api.ArticleOut, error) {
	article, err := s.store.ChangeArticle(ctx, in.Me.ID, in.Slug, in.Body.Article)
	return api.ArticleOut{Article: article}, err
}

func (s *Service) deleteArticle(ctx context.Context, in api.OwnArticleIn) (tenon.None, error) {
	return tenon.None{}, s.store.RemoveArticle(ctx, in.Me.ID, in.Slug)
}

func (s *Service) favor(favor bool) func(context.Context, api.OwnArticleIn) (api.ArticleOut, error) {
	return func(ctx context.Context, in api.OwnArticleIn) (api.ArticleOut, error) {
		article, err := s.store.Favor(ctx, in.Me.ID, in.Slug, favor)
		return api.ArticleOut{Article: article}, err
	}
}

func (s *Service) comments(ctx context.Context, in api.ArticleIn) (api.Comments, error) {
	comments, err := s.store.Comments(ctx, in.ID(), in.Slug)
	return api.Comments{Comments: comments}, err
}

func (s *Service) createComment(ctx context.Context, in api.NewCommentIn) (respond.Created[api.CommentOut], error) {
	comment, err := s.store.AddComment(ctx, in.Me.ID, in.Slug, in.Body.Comment.Body)
	return respond.Created[api.CommentOut]{Body: api.CommentOut{Comment: comment}}, err
}

func (s *Service) deleteComment(ctx context.Context, in api.CommentIn) (tenon.None, error) {
	return tenon.None{}, s.store.RemoveComment(ctx, in.Me.ID, in.Slug, in.ID)
}

func (s *Service) tags(ctx context.Context, _ tenon.None) (api.Tags, error) {
	tags, err := s.store.Tags(ctx)
	return api.Tags{Tags: tags}, err
}

// live sends each new article to whoever listens. A page that comes back gets what it has
// missed.
func (s *Service) live(context.Context, tenon.None) (feed.SSE[api.Summary], error) {
	return feed.SSE[api.Summary]{Log: s.news, Topic: topic}, nil
}
