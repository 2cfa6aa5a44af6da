package fileserve

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/respond"
)

//go:embed listing.css
var listingCSS string

// listingPolicy allows only the style of the page: no scripts, forms, or frames around it.
func listingPolicy() string {
	sum := sha256.Sum256([]byte(listingCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
	w.Header().Set("Content-Security-Policy", d.policy)
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

// writeCrumbs writes the path with a link to each parent directory.
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

// writeHeading writes the heading of a column: a link that sorts by it, or that reverses the
// order if the listing is already sorted by it.
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
	// Without "./" a name with a colon would be read as a URL with a scheme.
	b.WriteString(`<tr><td><a href="./` + html.EscapeString(url.PathEscape(x.name)) + slash + `">` + name + slash +
		"</a></td><td>" + size + "</td><td>" + modified + "</td></tr>\n")
}

// visible returns a name as HTML text. It replaces characters that are invisible or change the
// direction of others.
func visible(name string) string {
	return html.EscapeString(strings.Map(func(c rune) rune {
		if isInvisible(c) {
			return '\uFFFD'
		}
		return c
	}, strings.ToValidUTF8(name, "\uFFFD")))
}

// shown is visible for a name among other text: <bdi> keeps a name that is read from right to
// left from changing the direction of the rest.
func shown(name string) string { return "<bdi>" + visible(name) + "</bdi>" }

// formatSize returns a size in binary units. Below ten it has one digit after the point.
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

// maxEntries is the largest number of entries in a listing.
const maxEntries = 10_000

// An entry is one line of a listing.
type entry struct {
	name  string
	dir   bool
	size  int64
	mtime time.Time
}

// readEntries returns the entries of the directory name, and whether there are more. It leaves
// out what would be a 404.
func (d *Dir) readEntries(name string, dir fs.File) (entries []entry, more bool, err error) {
	lister, ok := dir.(fs.ReadDirFile)
	if !ok {
		return nil, false, &fs.PathError{Op: "readdir", Path: name, Err: errors.ErrUnsupported}
	}
	for len(entries) <= maxEntries {
		batch, err := lister.ReadDir(512)
		for _, found := range batch {
			if x, ok := d.newEntry(name, found.Name()); ok {
				entries = append(entries, x)
			}
		}
		if errors.Is(err, io.EOF) || err == nil && len(batch) == 0 {
			return entries, false, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	return entries[:maxEntries], true, nil
}

// newEntry describes the file behind a name. It reports false if the file is not served. Stat
// follows the links that the Dir serves.
func (d *Dir) newEntry(dir, name string) (entry, bool) {
	full := path.Join(dir, name)
	if !d.options.Hidden && isHidden(full) {
		return entry{}, false
	}
	info, err := fs.Stat(d.fsys, full)
	if err != nil || !isServed(info) {
		return entry{}, false
	}
	return entry{name: name, dir: info.IsDir(), size: info.Size(), mtime: info.ModTime()}, true
}

// An ordering is the order of a listing.
type ordering struct {
	by   string
	desc bool
}

// newOrdering reads the parameters of a query. The default is by name, ascending.
func newOrdering(by, order string) ordering {
	if by != bySize && by != byTime {
		by = byName
	}
	return ordering{by: by, desc: order == "desc"}
}

const (
	byName = "name"
	bySize = "size"
	byTime = "time"
)

// sort puts directories first, whatever the ordering.
func (o ordering) sort(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int {
		if a.dir != b.dir {
			if a.dir {
				return -1
			}
			return 1
		}
		c := o.compare(a, b)
		if o.desc {
			return -c
		}
		return c
	})
}

func (o ordering) compare(a, b entry) int {
	c := 0
	switch o.by {
	case bySize:
		c = cmp.Compare(a.size, b.size)
		if a.dir {
			c = 0
		}
	case byTime:
		c = a.mtime.Compare(b.mtime)
	}
	return cmp.Or(c, strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
}
