package api

import (
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

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

// A Comment is one on an article.
type Comment struct {
	ID        int64   `json:"id"`
	CreatedAt Time    `json:"createdAt"`
	UpdatedAt Time    `json:"updatedAt"`
	Body      string  `json:"body"`
	Author    Profile `json:"author"`
}

// A NewArticle is what its author says about it.
type NewArticle struct {
	Title       string   `json:"title" minLength:"1" maxLength:"300"`
	Description string   `json:"description" minLength:"1" maxLength:"1000"`
	Body        string   `json:"body" minLength:"1"`
	TagList     []string `json:"tagList,omitempty" minLength:"1" maxLength:"50" pattern:"^\\PC+$" maxItems:"50"`
}

// An ArticleChange leaves alone what it does not have.
type ArticleChange struct {
	Title       string             `json:"title,omitempty" minLength:"1" maxLength:"300"`
	Description string             `json:"description,omitempty" minLength:"1" maxLength:"1000"`
	Body        string             `json:"body,omitempty" minLength:"1"`
	TagList     bind.Opt[[]string] `json:"tagList,omitzero" minLength:"1" maxLength:"50" pattern:"^\\PC+$" maxItems:"50"`
}

// Validate refuses null for the tags: an empty list removes them.
func (c ArticleChange) Validate() error {
	if c.TagList.IsNull() {
		return &bind.Error{Fields: []respond.FieldError{{Pointer: "#/tagList", Code: "null", Detail: "must not be null"}}}
	}
	return nil
}

// Page says which part of a list is asked for.
type Page struct {
	Limit  int `query:"limit" default:"20" minimum:"1" maximum:"1000"`
	Offset int `query:"offset" default:"0" minimum:"0"`
}

// A Filter says which articles a list is of.
type Filter struct {
	Tag       string `query:"tag,optional"`
	Author    string `query:"author,optional"`
	Favorited string `query:"favorited,optional" doc:"the name of a user"`
}

// The requests about articles and comments.
type (
	ArticlesIn struct {
		Viewer
		Filter
		Page
	}
	FeedIn struct {
		SignedIn
		Page
	}
	ArticleIn struct {
		Viewer
		Slug string `path:"slug"`
	}
	OwnArticleIn struct {
		SignedIn
		Slug string `path:"slug"`
	}
	NewArticleIn struct {
		SignedIn
		Body struct {
			Article NewArticle `json:"article"`
		} `body:"json"`
	}
	ArticleChangeIn struct {
		OwnArticleIn
		Body struct {
			Article ArticleChange `json:"article"`
		} `body:"json"`
	}
	NewCommentIn struct {
		OwnArticleIn
		Body struct {
			Comment struct {
				Body string `json:"body" minLength:"1"`
			} `json:"comment"`
		} `body:"json"`
	}
	CommentIn struct {
		OwnArticleIn
		ID int64 `path:"id"`
	}
)

// The answers about articles and comments.
type (
	ArticleOut struct {
		Article Article `json:"article"`
	}
	Articles struct {
		Articles      []Summary `json:"articles"`
		ArticlesCount int       `json:"articlesCount"`
	}
	CommentOut struct {
		Comment Comment `json:"comment"`
	}
	Comments struct {
		Comments []Comment `json:"comments"`
	}
	Tags struct {
		Tags []string `json:"tags"`
	}
)
