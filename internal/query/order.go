package query

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// An Order is the sort order of a list: by one field or by two. Ties are
// sorted by key, in the direction of the last field. The zero Order has no
// fields.
type Order struct {
	Sort       Sort
	Descending bool

	Then           Sort // the order of what is equal in the first; empty: by key
	ThenDescending bool
}

// String returns the order as it is typed: priority,-updated.
func (o Order) String() string {
	text := sign(o.Descending) + string(o.Sort)
	if o.Then != "" {
		text += "," + sign(o.ThenDescending) + string(o.Then)
	}
	return text
}

const twoFields = "sort by one field or two, as in priority,-updated; ties are ordered by key"

// ParseOrder parses a sort order as it is typed. An invalid one gives
// plan.Invalid with the code bad_sort.
func (env Env) ParseOrder(text string) (Order, error) {
	p := &parser{own: env.Own}
	o, _, err := p.orderOf(strings.Split(text, ","))
	if err != nil {
		return o, err.WithCode("bad_sort")
	}
	return o, nil
}

// orderOf parses a sort order from its fields. With an error it returns which
// of them is wrong.
func (p *parser) orderOf(words []string) (o Order, at int, err *plan.Error) {
	wrong := func(i int, format string, args ...any) (Order, int, *plan.Error) {
		return Order{}, i, plan.Errorf(plan.Invalid, format, args...).WithHint(twoFields)
	}
	if len(words) > 2 {
		return wrong(2, "sort takes at most two fields")
	}
	info, _ := fieldOf(string(sorting))
	var by [2]Sort
	var descending [2]bool
	for i, typed := range words {
		typed = strings.TrimSpace(typed)
		word, reversed := strings.CutPrefix(typed, "-")
		n := slices.IndexFunc(info.Words, func(w string) bool { return w == plainWord(word) || w+"-at" == plainWord(word) })
		if own, is := p.ownNamed(word); is && n < 0 {
			by[i], descending[i] = Sort(plan.OwnPrefix+own.Name), reversed
			continue
		}
		if field, down := strings.CutSuffix(plainWord(word), "desc"); down && n < 0 && slices.Contains(info.Words, strings.TrimRight(field, "-:")) {
			_, i, err = wrong(i, "cannot sort by %q", clip(word))
			return o, i, err.WithHint("did you mean sort:-%s?", strings.TrimRight(field, "-:"))
		}
		if n < 0 {
			_, i, err = wrong(i, "cannot sort by %q", clip(word))
			return o, i, err.WithHint("%s", nearest(word, info.Words))
		}
		by[i], descending[i] = Sort(info.Words[n]), reversed
	}
	switch {
	case by[1] == "":
	case by[0] == by[1]:
		return wrong(1, "sort contains %s twice", by[1])
	case by[0] == ByKey, by[0] == ByPlace:
		_, i, err := wrong(1, "cannot sort by %s after %s: %ss are unique", by[1], by[0], by[0])
		return o, i, err.WithHint("use %s,%s", by[1], by[0])
	case by[1] == ByStage:
		_, i, err := wrong(1, "cannot sort by stage after %s", by[0])
		return o, i, err.WithHint("use stage,%s", by[0])
	case by[1] == ByKey && descending[0] == descending[1]: // which is so in any case
		by[1], descending[1] = "", false
	}
	return Order{by[0], descending[0], by[1], descending[1]}, 0, nil
}
