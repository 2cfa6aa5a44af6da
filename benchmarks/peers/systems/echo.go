package systems

import (
	"net/http"
	"os"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v5"
)

type echoIn struct {
	ID    int      `param:"id"`
	Limit int      `query:"limit"`
	Tags  []string `query:"tag"`
	Full  bool     `query:"full"`
}

type echoHeader struct {
	Token string `header:"X-Token" validate:"required"`
}

type echoShelf struct {
	ID   int  `param:"id"`
	Page int  `query:"page"`
	Full bool `query:"full"`
}

type echoForm struct {
	Title string   `form:"title" validate:"required"`
	Body  string   `form:"body" validate:"required"`
	Tags  []string `form:"tag"`
	Stars int      `form:"stars"`
	Draft bool     `form:"draft"`
}

// echoValidator is what echo's documentation registers.
type echoValidator struct{ check *validator.Validate }

func (v echoValidator) Validate(i any) error {
	if err := v.check.Struct(i); err != nil {
		return echo.ErrBadRequest.Wrap(err)
	}
	return nil
}

func echoBind[T any](c *echo.Context) (*T, error) {
	in := new(T)
	if err := c.Bind(in); err != nil {
		return nil, err
	}
	return in, c.Validate(in)
}

// echoService reads the cookie by hand: echo binds none.
func echoService(files string) http.Handler {
	e := echo.New()
	e.Validator = echoValidator{validator.New(validator.WithRequiredStructEnabled())}
	e.GET("/articles/:id", func(c *echo.Context) error {
		in := echoIn{Limit: 20}
		if err := c.Bind(&in); err != nil {
			return err
		}
		var header echoHeader
		if err := echo.BindHeaders(c, &header); err != nil {
			return err
		}
		if err := c.Validate(&header); err != nil {
			return err
		}
		session, err := c.Cookie("session")
		if err != nil {
			return echo.ErrBadRequest
		}
		return c.JSON(http.StatusOK, Article{ID: in.ID, Title: header.Token, Body: session.Value, Tags: in.Tags, Draft: in.Full && in.Limit > 0})
	})
	e.POST("/articles", func(c *echo.Context) error {
		in, err := echoBind[Draft](c)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, in.article())
	})
	e.POST("/orders", func(c *echo.Context) error {
		in, err := echoBind[Order](c)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, in.sum())
	})
	e.POST("/forms", func(c *echo.Context) error {
		in, err := echoBind[echoForm](c)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
	})
	e.GET("/robots.txt", func(c *echo.Context) error { return c.String(http.StatusOK, robots) })
	e.GET("/articles", func(c *echo.Context) error { return c.JSON(http.StatusOK, articles) })
	e.DELETE("/articles/:id", func(c *echo.Context) error {
		if _, err := echo.PathParam[int](c, "id"); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	e.GET("/greeting", func(c *echo.Context) error { return c.JSON(http.StatusOK, greeting) })
	e.GET("/shelves/:id", func(c *echo.Context) error {
		in, err := echoBind[echoShelf](c)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, Shelf(*in))
	})
	e.GET("/lines", func(c *echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/plain; charset=utf-8")
		flushed(c.Response())
		return nil
	})
	if files != "" {
		e.StaticFS("/files/", os.DirFS(files))
	}
	return e
}
