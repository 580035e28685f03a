package query

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// maxViews is how deeply views can include other views.
const maxViews = 5

// HasViews reports whether a query may include views.
func HasViews(text string) bool { return strings.Contains(text, "@") }

// view reads the name of a view, @review, and inserts its query there; is
// reports whether there is one. The view's sort order applies if the query has
// none.
func (p *parser) view(not bool) (is bool, err error) {
	if p.views == nil || p.peek(0) != '@' || !isLetter(p.peek(1)) {
		return false, nil
	}
	from := p.at
	word, err := p.bare(false)
	if err != nil {
		return true, err
	}
	name := strings.ToLower(word[1:])
	all := p.views()
	text, found := all[name]
	if !found {
		names := make([]string, 0, len(all))
		for n := range all {
			names = append(names, "@"+n)
		}
		slices.Sort(names)
		hint := nearest(word, names)
		if strings.HasPrefix(hint, "use one of ") && plan.CheckName("assignee", word[1:]) == nil {
			hint = "did you mean assignee:" + word[1:] + "? " + hint
		}
		return true, p.errorAt(from, "unknown view %q", clip(word)).WithHint("%s; put text that begins with @ in double quotes", hint)
	}
	if p.deep >= maxViews {
		return true, p.errorAt(from, "view %s includes itself, or too many other views", word).WithHint("see it: pm view show %s", name)
	}
	inner := &parser{text: []rune(text), now: p.now, me: p.me, own: p.own, unit: p.unit, refs: p.refs, views: p.views, deep: p.deep + 1}
	group, err := inner.any()
	if err != nil {
		e := p.errorAt(from, "view %s: %v", word, err)
		return true, e.WithHint("see it: pm view show %s", name)
	}
	if p.count += inner.count; p.count > maxTerms {
		return true, p.errorAt(from, "too many terms (maximum %d)", maxTerms).WithHint("split it into several queries")
	}
	switch {
	case inner.q.Sort != "" && p.viewOrder.Sort == "":
		p.viewOrder = inner.q.Order
	case p.viewOrder.Sort == "":
		p.viewOrder = inner.viewOrder
	}
	if not {
		p.inner.and(group.not())
	} else {
		p.inner.and(group.all())
	}
	return true, nil
}
