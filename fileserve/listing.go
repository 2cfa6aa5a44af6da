package fileserve

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

//go:embed listing.css
var listingCSS string

// A listingPage holds what all the listings of a Dir have in common.
type listingPage struct{ policy string }

// newListingPage allows the page its own style and nothing else: no script, no
// frame around it, no form.
func newListingPage() *listingPage {
	sum := sha256.Sum256([]byte(listingCSS))
	return &listingPage{
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
}

// serveListing answers with the entries of the directory name.
func (d *Dir) serveListing(w http.ResponseWriter, r *http.Request, name string, dir fs.File) {
	defer func() { _ = dir.Close() }() // nothing was written
	entries, more, err := d.readEntries(name, dir)
	if err != nil {
		fail(w, r, err)
		return
	}
	query := r.URL.Query()
	order := newOrdering(query.Get("sort"), query.Get("order"))
	order.sort(entries)
	w.Header().Set("Content-Security-Policy", d.page.policy)
	_ = respond.Write(w, r, respond.HTML(renderListing(name, entries, more, order))) // the request has had its answer
}

func renderListing(name string, entries []entry, more bool, order ordering) string {
	var b strings.Builder
	b.Grow(1024 + len(listingCSS) + 160*len(entries))
	title := "/"
	if name != root {
		title = "/" + name + "/"
	}
	b.WriteString(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Index of ` + visible(title) + `</title>
<style>` + listingCSS + `</style>
</head>
<body>
<main>
<h1>Index of `)
	writeCrumbs(&b, name)
	b.WriteString("</h1>\n<table>\n<thead>\n<tr>")
	for _, column := range []struct{ by, label string }{{byName, "Name"}, {bySize, "Size"}, {byTime, "Modified (UTC)"}} {
		writeHeading(&b, column.by, column.label, order)
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	if name != root {
		b.WriteString(`<tr><td><a href="../">../</a></td><td></td><td></td></tr>` + "\n")
	}
	for _, x := range entries {
		writeEntry(&b, x)
	}
	b.WriteString("</tbody>\n</table>\n")
	switch {
	case more:
		b.WriteString("<p>Only " + strconv.Itoa(maxEntries) + " entries are listed.</p>\n")
	case len(entries) == 0:
		b.WriteString("<p>This directory is empty.</p>\n")
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.String()
}

// writeCrumbs writes the path with a link to each directory above.
func writeCrumbs(b *strings.Builder, name string) {
	if name == root {
		b.WriteString("/")
		return
	}
	elements := strings.Split(name, "/")
	b.WriteString(`<a href="` + strings.Repeat("../", len(elements)) + `">/</a>`)
	for i, element := range elements {
		if up := len(elements) - 1 - i; up > 0 {
			b.WriteString(`<a href="` + strings.Repeat("../", up) + `">` + shown(element) + "</a>/")
			continue
		}
		b.WriteString(shown(element) + "/")
	}
}

// writeHeading writes the head of a column, a link that sorts by it and, where the
// listing is sorted by it already, turns the order around.
func writeHeading(b *strings.Builder, by, label string, order ordering) {
	attribute, next := "", "asc"
	if order.by == by {
		attribute = ` aria-sort="ascending"`
		if order.desc {
			attribute = ` aria-sort="descending"`
		} else {
			next = "desc"
		}
	}
	b.WriteString(`<th scope="col"` + attribute + `><a href="?sort=` + by + `&amp;order=` + next + `">` + label + "</a></th>")
}

func writeEntry(b *strings.Builder, x entry) {
	const layout = "2006-01-02 15:04"
	name, slash, size := shown(x.name), "", ""
	if x.dir {
		slash = "/"
	} else {
		size = `<data value="` + strconv.FormatInt(x.size, 10) + `">` + formatSize(x.size) + "</data>"
	}
	modified := ""
	if x.mtime.Unix() >= unknownBefore {
		at := x.mtime.UTC()
		modified = `<time datetime="` + at.Format("2006-01-02T15:04:05Z") + `">` + at.Format(layout) + "</time>"
	}
	// Without "./" a name with a colon would read as a scheme.
	b.WriteString(`<tr><td><a href="./` + html.EscapeString(url.PathEscape(x.name)) + slash + `">` + name + slash +
		"</a></td><td>" + size + "</td><td>" + modified + "</td></tr>\n")
}

// visible returns a name as text of the page. Characters that would not be seen,
// or would turn others around, are replaced.
func visible(name string) string {
	return html.EscapeString(strings.Map(func(c rune) rune {
		if isInvisible(c) {
			return '\uFFFD'
		}
		return c
	}, strings.ToValidUTF8(name, "\uFFFD")))
}

// shown is visible for text among other text: a name that reads from right to left
// keeps that to itself.
func shown(name string) string { return "<bdi>" + visible(name) + "</bdi>" }

// formatSize returns a size in binary units, with one digit after the point
// below ten.
func formatSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	size, unit := float64(n)/1024, 0
	for size >= 1023.5 {
		size /= 1024
		unit++
	}
	precision := 0
	if size < 9.95 {
		precision = 1
	}
	return strconv.FormatFloat(size, 'f', precision, 64) + " " + "KMGTPE"[unit:unit+1] + "iB"
}
