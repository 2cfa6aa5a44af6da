package benchmarks_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonkit/tenon/bind"
)

type fiveScalars struct {
	Page   int     `query:"page"`
	Limit  int     `query:"limit"`
	Sort   string  `query:"sort"`
	Desc   bool    `query:"desc"`
	Radius float64 `query:"radius"`
}

// queryByHand is what a handler does without a binder.
func queryByHand(r *http.Request) (in fiveScalars, err error) {
	q := r.URL.Query()
	if in.Page, err = strconv.Atoi(q.Get("page")); err != nil {
		return in, err
	}
	if in.Limit, err = strconv.Atoi(q.Get("limit")); err != nil {
		return in, err
	}
	in.Sort = q.Get("sort")
	if in.Desc, err = strconv.ParseBool(q.Get("desc")); err != nil {
		return in, err
	}
	in.Radius, err = strconv.ParseFloat(q.Get("radius"), 64)
	return in, err
}

func get(target string) *http.Request {
	return httptest.NewRequest(http.MethodGet, target, http.NoBody)
}

func measure[In any](b *testing.B, read func(*http.Request) (In, error), r *http.Request) {
	b.Helper()
	if _, err := read(r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = read(r)
	}
}

func BenchmarkBindQuery(b *testing.B) {
	for name, target := range map[string]string{
		"text=plain":   "/?page=3&limit=50&sort=title&desc=true&radius=2.5",
		"text=escaped": "/?page=3&limit=50&sort=title%20and+date&desc=true&radius=2.5",
	} {
		r := get(target)
		b.Run(name+"/by=tenon", func(b *testing.B) { measure(b, bind.For[fiveScalars]().Bind, r) })
		b.Run(name+"/by=hand", func(b *testing.B) { measure(b, queryByHand, r) })
	}
}

// BenchmarkBindNames has as many parameters as are looked for one by one, and one
// more. The names come backwards, so that none is where it is expected.
func BenchmarkBindNames(b *testing.B) {
	type eight struct {
		Page   string `query:"page"`
		Limit  string `query:"limit"`
		Sort   string `query:"sort"`
		Status string `query:"status"`
		Author string `query:"author"`
		Format string `query:"format"`
		Lang   string `query:"lang"`
		City   string `query:"city"`
	}
	type nine struct {
		eight

		Brand string `query:"brand"`
	}
	const names = "city=8&lang=7&format=6&author=5&status=4&sort=3&limit=2&page=1"
	b.Run("names=8", func(b *testing.B) { measure(b, bind.For[eight]().Bind, get("/?"+names)) })
	b.Run("names=9", func(b *testing.B) { measure(b, bind.For[nine]().Bind, get("/?brand=9&"+names)) })
}

func BenchmarkBindPath(b *testing.B) {
	type in struct {
		ID   int64  `path:"id"`
		Slug string `path:"slug"`
	}
	r := get("/")
	r.SetPathValue("id", "123456")
	r.SetPathValue("slug", "tenon")
	b.Run("by=tenon", func(b *testing.B) { measure(b, bind.For[in]().Bind, r) })
	b.Run("by=hand", func(b *testing.B) {
		measure(b, func(r *http.Request) (v in, err error) {
			v.ID, err = strconv.ParseInt(r.PathValue("id"), 10, 64)
			v.Slug = r.PathValue("slug")
			return v, err
		}, r)
	})
}

func BenchmarkBindHeader(b *testing.B) {
	type in struct {
		Token   string `header:"X-Token"`
		Retries int    `header:"X-Retries"`
		Debug   bool   `header:"X-Debug"`
	}
	r := get("/")
	r.Header.Set("X-Token", "abc")
	r.Header.Set("X-Retries", "3")
	r.Header.Set("X-Debug", "true")
	b.Run("by=tenon", func(b *testing.B) { measure(b, bind.For[in]().Bind, r) })
	b.Run("by=hand", func(b *testing.B) {
		measure(b, func(r *http.Request) (v in, err error) {
			v.Token = r.Header.Get("X-Token")
			if v.Retries, err = strconv.Atoi(r.Header.Get("X-Retries")); err != nil {
				return v, err
			}
			v.Debug, err = strconv.ParseBool(r.Header.Get("X-Debug"))
			return v, err
		}, r)
	})
}

func BenchmarkBindCookie(b *testing.B) {
	type in struct {
		Session string `cookie:"session"`
		Visits  int    `cookie:"visits"`
	}
	r := get("/")
	r.Header.Set("Cookie", "_ga=GA1.2.3; theme=dark; session=0123456789abcdef; visits=12; consent=yes")
	b.Run("by=tenon", func(b *testing.B) { measure(b, bind.For[in]().Bind, r) })
	b.Run("by=hand", func(b *testing.B) {
		measure(b, func(r *http.Request) (v in, err error) {
			session, err := r.Cookie("session")
			if err != nil {
				return v, err
			}
			visits, err := r.Cookie("visits")
			if err != nil {
				return v, err
			}
			v.Session = session.Value
			v.Visits, err = strconv.Atoi(visits.Value)
			return v, err
		}, r)
	})
}

func BenchmarkBindList(b *testing.B) {
	type repeated struct {
		IDs []int `query:"id"`
	}
	type separated struct {
		IDs []int `query:"id,csv"`
	}
	atoi := func(list []string) (ids []int, err error) {
		ids = make([]int, len(list))
		for i, text := range list {
			if ids[i], err = strconv.Atoi(text); err != nil {
				return nil, err
			}
		}
		return ids, nil
	}
	r := get("/?id=1&id=2&id=3&id=4&id=5")
	b.Run("list=repeated/by=tenon", func(b *testing.B) { measure(b, bind.For[repeated]().Bind, r) })
	b.Run("list=repeated/by=hand", func(b *testing.B) {
		measure(b, func(r *http.Request) ([]int, error) { return atoi(r.URL.Query()["id"]) }, r)
	})
	csv := get("/?id=1,2,3,4,5")
	b.Run("list=csv/by=tenon", func(b *testing.B) { measure(b, bind.For[separated]().Bind, csv) })
	b.Run("list=csv/by=hand", func(b *testing.B) {
		measure(b, func(r *http.Request) ([]int, error) { return atoi(strings.Split(r.URL.Query().Get("id"), ",")) }, csv)
	})
}
