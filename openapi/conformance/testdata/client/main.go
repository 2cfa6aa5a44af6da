// Command client calls every operation of the articles example through the
// client that oapi-codegen has generated from its document, and prints the name
// of each.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}

// follow is a client that follows no redirect.
func follow() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func run(ctx context.Context, url string) error {
	c, err := NewClientWithResponses(url, WithHTTPClient(follow()))
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

func articles(ctx context.Context, c *ClientWithResponses) error {
	tags := []string{"glue"}
	created, err := c.ServiceCreateWithResponse(ctx, Draft{Title: "Glue", Body: "Sticks.", Tags: &tags})
	if err := done("ServiceCreate", err, created != nil && created.JSON201 != nil && created.HTTPResponse.Header.Get("Location") != "", created); err != nil {
		return err
	}
	id := created.JSON201.Id
	got, err := c.ServiceGetWithResponse(ctx, id, &ServiceGetParams{})
	first := done("ServiceGet", err, got != nil && got.JSON200 != nil && got.JSON200.Title == "Glue" && len(*got.JSON200.Tags) == 1, got)
	if first != nil {
		return first
	}
	limit := int64(5)
	list, err := c.ServiceListWithResponse(ctx, &ServiceListParams{Limit: &limit, Tag: &tags})
	second := done("ServiceList", err, list != nil && list.JSON200 != nil && len(*list.JSON200) == 1 && (*list.JSON200)[0].Id == id, list)
	tag := got.HTTPResponse.Header.Get("ETag")
	replaced, err := c.ServiceReplaceWithResponse(ctx, id, &ServiceReplaceParams{IfMatch: &tag}, Draft{Title: "Paste", Body: "Sticks too."})
	third := done("ServiceReplace", err, replaced != nil && replaced.JSON200 != nil && replaced.JSON200.Title == "Paste", replaced)
	title, anyVersion := "Flour paste", "*"
	changed, err := c.ServiceChangeWithApplicationMergePatchPlusJSONBodyWithResponse(ctx, id, &ServiceChangeParams{IfMatch: &anyVersion}, DraftPatch{Title: &title})
	patched := done("ServiceChange", err, changed != nil && changed.JSON200 != nil && changed.JSON200.Title == title && changed.JSON200.Body == "Sticks too.", changed)
	latest, err := c.ServiceLatestWithResponse(ctx)
	fourth := done("ServiceLatest", err, latest != nil && latest.HTTPResponse.Header.Get("Location") == fmt.Sprintf("/articles/%d", id), latest)
	deleted, err := c.ServiceDeleteWithResponse(ctx, id)
	fifth := done("ServiceDelete", err, deleted != nil && deleted.StatusCode() == http.StatusNoContent, deleted)
	return errors.Join(first, second, third, patched, fourth, fifth)
}

// failures checks that those are read into the types of the document.
func failures(ctx context.Context, c *ClientWithResponses) error {
	missing, err := c.ServiceGetWithResponse(ctx, 99, &ServiceGetParams{})
	if err != nil || missing.ApplicationproblemJSON404 == nil || missing.ApplicationproblemJSON404.Status != http.StatusNotFound {
		return fmt.Errorf("a missing article: %w: %+v", err, missing)
	}
	invalid, err := c.ServiceCreateWithResponse(ctx, Draft{})
	if err != nil || invalid.ApplicationproblemJSON400 == nil || *(*invalid.ApplicationproblemJSON400.Errors)[0].Pointer != "#/title" {
		return fmt.Errorf("an invalid draft: %w: %+v", err, invalid)
	}
	return nil
}

func pages(ctx context.Context, c *ClientWithResponses) error {
	preferred, err := c.ServicePreferWithResponse(ctx, Preference{Theme: Dark})
	first := done("ServicePrefer", err, preferred != nil && preferred.StatusCode() == http.StatusNoContent, preferred)
	theme := "dark"
	home, err := c.ServiceHomeWithResponse(ctx, &ServiceHomeParams{Theme: &theme})
	second := done("ServiceHome", err, home != nil && home.StatusCode() == http.StatusOK && len(home.Body) > 0, home)
	robots, err := c.ServiceRobotsWithResponse(ctx)
	third := done("ServiceRobots", err, robots != nil && robots.StatusCode() == http.StatusOK && len(robots.Body) > 0, robots)
	pixel, err := c.ServicePixelWithResponse(ctx)
	fourth := done("ServicePixel", err, pixel != nil && pixel.HTTPResponse.Header.Get("Content-Type") == "image/gif", pixel)
	return errors.Join(first, second, third, fourth)
}
