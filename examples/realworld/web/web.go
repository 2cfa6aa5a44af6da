// Package web holds the pages.
package web

import "embed"

// Files are the pages, with what browsers that decode zstd or gzip get in their place.
//
//go:embed *.html *.css *.js *.zst *.gz
var Files embed.FS
