// Package bundle holds the page that pm serve shows, as tools/web made it of
// the sources beside this file.
package bundle

import "embed"

// Files are the script, the styles and the icon.
//
//go:embed dist
var Files embed.FS
