// Command web bundles the page that pm serve shows: the sources under web/src
// and what they use under web/vendor become a script and a style sheet, which
// are committed and built into pm with the icon: gzipped in web/dist, as a
// browser takes them. With -check it writes nothing, and fails if the committed
// bundle is not that of the sources. It needs no Node.
//
//	cd tools/web && go run .
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// The most that a browser has to load, in bytes of gzip.
var most = map[string]int{"app.js": 45 << 10, "app.css": 12 << 10, "icon.svg": 1 << 10}

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
		if err := put(web, filepath.Base(f.Path), f.Contents, check); err != nil {
			return err
		}
	}
	icon, err := os.ReadFile(filepath.Join(web, "src", "icon.svg"))
	if err != nil {
		return err
	}
	return put(web, "icon.svg", icon, check)
}

// put writes a file of the bundle, or checks that it is there as it should be.
// What is compared is the text: another version of Go may compress it in
// another way.
func put(web, name string, text []byte, check bool) error {
	z := zipped(text)
	if len(z) > most[name] {
		return fmt.Errorf("%s has %d bytes gzipped, at most %d", name, len(z), most[name])
	}
	path := filepath.Join(web, "dist", name+".gz")
	if check {
		if old, err := unzipped(path); err != nil || !bytes.Equal(old, text) {
			return fmt.Errorf("%s is not the bundle of the sources: run go run . in tools/web", path)
		}
		return nil
	}
	fmt.Printf("%-8s %7d bytes, %6d gzipped\n", name, len(text), len(z))
	return os.WriteFile(path, z, 0o644)
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

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func unzipped(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
