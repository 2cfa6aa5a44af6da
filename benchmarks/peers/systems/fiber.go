package systems

import (
	"bufio"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/static"
)

type fiberIn struct {
	ID    int      `uri:"id"`
	Limit int      `query:"limit,default:20"`
	Tags  []string `query:"tag"`
	Full  bool     `query:"full"`
}

// The validator runs after each source, so what it requires of one stands in a
// struct of its own.
type fiberHeader struct {
	Token string `header:"X-Token" validate:"required"`
}

type fiberCookie struct {
	Session string `cookie:"session" validate:"required"`
}

type fiberShelf struct {
	ID   int  `uri:"id"`
	Page int  `query:"page"`
	Full bool `query:"full"`
}

type fiberForm struct {
	Title string   `form:"title" validate:"required"`
	Body  string   `form:"body" validate:"required"`
	Tags  []string `form:"tag"`
	Stars int      `form:"stars"`
	Draft bool     `form:"draft"`
}

type fiberValidator struct{ check *validator.Validate }

func (v fiberValidator) Validate(out any) error { return v.check.Struct(out) }

// fiberService stands on fasthttp, and is measured on its own server alone: through
// the adaptor to net/http it would be another system.
func fiberService(files string) *fiber.App {
	app := fiber.New(fiber.Config{
		BodyLimit:       limit,
		StructValidator: fiberValidator{validator.New(validator.WithRequiredStructEnabled())},
		ErrorHandler: func(c fiber.Ctx, err error) error {
			return c.Status(fiber.StatusBadRequest).JSON(fiber.Map{"error": err.Error()})
		},
	})
	app.Get("/articles/:id", func(c fiber.Ctx) error {
		var in fiberIn
		var header fiberHeader
		var cookie fiberCookie
		if err := c.Bind().URI(&in); err != nil {
			return err
		}
		if err := c.Bind().Query(&in); err != nil {
			return err
		}
		if err := c.Bind().Header(&header); err != nil {
			return err
		}
		if err := c.Bind().Cookie(&cookie); err != nil {
			return err
		}
		return c.JSON(Article{ID: in.ID, Title: header.Token, Body: cookie.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0})
	})
	app.Post("/articles", func(c fiber.Ctx) error {
		var in Draft
		if err := c.Bind().JSON(&in); err != nil {
			return err
		}
		return c.JSON(in.article())
	})
	app.Post("/orders", func(c fiber.Ctx) error {
		var in Order
		if err := c.Bind().JSON(&in); err != nil {
			return err
		}
		return c.JSON(in.sum())
	})
	app.Post("/forms", func(c fiber.Ctx) error {
		var in fiberForm
		if err := c.Bind().Form(&in); err != nil {
			return err
		}
		return c.JSON(Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
	})
	app.Get("/robots.txt", func(c fiber.Ctx) error { return c.SendString(robots) })
	app.Get("/articles", func(c fiber.Ctx) error { return c.JSON(articles) })
	app.Delete("/articles/:id", func(c fiber.Ctx) error {
		if id := fiber.Params[int](c, "id"); id == 0 {
			return fiber.ErrBadRequest
		}
		return c.SendStatus(fiber.StatusNoContent)
	})
	app.Get("/greeting", func(c fiber.Ctx) error { return c.JSON(greeting) })
	app.Get("/shelves/:id", func(c fiber.Ctx) error {
		var in fiberShelf
		if err := c.Bind().URI(&in); err != nil {
			return err
		}
		if err := c.Bind().Query(&in); err != nil {
			return err
		}
		return c.JSON(Shelf(in))
	})
	app.Get("/lines", func(c fiber.Ctx) error {
		c.Set("Content-Type", "text/plain; charset=utf-8")
		return c.SendStreamWriter(func(w *bufio.Writer) {
			for _, line := range allLines {
				if _, err := w.WriteString(line); err != nil || w.Flush() != nil {
					return
				}
			}
		})
	})
	if files != "" {
		app.Get("/files/*", static.New(files))
	}
	return app
}
