// Command ogen calls every operation of the articles example through the client that
// ogen has generated from its document, and prints the name of each.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	ht "github.com/ogen-go/ogen/http"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "ogen:", err)
		os.Exit(1)
	}
}

// direct follows no redirect.
func direct() ht.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func run(ctx context.Context, url string) error {
	c, err := NewClient(url, WithClient(direct()))
	if err != nil {
		return err
	}
	return errors.Join(articles(ctx, c), failures(ctx, c), pages(ctx, c))
}

// done prints the operation, or returns what went wrong in it.
func done(operation string, err error, ok bool, answer any) error {
	if err != nil || !ok {
		return fmt.Errorf("%s: %w: %+v", operation, err, answer)
	}
	fmt.Println(operation)
	return nil
}

// tagged returns the entity tag that an article has now.
func tagged(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := direct().Do(request)
	if err != nil {
		return "", err
	}
	return response.Header.Get("ETag"), response.Body.Close()
}

func articles(ctx context.Context, c *Client) error {
	answer, err := c.ServiceCreate(ctx, &Draft{Title: "Glue", Body: "Sticks.", Tags: NewOptNilStringArray([]string{"glue"})})
	created, ok := answer.(*ArticleHeaders)
	if err := done("ServiceCreate", err, ok && created.Location.Value != "", answer); err != nil {
		return err
	}
	id := created.Response.ID
	got, err := c.ServiceGet(ctx, ServiceGetParams{ID: id})
	article, ok := got.(*Article)
	first := done("ServiceGet", err, ok && article.Title == "Glue" && len(article.Tags) == 1, got)
	list, err := c.ServiceList(ctx, ServiceListParams{Limit: NewOptInt64(5), Tag: []string{"glue"}})
	all, ok := list.(*ServiceListOKApplicationJSON)
	second := done("ServiceList", err, ok && len(*all) == 1 && (*all)[0].ID == id, list)
	tag, err := tagged(ctx, fmt.Sprintf("%s/articles/%d", os.Args[1], id))
	if err != nil {
		return err
	}
	replaced, err := c.ServiceReplace(ctx, &Draft{Title: "Paste", Body: "Sticks too."}, ServiceReplaceParams{ID: id, IfMatch: NewOptString(tag)})
	article, ok = replaced.(*Article)
	third := done("ServiceReplace", err, ok && article.Title == "Paste", replaced)
	changed, err := c.ServiceChange(ctx, &DraftPatch{Title: NewOptString("Flour paste")}, ServiceChangeParams{ID: id, IfMatch: NewOptString("*")})
	article, ok = changed.(*Article)
	patched := done("ServiceChange", err, ok && article.Title == "Flour paste" && article.Body == "Sticks too.", changed)
	latest, err := c.ServiceLatest(ctx)
	moved, ok := latest.(*ServiceLatest3XX)
	fourth := done("ServiceLatest", err, ok && moved.Location == fmt.Sprintf("/articles/%d", id), latest)
	deleted, err := c.ServiceDelete(ctx, ServiceDeleteParams{ID: id})
	_, ok = deleted.(*ServiceDeleteNoContent)
	return errors.Join(first, second, third, patched, fourth, done("ServiceDelete", err, ok, deleted))
}

// failures checks that those are read into the types of the document.
func failures(ctx context.Context, c *Client) error {
	missing, err := c.ServiceGet(ctx, ServiceGetParams{ID: 99})
	if problem, ok := missing.(*ServiceGetNotFound); err != nil || !ok || problem.Status != http.StatusNotFound {
		return fmt.Errorf("a missing article: %w: %+v", err, missing)
	}
	return nil
}

func pages(ctx context.Context, c *Client) error {
	preferred, err := c.ServicePrefer(ctx, &Preference{Theme: PreferenceThemeDark})
	_, ok := preferred.(*ServicePreferNoContent)
	first := done("ServicePrefer", err, ok, preferred)
	home, err := c.ServiceHome(ctx, ServiceHomeParams{Theme: NewOptString("dark")})
	page, ok := home.(*ServiceHomeOK)
	second := done("ServiceHome", err, ok && isSome(page), home)
	robots, err := c.ServiceRobots(ctx)
	third := done("ServiceRobots", err, err == nil && isSome(robots), robots)
	pixel, err := c.ServicePixel(ctx)
	return errors.Join(first, second, third, done("ServicePixel", err, err == nil && isSome(pixel), pixel))
}

// isSome reports whether there is something to read.
func isSome(r io.Reader) bool {
	text, err := io.ReadAll(r)
	return err == nil && len(text) > 0
}
