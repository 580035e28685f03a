// Package web serves the page of pm: one document for every view, its assets
// under names that change with them, and pages to print that need no script.
// The page reads and changes the plan through the API like any client, so that
// it has no rules of its own.
//
// Nothing is read, hashed or unpacked before the first request: the package
// costs other commands nothing.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"pm/internal/tracker"
	bundle "pm/web"
)

// policy allows the page its own script, styles, pictures and requests, and
// nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Options are what the page is told.
type Options struct {
	Version string
	Tracker *tracker.Tracker // of the plan, for pages to print
	Project string           // what the plan is called: the name of its folder
}

// Views are the addresses that lead to the page.
func Views() []string {
	return []string{"/board", "/list", "/tree", "/task/{key}", "/agents", "/inbox", "/graph", "/insights", "/activity", "/ops", "/ops/{id}", "/trash", "/trash/{key}"}
}

// A Site serves the page.
type Site struct {
	o    Options
	load func() site
}

// New returns the page.
func New(o Options) *Site { return &Site{o: o, load: sync.OnceValue(func() site { return load(o) })} }

// Routes are the patterns of the page, and who answers them.
func (s *Site) Routes() map[string]http.Handler {
	document := http.HandlerFunc(s.document)
	routes := map[string]http.Handler{"GET /{$}": document, "GET /assets/{name}": http.HandlerFunc(s.asset)}
	for _, v := range Views() {
		routes["GET "+v] = document
	}
	routes["GET /print/print.css"] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		io.WriteString(w, sheetCSS)
	})
	s.printRoutes(routes)
	return routes
}

// A site is the document and the assets, ready to be sent.
type site struct {
	document []byte
	assets   map[string]asset
}

type asset struct {
	kind          string
	plain, zipped []byte
}

const document = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Project}}</title>
<link rel="icon" href="/assets/{{.Icon}}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/{{.Style}}">
<link rel="modulepreload" href="/assets/{{.Script}}">
<body data-project="{{.Project}}" data-version="{{.Version}}">
<div id="app"></div>
<noscript><p>pm's boards need JavaScript. <a href="/print/list">The pages to print</a> work without it.</p></noscript>
<script type="module" src="/assets/{{.Script}}"></script>
</body>
</html>
`

// load reads the bundle and names its files by what they hold.
func load(o Options) site {
	s := site{assets: map[string]asset{}}
	names := map[string]string{}
	fs.WalkDir(bundle.Files, "dist", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		zipped, err := bundle.Files.ReadFile(file)
		if err != nil {
			return err
		}
		plain, err := unzip(zipped)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(plain)
		base := strings.TrimSuffix(path.Base(file), ".gz")
		ext := path.Ext(base)
		name := strings.TrimSuffix(base, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
		names[base] = name
		s.assets[name] = asset{kindOf(ext), plain, zipped}
		return nil
	})
	s.document = []byte(strings.NewReplacer("{{.Project}}", html.EscapeString(o.Project), "{{.Version}}", html.EscapeString(o.Version),
		"{{.Icon}}", names["icon.svg"], "{{.Style}}", names["app.css"], "{{.Script}}", names["app.js"]).Replace(document))
	return s
}

func kindOf(ext string) string {
	return map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[ext]
}

func unzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// document answers with the page, which finds its view in the address.
func (s *Site) document(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-cache")
	b := s.load().document
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}

// asset answers with a file of the bundle, which a browser keeps for good: a
// file that changes has another name.
func (s *Site) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.load().assets[r.PathValue("name")]
	if !ok {
		http.Error(w, "file not found", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	b := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = a.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}
