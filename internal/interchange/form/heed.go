package form

import (
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// What people write into the text of a box that is open, and not to be begun:
// "BLOCKED: …" and "[deferred] …" before it, "(waiting for ops)" and "#blocked"
// behind it. A word alone is none: "Blocked users" is a page to write.
const (
	notNow = `(?:被?阻塞|暂停|暂缓|搁置|延期|推迟|等待|保留|保留中|待ち|blockiert|zurückgestellt|verschoben|wartet|bloqué|reporté|en attente|bloqueado|bloqueada|pospuesto|aplazado|en espera|adiado|blocked|deferred|postponed|on[ -]hold|waiting|awaiting|paused|parked|someday|later)`
	never  = `(?:取消|放弃|废弃|キャンセル|中止|abgebrochen|verworfen|annulé|abandonné|cancelado|cancelada|descartado|cancell?ed|dropped|won'?t (?:do|fix)|wontfix|obsolete|superseded|abandoned|rejected|not planned|out of scope|no longer needed|skipped|duplicate)`
	why    = `(?:\s*(?:by|on|of|in|until|till|for|to|due|pending|since|as|auf|bis|durch|par|por|[:,;–—-])(?:\s[^)\]]*)?|\s*[:\x{FF1A}][^)\]\x{FF09}】]*)?`
)

var (
	lead       = interchange.Pattern(`^[^\pL\pN]*\d+(?:\.\d+)*[a-z]?[.):]?\**\s+`)
	leadingTag = interchange.Pattern(`^\[[^\[\]]{1,40}\]\s+`)
	before     = interchange.Pattern(`(?i)^[^\pL\pN]*?(?:[\[【(\x{FF08}](?:` + notNow + `|` + never + `)` + why + `[\]】)\x{FF09}]|(?:` + notNow + `|` + never + `)\**[:\x{FF1A}]|[🚫⛔⏸])`)
	behind     = interchange.Pattern(`(?i)(?:[(\[\x{FF08}【](?:` + notNow + `|` + never + `)` + why + `[)\]\x{FF09}】]|[🚫⛔⏸]\x{FE0F}?)[\s.*_]*$`)
	dashed     = interchange.Pattern(`\s(?:[–—]\s+(?i:` + notNow + `|` + never + `)(?i:` + why + `)|--?\s+(?:BLOCKED|DEFERRED|POSTPONED|ON HOLD|WAITING|PAUSED|CANCELL?ED|DROPPED|SKIPPED|OBSOLETE|WONTFIX|(?i:blocked by|waiting (?:for|on)|deferred (?:to|until))\s)[^()\[\]]*)[\s.*_]*$`)
	tagged     = interchange.Pattern(`(?i)(?:^|[\s(,])[#@](?:blocked|deferred|postponed|on-?hold|waiting|paused|someday|cancell?ed|wontfix)\b`)
	above      = interchange.Pattern(`(?i)^[^\pL\pN]*(?:(?:section|phase|part)\s+)?(?:\d+(?:\.\d+)*[.):]?\s*[–—-]?\s*)?((?:` + notNow + `|` + never + `|icebox|not now|future(?: work| enhancements| ideas)?)(?:\s+(?:tasks?|items?|work|ideas?))?` + why + `(?:\s*[(\[][^)\]]*[)\]])?)[^\pL\pN]*$`)
	inBrackets = interchange.Pattern(`(?i)[_(\x{FF08}]\s*(?:depends on|dependencies|depends|after|requires|needs|blocked by|依赖于?|依存|depende de|dépend de|nach)\s*[:\x{FF1A}]?\s*((?:(?:tasks?|and|,|\x{FF0C}|、|&|#)?\s*(?:[A-Z]\.)?\d+(?:\.\d+)*\s*)+)[_)\x{FF09}]`)
	aNumber    = interchange.Pattern(`(?:[A-Z]\.)?\d+(?:\.\d+)*`)

	gone = interchange.Pattern(`(?i)^[^\pL]*` + never)
)

// Heed reads what the text of a record that is open says against beginning it,
// and blocks it with those words as the reason, or drops it.
func (i *Item) Heed(text string) {
	if i.Status != plan.Todo {
		return
	}
	if text = strings.TrimSpace(lead().ReplaceAllString(text, "")); Struck(text) {
		i.Status, i.Resolution = plan.Archived, plan.WontDo
		return
	}
	for _, said := range []string{before().FindString(text), behind().FindString(text), dashed().FindString(text), tagged().FindString(text)} {
		if words := strings.Trim(said, " \t[](){}*_:–—.,#@"); words != "" {
			if i.Status, i.Reason = plan.Blocked, OneLine(words, 200); gone().MatchString(words) {
				i.Status, i.Reason, i.Resolution = plan.Archived, "", plan.WontDo
			}
			return
		}
	}
	if rest := leadingTag().ReplaceAllString(text, ""); rest != text {
		i.Heed(rest)
	}
}

// Struck reports whether a text is struck through.
func Struck(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) > 4 && strings.HasPrefix(text, "~~") && strings.HasSuffix(text, "~~")
}

// NumbersNeeded returns the numbers of the tasks that a text says in brackets that
// it waits for, such as "(depends on 1.2, 1.3)".
func NumbersNeeded(text string) (out []string) {
	for _, m := range inBrackets().FindAllStringSubmatch(text, -1) {
		out = append(out, aNumber().FindAllString(m[1], -1)...)
	}
	return out
}

// HeedAbove does the same with what an open record stands under: headings that are
// such words alone, as "3. Deferred", and a record that cannot be started yet itself.
func (i *Item) HeedAbove(h *Heading) {
	for ; h != nil; h = h.Up {
		if i.Status == plan.Todo && Struck(h.Text) {
			i.Status, i.Resolution = plan.Archived, plan.WontDo
		}
		if m := above().FindStringSubmatch(Emphasis(h.Text)); m != nil && i.Status == plan.Todo {
			if i.Status, i.Reason = plan.Blocked, OneLine(m[1], 200); gone().MatchString(m[1]) {
				i.Status, i.Reason, i.Resolution = plan.Archived, "", plan.WontDo
			}
		}
	}
	if up := i.Up; up != nil && !up.Group && !i.Minor && i.Status == plan.Todo {
		switch {
		case up.Status == plan.Archived:
			i.Status, i.Resolution = plan.Archived, plan.WontDo
		case up.Status == plan.Blocked && up.Contents != nil:
			i.Status, i.Reason = plan.Blocked, up.Reason
		}
	}
}

// HeedLabels does the same with labels, such as "blocked" and "status: on hold". A
// label that is a status and nothing else counts where it says so, as "status/wip",
// or has several words, as "in review": one word alone may be a topic.
func (i *Item) HeedLabels() {
	plain := strings.NewReplacer("-", " ", "_", " ")
	for _, l := range i.Labels {
		kind, word, found := strings.Cut(l, ":")
		if !found {
			kind, word, found = strings.Cut(l, "/")
		}
		if !found {
			kind, word = "", l
		}
		i.Heed("[" + strings.Join(strings.Fields(plain.Replace(l)), " ") + "]") // such as "blocked: vendor"
		i.Heed("[" + plain.Replace(strings.TrimSpace(word)) + "]")
		word = strings.Join(strings.Fields(plain.Replace(word)), " ")
		said := statusKind().MatchString(kind)
		if m := interchange.StatusOf(word); i.Status == plan.Todo && !m.Remark && (said || kind == "" && (strings.Contains(word, " ") || strings.EqualFold(word, "wip"))) {
			i.sayLabel(l, m)
		}
	}
}

var statusKind = interchange.Pattern(`(?i)^\s*(?:status|state|stage|workflow|progress|column)\s*$`)

// sayLabel takes over what a label of an open record says about its status. One that
// says it is over contradicts the record.
func (i *Item) sayLabel(label string, m interchange.Meaning) {
	switch m.Status {
	case plan.InProgress, plan.ReadyForReview:
		i.Status = m.Status
	case plan.Blocked, plan.Completed, plan.Archived:
		i.Block("label " + OneLine(label, 100))
	}
}

// Boxes returns the boxes of a page that have a text, and reports the others.
func (o *Outline) Boxes(file string, p *Page) (out []*Box) {
	for _, b := range p.Boxes {
		if strings.TrimSpace(b.Text) == "" {
			o.Records++
			o.Find(file, b.Line, interchange.Skipped, "a checkbox without text is not a task")
			continue
		}
		out = append(out, b)
	}
	return out
}
