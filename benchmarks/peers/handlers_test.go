package peers_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/ggicci/httpin"
	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"

	"github.com/tenonkit/tenon"
)

func tenonHandler() http.Handler {
	type in struct {
		ID      int      `path:"id"`
		Limit   int      `query:"limit" default:"20"`
		Tags    []string `query:"tag"`
		Full    bool     `query:"full,optional"`
		Token   string   `header:"X-Token"`
		Session string   `cookie:"session"`
	}
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", tenon.Handle(func(_ context.Context, in in) (article, error) {
		return article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}, nil
	}))
	mux.Handle("POST /articles", tenon.Handle(func(_ context.Context, in draft) (article, error) { return in.article(), nil }))
	return mux
}

func writeJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
}

func handHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		id, errID := strconv.Atoi(r.PathValue("id"))
		limit, errLimit := strconv.Atoi(query.Get("limit"))
		full, errFull := strconv.ParseBool(query.Get("full"))
		session, errSession := r.Cookie("session")
		token := r.Header.Get("X-Token")
		if errID != nil || errLimit != nil || errFull != nil || errSession != nil || token == "" {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		writeJSON(w, article{ID: id, Title: token, Body: session.Value, Tags: query["tag"], Draft: full && limit > 0})
	})
	mux.HandleFunc("POST /articles", func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		var in draft
		if err != nil || json.Unmarshal(data, &in) != nil || in.Title == "" || len(in.Tags) > 8 || in.Stars < 0 || in.Stars > 5 {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		writeJSON(w, in.article())
	})
	return mux
}

func humaHandler() http.Handler {
	type in struct {
		ID      int      `path:"id"`
		Limit   int      `query:"limit" default:"20"`
		Tags    []string `query:"tag,explode"`
		Full    bool     `query:"full"`
		Token   string   `header:"X-Token" required:"true"`
		Session string   `cookie:"session" required:"true"`
	}
	type out struct{ Body article }
	type create struct{ Body draft }
	mux := http.NewServeMux()
	config := huma.DefaultConfig("peers", "1.0.0")
	config.CreateHooks = nil // no $schema member and Link header in each answer
	api := humago.New(mux, config)
	huma.Get(api, "/articles/{id}", func(_ context.Context, in *in) (*out, error) {
		return &out{article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}}, nil
	})
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/articles", OperationID: "create"},
		func(_ context.Context, in *create) (*out, error) { return &out{in.Body.article()}, nil })
	return mux
}

// httpinHandler reads the path value and the cookie by hand: httpin binds
// neither without a router's integration.
func httpinHandler() http.Handler {
	type in struct {
		Limit int      `in:"query=limit;default=20"`
		Tags  []string `in:"query=tag"`
		Full  bool     `in:"query=full"`
		Token string   `in:"header=X-Token;required"`
	}
	type create struct {
		Draft draft `in:"body=json"`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		in, err := httpin.Decode[in](r)
		id, errID := strconv.Atoi(r.PathValue("id"))
		session, errSession := r.Cookie("session")
		if err != nil || errID != nil || errSession != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		writeJSON(w, article{ID: id, Title: in.Token, Body: session.Value, Tags: in.Tags, Draft: in.Full && in.Limit > 0})
	})
	mux.HandleFunc("POST /articles", func(w http.ResponseWriter, r *http.Request) {
		in, err := httpin.Decode[create](r)
		if err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		writeJSON(w, in.Draft.article())
	})
	return mux
}

// echoHandler reads the cookie by hand: echo binds none.
func echoHandler() http.Handler {
	type in struct {
		ID    int      `param:"id"`
		Limit int      `query:"limit"`
		Tags  []string `query:"tag"`
		Full  bool     `query:"full"`
	}
	type headers struct {
		Token string `header:"X-Token"`
	}
	e := echo.New()
	e.GET("/articles/:id", func(c echo.Context) error {
		var in in
		var head headers
		if err := c.Bind(&in); err != nil {
			return err
		}
		if err := (&echo.DefaultBinder{}).BindHeaders(c, &head); err != nil {
			return err
		}
		session, err := c.Cookie("session")
		if err != nil || head.Token == "" {
			return echo.ErrBadRequest
		}
		return c.JSON(http.StatusOK, article{ID: in.ID, Title: head.Token, Body: session.Value, Tags: in.Tags, Draft: in.Full && in.Limit > 0})
	})
	e.POST("/articles", func(c echo.Context) error {
		var in draft
		if err := c.Bind(&in); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, in.article())
	})
	return e
}

// ginHandler reads the cookie by hand: gin binds none.
func ginHandler() http.Handler {
	type path struct {
		ID int `uri:"id" binding:"required"`
	}
	type query struct {
		Limit int      `form:"limit,default=20"`
		Tags  []string `form:"tag"`
		Full  bool     `form:"full"`
	}
	type headers struct {
		Token string `header:"X-Token" binding:"required"`
	}
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.GET("/articles/:id", func(c *gin.Context) {
		var p path
		var q query
		var h headers
		session, err := c.Cookie("session")
		if err != nil || c.ShouldBindUri(&p) != nil || c.ShouldBindQuery(&q) != nil || c.ShouldBindHeader(&h) != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.JSON(http.StatusOK, article{ID: p.ID, Title: h.Token, Body: session, Tags: q.Tags, Draft: q.Full && q.Limit > 0})
	})
	g.POST("/articles", func(c *gin.Context) {
		var in draft
		if c.ShouldBindJSON(&in) != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.JSON(http.StatusOK, in.article())
	})
	return g
}
