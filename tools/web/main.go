// Command web bundles the page that pm serve shows: the sources under web/src
// and what they use under web/vendor become web/dist/app.js and app.css, which
// are committed and built into pm. With -check it writes nothing, and fails if
// the committed bundle is not that of the sources. It needs no Node.
//
//	cd tools/web && go run .
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// The most that a browser has to load, in bytes of gzip.
var most = map[string]int{"app.js": 45 << 10, "app.css": 12 << 10}

func main() {
	check := flag.Bool("check", false, "compare with the committed bundle, and write nothing")
	root := flag.String("root", "../..", "the top folder of the repository")
	flag.Parse()
	if err := bundle(*root, *check); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

func bundle(root string, check bool) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	web := filepath.Join(root, "web")
	built := api.Build(options(web))
	if len(built.Errors) > 0 {
		return fmt.Errorf("%d errors", len(built.Errors)) // esbuild has printed them
	}
	for _, f := range built.OutputFiles {
		name := filepath.Base(f.Path)
		if n := zipped(f.Contents); n > most[name] {
			return fmt.Errorf("%s has %d bytes gzipped, at most %d", name, n, most[name])
		} else if !check {
			fmt.Printf("%-8s %7d bytes, %6d gzipped\n", name, len(f.Contents), n)
		}
		path := filepath.Join(web, "dist", name)
		if !check {
			if err := os.WriteFile(path, f.Contents, 0o644); err != nil {
				return err
			}
			continue
		}
		if old, err := os.ReadFile(path); err != nil || !bytes.Equal(old, f.Contents) {
			return fmt.Errorf("%s is not the bundle of the sources: run go run . in tools/web", path)
		}
	}
	return nil
}

func options(web string) api.BuildOptions {
	vendor := filepath.Join(web, "vendor")
	return api.BuildOptions{
		EntryPoints: []string{filepath.Join(web, "src", "app.tsx"), filepath.Join(web, "src", "app.css")},
		Outdir:      filepath.Join(web, "dist"), AbsWorkingDir: web,
		Bundle: true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		JSX: api.JSXAutomatic, JSXImportSource: "preact", LogLevel: api.LogLevelWarning,
		Engines: []api.Engine{{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineFirefox, Version: "120"}, {Name: api.EngineSafari, Version: "17.5"}},
		Alias: map[string]string{
			"preact":               filepath.Join(vendor, "preact", "index.js"),
			"preact/hooks":         filepath.Join(vendor, "preact", "hooks.js"),
			"preact/jsx-runtime":   filepath.Join(vendor, "preact", "jsx-runtime.js"),
			"@preact/signals":      filepath.Join(vendor, "signals", "index.js"),
			"@preact/signals-core": filepath.Join(vendor, "signals", "core.js"),
		},
	}
}

func zipped(b []byte) int {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	z.Write(b)
	z.Close()
	return out.Len()
}
