package api

import (
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
)

// The operations, whose base is /api.
var (
	Login         = op[LoginIn, UserOut]("POST /users/login", "Login", 401)
	CreateUser    = op[NewUserIn, respond.Created[UserOut]]("POST /users", "CreateUser", 409)
	GetUser       = op[SignedIn, UserOut]("GET /user", "GetCurrentUser")
	UpdateUser    = op[UserChangeIn, UserOut]("PUT /user", "UpdateCurrentUser", 409)
	GetProfile    = op[ProfileIn, ProfileOut]("GET /profiles/{username}", "GetProfileByUsername", 404)
	Follow        = op[FollowIn, ProfileOut]("POST /profiles/{username}/follow", "FollowUserByUsername", 404)
	Unfollow      = op[FollowIn, ProfileOut]("DELETE /profiles/{username}/follow", "UnfollowUserByUsername", 404)
	GetArticles   = op[ArticlesIn, Articles]("GET /articles", "GetArticles")
	GetFeed       = op[FeedIn, Articles]("GET /articles/feed", "GetArticlesFeed")
	GetLive       = op[tenon.None, feed.SSE[Summary]]("GET /articles/live", "GetNewArticles")
	GetArticle    = op[ArticleIn, ArticleOut]("GET /articles/{slug}", "GetArticle", 404)
	CreateArticle = op[NewArticleIn, respond.Created[ArticleOut]]("POST /articles", "CreateArticle")
	UpdateArticle = op[ArticleChangeIn, ArticleOut]("PUT /articles/{slug}", "UpdateArticle", 403, 404)
	DeleteArticle = op[OwnIn, tenon.None]("DELETE /articles/{slug}", "DeleteArticle", 403, 404)
	GetComments   = op[ArticleIn, Comments]("GET /articles/{slug}/comments", "GetArticleComments", 404)
	CreateComment = op[NewCommentIn, CommentOut]("POST /articles/{slug}/comments", "CreateComment", 404)
	DeleteComment = op[CommentIn, tenon.None]("DELETE /articles/{slug}/comments/{id}", "DeleteComment", 403, 404)
	Favorite      = op[OwnIn, ArticleOut]("POST /articles/{slug}/favorite", "CreateArticleFavorite", 404)
	Unfavorite    = op[OwnIn, ArticleOut]("DELETE /articles/{slug}/favorite", "DeleteArticleFavorite", 404)
	GetTags       = op[tenon.None, Tags]("GET /tags", "GetTags")
)

// op declares an operation with the failures of its own. The first word of its path is its
// tag.
func op[In, Out any](route, name string, failures ...int) tenon.Op[In, Out] {
	method, pattern, _ := strings.Cut(route, " ")
	doc := tenon.Doc{Tags: []string{strings.Split(pattern, "/")[1]}, Errors: failures}
	return tenon.Op[In, Out]{Method: method, Pattern: pattern, Name: name, Options: []tenon.Option{doc}}
}

type (
	// LoginIn is somebody who comes back.
	LoginIn struct {
		User struct {
			Email    string `json:"email" minLength:"1"`
			Password string `json:"password" format:"password" minLength:"1"`
		} `json:"user"`
	}
	// NewUserIn is somebody who signs up.
	NewUserIn struct {
		User struct {
			Username string   `json:"username" minLength:"1" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$"`
			Email    string   `json:"email" format:"email" minLength:"1" maxLength:"254"`
			Password Password `json:"password"`
		} `json:"user"`
	}
	// UserChangeIn changes who sends it.
	UserChangeIn struct {
		SignedIn
		Body struct {
			User UserChange `json:"user"`
		} `body:"json"`
	}
	// A UserChange leaves alone what it does not have. An empty bio or image is none.
	UserChange struct {
		Username string           `json:"username,omitempty" minLength:"1" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$"`
		Email    string           `json:"email,omitempty" format:"email" minLength:"1" maxLength:"254"`
		Password Password         `json:"password,omitempty"`
		Bio      bind.Opt[string] `json:"bio,omitzero"`
		Image    bind.Opt[string] `json:"image,omitzero"`
	}
	// ProfileIn asks for a user.
	ProfileIn struct {
		Viewer
		Username string `path:"username"`
	}
	// FollowIn is about a user whom the viewer follows.
	FollowIn struct {
		SignedIn
		Username string `path:"username"`
	}
	// ArticlesIn asks for the newest articles, of those that fit.
	ArticlesIn struct {
		Viewer
		Page
		Tag       string `query:"tag,optional"`
		Author    string `query:"author,optional"`
		Favorited string `query:"favorited,optional" doc:"the name of a user"`
	}
	// FeedIn asks for the newest articles of those whom the viewer follows.
	FeedIn struct {
		SignedIn
		Page
	}
	// A Page is a part of a list.
	Page struct {
		Limit  int `query:"limit" default:"20" minimum:"1" maximum:"1000"`
		Offset int `query:"offset" default:"0" minimum:"0"`
	}
	// ArticleIn asks for an article.
	ArticleIn struct {
		Viewer
		Slug string `path:"slug"`
	}
	// NewArticleIn publishes an article.
	NewArticleIn struct {
		SignedIn
		Body struct {
			Article NewArticle `json:"article"`
		} `body:"json"`
	}
	// OwnIn asks for an article as somebody who has signed in.
	OwnIn struct {
		SignedIn
		Slug string `path:"slug"`
	}
	// ArticleChangeIn changes an article of the viewer.
	ArticleChangeIn struct {
		OwnIn
		Body struct {
			Article ArticleChange `json:"article"`
		} `body:"json"`
	}
	// An ArticleChange leaves alone what it does not have.
	ArticleChange struct {
		Title       string    `json:"title,omitempty" minLength:"1" maxLength:"300"`
		Description string    `json:"description,omitempty" minLength:"1" maxLength:"1000"`
		Body        string    `json:"body,omitempty" minLength:"1"`
		TagList     *[]string `json:"tagList,omitzero" minLength:"1" maxLength:"50" maxItems:"50" nullable:"false"`
	}
	// CommentIn asks for a comment as somebody who has signed in.
	CommentIn struct {
		OwnIn
		ID int64 `path:"id"`
	}
	// NewCommentIn comments on an article.
	NewCommentIn struct {
		OwnIn
		Body struct {
			Comment struct {
				Body string `json:"body" minLength:"1"`
			} `json:"comment"`
		} `body:"json"`
	}
)
