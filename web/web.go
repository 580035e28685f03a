// Package bundle holds the page that pm serve shows, as tools/web made it of
// the sources beside this file: gzipped.
package bundle

import "embed"

// Files are dist/app.js.gz, dist/app.css.gz and dist/icon.svg.gz.
//
//go:embed dist
var Files embed.FS
