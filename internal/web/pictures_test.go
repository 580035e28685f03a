package web_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var (
	update = flag.Bool("update", false, "write the pictures of docs/pictures anew")
	all    = flag.String("pictures", "", "write pictures of every view, light and dark, at three widths, to this directory")
)

// views are what there is to see, each with what shows that it is there.
var views = []struct{ name, path, there string }{
	{"board", "/board", `[data-column="completed"] [data-key]`},
	{"list", "/list", `[data-view="list"] [data-key]`},
	{"tree", "/tree", `[data-view="tree"] [data-key]`},
	{"task", "/task/T-E01-F01-001", `[data-view="task"] .log`},
	{"agents", "/agents", `[data-view="agents"] [data-key]`},
	{"inbox", "/inbox", `[data-view="inbox"] .ask`},
	{"graph", "/graph", `[data-view="graph"] svg`},
	{"insights", "/insights", `[data-view="insights"] .picture svg`},
	{"activity", "/activity", `[data-view="activity"] .log`},
}

// kept are the pictures in docs/pictures.
var kept = []string{"board-light-1280", "board-dark-1280", "board-light-360", "list-light-1280", "tree-light-1280", "task-light-1280", "inbox-light-1280", "agents-dark-1280"}

// TestPictures looks at every view at three widths: none is wider than the
// window. If asked to, it takes a picture of each, light and dark: none is blank.
func TestPictures(t *testing.T) {
	s := shop(t)
	for _, width := range []int{360, 1280, 1920} {
		b := s.open(t, "/board", width, 800)
		for _, v := range views {
			b.Do(chromedp.Navigate(s.url + v.path))
			b.Wait(`!!document.querySelector('` + v.there + `')`)
			if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d wide at %d", v.name, wide, width)
			}
			for _, scheme := range []string{"light", "dark"} {
				if !*update && *all == "" {
					continue
				}
				picture(t, b, v.name+"-"+scheme+"-"+itoa(width), scheme)
			}
		}
	}
}

func itoa(n int) string { return map[int]string{360: "360", 1280: "1280", 1920: "1920"}[n] }

// picture takes one, and keeps it if asked to.
func picture(t *testing.T, b *webtest.Tab, name, scheme string) {
	t.Helper()
	b.Do(dark(scheme))
	shot, err := chromedp.Run(b.Context, capture)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	small := reduced(img)
	if len(small.Palette) < 20 {
		t.Errorf("%s has %d colours", name, len(small.Palette))
	}
	dir := *all
	if *update && slices.Contains(kept, name) {
		dir = filepath.Join("..", "..", "docs", "pictures")
	}
	if dir == "" {
		return
	}
	var out bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// dark has the page think that its user likes a colour scheme.
func dark(scheme string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return chromedp.Void{}, err
	}
}

func capture(ctx context.Context, t *chromedp.Target) ([]byte, error) {
	out, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	return out.Data, err
}

// reduced is a picture in its 255 most frequent colours.
func reduced(img image.Image) *image.Paletted {
	counts := map[color.RGBA]int{}
	box := img.Bounds()
	rgba := image.NewRGBA(box)
	draw.Draw(rgba, box, img, box.Min, draw.Src)
	at := func(x, y int) color.RGBA {
		p := rgba.Pix[rgba.PixOffset(x, y):]
		return color.RGBA{p[0], p[1], p[2], 255}
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := at(x, y)
			counts[c] += 1 + int(max(c.R, c.G, c.B)-min(c.R, c.G, c.B))/4 // what has a hue counts more
		}
	}
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return cmp.Compare(counts[b], counts[a]) })
	palette := color.Palette{}
	for _, c := range colours[:min(255, len(colours))] {
		palette = append(palette, c)
	}
	out, nearest := image.NewPaletted(box, palette), map[color.RGBA]uint8{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := at(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}
