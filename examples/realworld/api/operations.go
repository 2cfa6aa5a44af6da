package api

import (
	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
)

// The operations, whose base is /api.
var (
	Login         = op[LoginIn, UserOut]("POST", "/users/login", "Login", "User and Authentication", 401)
	CreateUser    = op[NewUserIn, respond.Created[UserOut]]("POST", "/users", "CreateUser", "User and Authentication", 409)
	GetUser       = op[SignedIn, UserOut]("GET", "/user", "GetCurrentUser", "User and Authentication")
	UpdateUser    = op[UserIn, UserOut]("PUT", "/user", "UpdateCurrentUser", "User and Authentication", 409)
	GetProfile    = op[ProfileIn, ProfileOut]("GET", "/profiles/{username}", "GetProfileByUsername", "Profile", 404)
	Follow        = op[FollowIn, ProfileOut]("POST", "/profiles/{username}/follow", "FollowUserByUsername", "Profile", 404)
	Unfollow      = op[FollowIn, ProfileOut]("DELETE", "/profiles/{username}/follow", "UnfollowUserByUsername", "Profile", 404)
	GetArticles   = op[ArticlesIn, Articles]("GET", "/articles", "GetArticles", "Articles")
	GetFeed       = op[FeedIn, Articles]("GET", "/articles/feed", "GetArticlesFeed", "Articles")
	Live          = op[tenon.None, feed.SSE[Summary]]("GET", "/articles/live", "GetNewArticles", "Articles")
	GetArticle    = op[ArticleIn, ArticleOut]("GET", "/articles/{slug}", "GetArticle", "Articles", 404)
	CreateArticle = op[NewArticleIn, respond.Created[ArticleOut]]("POST", "/articles", "CreateArticle", "Articles")
	UpdateArticle = op[ArticleChangeIn, ArticleOut]("PUT", "/articles/{slug}", "UpdateArticle", "Articles", 403, 404)
	DeleteArticle = op[OwnArticleIn, tenon.None]("DELETE", "/articles/{slug}", "DeleteArticle", "Articles", 403, 404)
	GetComments   = op[ArticleIn, Comments]("GET", "/articles/{slug}/comments", "GetArticleComments", "Comments", 404)
	CreateComment = op[NewCommentIn, respond.Created[CommentOut]]("POST", "/articles/{slug}/comments", "CreateArticleComment", "Comments", 404)
	DeleteComment = op[CommentIn, tenon.None]("DELETE", "/articles/{slug}/comments/{id}", "DeleteArticleComment", "Comments", 403, 404)
	Favorite      = op[OwnArticleIn, ArticleOut]("POST", "/articles/{slug}/favorite", "CreateArticleFavorite", "Favorites", 404)
	Unfavorite    = op[OwnArticleIn, ArticleOut]("DELETE", "/articles/{slug}/favorite", "DeleteArticleFavorite", "Favorites", 404)
	GetTags       = op[tenon.None, Tags]("GET", "/tags", "GetTags", "Tags")
)

func op[In, Out any](method, pattern, name, tag string, failures ...int) tenon.Op[In, Out] {
	doc := tenon.Doc{Tags: []string{tag}, Errors: failures}
	return tenon.Op[In, Out]{Method: method, Pattern: pattern, Name: name, Options: []tenon.Option{doc}}
}
