package web_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pm/internal/tracker"

	"pm/internal/web/webtest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the pictures of testdata/pictures and docs/pictures anew")

// A look is something to see, with what shows that it is there. In its path PAST
// stands for the operation that claimed a task first.
type look struct{ name, path, there string }

// A state is a look once keys have been pressed, with what then is there.
type state struct {
	look
	press []string
	then  string
}

// views are what there is to see.
var views = []look{
	{"board", "/board", `[data-column="completed"] [data-key]`},
	{"list", "/list", `[data-view="list"] [data-key]`},
	{"tree", "/tree", `[data-view="tree"] [data-key]`},
	{"task", "/task/T-E01-F01-001", `[data-view="task"] .log`},
	{"agents", "/agents", `[data-view="agents"] [data-key]`},
	{"inbox", "/inbox", `[data-view="inbox"] .ask`},
	{"graph", "/graph", `[data-view="graph"] svg`},
	{"insights", "/insights", `[data-view="insights"] .picture svg`},
	{"activity", "/activity", `[data-view="activity"] .log`},
	{"lanes", "/board?lanes=epic", `[data-lane] [data-column="completed"] [data-key]`},
	{"past", "/board?as_of=PAST", `.past.then [href^="/ops"]`},
	{"past-task", "/task/T-E01-F01-001?as_of=PAST", `[data-view="task"] .log`},
	{"ops", "/ops", `[data-view="ops"] [data-key]`},
	{"op", "/ops/last", `[data-view="op"] .changes`},
	{"trash", "/trash", `[data-view="trash"] [data-key]`},
	{"trashed", "/trash/E03-F02", `[data-view="trashed"] .linked`},
	{"missing", "/task/T-E09-F01-001", `.empty h2`},
	{"past-graph", "/graph?as_of=PAST", `[data-view="graph"] svg`},
	{"past-insights", "/insights?as_of=PAST", `[data-view="insights"] .picture svg`},
	{"print-board", "/print/board", `.tasks`},
	{"print-list", "/print/list", `.tasks`},
	{"print-task", "/print/task/T-E01-F01-001", `.checks`},
	{"print-ops", "/print/ops", `table`},
}

// oddViews are views of titles and labels as no designer would have them.
var oddViews = []look{
	{"odd-board", "/board", `[data-key]`},
	{"odd-list", "/list?group=none", `[data-key]`},
	{"odd-tree", "/tree", `[data-key]`},
	{"odd-lanes", "/board?lanes=label", `[data-lane] [data-key]`},
	{"odd-task", "/task/T-E01-F01-001", `[data-view="task"] .log`},
	{"odd-blocked", "/task/T-E01-F01-003", `[data-view="task"] .log`},
	{"odd-agents", "/agents", `[data-view="agents"] [data-key]`},
	{"odd-inbox", "/inbox", `[data-view="inbox"] [data-key]`},
	{"odd-ops", "/ops", `[data-view="ops"] [data-key]`},
}

// crowdViews are views of 10,000 tasks.
var crowdViews = []look{
	{"crowd-board", "/board", `[data-key]`}, {"crowd-lanes", "/board?lanes=agent", `[data-lane] [data-key]`}, {"crowd-list", "/list", `[data-key]`},
	{"crowd-tree", "/tree", `[data-key]`}, {"crowd-agents", "/agents", `[data-view="agents"] [data-key]`}, {"crowd-inbox", "/inbox", `[data-view="inbox"] [data-key]`},
	{"crowd-graph", "/graph", `[data-view="graph"] svg`}, {"crowd-insights", "/insights", `[data-view="insights"] .picture svg`},
	{"crowd-activity", "/activity", `[data-view="activity"] .log`}, {"crowd-ops", "/ops", `[data-view="ops"] [data-key]`},
	{"crowd-task", "/task/T-E01-F01-001", `[data-view="task"] .log`},
}

// states are what views look like while somebody uses them.
var states = []state{
	{look{"selected", "/list", `[data-view="list"] [data-key]`}, []string{"j", "x", "j", "x", "j"}, `.bulk`},
	{look{"peek", "/board", `[data-column="completed"] [data-key]`}, []string{"j", " "}, `.peek .log`},
	{look{"commands", "/board", `[data-column="completed"] [data-key]`}, []string{"j", "ctrl+k"}, `dialog[open] .choice`},
	{look{"keys", "/board", `[data-column="completed"] [data-key]`}, []string{"?"}, `.help`},
	{look{"new", "/board", `[data-column="completed"] [data-key]`}, []string{"c"}, `dialog[open] input`},
	{look{"query", "/board?q=is:open+label:checkout", `[data-column="todo"] [data-key]`}, []string{"/", " ", "x", ":", "y"}, `.mistake[role=alert]`},
	{look{"undoing", "/ops", `[data-view="ops"] [data-key]`}, []string{"j", "u"}, `dialog[open] .changes`},
	{look{"emptying", "/trash", `[data-view="trash"] [data-key]`}, []string{"E"}, `dialog[open] .danger`},
	{look{"refused", "/board", `[data-column="completed"] [data-key]`}, []string{"u"}, `.toast.bad`},
	{look{"nothing", "/list?q=label:none-such", `.empty`}, nil, ``},
}

// emptyViews are views of a plan in which there is nothing.
var emptyViews = []look{
	{"empty-board", "/board", `.empty`}, {"empty-list", "/list", `.empty`}, {"empty-ops", "/ops", `.empty`}, {"empty-trash", "/trash", `.empty`},
	{"empty-tree", "/tree", `.empty`}, {"empty-agents", "/agents", `.empty`}, {"empty-inbox", "/inbox", `.empty`}, {"empty-graph", "/graph", `.empty`}, {"empty-insights", "/insights", `.empty`}, {"empty-activity", "/activity", `.empty`},
}

// inDocs are the pictures in docs/pictures.
var inDocs = []string{"board-light-1280", "board-dark-1280", "board-light-360", "list-light-1280", "tree-light-1280", "task-light-1280", "inbox-light-1280", "agents-dark-1280",
	"lanes-light-1280", "past-light-1280", "ops-light-1280"}

// mostNodes is how many nodes a view may have, however large the plan is.
const mostNodes = 2000

// widths are those of a phone, a laptop and a wide screen, with their heights.
var widths = map[int]int{360: 740, 1280: 800, 2560: 1300}

// TestPictures looks at every view at three widths, light and dark: none is
// wider than the window, none is blank, and none has texts on each other or cut
// off. With -update it keeps the pictures. They are for people to look at, and not
// compared: fonts, and how a system draws them, differ by machine.
func TestPictures(t *testing.T) {
	for name, of := range map[string]struct {
		make func(*testing.T) *site
		all  []state
	}{"shop": {shop, slices.Concat(still(views), states)}, "crowd": {crowd, still(crowdViews)}, "odd": {odd, still(oddViews)}, "empty": {newSite, still(emptyViews)}} {
		t.Run(name, func(t *testing.T) {
			if name == "crowd" && os.Getenv("PM_TEST_LOAD") != "full" {
				t.Skip("takes minutes: PM_TEST_LOAD=full")
			}
			s := of.make(t)
			past := s.claimed(t)
			b := s.open(t, "/print/list", 1280, 800)
			for _, width := range slices.Sorted(maps.Keys(widths)) {
				t.Run(strconv.Itoa(width), func(t *testing.T) {
					for _, v := range of.all {
						t.Run(v.name, func(t *testing.T) {
							if v.press != nil && width > 1280 {
								t.Skip("what floats is as wide as on a laptop")
							}
							on := b.For(t)
							on.Do(dark("light"), chromedp.EmulateViewport(int64(width), int64(widths[width])), chromedp.Navigate(s.url+strings.ReplaceAll(v.path, "PAST", past)))
							v.show(t, on, width)
						})
					}
				})
			}
		})
	}
}

// show waits until a state is there, and looks at it.
func (v state) show(t *testing.T, b *webtest.Tab, width int) {
	t.Helper()
	b.Wait(`!!document.querySelector('` + v.there + `')`)
	for _, k := range v.press {
		press(b, k)
	}
	if v.then != "" {
		b.Wait(`!!document.querySelector('` + v.then + `')`)
	}
	if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > width {
		t.Errorf("%s is %d wide at %d", v.name, wide, width)
	}
	shaped(t, b, fmt.Sprintf("%s at %d", v.name, width))
	if n := webtest.Eval[int](b, `document.querySelectorAll("*").length`); n > mostNodes {
		t.Errorf("%s at %d has %d nodes", v.name, width, n)
	}
	for _, scheme := range []string{"light", "dark"} {
		picture(t, b, fmt.Sprintf("%s-%s-%d", v.name, scheme, width), scheme)
	}
}

// still are looks at which nobody presses a key.
func still(all []look) []state {
	var out []state
	for _, l := range all {
		out = append(out, state{look: l})
	}
	return out
}

// press presses a key, with ctrl+ before its name together with that one.
func press(b *webtest.Tab, key string) {
	if name, is := strings.CutPrefix(key, "ctrl+"); is {
		b.Do(chromedp.KeyEvent(name, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		return
	}
	b.Press(key)
}

// claimed is the first operation that claimed a task, if there is one.
func (s *site) claimed(t *testing.T) string {
	t.Helper()
	all, err := s.ListOperations(t.Context(), tracker.ListOperations{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range slices.Backward(all.Items) {
		if strings.HasPrefix(o.Command, "task claim") {
			return o.ID
		}
	}
	return ""
}

// leastShot is less than any picture of a view has: a blank one has fewer bytes.
const leastShot = 6_000

// picture takes one, and keeps it if asked to.
func picture(t *testing.T, b *webtest.Tab, name, scheme string) {
	t.Helper()
	b.Do(dark(scheme))
	shot, err := chromedp.Run(b.Context, capture)
	if err != nil {
		t.Fatal(err)
	}
	if len(shot) < leastShot {
		t.Errorf("%s is blank: a picture of %d bytes", name, len(shot))
	}
	if !*update {
		return
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, filepath.Join("testdata", "pictures", name+".png"), reduced(img, 48))
	if slices.Contains(inDocs, name) {
		keep(t, filepath.Join("..", "..", "docs", "pictures", name+".png"), reduced(img, 255))
	}
}

func keep(t *testing.T, file string, img image.Image) {
	t.Helper()
	var out bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img)
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
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

// shownOn has the page be shown on a screen or in print.
func shownOn(media string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
		return chromedp.Void{}, err
	}
}

func capture(ctx context.Context, t *chromedp.Target) ([]byte, error) {
	out, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	return out.Data, err
}

// reduced is a picture in its most frequent colours.
func reduced(img image.Image, most int) *image.Paletted {
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
	for _, c := range colours[:min(most, len(colours))] {
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
