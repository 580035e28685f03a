package agents

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestABlockGoesInAndOutWithoutATrace(t *testing.T) {
	texts := []string{"", "\n", "a", "a\n", "a\n\n", "a\n\n\n", "a\r\nb", "a\r\nb\r\n", "a\r\nb\n", "a\nb\r\n", "\r\n", "# Rules\n\n- be kind\n"}
	for range 200 {
		var b strings.Builder
		for range rand.N(8) {
			b.WriteString([]string{"\n", "\r\n", "x", " ", "é"}[rand.N(5)])
		}
		texts = append(texts, b.String())
	}
	for _, before := range texts {
		in, err := agentsBlock().add(before, true)
		if err != nil {
			t.Fatal(err)
		}
		if agentsBlock().state(in) != Current {
			t.Errorf("%q became %q", before, in)
		}
		if again, _ := agentsBlock().add(in, true); again != in {
			t.Errorf("a second time changes %q to %q", in, again)
		}
		if out, keep, err := agentsBlock().take(in); out != before || !keep || err != nil {
			t.Errorf("%q is %q after %q (%v, %v)", before, out, in, keep, err)
		}
	}
	in, _ := agentsBlock().add("", false)
	if out, keep, err := agentsBlock().take(in); out != "" || keep || err != nil {
		t.Errorf("a file of pm's own stays: %q %v %v", out, keep, err)
	}
}

func TestABlockIsRenewedInItsPlace(t *testing.T) {
	old := "before\n\n" + blockBegin + "\nold words\n" + blockEnd + "\n\nafter\n"
	if agentsBlock().state(old) != Outdated {
		t.Error("an old block is not outdated")
	}
	in, err := agentsBlock().add(old, true)
	if err != nil || in != "before\n\n"+blockText+"\n\nafter\n" {
		t.Errorf("%q (%v)", in, err)
	}
	if out, keep, err := agentsBlock().take(in); out != "before\n\nafter\n" || !keep || err != nil {
		t.Errorf("%q (%v)", out, err)
	}
	for _, broken := range []string{blockBegin, blockEnd, blockEnd + blockBegin, blockText + blockText} {
		if out, err := agentsBlock().add(broken, true); err == nil {
			t.Errorf("%q became %q", broken, out)
		}
	}
}

func TestTheBlockIsShort(t *testing.T) {
	if tokens := (len(blockText) + 3) / 4; tokens > 150 {
		t.Errorf("the block costs %d tokens, more than 150", tokens)
	}
}
