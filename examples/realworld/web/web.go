// Package web holds the pages.
package web

import "embed"

// Files are the pages, with what browsers that take zstd or gzip get in their place: after a
// change, write these by go generate.
//
//go:embed *.html *.css *.js *.gz *.zst
//go:generate sh -c "gzip -9nkf *.html *.css *.js && zstd -19 -qf *.html *.css *.js"
var Files embed.FS
