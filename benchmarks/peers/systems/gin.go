package systems

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
)

type ginPath struct {
	ID int `uri:"id" binding:"required"`
}

type ginQuery struct {
	Limit int      `form:"limit,default=20"`
	Tags  []string `form:"tag"`
	Full  bool     `form:"full"`
}

type ginShelf struct {
	ID   int  `uri:"id"`
	Page int  `form:"page"`
	Full bool `form:"full"`
}

type ginHeader struct {
	Token string `header:"X-Token" binding:"required"`
}

type ginForm struct {
	Title string   `form:"title" binding:"required"`
	Body  string   `form:"body" binding:"required"`
	Tags  []string `form:"tag"`
	Stars int      `form:"stars"`
	Draft bool     `form:"draft"`
}

func ginRefuse(c *gin.Context, err error) {
	c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
}

// ginService reads the cookie by hand: gin binds none.
func ginService(files string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.GET("/articles/:id", ginGet)
	g.POST("/articles", func(c *gin.Context) {
		var in Draft
		if err := c.ShouldBindJSON(&in); err != nil {
			ginRefuse(c, err)
			return
		}
		c.JSON(http.StatusOK, in.article())
	})
	g.POST("/orders", func(c *gin.Context) {
		var in Order
		if err := c.ShouldBindJSON(&in); err != nil {
			ginRefuse(c, err)
			return
		}
		c.JSON(http.StatusOK, in.sum())
	})
	g.POST("/forms", func(c *gin.Context) {
		var in ginForm
		if err := c.ShouldBind(&in); err != nil {
			ginRefuse(c, err)
			return
		}
		c.JSON(http.StatusOK, Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
	})
	g.GET("/robots.txt", func(c *gin.Context) { c.String(http.StatusOK, robots) })
	g.GET("/articles", func(c *gin.Context) { c.JSON(http.StatusOK, articles) })
	g.DELETE("/articles/:id", func(c *gin.Context) {
		var path ginPath
		if err := c.ShouldBindUri(&path); err != nil {
			ginRefuse(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	})
	g.GET("/greeting", func(c *gin.Context) { c.JSON(http.StatusOK, greeting) })
	g.GET("/shelves/:id", func(c *gin.Context) {
		var in ginShelf
		if err := errors.Join(c.ShouldBindUri(&in), c.ShouldBindQuery(&in)); err != nil {
			ginRefuse(c, err)
			return
		}
		c.JSON(http.StatusOK, Shelf(in))
	})
	g.GET("/lines", func(c *gin.Context) {
		c.Header("Content-Type", "text/plain; charset=utf-8")
		flushed(c.Writer)
	})
	if files != "" {
		g.Static("/files", files)
	}
	return g
}

func ginGet(c *gin.Context) {
	var path ginPath
	var query ginQuery
	var header ginHeader
	if err := c.ShouldBindUri(&path); err != nil {
		ginRefuse(c, err)
		return
	}
	if err := c.ShouldBindQuery(&query); err != nil {
		ginRefuse(c, err)
		return
	}
	if err := c.ShouldBindHeader(&header); err != nil {
		ginRefuse(c, err)
		return
	}
	session, err := c.Cookie("session")
	if err != nil {
		ginRefuse(c, err)
		return
	}
	c.JSON(http.StatusOK, Article{ID: path.ID, Title: header.Token, Body: session, Tags: query.Tags, Draft: query.Full && query.Limit > 0})
}
